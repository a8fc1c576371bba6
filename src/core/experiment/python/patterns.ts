/** What recorded values amount to: truth values, and the forms that the recorder gives to roots, multiples and joined vectors. */
import { at } from '../../diagnostic.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Id, Value, ValueOf } from '../../tensor/value.ts';
import type { TraceOps } from './trace.ts';

const scalarOf = (ops: TraceOps, id: Id): number | null => ops.scalarConstant({ id, shape: [] });

/** Whether a value is a truth value, which Python keeps apart from numbers. `isNumber`: those that have been named as 1 and 0. */
export function isTruth(ops: TraceOps, id: Id, isNumber: (id: Id) => boolean = () => false): boolean {
  if (isNumber(id)) return false;
  const value = at(ops.values, id);
  switch (value.op) {
    case 'less':
    case 'lessEqual':
    case 'equal':
      return true;
    case 'multiply':
    case 'maximum':
    case 'minimum':
      return isTruth(ops, at(value.args, 0), isNumber) && isTruth(ops, at(value.args, 1), isNumber);
    case 'subtract':
      return scalarOf(ops, at(value.args, 0)) === 1 && isTruth(ops, at(value.args, 1), isNumber);
    case 'broadcast':
    case 'reshape':
      return isTruth(ops, at(value.args, 0), isNumber);
    default:
      return false;
  }
}

export const isSquare = ({ args }: ValueOf<'multiply'>): boolean => args[0] === args[1];

/** What is broadcast, by itself. */
export function bare(ops: TraceOps, id: Id): Id {
  const value = at(ops.values, id);
  return value.op === 'broadcast' ? bare(ops, at(value.args, 0)) : id;
}

/** A number that only a reshape to a vector wraps; else the value itself. */
export function unwrapped(ops: TraceOps, id: Id): Id {
  const value = at(ops.values, id);
  if (value.op !== 'reshape') return id;
  const [inner] = value.args;
  return at(ops.values, inner).shape.length === 0 ? inner : id;
}

/** t and k of ⌊(t + ½)/k⌋ k = t, which says that k divides the whole number t. */
export function multipleOf(
  ops: TraceOps,
  { args: [product, t] }: ValueOf<'equal'>,
): { readonly t: Id; readonly count: number } | null {
  const value = (id: Id): Value => at(ops.values, id);
  const multiplied = value(product);
  const floor = multiplied.op === 'multiply' ? value(multiplied.args[0]) : null;
  const quotient = floor?.op === 'floor' ? value(floor.args[0]) : null;
  const shifted = quotient?.op === 'divide' ? value(quotient.args[0]) : null;
  const count = scalarOf(ops, multiplied.args[1] ?? t);
  const isIt = shifted?.op === 'add' && shifted.args[0] === t && quotient?.args[1] === multiplied.args[1];
  return isIt && count !== null ? { t, count } : null;
}

/** s of where(0 < s, √where(0 < s, s, 1), 0) with s ≥ 0, which guards a derivative and is √s. */
export function safeRoot(ops: TraceOps, { args: [condition, yes, no] }: ValueOf<'where'>): Id | null {
  const value = (id: Id): Value => at(ops.values, id);
  const [root, less] = [value(yes), value(condition)];
  if (root.op !== 'sqrt' || less.op !== 'less' || scalarOf(ops, no) !== 0) return null;
  const guarded = value(root.args[0]);
  if (guarded.op !== 'where' || guarded.args[0] !== condition || guarded.args[1] !== less.args[1]) return null;
  const square = value(less.args[1]);
  const squares = square.op === 'sum' ? value(square.args[0]) : null;
  return squares?.op === 'multiply' && isSquare(squares) ? less.args[1] : null;
}

/** The parts of a vector in the order of their places, where they follow each other without a gap: then they are joined. */
export function inOrder(ops: TraceOps, { args, attributes: { parts }, shape }: ValueOf<'assemble'>): Id[] | null {
  if (shape.length !== 1) return null;
  const placed = args.map((id, k) => ({ id, view: at(parts, k), shape: at(ops.values, id).shape }));
  placed.sort((a, b) => a.view.offset - b.view.offset);
  let end = 0;
  for (const { view, shape } of placed) {
    const isRun = shape.length === 0 || (shape.length === 1 && (shape[0] === 1 || view.strides[0] === 1));
    if (!isRun || view.offset !== end) return null;
    end += sizeOf(shape);
  }
  return end === shape[0] ? placed.map(({ id }) => id) : null;
}
