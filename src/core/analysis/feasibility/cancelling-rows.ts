/** The proof that many affine equalities, of which no dense matrix is held, contradict each other. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import { conjugateEnd, transposedTimesSparse } from '../../tensor/conjugate-gradients.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { areDisjoint } from '../evidence/recognize.ts';
import { rowsTogether } from '../evidence/sparse-equations.ts';
import type { Contradiction } from '../structure.ts';

const MOST_TURNS = 300;
/** Conjugate gradients end where ‖rᵀA‖ is this share of ‖Aᵀb‖. */
const TOLERANCE = 1e-13;
/** ‖rᵀA‖ below this share of ‖A‖ ‖r‖ is 0. */
const ROUNDING = 1e-10;
/** ‖r‖ above this share of ‖b‖ is not rounding. */
const MISSED = 1e-6;
/** Weights below this share of the largest count for nothing. */
const NEGLIGIBLE = 1e-6;

/** r = b − A x of the least-squares point x: rᵀA = 0, and rᵀb = ‖r‖² > 0. Null where that is not so, and where it is not soon known. */
export function cancellingRows(facts: readonly ConstraintFacts[]): Contradiction | null {
  const lines = facts.filter(
    ({ relation, isMoving, affine, sums, sparse, bounds }) =>
      relation === 'equality' && !isMoving && (affine || sums || sparse || bounds),
  );
  const isOpen = lines.some(({ affine, sparse }) => !affine && sparse?.isConsistent === false);
  if (lines.every(({ affine, bounds }) => affine || bounds) || (!isOpen && areDisjoint(lines))) return null;
  const all = rowsTogether(lines);
  if (!all) return null;
  const { A, b } = all;
  const side = Float64Array.from(b);
  const rest = conjugateEnd(A, side, MOST_TURNS, TOLERANCE)?.rest;
  if (!rest || euclideanNorm(rest) <= MISSED * euclideanNorm(side)) return null;
  const size = euclideanNorm(A.values) * euclideanNorm(rest);
  if (euclideanNorm(transposedTimesSparse(A, rest)) > ROUNDING * size) return null;
  const largest = maximumNorm(rest);
  let row = 0;
  const constraints = lines.flatMap(({ index, rows }) => {
    row += rows;
    return rest.subarray(row - rows, row).some((weight) => Math.abs(weight) > NEGLIGIBLE * largest) ? [index] : [];
  });
  const left = rest.reduce((sum, weight, i) => sum + weight * at(side, i), 0) / largest;
  return { constraints, reason: `added with suitable weights, their rows say 0 = ${shortNumber(left, 3)}.` };
}
