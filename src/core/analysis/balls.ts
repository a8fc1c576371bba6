/** What quadratics with one curvature in all directions say. */
import type { ConstraintFacts } from '../contracts.ts';
import { at } from '../diagnostic.ts';

export type Ball = { center: readonly number[]; radius: number };

/** ½ h ‖x‖² + q·x + c = 0, or ≤ 0, as a distance from a center; null for any other residual, for h ≤ 0 and for an empty set. */
export function asBall({ relation, isMoving, quadratic }: ConstraintFacts): Ball | null {
  if (!quadratic?.isDiagonal || isMoving) return null;
  const { diagonal, q, c } = quadratic;
  const h = diagonal[0] ?? 0;
  const isRound = diagonal.every((entry) => entry === h) && (relation === 'equality' ? h !== 0 : h > 0);
  if (!isRound) return null;
  const center = q.map((entry) => -entry / h || 0);
  const square = center.reduce((sum, entry, i) => sum - (entry * at(q, i)) / h, (-2 * c) / h);
  return square >= 0 ? { center, radius: Math.sqrt(square) } : null;
}
