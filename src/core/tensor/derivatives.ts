/** Derivatives of recorded functions, graph to graph: reverse mode (`vjp`, `gradient`) and forward mode (`jvp`). */
import { at } from '../diagnostic.ts';
import { pushForward } from './forward-mode.ts';
import type { DifferentiableMap, Ops, Tensor } from './ops.ts';
import { pullBack } from './reverse-mode.ts';
import { sizeOf } from './shape.ts';

/** A recorded function of one tensor. */
export type Recorded = (x: Tensor) => Tensor;

/** ∇f(x) for scalar f; shape of x. */
export function gradient(ops: Ops, f: Recorded, x: Tensor): Tensor {
  return vjp(ops, f, x, ops.constant(1));
}

/** J(x)ᵀ w for f: R[x] → R[y] and w of the shape of f(x). The seed w is not differentiated, even where it depends on x. */
export function vjp(ops: Ops, f: Recorded, x: Tensor, seed: Tensor): Tensor {
  const point = ops.identity(x); // derivatives stop here, and nothing is simplified across it
  return pullBack(ops, f(point), point, seed);
}

/** x(θ) of a method, by a function f of θ at step t: an exported script calls it, and its slopes, by name. */
export const iterateMap = (ops: Ops, f: Recorded, theta: Tensor, t: Tensor): DifferentiableMap =>
  ops.iterateMap?.(theta, t) ?? { value: f(theta), pull: (weights) => vjp(ops, f, theta, weights) };

/** J(x) d, for a direction d of the shape of x. */
export function jvp(ops: Ops, f: Recorded, x: Tensor, direction: Tensor): Tensor {
  const point = ops.identity(x);
  return pushForward(ops, f(point), point, direction);
}

/** J(x)[m, n] of f: R[n] → R[m], one vjp a row. For small m only. */
export function jacobian(ops: Ops, f: Recorded, x: Tensor): Tensor {
  const point = ops.identity(x);
  const entries = entriesOf(ops, f(point));
  const columns = sizeOf(x.shape);
  const parts = entries.map(({ of, k }, i) => {
    const seed = new Float64Array(sizeOf(of.shape));
    seed[k] = 1;
    const part = ops.reshape(pullBack(ops, of, point, ops.constant(seed, of.shape)), [columns]);
    return { part, view: { offset: i * columns, strides: [1] } };
  });
  return ops.assemble(parts, [entries.length, columns]);
}

/** Each entry of y as entry k of the vector that brought it, where y was put together end to end: others are no matter to it. */
function entriesOf(ops: Ops, y: Tensor): { readonly of: Tensor; readonly k: number }[] {
  const value = ops.valueOf(y);
  const vectors = value.op === 'assemble' ? value.args.map((id) => ({ id, shape: at(ops.values, id).shape })) : [];
  let end = 0;
  const isEndToEnd =
    value.op === 'assemble' &&
    y.shape.length === 1 &&
    vectors.every(({ shape }, i) => {
      const { offset, strides } = at(value.attributes.parts, i);
      const follows = offset === end && shape.length === 1 && (strides[0] === 1 || shape[0] === 1);
      end += sizeOf(shape);
      return follows;
    });
  if (isEndToEnd && end === sizeOf(y.shape)) return vectors.flatMap((vector) => entriesOf(ops, vector));
  return Array.from({ length: sizeOf(y.shape) }, (_, k) => ({ of: y, k }));
}
