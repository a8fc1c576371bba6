/** Many products at once by every family, against Float64. */
import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { type Matrices, multiplyBatched } from './batched-product.ts';
import { gpuForTests } from './gpu-for-tests.ts';
import { FAMILIES, FAMILY_NAMES } from './product-families.ts';
import { seededNumbers } from './seeded.ts';

/** Kernels by quads need subgroups of four lanes. */
const { hasQuads } = await gpuForTests();

/** Matrices with `rows` and `columns` as they count, transposed or not. */
function matrices(count: number, rows: number, columns: number, isTransposed: boolean, seed: number): Matrices {
  const data = Float32Array.from(seededNumbers(count * rows * columns, seed));
  return { data, shape: isTransposed ? [count, columns, rows] : [count, rows, columns], isTransposed };
}

function entry(
  { data, shape: [count, rows, columns], isTransposed }: Matrices,
  k: number,
  i: number,
  j: number,
): number {
  const begin = count === 1 ? 0 : k * rows * columns;
  return at(data, begin + (isTransposed ? j * columns + i : i * columns + j));
}

/** The largest error of an entry over Σ|aᵢₖ bₖⱼ|, beside which rounding is measured. */
function worstError(a: Matrices, b: Matrices, result: Float32Array, [count, rows, inner, columns]: readonly number[]) {
  let worst = 0;
  for (let k = 0; k < (count ?? 0); k++)
    for (let i = 0; i < (rows ?? 0); i++)
      for (let j = 0; j < (columns ?? 0); j++) {
        let [sum, size] = [0, 0];
        for (let l = 0; l < (inner ?? 0); l++) {
          const term = entry(a, k, i, l) * entry(b, k, l, j);
          sum += term;
          size += Math.abs(term);
        }
        const place = (k * (rows ?? 0) + i) * (columns ?? 0) + j;
        worst = Math.max(worst, Math.abs(at(result, place) - sum) / Math.max(size, 1e-30));
      }
  return worst;
}

/** Counts, rows, inner lengths and columns: whole blocks, tails on every side, and less than one block. */
const SHAPES = [
  [3, 32, 16, 32],
  [2, 65, 21, 19],
  [5, 3, 7, 2],
] as const;

describe('many products at once', () => {
  it.each(FAMILY_NAMES.filter((family) => !FAMILIES[family].needsQuads || hasQuads))(
    'are those of Float64, by %s',
    async (family) => {
      const gpu = await gpuForTests();
      for (const [count, rows, inner, columns] of SHAPES)
        for (const [turnA, turnB, oneA, oneB] of [
          [false, false, false, false],
          [true, false, false, true],
          [false, true, true, false],
          [true, true, false, false],
        ] as const) {
          const a = matrices(oneA ? 1 : count, rows, inner, turnA, 1);
          const b = matrices(oneB ? 1 : count, inner, columns, turnB, 2);
          const result = await multiplyBatched(gpu, a, b, family);
          if (!result.ok) throw new Error(at(result.diagnostics, 0).message);
          const label = `${count} of ${rows}×${inner}×${columns}, ${turnA} ${turnB}`;
          expect(worstError(a, b, result.value, [count, rows, inner, columns]), label).toBeLessThan(inner * 2 ** -24);
        }
      expect(gpu.uncaptured).toEqual([]);
    },
  );

  it('are more than one dispatch takes', async () => {
    const gpu = await gpuForTests();
    const count = 65_600;
    const [a, b] = [matrices(count, 1, 2, false, 1), matrices(1, 2, 1, false, 2)];
    const result = await multiplyBatched(gpu, a, b);
    if (!result.ok) throw new Error(at(result.diagnostics, 0).message);
    expect(worstError(a, b, result.value, [count, 1, 2, 1])).toBeLessThan(2 ** -23);
  });

  it('say what does not fit', async () => {
    const gpu = await gpuForTests();
    const of = (count: number, rows: number, columns: number) => matrices(count, rows, columns, false, 1);
    const said = async (a: Matrices, b: Matrices) => {
      const result = await multiplyBatched(gpu, a, b);
      return result.ok ? '' : at(result.diagnostics, 0).message;
    };
    expect(await said(of(2, 3, 4), of(2, 5, 3))).toMatch('4 columns');
    expect(await said(of(2, 3, 4), of(3, 4, 3))).toMatch('one by one');
    expect(await said({ data: new Float32Array(5), shape: [1, 2, 3] }, of(1, 3, 2))).toMatch('do not fill');
  });

  it('are zero where nothing is summed, and none where there are none', async () => {
    const gpu = await gpuForTests();
    const empty = (count: number, rows: number, columns: number): Matrices => ({
      data: new Float32Array(count * rows * columns),
      shape: [count, rows, columns],
    });
    expect(await multiplyBatched(gpu, empty(2, 1, 0), empty(2, 0, 2))).toEqual({
      ok: true,
      value: new Float32Array(4),
    });
    expect(await multiplyBatched(gpu, empty(0, 2, 2), empty(0, 2, 2))).toEqual({
      ok: true,
      value: new Float32Array(0),
    });
  });
});
