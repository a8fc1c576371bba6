/** A⁺ on the device by Newton–Schulz: everything stays there but one residual an iteration, read every few. */
import { at, invariant } from '../../core/diagnostic.ts';
import { NEWTON_SCHULZ, newtonSchulzLimit } from '../../core/tensor/newton-schulz.ts';
import type { Gpu } from '../device.ts';
import { type Dispatch, dispatch, readBack, readyDispatches, submitAll } from '../kernels/dispatch.ts';
import { ELEMENTWISE, type ElementwiseName, elementwise } from '../kernels/elementwise.ts';
import { newtonSchulzBound, newtonSchulzResidual, newtonSchulzScale } from '../kernels/newton-schulz.ts';
import { matmul } from '../kernels/product.ts';
import { RESIDENT } from '../kernels/usage.ts';

export interface DevicePseudoinverse {
  /** A⁺[columns, rows] in float32, row-major; a storage buffer that may be copied from. */
  readonly buffer: GPUBuffer;
  /** X ← X(2I − A X) so many times. */
  readonly iterations: number;
  /** ‖I − A X‖_F after each iteration, of the matrix with its rows scaled by powers of two. */
  readonly residuals: readonly number[];
  /** Whether the stop rule was met: a residual below 0.3, then four more iterations. */
  readonly isConverged: boolean;
  destroy(): void;
}

/** Positions in the list of buffers. T = 2I − A X takes the place of A Aᵀ; X is in EVEN before iterations 0, 2, …, else in ODD. */
const [A, SCALE, SCALED, SQUARE, BOUND, EVEN, ODD, RESIDUALS, RESULT] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Residuals are read back after so many iterations: as many as follow the stop rule, so that none is made in vain. */
const BATCH = NEWTON_SCHULZ.after;
/** With more multiplications than this in an iteration, each has its own submit, for the sake of everyone else's frames. */
const LARGE = 5e7;

/** The matrix as iterated: m ≤ n. More rows than columns: Aᵀ is inverted instead, (Aᵀ)⁺ = (A⁺)ᵀ. */
interface Extent {
  readonly m: number;
  readonly n: number;
  readonly isTall: boolean;
}

/**
 * A[rows, columns] of full rank and condition number κ ≤ `conditionLimit`, row-major. In float32 the first three Penrose residuals
 * reach 0.15 κε + 3ε relative to ‖A‖, ‖A⁺‖ and ‖A A⁺‖. A rank-deficient matrix must not come here: rounding noise in its null
 * space doubles with every iteration.
 * Source: Ben-Israel & Cohen 1966; Söderström & Stewart 1974.
 */
export async function pseudoinverseOnDevice(
  gpu: Gpu,
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  conditionLimit: number = NEWTON_SCHULZ.conditionLimit,
): Promise<DevicePseudoinverse> {
  invariant(rows > 0 && columns > 0 && matrix.length === rows * columns, `a matrix of ${rows} × ${columns} entries`);
  const extent: Extent = { m: Math.min(rows, columns), n: Math.max(rows, columns), isTall: rows > columns };
  const limit = newtonSchulzLimit(conditionLimit);
  const buffers = allocate(gpu, extent, limit);
  const result = at(buffers, RESULT);
  try {
    gpu.device.queue.writeBuffer(at(buffers, A), 0, Float32Array.from(matrix));
    const opening = start(extent);
    const turns = Array.from({ length: limit }, (_, k) => iteration(extent, k));
    const { ready, destroy } = await readyDispatches(gpu, [...opening, ...turns.flat()], buffers);
    const dispatchesOf = (k: number) => ready.slice(opening.length + 3 * k, opening.length + 3 * k + 3);
    submitAll(gpu, ready.slice(0, opening.length));

    let made = 0;
    let target = limit;
    let isSettled = false;
    let residuals: Float32Array = new Float32Array(0);
    while (made < target) {
      const until = Math.min(made + BATCH, target);
      const each = Array.from({ length: until - made }, (_, i) => dispatchesOf(made + i));
      if (extent.m * extent.m * extent.n > LARGE) for (const turn of each) submitAll(gpu, turn);
      else submitAll(gpu, each.flat());
      made = until;
      residuals = await readBack(gpu, at(buffers, RESIDUALS), made);
      if (residuals.some((residual) => !Number.isFinite(residual))) break;
      const settled = residuals.findIndex((residual) => residual < NEWTON_SCHULZ.settled);
      isSettled = settled >= 0;
      if (isSettled) target = Math.min(limit, settled + NEWTON_SCHULZ.after);
    }
    destroy();

    const closing = await readyDispatches(gpu, finish(extent, made), buffers);
    submitAll(gpu, closing.ready);
    const measured = await readBack(gpu, at(buffers, RESIDUALS), made + 1);
    closing.destroy();
    return {
      buffer: result,
      iterations: made,
      residuals: Array.from(measured.subarray(1)), // [0] is that of X₀
      isConverged: isSettled && at(measured, made) < NEWTON_SCHULZ.settled,
      destroy: () => gpu.release(result),
    };
  } catch (error) {
    gpu.release(result);
    throw error;
  } finally {
    for (const buffer of buffers) if (buffer !== result) gpu.release(buffer);
  }
}

