import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { type Dispatch, dispatch, suited } from './dispatch.ts';
import { asOnGpu, runOnArrays } from './gpu-for-tests.ts';
import { matvec, projectAffine } from './product.ts';
import { REDUCTION, reduce } from './reduce.ts';
import { seededNumbers } from './seeded.ts';

const U = 2 ** -24; // unit roundoff of float32

const GPU = { hasQuads: false };
const kernelOf = (call: Dispatch): string => suited(call, GPU).kernel;
const run = (calls: readonly Dispatch[], arrays: readonly ArrayLike<number>[]) => runOnArrays(calls, arrays, asOnGpu());

describe('tiles agree with Float64, whichever way the matrix lies', () => {
  it.each([
    [1, 32, 32],
    [5, 300, 300],
    [70, 33, 33],
    [260, 257, 257],
    [3, 1000, 150],
  ])('A x, A [%i, %i] in pieces of %i', async (rows, inner, piece) => {
    const [a, x] = [seededNumbers(rows * inner, 10), seededNumbers(2 * inner, 11)];
    const pieces = Math.ceil(inner / piece);
    for (const isAlong of [true, false]) {
      const places = isAlong ? { a_row: inner, a_inner: 1 } : { a_row: 1, a_inner: rows };
      const call = dispatch(
        matvec,
        { rows, inner, a_offset: 0, ...places, x_offset: 1, x_stride: 2, piece },
        { a: 0, x: 1, result: 2 },
      );
      expect(kernelOf(call)).toBe('matvec_tile');
      const [, , result] = await run([call], [a, x, new Float64Array(pieces * rows)]);
      result?.forEach((entry, place) => {
        const [p, i] = [Math.floor(place / rows), place % rows];
        let [exact, size] = [0, 0];
        for (let k = p * piece; k < Math.min(inner, (p + 1) * piece); k++) {
          const term = at(a, i * places.a_row + k * places.a_inner) * at(x, 1 + 2 * k);
          exact += term;
          size += Math.abs(term);
        }
        expect(Math.abs(entry - exact)).toBeLessThanOrEqual((piece / 64 + 11) * U * size);
      });
    }
  });

  it.each([
    [100, 40, 1],
    [4100, 33, 16],
  ])('x − P r, P [%i, %i], %i entries a lane', async (rows, inner, turns) => {
    const [p, x, r] = [seededNumbers(rows * inner, 1), seededNumbers(rows, 2), seededNumbers(inner, 3)];
    for (const isAlong of [true, false]) {
      const places = isAlong ? { p_row: inner, p_inner: 1 } : { p_row: 1, p_inner: rows };
      const vectors = { x_offset: 0, x_stride: 1, r_offset: 0, r_stride: 1 };
      const call = dispatch(
        projectAffine,
        { rows, inner, p_offset: 0, ...places, ...vectors, turns },
        { p: 0, x: 1, r: 2, result: 3 },
      );
      expect(kernelOf(call)).toBe('project_affine_tile');
      const [, , , result] = await run([call], [p, x, r, new Float64Array(rows).fill(7)]);
      let owed = 0;
      result?.forEach((entry, i) => {
        let [exact, size] = [at(x, i), Math.abs(at(x, i))];
        for (let k = 0; k < inner; k++) {
          const term = at(p, i * places.p_row + k * places.p_inner) * at(r, k);
          exact -= term;
          size += Math.abs(term);
        }
        expect(Math.abs(entry - exact)).toBeLessThanOrEqual(14 * U * size);
        owed += entry - exact;
      });
      expect(Math.abs(owed)).toBeLessThanOrEqual(rows * U); // far less than the roundings of all entries
    }
  });

  it.each([
    [1, 70, 1],
    [3, 64, 2],
    [2, 64, 65],
    [40, 50, 1],
    [1, 2000, 1],
  ])('sums and largest entries of [%i, %i, %i]', async (outer, length, inner) => {
    const a = seededNumbers(outer * length * inner, 7);
    for (const name of ['sum', 'max'] as const) {
      const params = { outer, length, inner, piece: length, offset: 0 };
      const call = dispatch(reduce, params, { a: 0, result: 1 }, { operation: REDUCTION[name] });
      expect(kernelOf(call)).toBe('reduce_tile');
      const [, result] = await run([call], [a, new Float64Array(outer * inner)]);
      result?.forEach((entry, place) => {
        const entries = Array.from({ length }, (_, k) =>
          at(a, (Math.floor(place / inner) * length + k) * inner + (place % inner)),
        );
        const size = entries.reduce((sum, one) => sum + Math.abs(one), 0);
        const exact = name === 'sum' ? entries.reduce((sum, one) => sum + one, 0) : Math.max(...entries);
        expect(Math.abs(entry - exact)).toBeLessThanOrEqual(name === 'sum' ? (length / 16 + 6) * U * size : 0);
      });
    }
  });

  it('a NaN makes its own sum and largest entry NaN, and no other', async () => {
    const a = seededNumbers(20 * 40, 7);
    a[3 * 40 + 17] = Number.NaN;
    for (const operation of [REDUCTION.sum, REDUCTION.max]) {
      const params = { outer: 20, length: 40, inner: 1, piece: 40, offset: 0 };
      const call = dispatch(reduce, params, { a: 0, result: 1 }, { operation });
      const [, result] = await run([call], [a, new Float64Array(20)]);
      expect(result?.map((entry) => Number(Number.isNaN(entry))).indexOf(1)).toBe(3);
      expect(result?.filter((entry) => Number.isNaN(entry))).toHaveLength(1);
    }
  });
});
