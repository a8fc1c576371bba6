/** Which values of a program a function computes and reads: under their own names, not those of what only renames them. */
import { at } from '../core/diagnostic.ts';
import type { Id, Value } from '../core/tensor/value.ts';
import type { Places, Root } from './places.ts';

export class Needs {
  private readonly roots = new Map<Id, Root>();

  /** `isKept` names the values that are in memory before the function begins. */
  constructor(
    private readonly places: Places,
    readonly isKept: (value: Value) => boolean,
  ) {}

  value(id: Id): Value {
    return this.places.value(id);
  }

  root(id: Id): Root {
    const known = this.roots.get(id) ?? this.places.rootOf(id, this.isKept);
    this.roots.set(id, known);
    return known;
  }

  /** What has to be computed for the targets, in the order of the table. */
  reachable(targets: readonly Id[]): Id[] {
    const seen = new Set<Id>();
    const pending = [...targets];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const value = this.value(id);
      if (seen.has(id) || (this.isKept(value) && value.op !== 'identity' && value.op !== 'reshape')) continue;
      seen.add(id);
      for (const argument of value.args) pending.push(argument);
      if (value.op !== 'repeat') continue;
      const { results, until, carries, turn } = at(this.places.program.regions, value.attributes.region);
      pending.push(...results, ...carries, turn);
      if (until !== null) pending.push(until);
    }
    return [...seen].sort((a, b) => a - b);
  }

  /** Whether a value has to be computed for this one. */
  neededFor(id: Id): (id: Id) => boolean {
    const needed = new Set(this.reachable([id]));
    return (one) => needed.has(one);
  }

  /** What a value is computed from; a loop reads what its turns end with. */
  readBy(value: Value): Id[] {
    const ids: Id[] = [...value.args];
    if (value.op === 'repeat') {
      const { results, until } = at(this.places.program.regions, value.attributes.region);
      ids.push(...results, ...(until === null ? [] : [until]));
    }
    return [...new Set(ids.map((id) => this.root(id).id))];
  }
}
