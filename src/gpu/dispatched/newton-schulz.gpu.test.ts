import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { type Matrix, matrixVector, rowSpaceBasis, transposed } from '../../core/tensor/matrix.ts';
import { dispatch, readBack } from '../kernels/dispatch.ts';
import { asOnGpu, gpuForTests, runOnArrays } from '../kernels/gpu-for-tests.ts';
import { newtonSchulzSmall, newtonSchulzSmallByQuads, smallArena } from '../kernels/newton-schulz-small.ts';
import { seededNumbers } from '../kernels/seeded.ts';
import { affinePasses } from './affine-passes.fixture.ts';
import { pseudoinverseFigures, pseudoinverseOnDevice, pseudoinverseRead } from './newton-schulz.ts';
import { EPSILON, matrixWithCondition, penroseResiduals, relativeInfeasibility } from './penrose.ts';

async function invert(A: Matrix, conditionNumber: number | null = null, on = gpuForTests()) {
  const gpu = await on;
  const made = await pseudoinverseOnDevice(gpu, A.data, A.rows, A.columns, { conditionNumber });
  const data = Float64Array.from(await readBack(gpu, made.buffer, A.rows * A.columns));
  made.destroy();
  return { ...made, X: { rows: A.columns, columns: A.rows, data } };
}

/** x after `passes` of x ← x − P(A x − b), on the device. */
async function project(A: Matrix, P: Matrix, x: Float64Array, b: Float64Array, passes: number): Promise<Float32Array> {
  const [m, n] = [A.rows, A.columns];
  const { calls, into } = affinePasses(m, n, passes);
  return at(await runOnArrays(calls, [A.data, P.data, x, b, new Float64Array(m), new Float64Array(n)]), into);
}

