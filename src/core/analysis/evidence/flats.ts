/** Equations that read few entries each and leave few directions: their solutions, alone and with further equations in the same entries. */
import type { ConstraintFacts, FlatEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { decompose, nullSpaceBasis } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import type { SparseMatrix } from '../../tensor/sparse.ts';
import { sparseSolutions } from '../../tensor/sparse-solutions.ts';
import type { Flat, FlatClaim } from './flat-claims.ts';
import type { Movement } from './movements.ts';

/** The solutions of A x = b in the entries that A reads, as b moves; null where there are none, and where more than a few directions are left. */
export function flatOf(
  A: SparseMatrix,
  b: ArrayLike<number>,
  movement: Movement | null = null,
): { readonly evidence: FlatEvidence; readonly coordinates: readonly number[] } | null {
  const coordinates = [...new Set(A.indices)].sort((i, j) => i - j);
  const place = new Int32Array(A.columns);
  coordinates.forEach((j, k) => {
    place[j] = k;
  });
  const solutions = sparseSolutions(
    { ...A, columns: coordinates.length, indices: A.indices.map((j) => at(place, j)) },
    b,
    movement?.shapes,
  );
  if (!solutions) return null;
  const { point, directions, spans } = solutions;
  const moves = movement && { rows: movement.rows, before: movement.rows.map((row) => at(b, row)), spans };
  return { evidence: { point, directions, movement: moves, others: [] }, coordinates };
}

/** By how much a further equation may miss, beside its own size: rounding. */
const ROUNDING = 1e-9;

/** A unit vector that is so near to a right angle with a direction is at one. */
const LEAST = 1e-12;

interface Equation {
  /** Weights of entries of x. */
  readonly terms: ReadonlyMap<number, number>;
  readonly b: number;
}

function equationsOf({ affine, bounds, coordinates }: ConstraintFacts): Equation[] {
  if (affine)
    return affine.A.map((row, i) => ({ terms: new Map(coordinates.map((j) => [j, at(row, j)])), b: at(affine.b, i) }));
  return (bounds?.entries ?? []).map((entry, i) => ({
    terms: new Map([[entry, at(bounds?.scales ?? [], i)]]),
    b: at(bounds?.b ?? [], i),
  }));
}

/** Those of its points that meet the equations, too; null where there are none. Terms are of entries by their position. */
function meeting({ point, directions }: Flat, equations: readonly Equation[]): Flat | null {
  const along = (weights: Equation['terms'], v: readonly number[]) =>
    [...weights].reduce((sum, [k, weight]) => sum + weight * at(v, k), 0);
  const columns = directions.length;
  const data = Float64Array.from(
    equations.flatMap(({ terms }) => {
      const least = LEAST * euclideanNorm([...terms.values()]);
      return directions
        .map((direction) => along(terms, direction))
        .map((entry) => (Math.abs(entry) > least ? entry : 0));
    }),
  );
  const matrix = { rows: equations.length, columns, data };
  const sides = equations.map(({ terms, b }) => b - along(terms, point));
  const { left, right, rank, singularValues } = decompose(matrix);
  // c = A⁺ (b − A point), of x = point + directionsᵀ c
  const c = new Float64Array(columns);
  for (let k = 0; k < rank; k++) {
    const part = sides.reduce((sum, side, i) => sum + side * at(left.data, i * rank + k), 0) / at(singularValues, k);
    for (let j = 0; j < columns; j++) c[j] = at(c, j) + part * at(right.data, j * rank + k);
  }
  const combined = (weights: ArrayLike<number>, start: readonly number[]) => {
    const sum = [...start];
    directions.forEach((direction, k) => {
      direction.forEach((entry, j) => {
        sum[j] = at(sum, j) + at(weights, k) * entry;
      });
    });
    return sum;
  };
  const moved = combined(c, point);
  const isMet = equations.every(({ terms, b }) => {
    const size = euclideanNorm([...terms.values()]) * euclideanNorm(moved) + Math.abs(b);
    return Math.abs(b - along(terms, moved)) <= ROUNDING * size;
  });
  if (!isMet) return null;
  const free = nullSpaceBasis(matrix);
  const none = new Array<number>(point.length).fill(0);
  return {
    point: moved,
    directions: Array.from({ length: free.columns }, (_, k) =>
      combined(
        Float64Array.from({ length: columns }, (_, i) => at(free.data, i * free.columns + k)),
        none,
      ),
    ),
  };
}

/** A flat with its points that also meet the other affine equalities, still, that read its entries alone, where there are such points. */
export function flatMet(line: ConstraintFacts, facts: readonly ConstraintFacts[]): FlatEvidence | null {
  if (!line.flat) return null;
  const { movement } = line.flat;
  const place = new Map(line.coordinates.map((j, k) => [j, k]));
  const others = facts.filter(
    ({ index, relation, isMoving, affine, bounds, coordinates }) =>
      index !== line.index &&
      relation === 'equality' &&
      !isMoving &&
      (affine || bounds) &&
      coordinates.every((j) => place.has(j)),
  );
  const equations = others
    .flatMap(equationsOf)
    .map(({ terms, b }) => ({ b, terms: new Map([...terms].map(([j, weight]) => [place.get(j) ?? 0, weight])) }));
  const met = equations.length > 0 ? meeting(line.flat, equations) : null;
  if (!met) return line.flat;
  const still = equations.map(({ terms }) => ({ terms, b: 0 })); // which no move of the point may change
  const spans = movement?.spans.flatMap((span) => {
    const moved = meeting({ point: span, directions: line.flat?.directions ?? [] }, still);
    return moved ? [moved.point] : [];
  });
  if (movement && spans?.length !== movement.spans.length) return line.flat;
  return {
    ...met,
    movement: movement && { ...movement, spans: spans ?? [] },
    others: others.map(({ index }) => index),
  };
}

/** By how much the rank of A x = b grows by the lines of the claim that have no matrix. */
export function rankBesideOthers(
  { data, constraints, coordinates }: FlatClaim,
  facts: readonly ConstraintFacts[],
): number {
  const rank = coordinates.length - data.directions.length;
  const held = constraints.map((index) => at(facts, index)).filter(({ affine }) => affine !== null);
  const equations = held.flatMap(equationsOf);
  if (equations.length === 0) return rank;
  const rows = Float64Array.from(equations.flatMap(({ terms }) => coordinates.map((j) => terms.get(j) ?? 0)));
  return rank - decompose({ rows: equations.length, columns: coordinates.length, data: rows }).rank;
}
