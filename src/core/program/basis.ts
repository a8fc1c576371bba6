/** Matrices that are products W = C B: of a basis B that is fixed by the typed spans, or learned beside C. */
import type { Structure } from '../analysis/structure.ts';
import { fits, type MethodProblem, type Numbers, type Support, unsupported } from '../contracts.ts';
import { at, invariant } from '../diagnostic.ts';
import { type Factor, trainedSize } from '../tensor/factors.ts';
import { matrixVector, rowSpaceBasis } from '../tensor/matrix.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';

interface Wanted {
  /** `auto`: fixed where spans are typed, learned where nothing is. */
  readonly basis: 'auto' | 'fixed' | 'learned';
  /** Rows of a learned B. */
  readonly rank: number;
}
type Rows = readonly (readonly number[])[];

export const isFixed = ({ constraints }: Pick<Structure, 'constraints'>, basis: Wanted['basis']): boolean =>
  basis === 'fixed' || (basis === 'auto' && constraints.length > 0);

/** The matrices that are products: those in spans of fixed vectors; where B is learned, all that have more rows and columns than B. */
function factorsFor(
  structure: Pick<Structure, 'sets' | 'blocks' | 'constraints'>,
  { basis, rank }: Wanted,
  given: { readonly rows: number; readonly columns: number } | null,
): Factor[] {
  const own = given?.rows ?? rank;
  const { sets, blocks } = structure;
  if (!isFixed(structure, basis))
    return blocks.flatMap(({ offset, shape }) => {
      const [rows = 0, columns = 0] = shape;
      const isWide = shape.length === 2 && rows > own && columns > own && columns === (given?.columns ?? columns);
      const coordinates = Array.from({ length: rows * columns }, (_, i) => offset + i);
      return isWide ? [{ coordinates, rows, columns, rank: own }] : [];
    });
  return sets
    .filter(({ kind }) => kind === 'span')
    .map(({ coordinates, data }) => {
      const Q = data.Q as Rows;
      const columns = at(Q, 0).length;
      return { coordinates, rows: coordinates.length / columns, columns, rank: given?.rows ?? Q.length };
    });
}

/** The products of a run, and their bases: fixed ones as they are, learned ones as they start. */
export function basisParts(
  ops: Ops,
  problem: MethodProblem,
  { matrix, seed, ...wanted }: Wanted & { readonly matrix: Tensor | null; readonly seed: Tensor },
): { readonly factors: readonly Factor[]; readonly isLearned: boolean; readonly bases: readonly Tensor[] } {
  const given = matrix && { rows: at(matrix.shape, 0), columns: at(matrix.shape, 1) };
  const factors = factorsFor(problem.structure, wanted, given);
  const isLearned = !isFixed(problem.structure, wanted.basis);
  if (matrix) return { factors, isLearned, bases: factors.map(() => matrix) };
  if (isLearned) return { factors, isLearned, bases: drawnBases(ops, problem, factors, seed) };
  const spans = problem.sets.filter(({ kind }) => kind === 'span');
  const bases = spans.map(({ data }) => {
    const { Q } = data(ops.constant(0));
    invariant(Q, 'a span has vectors');
    return Q;
  });
  return { factors, isLearned, bases };
}

/** Rows of length about 1, of independent numbers: uniform in ±√(3/n). */
function drawnBases(ops: Ops, problem: MethodProblem, factors: readonly Factor[], seed: Tensor): Tensor[] {
  const length = factors.reduce((sum, { rank, columns }) => sum + rank * columns, 0);
  const uniform = ops.subtract(ops.multiply(2, problem.uniform([length], ops.constant(0), seed)), 1);
  let offset = 0;
  return factors.map(({ rank, columns }) => {
    const part = ops.slice(uniform, { offset, strides: [1], shape: [rank * columns] });
    offset += rank * columns;
    return ops.multiply(Math.sqrt(3 / columns), ops.reshape(part, [rank, columns]));
  });
}

/** Whether matrices can be products: of a fixed B where spans are all that is typed, of a learned one where nothing is. */
export function supportsBasis(
  structure: Structure,
  { matrix, start, ...wanted }: Wanted & { readonly matrix?: unknown; readonly start?: unknown },
): Support {
  const { size, constraints, unrecognized, sets, hasExactProjection } = structure;
  const isLearned = !isFixed(structure, wanted.basis);
  if (isLearned && constraints.length > 0)
    return unsupported(
      'A learned basis would leave the sets that are typed: take the constraints away, or keep the basis fixed.',
    );
  if (!isLearned && (unrecognized.length > 0 || !hasExactProjection || sets.some(({ kind }) => kind !== 'span')))
    return unsupported('A fixed basis is here for “W in span(B)”, and there is another constraint.');
  const rows = Array.isArray(matrix) ? (matrix as Rows) : null;
  const factors = factorsFor(structure, wanted, rows && { rows: rows.length, columns: at(rows, 0).length });
  if (factors.length === 0)
    return unsupported(
      isLearned
        ? `Without constraints there is nothing to map onto, and no matrix has more than ${rows?.length ?? wanted.rank} rows and columns, to be a product C B.`
        : 'There is no “W in span(B)”, whose vectors could be the basis.',
    );
  if (rows && !isLearned && !sets.every(({ data }) => spansAlike(rows, data.Q as Rows)))
    return unsupported('The rows of the matrix must span the same as the vectors in span(…).');
  return fits(start as Numbers | undefined, [trainedSize(factors, size, isLearned)], 'The start');
}

/** Whether the rows of B are independent and span the same as the orthonormal rows of Q. */
function spansAlike(B: Rows, Q: Rows): boolean {
  const columns = at(Q, 0).length;
  if (B.length !== Q.length || at(B, 0).length !== columns) return false;
  const basis = rowSpaceBasis({ rows: B.length, columns, data: Float64Array.from(B.flat()) });
  if (basis.rows !== Q.length) return false;
  return Q.every((row) => {
    const along = matrixVector(basis, row); // of length 1 where the row is in the span of B
    return Math.abs(along.reduce((sum, entry) => sum + entry * entry, 0) - 1) < 1e-8;
  });
}