describe('Newton–Schulz on the device', () => {
  it.each([
    [32, 128, 1, 'known', 'gram'],
    [32, 128, 30, 'unknown', 'gram'],
    [32, 128, 1e2, 'known', 'gram'],
    [32, 128, 1e3, 'known', 'order-8'],
    [32, 128, 1e4, 'unknown', 'order-8'],
    [32, 48, 1e2, 'known', 'gram'],
    [32, 48, 1e3, 'known', 'scaled'],
    [48, 32, 1e4, 'known', 'scaled'],
  ] as const)(
    'reaches what float32 allows for A [%i, %i] with κ = %f, %s: %s',
    async (rows, columns, kappa, told, form) => {
      const A = matrixWithCondition(rows, columns, kappa, 1);
      const made = await invert(A, told === 'known' ? kappa : null);
      const { X, iterations, residuals, isConverged } = made;
      expect(made.form).toBe(form);
      const [first, second, third] =
        rows > columns ? penroseResiduals(transposed(A), transposed(X)) : penroseResiduals(A, X);
      const attainable = 0.15 * kappa * EPSILON + 3 * EPSILON;
      expect(isConverged).toBe(true);
      expect(Math.max(first, second, third)).toBeLessThanOrEqual(attainable);
      expect(iterations).toBeLessThanOrEqual(2 * Math.log2(kappa) + 10);
      expect(residuals).toHaveLength(iterations);
      if (rows > columns) return; // A x = b has no solution as a rule

      const x = seededNumbers(columns, 2);
      const b = matrixVector(A, seededNumbers(columns, 3)).map(Math.fround);
      const projected = await project(A, X, x, b, 2);
      expect(relativeInfeasibility(A, projected, b)).toBeLessThanOrEqual(5e-8);
    },
  );

  it.each([
    [1, 1],
    [1, 70],
    [7, 3],
    [40, 24],
  ])('inverts [%i, %i], wide or tall', async (rows, columns) => {
    const A = matrixWithCondition(rows, columns, 10, 4);
    const { X, isConverged } = await invert(A);
    expect(isConverged).toBe(true);
    expect(Math.max(...penroseResiduals(A, X))).toBeLessThanOrEqual(100 * EPSILON); // the fourth goes with κ²
  });

  it.each([
    [4, 20],
    [40, 64],
  ])('leaves no buffer of [%i, %i] in use, and uses those that are idle again', async (rows, columns) => {
    const { ledger, idle } = await gpuForTests();
    const before = { ...ledger };
    await invert(matrixWithCondition(rows, columns, 3, 5));
    const kept = { ...idle };
    await invert(matrixWithCondition(rows, columns, 5, 6));
    expect(ledger).toEqual(before);
    expect(idle).toEqual(kept);
  });

  it.each([
    ['as one dispatch', 6, 30, 10],
    ['as many', 40, 64, 10],
  ])('brings the numbers back with the figures where they are wanted, %s', async (_, rows, columns, kappa) => {
    const gpu = await gpuForTests();
    const A = matrixWithCondition(rows, columns, kappa, 7);
    const [one, other, kept] = await Promise.all([
      pseudoinverseRead(gpu, A.data, rows, columns),
      pseudoinverseRead(gpu, transposed(A).data, columns, rows), // at the same time
      pseudoinverseOnDevice(gpu, A.data, rows, columns),
    ]);
    expect(one.numbers).toEqual(await readBack(gpu, kept.buffer, rows * columns));
    const X = { rows: columns, columns: rows, data: Float64Array.from(one.numbers) };
    expect(transposed({ rows, columns, data: Float64Array.from(other.numbers) })).toEqual(X);
    kept.destroy();
    const { numbers: _numbers, ...found } = one;
    expect(await pseudoinverseFigures(gpu, A.data, rows, columns)).toMatchObject({ ...found });
  });

  it.each([newtonSchulzSmall, newtonSchulzSmallByQuads])(
    '$name: both ways to share the work agree with Float64',
    async (kernel) => {
      if (kernel === newtonSchulzSmallByQuads && !(await gpuForTests()).hasQuads) return;
      const A = matrixWithCondition(17, 35, 10, 8);
      const sizes = {
        rows: 17,
        columns: 35,
        a_row: 35,
        a_column: 1,
        result_row: 17,
        result_column: 1,
        limit: 26,
        enough: 1e-6,
      };
      const stale = (length: number) => new Float32Array(length).fill(Number.NaN); // of somebody else's inversion
      const call = dispatch(kernel, sizes, { a: 0, arena: 1, figures: 2, result: 3 });
      const arrays = await runOnArrays([call], [A.data, stale(smallArena(17, 35)), stale(30), stale(17 * 35)]);
      const X = { rows: 35, columns: 17, data: Float64Array.from(at(arrays, 3)) };
      expect(Math.max(...penroseResiduals(A, X).slice(0, 3))).toBeLessThanOrEqual(10 * EPSILON);
    },
  );

  it.each([
    [12, 40, 1e2],
    [40, 70, 1e2],
    [40, 70, 1e3],
    [40, 300, 1e3],
  ])('as on a GPU: [%i, %i] with κ = %f by wider workgroups', async (rows, columns, kappa) => {
    const A = matrixWithCondition(rows, columns, kappa, 1);
    const { X, isConverged } = await invert(A, kappa, asOnGpu());
    expect(isConverged).toBe(true);
    expect(Math.max(...penroseResiduals(A, X).slice(0, 3))).toBeLessThanOrEqual((0.15 * kappa + 3) * EPSILON);
  });

  it.each([
    [12, 40],
    [40, 70],
  ])('ends, and says that it did not converge, for a [%i, %i] with a NaN', async (rows, columns) => {
    const A = matrixWithCondition(rows, columns, 10, 1);
    A.data[3] = Number.NaN;
    for (const on of [gpuForTests(), asOnGpu()]) {
      const { isConverged, iterations } = await invert(A, 10, on);
      expect(isConverged).toBe(false);
      expect(iterations).toBeLessThanOrEqual(1);
    }
  });

  it('projects onto rank-deficient constraints through a row basis of the host', async () => {
    const independent = matrixWithCondition(24, 128, 100, 6);
    const repeated = {
      rows: 32,
      columns: 128,
      data: Float64Array.from({ length: 32 * 128 }, (_, p) =>
        at(independent.data, (Math.floor(p / 128) % 24) * 128 + (p % 128)),
      ),
    };
    const Q = rowSpaceBasis(repeated);
    expect(Q.rows).toBe(24);
    const feasible = seededNumbers(128, 7);
    const projected = await project(Q, transposed(Q), seededNumbers(128, 8), matrixVector(Q, feasible), 1);
    expect(relativeInfeasibility(repeated, projected, matrixVector(repeated, feasible))).toBeLessThanOrEqual(1e-7);
  });
});
