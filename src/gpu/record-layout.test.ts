import { describe, expect, it } from 'vitest';
import { jobOf, programOf } from './fused/programs.fixture.ts';
import { RecordLayout } from './record-layout.ts';

describe('records of a device', () => {
  const program = programOf(2, ({ x, ops }) => ({ next: x, outputs: { rho: ops.multiply(2, x) } }));
  const layout = new RecordLayout(jobOf(program, [1, 1], {}, 2, [0, 1, 2]));
  const judged = (...rows: number[][]) =>
    layout.judge({ steps: rows.map((_, step) => step), data: Float32Array.from(rows.flat()), trouble: null });

  it('end before x leaves ±1e9, whatever else the method keeps', () => {
    expect(judged([1, 1, 2, 2], [5, -2e9, 4, 4])).toEqual({ good: 1, trouble: { status: 'diverged', step: 1 } });
    expect(judged([1, 1, 2, 2], [5, 5, 1e20, 4])).toEqual({ good: 2, trouble: null });
    expect(judged([1, 1, 2, 2], [5, 5, Number.NaN, 4])).toEqual({
      good: 1,
      trouble: { status: 'non-finite', step: 1 },
    });
  });

  it('hold any finite start, though the kernel names it', () => {
    const data = Float32Array.of(1e10, 1, 2, 2, 1e10, 1, 2, 2);
    const named = { status: 'diverged', step: 0 } as const;
    expect(layout.judge({ steps: [0, 1], data, trouble: named })).toEqual({ good: 1, trouble: named });
    expect(judged([1e10, 1, 2, 2], [1e10, 1, 2, 2])).toEqual({ good: 1, trouble: { status: 'diverged', step: 1 } });
    expect(judged([Number.NaN, 1, 2, 2])).toEqual({ good: 0, trouble: { status: 'non-finite', step: 0 } });
  });
});
