/** Lengths and absolute values in a residual: where they stand, and how the residual depends on them. */
import { at } from '../../diagnostic.ts';
import { degreeIn } from '../../tensor/degree.ts';
import { reachable, type ValueTable } from '../../tensor/evaluate.ts';
import type { Tensor } from '../../tensor/ops.ts';
import { pullBack } from '../../tensor/reverse-mode.ts';
import type { Id, Value } from '../../tensor/value.ts';
import { machineOf, type Symbols } from './symbols.ts';

/** Values of a kind that depend on x and lie on every way from x to y; null where x reaches y beside them, or there are none. */
export function cut(table: ValueTable, y: Id, x: Id, isWanted: (value: Value, id: Id) => boolean): Id[] | null {
  const found = new Set<Id>();
  const seen = new Set<Id>();
  const pending = [y];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const value = at(table.values, id);
    if (id === x || value.op === 'repeat' || value.op === 'pick') return null;
    if (isWanted(value, id) && reachable(table, [id]).has(x)) found.add(id);
    else pending.push(...value.args);
  }
  return found.size === 0 ? null : [...found];
}

/** offset + Σ weights · entries: a scalar value y as an affine function of the entries of other values; null where it is none. */
export function affineIn(
  symbols: Symbols,
  y: Id,
  nodes: readonly Id[],
): { readonly offset: number; readonly weights: readonly number[] } | null {
  const { ops } = symbols;
  if (degreeIn(ops, y, new Set(nodes)) !== 1) return null;
  const tensorOf = (id: Id): Tensor => ({ id, shape: at(ops.values, id).shape });
  const seed = ops.ones(at(ops.values, y).shape);
  const slopes = nodes.map((id) => pullBack(ops, tensorOf(y), tensorOf(id), seed));
  const held = new Set(nodes.map((id) => at(ops.values, id)));
  const machine = machineOf(symbols);
  for (const id of nodes) machine.numbers(id).fill(0);
  machine.procedure([y, ...slopes.map(({ id }) => id)], (value) => !held.has(value))();
  const offset = at(machine.numbers(y), 0);
  const weights = slopes.flatMap(({ id }) => Array.from(machine.numbers(id)));
  return Number.isFinite(offset) && weights.every(Number.isFinite) ? { offset, weights } : null;
}

/** A number that stands for all entries, as it is. */
const numbersOf = (values: ValueTable['values'], id: Id): Value => {
  const value = at(values, id);
  return value.op === 'broadcast' ? at(values, value.args[0]) : value;
};

/** What is under the root of a length, as `norm(x)` or `sqrt(…)` records it; null for any other value. */
export function squareOf({ values }: ValueTable, value: Value): Id | null {
  if (value.op === 'sqrt') return value.args[0];
  if (value.op !== 'where') return null;
  const [condition, yes] = value.args.map((id) => at(values, id));
  const no = numbersOf(values, at(value.args, 2));
  const isZero = no?.op === 'constant' && no.attributes.data.every((entry) => entry === 0);
  const inner = yes?.op === 'sqrt' ? at(values, yes.args[0]) : null;
  if (condition?.op !== 'less' || !isZero || inner?.op !== 'where') return null;
  const [zero, square] = condition.args;
  const isPositive = value.args[0] === inner.args[0] && numbersOf(values, zero).op === 'constant';
  return isPositive && inner.args[1] === square ? square : null;
}
