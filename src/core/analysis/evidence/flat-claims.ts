/** Flats: what their kinds look for. The proof is in another file, so that the page need not load it. */
import type { Claim, ConstraintFacts, FlatEvidence } from '../../contracts.ts';

/** Directions are orthonormal, and orthogonal to the point. */
export type Flat = { point: FlatEvidence['point']; directions: FlatEvidence['directions'] };

/** Σₖ heights[k]·spans[k] is added to the point; spans are orthogonal to the directions. */
export type MovingFlat = Flat & { heights: readonly number[]; spans: readonly (readonly number[])[] };

export type FlatClaim = Claim<Flat>;

const isThere = (others: readonly number[], facts: readonly ConstraintFacts[]): boolean =>
  others.every((other) => facts.some((line) => line.index === other));

const ascending = (indices: readonly number[]): number[] => [...indices].sort((a, b) => a - b);

/** Lines that leave few directions and have no matrix, each with the further equations that its evidence takes in. */
export const claimsOfFlats = (facts: readonly ConstraintFacts[]): FlatClaim[] =>
  facts.flatMap(({ index, affine, flat, coordinates }) => {
    if (affine || !flat || flat.movement || !isThere(flat.others, facts)) return [];
    const { point, directions, others } = flat;
    return [{ data: { point, directions }, constraints: ascending([index, ...others]), coordinates }];
  });

/** Such lines whose right-hand sides move. */
export const claimsOfMovingFlats = (facts: readonly ConstraintFacts[]): Claim<MovingFlat>[] =>
  facts.flatMap(({ index, affine, flat, coordinates }) => {
    if (affine || !flat?.movement || !isThere(flat.others, facts)) return [];
    const { point, directions, movement, others } = flat;
    const { rows, before, spans } = movement;
    const first = facts.reduce(
      (sum, line) => sum + (others.includes(line.index) && line.index < index ? line.rows : 0),
      0,
    );
    const following = {
      rows: rows.map((row) => first + row),
      factors: rows.map(() => 1),
      fixed: before.map((entry) => 0 - entry),
    };
    const data = { point, directions, heights: rows.map(() => 0), spans };
    return [{ data, constraints: ascending([index, ...others]), coordinates, moving: { heights: following } }];
  });
