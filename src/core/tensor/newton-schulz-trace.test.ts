import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { Machine } from './evaluate.ts';
import type { Matrix } from './matrix.ts';
import { newtonSchulz } from './newton-schulz.ts';
import { isTraceable, traceNewtonSchulz } from './newton-schulz-trace.ts';
import { Ops } from './ops.ts';

const matrix = (rows: number[][]): Matrix => ({
  rows: rows.length,
  columns: at(rows, 0).length,
  data: Float64Array.from(rows.flat()),
});

const some = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
  .chain(([m, n]) =>
    fc
      .array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n }), { minLength: m, maxLength: m })
      .filter((rows) => rows.some((row) => row.some((entry) => entry !== 0))),
  )
  .map(matrix);

describe('Newton–Schulz, iteration by iteration', () => {
  it('takes each singular value s of A X to s (2 − s), so the residual of full rank squares itself', () => {
    fc.assert(
      fc.property(some, (A) => {
        const { singularValues } = traceNewtonSchulz(A).float64;
        singularValues.slice(0, -1).forEach((values, k) => {
          const next = values.map((s) => s * (2 - s)).sort((a, b) => b - a);
          next.forEach((s, i) => {
            expect(at(at(singularValues, k + 1), i)).toBeCloseTo(s, 4); // what no rank holds doubles its rounding
          });
        });
      }),
    );
  });

  it('stops where the program stops', () => {
    for (const rows of [
      [
        [1, 1, 0],
        [0, 1, 1],
      ],
      [[1, -2]],
      [
        [1, 1],
        [1, 1.01],
      ],
      [[3], [4]],
    ]) {
      const A = matrix(rows);
      const ops = new Ops();
      const { iterations, residual } = newtonSchulz(ops, ops.constant(A.data, [A.rows, A.columns]), { after: 6 });
      const machine = new Machine(ops);
      machine.procedure([iterations.id, residual.id])();
      const { stopsAt, residuals } = traceNewtonSchulz(A).float64;
      expect(stopsAt).toBe(at(machine.numbers(iterations.id), 0));
      expect(at(residuals, (stopsAt ?? 0) - 1)).toBeCloseTo(at(machine.numbers(residual.id), 0), 12);
    }
  });

  it('arrives where float32 can see no more, and follows an ill-conditioned matrix for longer', () => {
    const good = traceNewtonSchulz(
      matrix([
        [1, 1, 0],
        [0, 1, 1],
      ]),
    );
    expect(good.float64.residuals.at(-1)).toBeLessThan(1e-14);
    expect(good.float32.residuals.at(-1)).toBeLessThan(1e-5);
    const bad = traceNewtonSchulz(
      matrix([
        [1, 1],
        [1, 1.01],
      ]),
    );
    const hilbert = traceNewtonSchulz(matrix([0, 1, 2].map((i) => [0, 1, 2].map((j) => 1 / (i + j + 1)))));
    expect(hilbert.float32.residuals.at(-1)).toBeGreaterThan(1e3 * (hilbert.float64.residuals.at(-1) ?? Infinity));
    expect(bad.float64.stopsAt ?? 0).toBeGreaterThan(good.float64.stopsAt ?? Infinity);
  });

  it('never stops on dependent rows: one singular value stays where it is, until rounding grows', () => {
    const { float64, float32 } = traceNewtonSchulz(
      matrix([
        [1, 1],
        [2, 2],
      ]),
    );
    expect([float64.stopsAt, float32.stopsAt]).toEqual([null, null]);
    expect(at(float64.residuals, 20)).toBeCloseTo(1, 6);
  });

  it('is not asked of matrices that would take the page long', () => {
    const large = (rows: number, columns: number) => ({ rows, columns, data: new Float64Array(0) });
    expect(isTraceable(large(2, 3))).toBe(true);
    expect([large(33, 33), large(20, 2000), large(0, 3)].some(isTraceable)).toBe(false);
  });
});
