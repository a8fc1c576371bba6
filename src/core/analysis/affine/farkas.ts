/** Why affine lines contradict each other, as a sum of them that a reader can check. */
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import type { Problem } from '../../problem/problem.ts';
import { type Matrix, matrixVector, pseudoinverse } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import { nameOfRow, type Statement } from '../statements.ts';
import type { Structure } from '../structure.ts';

interface Row {
  readonly a: readonly number[];
  readonly b: number;
  readonly isEquality: boolean;
  readonly name: string;
}

/** More than so many rows or entries are not added up by a reader. */
const MOST_ROWS = 200;
const MOST_ENTRIES = 200;
/** A sum of at most so many rows is written out. */
const MOST_TERMS = 12;
/** Left of the rows' sum, relative to them, this is rounding. */
const ROUNDING = 1e-9;

/** As “2 · line 4 + line 6 gives 0 ≤ −1”; null where some statement is not affine, or there is no such sum. */
export function farkasSum(
  { size }: Problem,
  { constraints }: Structure,
  statements: readonly Statement[],
): string | null {
  const rows = statements.flatMap((statement) =>
    statement.constraints.flatMap(({ index, relation }): Row[] => {
      const { affine } = at(constraints, index);
      return (affine?.A ?? []).map((a, i) => ({
        a,
        b: at(affine?.b ?? [], i),
        isEquality: relation === 'equality',
        name: nameOfRow(statement, index, i),
      }));
    }),
  );
  const areAffine = statements.every((one) => one.constraints.every(({ index }) => at(constraints, index).affine));
  if (!areAffine || rows.length > MOST_ROWS || size > MOST_ENTRIES) return null;
  const weights = farkasWeights(rows);
  const terms = weights?.flatMap((weight, i) => (weight === 0 ? [] : [{ weight, ...at(rows, i) }])) ?? [];
  if (terms.length === 0 || terms.length > MOST_TERMS) return null;
  const least = Math.min(...terms.map(({ weight }) => Math.abs(weight)));
  const sum = terms.reduce((total, { weight, b }) => total + (weight / least) * b, 0);
  const written = terms.map(({ weight, name }, k) => {
    const size = shortNumber(Math.abs(weight) / least);
    const sign = weight < 0 ? '− ' : k > 0 ? '+ ' : '';
    return `${sign}${size === '1' ? '' : `${size} · `}${name}`;
  });
  const sign = terms.every(({ isEquality }) => isEquality) ? '=' : '≤';
  return `${written.join(' ')} gives 0 ${sign} ${shortNumber(sum)}`;
}

/**
 * y with yᵀA = 0 and yᵀb < 0, y ≥ 0 on inequalities a·x ≤ b: it exists exactly where no point meets the rows (Farkas). As the
 * least-squares solution of [A b]ᵀ y = (0, −1) with y ≥ 0, equalities as rows of both signs; it has few entries that are not 0.
 * Source: Lawson & Hanson 1974, Solving Least Squares Problems, ch. 23 (NNLS); Schrijver 1986, §7.3.
 */
export function farkasWeights(
  rows: readonly { readonly a: readonly number[]; readonly b: number; readonly isEquality: boolean }[],
): number[] | null {
  const columns = rows.flatMap(({ a, b, isEquality }, row) => {
    const column = [...a, b];
    const length = euclideanNorm(column) || 1;
    const unit = column.map((entry) => entry / length);
    const opposite = unit.map((entry) => -entry);
    return [{ row, sign: 1, length, unit }, ...(isEquality ? [{ row, sign: -1, length, unit: opposite }] : [])];
  });
  const height = at(rows, 0).a.length + 1;
  const wanted = Float64Array.from({ length: height }, (_, i) => (i === height - 1 ? -1 : 0));
  const y = nonnegativeLeastSquares(
    columns.map(({ unit }) => unit),
    wanted,
  );
  const reached = combined(
    columns.map(({ unit }) => unit),
    y,
    height,
  );
  const size = y.reduce((total, entry) => total + entry, 1);
  if (!wanted.every((entry, i) => Math.abs(entry - at(reached, i)) <= ROUNDING * size)) return null;
  const weights = rows.map(() => 0);
  columns.forEach(({ row, sign, length }, j) => {
    weights[row] = at(weights, row) + (sign * at(y, j)) / length;
  });
  const largest = Math.max(...weights.map(Math.abs));
  return weights.map((weight) => (Math.abs(weight) <= ROUNDING * largest ? 0 : weight));
}

const combined = (columns: readonly (readonly number[])[], y: readonly number[], height: number): number[] =>
  Array.from({ length: height }, (_, i) => columns.reduce((sum, column, j) => sum + at(column, i) * at(y, j), 0));

/** argmin ‖C y − wanted‖₂ with y ≥ 0, for columns of length 1. */
function nonnegativeLeastSquares(columns: readonly (readonly number[])[], wanted: Float64Array): number[] {
  let y = columns.map(() => 0);
  const used: number[] = [];
  for (let turn = 0; turn < 3 * columns.length; turn++) {
    const reached = combined(columns, y, wanted.length);
    const gains = columns.map((column, j) =>
      used.includes(j) ? 0 : column.reduce((sum, entry, i) => sum + entry * (at(wanted, i) - at(reached, i)), 0),
    );
    const best = gains.indexOf(Math.max(...gains));
    if (!(at(gains, best) > 1e-12)) break;
    used.push(best);
    for (;;) {
      const goal = leastSquares(
        used.map((j) => at(columns, j)),
        wanted,
      );
      const falling = used.flatMap((j, k) => (at(goal, k) <= 1e-14 ? [at(y, j) / (at(y, j) - at(goal, k) || 1)] : []));
      const share = falling.length === 0 ? 1 : Math.min(...falling);
      const next = columns.map(() => 0);
      used.forEach((j, k) => {
        next[j] = at(y, j) + share * (at(goal, k) - at(y, j));
      });
      y = next;
      if (falling.length === 0) break;
      const left = used.filter((j) => at(y, j) > 1e-14);
      for (const j of used) if (!left.includes(j)) y[j] = 0;
      const isStuck = left.length === used.length;
      used.splice(0, used.length, ...left);
      if (isStuck || used.length === 0) break;
    }
  }
  return y;
}

function leastSquares(columns: readonly (readonly number[])[], wanted: Float64Array): Float64Array {
  const [rows, width] = [wanted.length, columns.length];
  const matrix: Matrix = { rows, columns: width, data: new Float64Array(rows * width) };
  columns.forEach((column, j) => {
    column.forEach((entry, i) => {
      matrix.data[i * width + j] = entry;
    });
  });
  return matrixVector(pseudoinverse(matrix), [...wanted]);
}
