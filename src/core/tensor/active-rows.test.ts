/** The rows that oppose a descent, against all subsets of rows. */
import { Matrix, pseudoInverse } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import { opposingRows } from './active-rows.ts';
import { evaluator } from './evaluate.ts';

/** −(I − J⁺J) g for the rows with 1. */
function along(J: readonly (readonly number[])[], chosen: readonly number[], g: readonly number[]): number[] {
  const rows = J.filter((_, j) => chosen[j] === 1);
  if (rows.length === 0) return g.map((entry) => -entry);
  const A = new Matrix(rows.map((row) => [...row]));
  const column = Matrix.columnVector([...g]);
  return Matrix.sub(pseudoInverse(A).mmul(A.mmul(column)), column).to1DArray();
}
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);

/** The steepest d with J d ≤ 0 on near rows, = 0 on equalities: of the feasible d of all subsets the longest. */
function steepest(
  J: readonly (readonly number[])[],
  g: readonly number[],
  isEquality: readonly number[],
  isNear: readonly number[],
) {
  const subsets = Array.from({ length: 2 ** J.length }, (_, bits) => J.map((__, j) => (bits >> j) & 1)).filter(
    (subset) => subset.every((bit, j) => bit <= at(isNear, j) && bit >= at(isEquality, j)),
  );
  return subsets
    .map((subset) => along(J, subset, g))
    .filter((d) => J.every((row, j) => isNear[j] === 0 || dot(row, d) <= 1e-9))
    .reduce((best, d) => (dot(d, d) > dot(best, best) ? d : best));
}

describe('opposing rows', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => ({ seed })))(
    'leave the steepest feasible descent: seed $seed',
    ({ seed }) => {
      const { uniform } = draws(seed);
      const [n, m] = [2 + Math.floor(uniform() * 3), 1 + Math.floor(uniform() * 4)];
      const vector = (size: number) => Array.from({ length: size }, () => Math.round(16 * (uniform() - 0.5)) / 4);
      const J = Array.from({ length: m }, () => vector(n));
      if (m > 2 && seed % 3 === 0) J[1] = at(J, 0).map((entry) => 2 * entry); // dependent rows
      const g = vector(n);
      const isEquality = J.map((_, j) => Number(j === 0 && uniform() < 0.4));
      const isNear = J.map((_, j) => Math.max(at(isEquality, j), Number(uniform() < 0.8)));
      const kept = evaluator(n, (ops, slope) =>
        opposingRows(
          ops,
          ops.constant(J.flat(), [m, n]),
          { step: slope, residual: ops.zeros([m]) },
          ops.constant(isEquality),
          ops.constant(isNear),
        ),
      )(g);
      const expected = steepest(J, g, isEquality, isNear);
      const found = along(J, [...kept], g);
      expect(Math.max(...found.map((entry, i) => Math.abs(entry - at(expected, i))))).toBeLessThan(
        1e-4 * (1 + Math.hypot(...g)),
      );
    },
  );
});

describe('opposing rows of a step from a point off its rows', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => ({ seed })))(
    'hold together, at the nearest step that meets all near rows, however many multipliers prove it: seed $seed',
    ({ seed }) => {
      const { uniform } = draws(100 + seed);
      const [n, m] = [2 + Math.floor(uniform() * 2), 3 + Math.floor(uniform() * 4)];
      const vector = (size: number) => Array.from({ length: size }, () => Math.round(16 * (uniform() - 0.5)) / 4);
      const J = Array.from({ length: m }, () => vector(n));
      const [inside, step] = [vector(n), vector(n)];
      const isEquality = J.map((_, j) => Number(j === 0 && seed % 2 === 0));
      // `inside` keeps all rows, and some pairs of seeds meet in it: more rows than directions.
      const residual = J.map((row, j) => -dot(row, inside) - (at(isEquality, j) || seed % 4 < 2 ? 0 : uniform()));
      const kept = evaluator(n, (ops, given) =>
        opposingRows(
          ops,
          ops.constant(J.flat(), [m, n]),
          { step: given, residual: ops.constant(residual) },
          ops.constant(isEquality),
          ops.constant(J.map(() => 1)),
        ),
      )(step);
      const rows = J.flatMap((row, j) => (kept[j] === 1 ? [{ row, residual: at(residual, j) }] : []));
      const A = new Matrix(rows.length > 0 ? rows.map(({ row }) => [...row]) : [vector(n).map(() => 0)]);
      const off = rows.length > 0 ? rows.map((entry) => entry.residual) : [0];
      const beyond = A.mmul(Matrix.columnVector([...step])).to1DArray();
      const back = Matrix.columnVector(off.map((entry, j) => entry - at(beyond, j)));
      const p = pseudoInverse(A)
        .mmul(back)
        .to1DArray()
        .map((entry, i) => -entry - at(step, i));
      const scale = 1 + Math.hypot(...step, ...inside);
      // Nearest: the way from p to a point that meets all rows leads away from −step.
      const there = p.map((entry, i) => (entry + at(step, i)) * (at(inside, i) - entry));
      expect(there.reduce((sum, entry) => sum + entry, 0)).toBeGreaterThan(-1e-4 * scale ** 2);
      for (const [j, row] of J.entries()) {
        const end = dot(row, p) + at(residual, j);
        expect(end).toBeLessThan(1e-4 * scale * (1 + Math.hypot(...row)));
        if (kept[j] === 1) expect(Math.abs(end)).toBeLessThan(1e-4 * scale * (1 + Math.hypot(...row)));
      }
    },
  );
});
