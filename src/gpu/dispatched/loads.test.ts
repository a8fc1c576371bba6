import { describe, expect, it } from 'vitest';
import type { Program } from '../../core/program/program.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { programOf } from '../fused/programs.fixture.ts';
import { seededNumbers } from '../kernels/seeded.ts';
import { loadsOf, printLoads } from './loads.ts';
import { lower } from './lower.ts';

const GPU = { hasQuads: false };
const PROCESSOR = { hasQuads: true };

/** A gradient step on ½ ‖X w − y‖² with rows A w = 1 kept by A⁺: matrices that are read along and across. */
const regression = (size: number, scale: (ops: Ops, X: Tensor, w: Tensor) => Tensor = (_, X) => X): Program =>
  programOf(size, ({ ops, x }) => {
    const matrix = (rows: number) => ops.constant(seededNumbers(rows * size, rows), [rows, size]);
    const X = scale(ops, matrix(2 * size), x);
    const slope = ops.matmul(ops.transpose(X), ops.subtract(ops.matmul(X, x), 1));
    const moved = ops.subtract(x, ops.multiply(1e-3, slope));
    const A = matrix(size / 4);
    return { next: ops.subtract(moved, ops.matmul(ops.pinv(A), ops.subtract(ops.matmul(A, moved), 1))) };
  });

describe('what products of matrices and vectors read', () => {
  it('on a GPU lies side by side for lanes side by side, whichever way the matrix lies, also where it moves', () => {
    const moving = loadsOf(lower(regression(128, movingWith)), GPU);
    expect(new Set(moving.map(({ inner }) => inner))).toEqual(new Set([1, 128])); // along and across
    for (const program of [regression(128), regression(300), regression(128, movingWith)]) {
      const loads = loadsOf(lower(program), GPU);
      expect(loads.length).toBeGreaterThanOrEqual(2);
      for (const { sectors, by } of loads) {
        expect(sectors).toBeLessThanOrEqual(5); // 4 hold 32 numbers; rows that begin within a sector touch one more
        expect(by).toBe('tile');
      }
    }
  });

  it('is as it was where a processor stands in for a GPU: it reads rows from end to end', () => {
    expect(loadsOf(lower(regression(128)), PROCESSOR).every(({ by }) => by === 'invocation')).toBe(true);
  });

  it('short rows, and very many that lie across, stay with one invocation each', () => {
    const short = programOf(70_000, ({ ops, x }) => ({
      next: ops.subtract(
        x,
        ops.matmul(ops.transpose(ops.constant(seededNumbers(280_000, 1), [4, 70_000])), ops.constant([1, 2, 3, 4])),
      ),
    }));
    expect(loadsOf(lower(short), GPU).every(({ by }) => by === 'invocation')).toBe(true);
  });

  it('is printed: by a GPU, then by a processor', async () => {
    const plan = lower(regression(128));
    const text = [GPU, PROCESSOR].map((device) => printLoads(loadsOf(plan, device))).join('\n\n');
    await expect(`${text}\n`).toMatchFileSnapshot('./loads.golden.txt');
  });
});

const movingWith = (ops: Ops, X: Tensor, w: Tensor): Tensor => ops.multiply(X, w);
