/** Where rows have their smallest entry. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** For each row of rows[g, k] the unit vector of its smallest entry, the first of several. Compares only: exact. */
export function unitOfLowest(ops: Ops, rows: Tensor): Tensor {
  const [count, length] = [at(rows.shape, 0), at(rows.shape, 1)];
  const positions = ops.constant(
    Float64Array.from({ length }, (_, k) => k),
    [1, length],
  );
  const smallest = (matrix: Tensor) => ops.reshape(ops.negate(ops.max(ops.negate(matrix), 1)), [count, 1]);
  const isLowest = ops.equal(rows, smallest(rows));
  return ops.equal(positions, smallest(ops.where(isLowest, positions, length)));
}
