/** Points of an intersection from projections on its sets, one cycle over all of them. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** x ↦ the nearest point of one set. */
export type Projection = (x: Tensor) => Tensor;

/** x ← P₁(x), x ← P₂(x), …: tends to a point of the intersection. Source: von Neumann 1950; Bauschke & Borwein 1996. */
export const alternatingCycle = (projections: readonly Projection[], x: Tensor): Tensor =>
  projections.reduce((point, project) => project(point), x);

/** x and, for each set, what its projection took away last: p₁, …, p_k. */
export interface DykstraState {
  readonly x: Tensor;
  readonly increments: readonly Tensor[];
}

/**
 * For each set: y = x + pᵢ, x ← Pᵢ(y), pᵢ ← y − x. With increments 0 at first, x tends to the nearest point of the
 * intersection of convex sets. Source: Boyle & Dykstra 1986.
 */
export function dykstraCycle(ops: Ops, projections: readonly Projection[], state: DykstraState): DykstraState {
  let { x } = state;
  const increments = projections.map((project, i) => {
    const y = ops.add(x, at(state.increments, i));
    x = project(y);
    return ops.subtract(y, x);
  });
  return { x, increments };
}
