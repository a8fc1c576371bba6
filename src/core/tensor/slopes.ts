/** Slopes of elementwise operations, and what both modes of differentiation share. */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import type { Shape } from './shape.ts';
import type { Id } from './value.ts';

/** Ids between x and y that depend on x, ascending; loops on the way are unrolled beforehand. */
export function pathTo(ops: Ops, y: Tensor, x: Tensor): Id[] {
  const depends = new Map<Id, boolean>([[x.id, true]]);
  const order: Id[] = [];
  const pending: Id[] = [y.id];
  while (pending.length > 0) {
    const id = at(pending, pending.length - 1);
    if (depends.has(id)) {
      pending.pop();
      continue;
    }
    const { args: all, op, attributes } = at(ops.values, id);
    const args = op === 'identity' && attributes.still ? [] : all;
    const open = args.filter((argument) => !depends.has(argument));
    if (open.length > 0) {
      pending.push(...open);
      continue;
    }
    pending.pop();
    const dependent = args.some((argument) => depends.get(argument));
    depends.set(id, dependent);
    if (dependent) {
      invariant(op !== 'repeat', 'derivatives of a loop: unroll it first');
      order.push(id);
    }
  }
  return order.sort((a, b) => a - b);
}

export const tensorOf = (ops: Ops, id: Id): Tensor => ({ id, shape: at(ops.values, id).shape });

export type UnaryValue = { readonly args: readonly [Id] };
export type BinaryValue = { readonly args: readonly [Id, Id] };

/** d/da f(a) as a tensor of a (and of the result), for an elementwise f: the same factor serves both modes. */
export type Slope = (ops: Ops, a: Tensor, result: Tensor) => Tensor;
export type Slopes = (ops: Ops, a: Tensor, b: Tensor, result: Tensor) => readonly [Tensor | null, Tensor | null];

/** Slopes at kinks are PyTorch's: abs 0 at 0; equal arguments of maximum and minimum share. */
export const UNARY_SLOPES = {
  negate: (ops, a) => ops.broadcast(ops.constant(-1), a.shape),
  abs: (ops, a) => ops.sign(a),
  exp: (_, __, result) => result,
  log: (ops, a) => ops.divide(1, a),
  sqrt: (ops, _, result) => ops.divide(0.5, result),
  sin: (ops, a) => ops.cos(a),
  cos: (ops, a) => ops.negate(ops.sin(a)),
  tan: (ops, _, result) => ops.add(1, ops.multiply(result, result)),
  tanh: (ops, _, result) => ops.subtract(1, ops.multiply(result, result)),
} satisfies Record<string, Slope>;

export const BINARY_SLOPES = {
  multiply: (_, a, b) => [b, a],
  divide: (ops, _, b, result) => [ops.divide(1, b), ops.negate(ops.divide(result, b))],
  power: (ops, a, b, result) => [
    ops.multiply(b, ops.power(a, ops.subtract(b, 1))),
    ops.multiply(result, ops.log(ops.where(ops.less(0, a), a, 1))), // 0 where a ≤ 0, as for 0ᵇ
  ],
  maximum: (ops, a, b) => [share(ops, ops.less(b, a), a, b), share(ops, ops.less(a, b), a, b)],
  minimum: (ops, a, b) => [share(ops, ops.less(a, b), a, b), share(ops, ops.less(b, a), a, b)],
} satisfies Record<string, Slopes>;

const share = (ops: Ops, wins: Tensor, a: Tensor, b: Tensor): Tensor =>
  ops.add(wins, ops.multiply(0.5, ops.equal(a, b)));

/** The adjoint of a sum: the same number along the axis that was summed over. */
export function spread(ops: Ops, adjoint: Tensor, shape: Shape, axis: number | null): Tensor {
  if (axis === null) return ops.broadcast(adjoint, shape);
  const kept = shape.map((length, i) => (i === axis ? 1 : length));
  return ops.broadcast(ops.reshape(adjoint, kept), shape);
}

/** 1 where an entry is the largest along the axis, and how many are. */
export function winners(ops: Ops, a: Tensor, result: Tensor, axis: number | null): { wins: Tensor; count: Tensor } {
  const wins = ops.equal(a, spread(ops, result, a.shape, axis));
  return { wins, count: ops.sum(wins, axis) };
}

/** Factorisations are constants of the problem, and loops are differentiated unrolled: neither is met on the way to x. */
export function undifferentiable({ op }: { readonly op: string }): never {
  invariant(false, `no derivative of ${op}`);
}
