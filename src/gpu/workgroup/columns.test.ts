import { describe, expect, it } from 'vitest';
import { programOf } from '../fused/programs.fixture.ts';
import { seededNumbers } from '../kernels/seeded.ts';
import { lowerToWorkgroup } from './lower.ts';

/** x ← ½ A x − Aᵀ A x, A [rows, n] of the host. */
const product = (rows: number, n: number) =>
  programOf(n, ({ ops, x }) => {
    const A = ops.constant(seededNumbers(rows * n, 1), [rows, n]);
    return { next: ops.matmul(ops.transpose(A), ops.matmul(A, x)) };
  });

describe('matrices of a kernel of one workgroup', () => {
  it('lie column by column where each lane has a row: lanes side by side read side by side', () => {
    const { constants, wgsl } = lowerToWorkgroup(product(48, 40));
    expect(constants.map(({ columns }) => columns)).toEqual([40, 48]); // of A x, and of Aᵀ r
    expect(wgsl).toContain('k * 48u + i');
    expect(wgsl).not.toMatch(/constants\[\d+u \+ i \* /);
  });

  it('lie row by row where lanes share a row', () => {
    const { constants } = lowerToWorkgroup(product(3, 40));
    expect(constants.map(({ columns }) => columns)).toEqual([undefined, 3]);
  });
});
