/** What quadratics with one curvature in all directions say. */
import type { Claim, ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';

export type Ball = { center: readonly number[]; radius: number };

/** ½ h ‖x‖² + q·x + c = 0, or ≤ 0, as ‖x − center‖² = square, or ≤ square; null for any other residual, and for h ≤ 0. */
export function asDistance({ relation, quadratic }: Pick<ConstraintFacts, 'relation' | 'quadratic'>): {
  readonly center: readonly number[];
  readonly square: number;
} | null {
  if (!quadratic?.isDiagonal) return null;
  const { diagonal, q, c } = quadratic;
  const h = diagonal[0] ?? 0;
  const isRound = diagonal.every((entry) => entry === h) && (relation === 'equality' ? h !== 0 : h > 0);
  if (!isRound) return null;
  const center = q.map((entry) => -entry / h || 0);
  return { center, square: center.reduce((sum, entry, i) => sum - (entry * at(q, i)) / h, (-2 * c) / h) };
}

/** The ball, or the sphere of an equality, with its radius; null where no point is so near, and where the radius moves. */
export function asBall(facts: ConstraintFacts): Ball | null {
  const distance = facts.isMoving ? null : asDistance(facts);
  return distance && distance.square >= 0 ? { center: distance.center, radius: Math.sqrt(distance.square) } : null;
}

/** Each ‖x − center‖² ≤ square(t) whose center stays: square(t) = ‖center‖² + (2/h)·−g(0, t). */
export const movingBalls = (facts: readonly ConstraintFacts[]): Claim<Ball>[] =>
  facts.flatMap((line) => {
    const distance = line.isMoving && line.relation === 'inequality' ? asDistance(line) : null;
    if (!distance || distance.square < 0) return [];
    const { center, square } = distance;
    const radius = {
      rows: [0],
      factors: [2 / (line.quadratic?.diagonal[0] ?? 1)],
      fixed: [center.reduce((sum, entry) => sum + entry ** 2, 0)],
      areSquares: true as const,
    };
    return [
      {
        data: { center, radius: Math.sqrt(square) },
        constraints: [line.index],
        coordinates: line.coordinates,
        moving: { radius },
      },
    ];
  });

/** Rows of `centers` are at the entries in rows of `positions`, counted among the coordinates. */
export type Rounds = {
  positions: readonly (readonly number[])[];
  centers: readonly (readonly number[])[];
  radii: readonly number[];
};

/** As data of a set of the relation, in the entries of the facts' coordinates. */
export function asRounds(
  { relation, rounds, coordinates }: ConstraintFacts,
  wanted: ConstraintFacts['relation'],
): Rounds | null {
  if (relation !== wanted || !rounds) return null;
  const { groups, centers, radii } = rounds;
  const place = new Map(coordinates.map((entry, k) => [entry, k]));
  const positions = groups.map((group) => group.map((entry) => place.get(entry) ?? -1));
  const isWhole = positions.flat().length === coordinates.length && !positions.flat().includes(-1);
  return isWhole ? { positions, centers, radii } : null;
}
