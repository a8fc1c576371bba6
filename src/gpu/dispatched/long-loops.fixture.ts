/** Steps that are loops over vectors longer than the memory of a workgroup holds. Test support. */
import { nearestInBoxPlane } from '../../core/tensor/box-plane.ts';
import { lsmr } from '../../core/tensor/lsmr.ts';
import type { Tensor } from '../../core/tensor/ops.ts';
import { nearestInSimplex } from '../../core/tensor/simplex.ts';
import { programOf } from '../fused/programs.fixture.ts';
import { seededNumbers } from '../kernels/seeded.ts';

const SIZE = 5000;
/** Of the least squares: rows, and columns. */
const [ROWS, COLUMNS] = [128, 512] as const;

/** x ← the nearest point of the simplex to x + 1 − 0.02 x₀. */
const simplex = programOf(SIZE, ({ ops, start, x }) => {
  const moved = ops.subtract(ops.add(x, 1), ops.multiply(0.02, start));
  return { next: ops.reshape(nearestInSimplex(ops, ops.reshape(moved, [1, SIZE]), ops.ones([1])), [SIZE]) };
});

/** x ← the nearest point to x + x₀ with a sum of 100 and entries from 0 to 1. */
const boxPlane = programOf(SIZE, ({ ops, start, x }) => {
  const bound = (value: number) => ops.multiply(value, ops.ones([SIZE]));
  const total = ops.constant([100], [1]);
  const limits = { A: ops.ones([1, SIZE]), least: total, most: total, lower: bound(0), upper: bound(1) };
  return { next: nearestInBoxPlane(ops, ops.add(x, start), limits) };
});

/** x ← A⁺ A x, where A moves with the start. */
const leastSquares = programOf(COLUMNS, ({ ops, start, x }) => {
  const A = ops.constant(seededNumbers(ROWS * COLUMNS, 5), [ROWS, COLUMNS]);
  const scale = ops.add(2, ops.sin(start));
  const times = (v: Tensor) => ops.matmul(A, ops.multiply(scale, v));
  const transposedTimes = (u: Tensor) => ops.multiply(scale, ops.matmul(ops.transpose(A), u));
  return { next: lsmr(ops, { rows: ROWS, columns: COLUMNS, times, transposedTimes }, times(x)) };
});

export const LONG_LOOPS = { simplex, 'box and plane': boxPlane, 'least squares': leastSquares } as const;
