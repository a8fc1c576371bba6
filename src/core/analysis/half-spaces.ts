/** Rows of affine constraints, and when each can be projected on by itself. */
import { at } from '../diagnostic.ts';

export interface HalfSpaceRows {
  readonly A: readonly (readonly number[])[];
  readonly b: readonly number[];
}

/** Cosines below this are rounding. */
const ORTHOGONAL = 1e-14;

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);

/** In coordinates along orthogonal normals the set is a box, so each row is projected on without disturbing the others. */
export const areOrthogonal = ({ A }: HalfSpaceRows): boolean =>
  A.every((row, i) => {
    const length = Math.sqrt(dot(row, row));
    const isNormal = Number.isFinite(length) && length > 0;
    return (
      isNormal &&
      A.slice(0, i).every((other) => Math.abs(dot(row, other)) <= ORTHOGONAL * length * Math.sqrt(dot(other, other)))
    );
  });
