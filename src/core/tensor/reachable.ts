/** What recorded values depend on. */
import { at } from '../diagnostic.ts';
import type { Id, Region, Value } from './value.ts';

/** What a program and an `Ops` have in common. */
export interface ValueTable {
  readonly values: readonly Value[];
  readonly regions: readonly Region[];
}

/** Everything that the targets depend on, loops included. */
export function reachable({ values, regions }: ValueTable, targets: Iterable<Id>): Set<Id> {
  const needed = new Set<Id>();
  const pending = [...targets];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    const value = at(values, id);
    pending.push(...value.args);
    if (value.op === 'repeat') {
      const { results, until, carries, turn } = at(regions, value.attributes.region);
      pending.push(...results, ...carries, turn);
      if (until !== null) pending.push(until);
    }
  }
  return needed;
}
