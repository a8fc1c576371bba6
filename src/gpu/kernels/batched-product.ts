/** Many products at once, for code: one dispatch takes all of them. */
import { at, fault, type Result, success } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import { type Dispatch, readBack, readyDispatches, submitAll } from './dispatch.ts';
import { MATMUL_BATCHED } from './product.ts';
import type { FamilyName } from './product-families.ts';
import { RESIDENT } from './usage.ts';

/** Matrices of one size, one after the other. */
export interface Matrices {
  /** [count, rows, columns], row-major. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly [count: number, rows: number, columns: number];
  /** Whether each counts as its transpose; nothing is moved for it. */
  readonly isTransposed?: boolean;
}

/** Products that one dispatch takes: workgroups along one dimension that every adapter has. */
const MOST_AT_ONCE = 65_535;

/**
 * C[k] = A[k] B[k] for k < count, row-major [count, rows, columns], each A[k] and B[k] as it is or transposed. One matrix on a side
 * serves for all. Error of an entry: ≤ inner · 2⁻²⁴ · Σ|aᵢₖ bₖⱼ| (Higham 2002, §3.5); infinite or NaN entries spread as in IEEE 754.
 * Bad input is told as a diagnostic: numbers that do not fill their shape, an inner length or a count that differs, or more than a buffer
 * of the device holds. Rejects when the device is lost.
 */
export async function multiplyBatched(
  gpu: Gpu,
  a: Matrices,
  b: Matrices,
  family?: FamilyName,
): Promise<Result<Float32Array>> {
  const plan = batchOf(a, b, family);
  if (typeof plan === 'string') return fault(plan);
  const lengths = [a.data.length, b.data.length, plan.length];
  if (4 * Math.max(...lengths) > gpu.limits.maxStorageBufferBindingSize)
    return fault(`The products need ${4 * Math.max(...lengths)} bytes at once, more than a buffer of this GPU holds.`);
  if (plan.length === 0 || a.data.length === 0) return success(new Float32Array(plan.length));
  const buffers = lengths.map((length) => gpu.buffer('batch', 4 * length, RESIDENT));
  const done = await gpu.guarded('Multiplying', async () => {
    for (const [i, { data }] of [a, b].entries()) gpu.device.queue.writeBuffer(at(buffers, i), 0, data);
    const { ready, destroy } = await readyDispatches(gpu, plan.calls, buffers);
    submitAll(gpu, ready);
    const result = await readBack(gpu, at(buffers, 2), plan.length);
    destroy();
    return result;
  });
  for (const buffer of buffers) gpu.release(buffer);
  return done;
}

/** Dispatches over the arrays of A, of B and of the products, and how many numbers those are; or what is wrong, in a sentence. */
function batchOf(a: Matrices, b: Matrices, family?: FamilyName): { calls: Dispatch[]; length: number } | string {
  for (const { data, shape } of [a, b]) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (data.length !== size) return `${data.length} numbers do not fill matrices of shape ${shape.join(' × ')}.`;
  }
  const [left, right] = [sideOf(a), sideOf(b)];
  if (left.columns !== right.rows)
    return `Matrices with ${left.columns} columns cannot be multiplied by matrices with ${right.rows} rows.`;
  if (left.count !== right.count && left.count !== 1 && right.count !== 1)
    return `${left.count} matrices cannot be multiplied one by one by ${right.count}.`;
  const count = Math.min(left.count, right.count) === 0 ? 0 : Math.max(left.count, right.count);
  const [rows, inner, columns] = [left.rows, left.columns, right.columns];
  const firsts = Array.from({ length: Math.ceil(count / MOST_AT_ONCE) }, (_, i) => i * MOST_AT_ONCE);
  const calls = firsts.map((first): Dispatch => {
    const params = {
      ...{ rows, inner, columns, batch: Math.min(MOST_AT_ONCE, count - first), piece: inner, alpha: 1, delta: 0 },
      ...{ a_offset: first * left.stride, a_row: left.row, a_inner: left.column, a_batch: left.stride },
      ...{ b_offset: first * right.stride, b_inner: right.row, b_column: right.column, b_batch: right.stride },
      result_offset: first * rows * columns,
    };
    const call = { kernel: MATMUL_BATCHED, constants: {}, params, arrays: { a: 0, b: 1, result: 2 } };
    return family ? { ...call, family } : call;
  });
  return { calls, length: count * rows * columns };
}

/** Lengths as they count, and strides in entries. */
function sideOf({ shape: [count, rows, columns], isTransposed = false }: Matrices) {
  const stride = count === 1 ? 0 : rows * columns;
  return isTransposed
    ? { count, rows: columns, columns: rows, row: 1, column: columns, stride }
    : { count, rows, columns, row: columns, column: 1, stride };
}
