/** Graph-to-graph rewriting: every value is recorded anew, and a rule that sees the rebuilt arguments may say otherwise. */
import { at } from '../diagnostic.ts';
import type { ValueTable } from '../tensor/evaluate.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import type { Id, Region, Value } from '../tensor/value.ts';

/** The replacement of a value, given its rebuilt arguments, or null to keep the operation. `of` is the replacement of any value before it. */
export type RewriteRule = (
  ops: Ops,
  value: Value,
  args: readonly Tensor[],
  id: Id,
  of: (id: Id) => Tensor,
) => Tensor | null;

export interface Rebuilt {
  readonly ops: Ops;
  readonly map: (id: Id) => Id;
}

/** `order` names the values outside loops, arguments before their users; that of the table where it is left out. */
export function rebuild(table: ValueTable, rule: RewriteRule, order?: readonly Id[]): Rebuilt {
  const ops = new Ops();
  const rebuilt = new Map<Id, Tensor>();
  const loops = new Map<Id, readonly Tensor[]>();
  const of = (id: Id): Tensor =>
    at(
      [rebuilt.get(id)].filter((tensor) => tensor !== undefined),
      0,
    );

  const visit = (region: number | null) => {
    for (const id of region === null && order ? order : table.values.keys()) {
      const value = at(table.values, id);
      if (value.region !== region || value.op === 'carry' || value.op === 'turn') continue;
      if (value.op === 'repeat') {
        const loop = at(table.regions, value.attributes.region);
        loops.set(id, repeatAgain(loop, value.attributes.region, value.args.map(of)));
        rebuilt.set(id, at(loops.get(id) ?? [], 0));
      } else if (value.op === 'pick') {
        rebuilt.set(id, at(loops.get(value.args[0]) ?? [], value.attributes.position));
      } else {
        rebuilt.set(
          id,
          rule(ops, value, value.args.map(of), id, of) ??
            ops.again(
              value,
              value.args.map((argument) => of(argument).id),
            ),
        );
      }
    }
  };

  const repeatAgain = (
    { count, carries, turn, results, until }: Region,
    region: number,
    initial: readonly Tensor[],
  ) => {
    const enter = (carried: readonly Tensor[]) => carries.forEach((id, i) => rebuilt.set(id, at(carried, i)));
    const body = (carried: readonly Tensor[], index: Tensor) => {
      enter(carried);
      rebuilt.set(turn, index);
      visit(region);
      return results.map(of);
    };
    // `until` is a value of the body: the body is visited first, which records it too.
    return ops.repeat(count, initial, body, until === null ? undefined : () => of(until));
  };

  visit(null);
  return { ops, map: (id) => of(id).id };
}