function allocate(gpu: Gpu, { m, n }: Extent, limit: number): readonly GPUBuffer[] {
  const lengths = [m * n, m, m * n, m * m, 1, m * n, m * n, limit + 1, m * n];
  return lengths.map((length, i) => gpu.buffer(`Newton–Schulz ${i}`, 4 * length, RESIDENT));
}

interface Operand {
  readonly array: number;
  readonly strides: readonly [row: number, column: number];
}

/** result[rows, columns] = a ∘ b, both read through strides. */
function combine(
  operation: ElementwiseName,
  [rows, columns]: readonly [number, number],
  a: Operand,
  b: Operand,
  result: number,
): Dispatch {
  return dispatch(
    elementwise,
    {
      shape: [1, 1, rows, columns],
      a_strides: [0, 0, ...a.strides],
      b_strides: [0, 0, ...b.strides],
      c_strides: [0, 0, 0, 0],
      count: rows * columns,
      a_offset: 0,
      b_offset: 0,
      c_offset: 0,
    },
    { a: a.array, b: b.array, c: b.array, result },
    { operation: ELEMENTWISE.indexOf(operation), rank: 2 },
  );
}

/** S = D A with D powers of two, G = S Sᵀ, X₀ = Sᵀ / ‖G‖∞. */
function start({ m, n, isTall }: Extent): readonly Dispatch[] {
  const [row, column] = isTall ? [1, m] : [n, 1];
  const product = {
    rows: m,
    inner: n,
    columns: m,
    a_offset: 0,
    a_row: n,
    a_inner: 1,
    b_offset: 0,
    b_inner: 1,
    b_column: n,
  };
  return [
    dispatch(newtonSchulzScale, { rows: m, columns: n, a_row: row, a_column: column }, { a: A, scale: SCALE }),
    combine('multiply', [m, n], { array: A, strides: [row, column] }, { array: SCALE, strides: [1, 0] }, SCALED),
    dispatch(matmul, { ...product, alpha: 1, delta: 0 }, { a: SCALED, b: SCALED, result: SQUARE }),
    dispatch(newtonSchulzBound, { rows: m }, { g: SQUARE, bound: BOUND }),
    combine('divide', [n, m], { array: SCALED, strides: [1, n] }, { array: BOUND, strides: [0, 0] }, EVEN),
  ];
}

/** T = 2I − S X and ‖I − S X‖_F as residual k. */
function residual({ m, n }: Extent, k: number): readonly Dispatch[] {
  const shapes = {
    rows: m,
    inner: n,
    columns: m,
    a_offset: 0,
    a_row: n,
    a_inner: 1,
    b_offset: 0,
    b_inner: m,
    b_column: 1,
  };
  return [
    dispatch(matmul, { ...shapes, alpha: -1, delta: 2 }, { a: SCALED, b: k % 2 === 0 ? EVEN : ODD, result: SQUARE }),
    dispatch(newtonSchulzResidual, { rows: m, iteration: k }, { t: SQUARE, residuals: RESIDUALS }),
  ];
}

/** X ← X T. */
function iteration(extent: Extent, k: number): readonly Dispatch[] {
  const { m, n } = extent;
  const [from, to] = k % 2 === 0 ? [EVEN, ODD] : [ODD, EVEN];
  const shapes = {
    rows: n,
    inner: m,
    columns: m,
    a_offset: 0,
    a_row: m,
    a_inner: 1,
    b_offset: 0,
    b_inner: m,
    b_column: 1,
  };
  return [
    ...residual(extent, k),
    dispatch(matmul, { ...shapes, alpha: 1, delta: 0 }, { a: from, b: SQUARE, result: to }),
  ];
}

/** The last residual, and A⁺ = X D, or its transpose. */
function finish(extent: Extent, made: number): readonly Dispatch[] {
  const { m, n, isTall } = extent;
  const array = made % 2 === 0 ? EVEN : ODD;
  const unscaled = isTall
    ? combine('multiply', [m, n], { array, strides: [1, m] }, { array: SCALE, strides: [1, 0] }, RESULT)
    : combine('multiply', [n, m], { array, strides: [m, 1] }, { array: SCALE, strides: [0, 1] }, RESULT);
  return [...residual(extent, made), unscaled];
}
