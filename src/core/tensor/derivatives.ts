/** Derivatives of recorded functions, graph to graph: reverse mode (`vjp`, `gradient`) and forward mode (`jvp`). */
import { pushForward } from './forward-mode.ts';
import type { Ops, Tensor } from './ops.ts';
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

/** J(x) d, for a direction d of the shape of x. */
export function jvp(ops: Ops, f: Recorded, x: Tensor, direction: Tensor): Tensor {
  const point = ops.identity(x);
  return pushForward(ops, f(point), point, direction);
}

/** J(x)[m, n] of f: R[n] → R[m], one vjp a row. For small m only. */
export function jacobian(ops: Ops, f: Recorded, x: Tensor): Tensor {
  const point = ops.identity(x);
  const y = f(point);
  const [rows, columns] = [sizeOf(y.shape), sizeOf(x.shape)];
  const parts = Array.from({ length: rows }, (_, i) => {
    const unit = ops.constant(
      Float64Array.from({ length: rows }, (_, k) => (k === i ? 1 : 0)),
      y.shape,
    );
    const part = ops.reshape(pullBack(ops, y, point, unit), [columns]);
    return { part, view: { offset: i * columns, strides: [1] } };
  });
  return ops.assemble(parts, [rows, columns]);
}
