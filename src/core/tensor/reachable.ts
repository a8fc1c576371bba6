/** What recorded values depend on. */
import { at } from '../diagnostic.ts';
import type { Id, Region, Value } from './value.ts';

/** What a program and an `Ops` have in common. */
export interface ValueTable {
  readonly values: readonly Value[];
  readonly regions: readonly Region[];
}

/** Everything that the targets depend on, loops included. */
export function reachable(table: ValueTable, targets: Iterable<Id>): Set<Id> {
  const needed = new Set<Id>();
  const pending = [...targets];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    pending.push(...readBy(table, id));
  }
  return needed;
}

/** What a value is computed from: its arguments, and of a loop what its turns begin and end with. */
export function readBy({ values, regions }: ValueTable, id: Id): readonly Id[] {
  const value = at(values, id);
  if (value.op !== 'repeat') return value.args;
  const { results, until, carries, turn } = at(regions, value.attributes.region);
  return [...value.args, ...results, ...carries, turn, ...(until === null ? [] : [until])];
}
