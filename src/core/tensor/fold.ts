/** Constants are folded in Float64 when they are recorded, so that no lowering meets a constant expression. */
import { at } from '../diagnostic.ts';
import { prepare } from './reference.ts';
import { sizeOf } from './shape.ts';
import type { Id, OpName, Value } from './value.ts';

/** Kept as they are: leaves, loops, and the factorisations, whose algorithm a lowering chooses. */
const KEPT: ReadonlySet<OpName> = new Set([
  'constant',
  'input',
  'identity',
  'pinv',
  'nullSpace',
  'rowSpace',
  'repeat',
  'pick',
  'carry',
  'turn',
  'broadcast',
]);

/** Whether a value of constants becomes a constant. Broadcasts stay, because their argument says more in less space. */
export function foldable(value: Value, limit: number): boolean {
  return value.args.length > 0 && !KEPT.has(value.op) && sizeOf(value.shape) <= limit;
}

/** The numbers of a value whose arguments are constants. */
export function foldConstant(value: Value, values: readonly Value[]): Float64Array {
  const out = new Float64Array(sizeOf(value.shape));
  prepare(
    value,
    value.args.map((id) => constantOperator(id, values)),
    out,
  )?.();
  return out;
}

function constantOperator(id: Id, values: readonly Value[]) {
  const { attributes, shape } = at(values, id) as Extract<Value, { op: 'constant' }>;
  return { data: attributes.data, shape };
}
