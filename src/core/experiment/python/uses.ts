/** Which values a traced function needs, how often each is used, and in the turns of which loop it is computed. */
import { at } from '../../diagnostic.ts';
import type { Id, RegionId, Value } from '../../tensor/value.ts';
import type { TracedFunction } from './trace.ts';

const isPassing = ({ op }: Value): boolean => op === 'broadcast' || op === 'identity';

export class Uses {
  /** In the order of their computation. */
  readonly needed: readonly Id[];
  private readonly counts = new Map<Id, number>();
  private readonly totals = new Map<Id, number>();
  private readonly users = new Map<Id, Id[]>();
  private readonly homes = new Map<Id, RegionId | null>();

  /** `named`: values that stand as a name from the start. */
  constructor(
    private readonly ops: TracedFunction['ops'],
    private readonly named: ReadonlySet<Id>,
    results: readonly Id[],
  ) {
    this.needed = [...this.reach(results)].sort((a, b) => a - b);
    for (const id of results) this.count(id);
    for (const id of this.needed)
      for (const argument of this.argumentsOf(id)) {
        this.count(argument);
        this.users.set(argument, [...(this.users.get(argument) ?? []), id]);
      }
  }

  /** How often its text would stand in the function: what only spreads or passes on a value is written with it. */
  countOf(id: Id): number {
    const known = this.totals.get(id);
    if (known !== undefined) return known;
    let total = this.counts.get(id) ?? 0;
    for (const user of this.users.get(id) ?? []) if (isPassing(this.value(user))) total += this.countOf(user) - 1;
    this.totals.set(id, total);
    return total;
  }

  /** Those that are computed in the turns of this loop; null: in none. */
  ofRegion = (region: RegionId | null): Id[] => this.needed.filter((id) => this.home(id) === region);

  /** What a value is computed from, and what a loop's turns are. */
  argumentsOf(id: Id): readonly Id[] {
    if (this.named.has(id)) return [];
    const value = this.value(id);
    const call = this.ops.calls.get(id);
    if (call) return call.args;
    if (value.op !== 'repeat') return value.op === 'nullSpace' || value.op === 'rowSpace' ? [] : value.args;
    const { results, until } = at(this.ops.regions, value.attributes.region);
    return [...value.args, ...results, ...(until === null ? [] : [until])];
  }

  reach(roots: readonly Id[]): Set<Id> {
    const found = new Set<Id>();
    const pending = [...roots];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      pending.push(...this.argumentsOf(id));
    }
    return found;
  }

  /** The loop in whose turns a value is computed: calls, too, follow their arguments. */
  home(id: Id): RegionId | null {
    const known = this.homes.get(id);
    if (known !== undefined) return known;
    const value = this.value(id);
    let home: RegionId | null = value.region;
    if (value.op === 'repeat') home = at(this.ops.regions, value.attributes.region).parent;
    else if (value.op !== 'carry' && value.op !== 'turn') {
      home = null;
      for (const argument of this.argumentsOf(id)) {
        const other = this.home(argument);
        if (this.depth(other) > this.depth(home)) home = other;
      }
    }
    this.homes.set(id, home);
    return home;
  }

  /** Whether a value is read in another loop than it is computed in. */
  isReadElsewhere = (id: Id): boolean =>
    this.needed.some((user) => this.argumentsOf(user).includes(id) && this.innermost(user, id) !== this.home(id));

  /** Where a user reads its arguments: a loop's results are read in its turns. */
  private innermost(user: Id, id: Id): RegionId | null {
    const value = this.value(user);
    if (value.op !== 'repeat' || value.args.includes(id)) return this.home(user);
    return value.attributes.region;
  }

  private value = (id: Id): Value => at(this.ops.values, id);

  private count(id: Id): void {
    this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
  }

  private depth(region: RegionId | null): number {
    return region === null ? 0 : 1 + this.depth(at(this.ops.regions, region).parent);
  }
}
