/** Flats: what their kind looks for. The proof is in another file, so that the page need not load it. */
import type { Claim, ConstraintFacts, FlatEvidence } from '../../contracts.ts';

/** Directions are orthonormal, and orthogonal to the point. */
export type Flat = { point: FlatEvidence['point']; directions: FlatEvidence['directions'] };

export type FlatClaim = Claim<Flat>;

/** Lines that leave few directions and have no matrix, each with the further equations that its evidence takes in. */
export const claimsOfFlats = (facts: readonly ConstraintFacts[]): FlatClaim[] =>
  facts.flatMap(({ index, affine, flat, coordinates }) => {
    if (affine || !flat || !flat.others.every((other) => facts.some((line) => line.index === other))) return [];
    const { point, directions, others } = flat;
    return [{ data: { point, directions }, constraints: [index, ...others].sort((a, b) => a - b), coordinates }];
  });
