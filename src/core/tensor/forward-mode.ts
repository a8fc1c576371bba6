/** Forward mode: the direction in which every operation's result moves, from those of its arguments. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import {
  BINARY_SLOPES,
  type BinaryValue,
  pathTo,
  type Slope,
  type Slopes,
  tensorOf,
  UNARY_SLOPES,
  type UnaryValue,
  undifferentiable,
  winners,
} from './slopes.ts';
import { applyRule, type Id, type RuleTable, type Value } from './value.ts';

/** The direction in which the result moves, given those of the arguments (null: does not move). */
type ForwardRule = [ops: Ops, result: Tensor, directions: readonly (Tensor | null)[]];

/**
 * J(x) d of y as a function of x, for a direction d of the shape of x, in the shape of y; 0 where y does not depend on x.
 * Source: Griewank & Walther 2008, Evaluating Derivatives, §3.1.
 */
export function pushForward(ops: Ops, y: Tensor, x: Tensor, direction: Tensor): Tensor {
  const directions = new Map<Id, Tensor>([[x.id, direction]]);
  for (const id of pathTo(ops, y, x)) {
    const value = at(ops.values, id);
    const moves = value.args.map((argument) => directions.get(argument) ?? null);
    const moved = applyRule<ForwardRule, Tensor | null>(FORWARD, value, ops, { id, shape: value.shape }, moves);
    if (moved) directions.set(id, moved);
  }
  return directions.get(y.id) ?? ops.zeros(y.shape);
}

/** A linear operation moves as its argument does. */
const linear =
  <V extends Value>(apply: (value: V, ops: Ops, direction: Tensor) => Tensor) =>
  (value: V, ops: Ops, _: Tensor, [direction]: readonly (Tensor | null)[]): Tensor | null =>
    direction ? apply(value, ops, direction) : null;

const still = (): null => null;

const sumOf = (ops: Ops, a: Tensor | null, b: Tensor | null): Tensor | null => (a && b ? ops.add(a, b) : (a ?? b));

const forwardUnary =
  (slope: Slope) =>
  ({ args: [a] }: UnaryValue, ops: Ops, result: Tensor, [direction]: readonly (Tensor | null)[]): Tensor | null =>
    direction ? ops.multiply(slope(ops, tensorOf(ops, a), result), direction) : null;

const forwardBinary =
  (slopes: Slopes) =>
  ({ args: [a, b] }: BinaryValue, ops: Ops, result: Tensor, [da, db]: readonly (Tensor | null)[]): Tensor | null => {
    const [alongA, alongB] = slopes(ops, tensorOf(ops, a), tensorOf(ops, b), result);
    return sumOf(ops, da && alongA ? ops.multiply(alongA, da) : null, db && alongB ? ops.multiply(alongB, db) : null);
  };

const orZero = (ops: Ops, a: Tensor | null | undefined): Tensor => a ?? ops.constant(0);

const FORWARD: RuleTable<ForwardRule, Tensor | null> = {
  constant: still,
  input: still,
  identity: ({ attributes }, _, __, [direction]) => (attributes.still ? null : (direction ?? null)),
  negate: linear((_, ops, d) => ops.negate(d)),
  abs: forwardUnary(UNARY_SLOPES.abs),
  sign: still,
  exp: forwardUnary(UNARY_SLOPES.exp),
  log: forwardUnary(UNARY_SLOPES.log),
  sqrt: forwardUnary(UNARY_SLOPES.sqrt),
  sin: forwardUnary(UNARY_SLOPES.sin),
  cos: forwardUnary(UNARY_SLOPES.cos),
  tan: forwardUnary(UNARY_SLOPES.tan),
  tanh: forwardUnary(UNARY_SLOPES.tanh),
  floor: still,
  add: (_, ops, __, [da, db]) => sumOf(ops, da ?? null, db ?? null),
  subtract: (_, ops, __, [da, db]) => sumOf(ops, da ?? null, db ? ops.negate(db) : null),
  multiply: forwardBinary(BINARY_SLOPES.multiply),
  divide: forwardBinary(BINARY_SLOPES.divide),
  power: forwardBinary(BINARY_SLOPES.power),
  maximum: forwardBinary(BINARY_SLOPES.maximum),
  minimum: forwardBinary(BINARY_SLOPES.minimum),
  less: still,
  lessEqual: still,
  equal: still,
  where: ({ args: [condition] }, ops, result, [, da, db]) =>
    da || db
      ? ops.broadcast(ops.where(tensorOf(ops, condition), orZero(ops, da), orZero(ops, db)), result.shape)
      : null,
  broadcast: linear(({ shape }, ops, d) => ops.broadcast(d, shape)),
  reshape: linear(({ shape }, ops, d) => ops.reshape(d, shape)),
  transpose: linear((_, ops, d) => ops.transpose(d)),
  slice: linear((value, ops, d) =>
    ops.slice(d, { ...(value as Extract<Value, { op: 'slice' }>).attributes, shape: value.shape }),
  ),
  assemble: ({ attributes, shape }, ops, _, directions) =>
    ops.assemble(
      directions.flatMap((part, i) => (part ? [{ part, view: at(attributes.parts, i) }] : [])),
      shape,
    ),
  sum: linear((value, ops, d) => ops.sum(d, (value as Extract<Value, { op: 'sum' }>).attributes.axis)),
  max: ({ args: [a], attributes }, ops, result, [d]) => {
    if (!d) return null;
    const { wins, count } = winners(ops, tensorOf(ops, a), result, attributes.axis);
    return ops.divide(ops.sum(ops.multiply(wins, d), attributes.axis), count);
  },
  matmul: ({ args: [a, b] }, ops, _, [da, db]) =>
    sumOf(ops, da ? ops.matmul(da, tensorOf(ops, b)) : null, db ? ops.matmul(tensorOf(ops, a), db) : null),
  pinv: undifferentiable,
  nullSpace: undifferentiable,
  rowSpace: undifferentiable,
  gather: ({ args: [, rows] }, ops, _, [d]) => (d ? ops.gather(d, tensorOf(ops, rows)) : null),
  random: still,
  repeat: undifferentiable,
  pick: undifferentiable,
  carry: still,
  turn: still,
};
