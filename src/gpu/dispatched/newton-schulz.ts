/** A⁺ on the device by Newton–Schulz: iterations, their decisions and their end stay there; a few numbers come back once all is over. */
import { at, invariant } from '../../core/diagnostic.ts';
import { NEWTON_SCHULZ, newtonSchulzLimit } from '../../core/tensor/newton-schulz.ts';
import type { Gpu } from '../device.ts';
import { type ReadyDispatch, readBack, readyDispatches, submitAll } from '../kernels/dispatch.ts';
import { RESIDENT } from '../kernels/usage.ts';
import {
  BUFFER,
  bufferLengths,
  closing,
  type Extent,
  FIRST_GOING,
  FIRST_STATE,
  type NewtonSchulzForm,
  opening,
  turn,
} from './newton-schulz-plan.ts';

export interface DevicePseudoinverse {
  /** A⁺[columns, rows] in float32, row-major; a storage buffer that may be copied from. */
  readonly buffer: GPUBuffer;
  /** How the iterate was improved, and why so. */
  readonly form: NewtonSchulzForm;
  readonly reason: string;
  readonly iterations: number;
  /**
   * ‖I − A X‖_F after each iteration, of the matrix with its rows scaled by powers of two. Of the Gram form: ‖I − A Aᵀ Y‖_F, and as
   * the last ‖I − A X‖_F of X = Aᵀ Y, before one direct iteration that follows where this is more than rounding.
   */
  readonly residuals: readonly number[];
  /** Whether the stop rule was met: a residual below 0.3, then as many iterations as bring it below rounding. */
  readonly isConverged: boolean;
  destroy(): void;
}

/** Turns before somebody looks whether it is over: enough for κ up to 10 or so; then a few at a time. */
const [FIRST_TURNS, MORE_TURNS] = [8, 8] as const;
/** With more multiplications than this in an iteration, each has its own submit, for the sake of everyone else's frames. */
const LARGE = 5e7;
/** Up to here the Gram matrix, whose condition number is κ², is still good for float32 with one direct iteration after it. */
const GRAM_CONDITION = 100;
/** From so many columns a row on, squares and cubes of R = I − A X cost less than another product with A. */
const ORDER_8_ASPECT = 2;
/** A residual of the Gram form that one direct iteration, which squares it, brings below rounding. */
const GRAM_RESIDUAL = 1e-3;

interface Choice {
  readonly form: NewtonSchulzForm;
  readonly reason: string;
}

/** The form by shape and condition number; of an unknown condition number the Gram form shows whether it was right. */
export function chooseForm(rows: number, columns: number, conditionNumber: number | null): Choice {
  const [m, n] = [Math.min(rows, columns), Math.max(rows, columns)];
  if (conditionNumber === null || conditionNumber <= GRAM_CONDITION) {
    return {
      form: 'gram',
      reason: `Iterated on A Aᵀ, ${m} × ${m}: ${conditionNumber === null ? 'tried first where the condition number is not known' : `allowed up to condition ${GRAM_CONDITION}`}.`,
    };
  }
  return n >= ORDER_8_ASPECT * m
    ? {
        form: 'order-8',
        reason: `Each iteration raises I − A X to its 8th power: ${n} columns are at least ${ORDER_8_ASPECT} × ${m}, so powers are cheap.`,
      }
    : {
        form: 'scaled',
        reason: `Iterated on A X, scaled by what brings it nearest to I: ${n} × ${m} is nearly square.`,
      };
}

/**
 * A[rows, columns] of full rank and condition number κ ≤ `conditionLimit`, row-major; `conditionNumber` where it is known. In float32
 * the first three Penrose residuals reach 0.15 κε + 3ε relative to ‖A‖, ‖A⁺‖ and ‖A A⁺‖. A rank-deficient matrix must not come
 * here: rounding noise in its null space doubles with every iteration.
 * Source: Ben-Israel & Cohen 1966; Söderström & Stewart 1974; Pan & Schreiber 1991.
 */
export async function pseudoinverseOnDevice(
  gpu: Gpu,
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  {
    conditionLimit = NEWTON_SCHULZ.conditionLimit,
    conditionNumber = null,
  }: { readonly conditionLimit?: number; readonly conditionNumber?: number | null } = {},
): Promise<DevicePseudoinverse> {
  invariant(rows > 0 && columns > 0 && matrix.length === rows * columns, `a matrix of ${rows} × ${columns} entries`);
  const extent: Extent = { m: Math.min(rows, columns), n: Math.max(rows, columns), isTall: rows > columns };
  const choice = chooseForm(rows, columns, conditionNumber);
  const first = await iterate(gpu, Float32Array.from(matrix), extent, choice, conditionLimit);
  if (first.isConverged || choice.form !== 'gram') return first;
  first.destroy();
  const other = chooseForm(rows, columns, Number.POSITIVE_INFINITY);
  const reason = `On A Aᵀ the residual stayed at ${Number(first.residuals.at(-1)?.toPrecision(2))}. ${other.reason}`;
  return iterate(gpu, Float32Array.from(matrix), extent, { ...other, reason }, conditionLimit);
}

async function iterate(
  gpu: Gpu,
  matrix: Float32Array<ArrayBuffer>,
  extent: Extent,
  { form, reason }: Choice,
  conditionLimit: number,
): Promise<DevicePseudoinverse> {
  const limit = newtonSchulzLimit(form === 'gram' ? GRAM_CONDITION : conditionLimit);
  const lengths = bufferLengths(extent, form, limit);
  const buffers = lengths.map((length, i) => gpu.buffer(`Newton–Schulz ${i}`, 4 * length, RESIDENT));
  const result = at(buffers, BUFFER.result);
  try {
    const { queue } = gpu.device;
    queue.writeBuffer(at(buffers, BUFFER.A), 0, matrix);
    queue.writeBuffer(at(buffers, BUFFER.state), 0, Float32Array.from(FIRST_STATE));
    queue.writeBuffer(at(buffers, BUFFER.going), 0, Float32Array.from(FIRST_GOING));
    const parts = [opening(extent, form), ...[0, 1].flatMap((k) => [turn(extent, form, k), closing(extent, form, k)])];
    const { ready, destroy } = await readyDispatches(gpu, parts.flat(), buffers);
    const [open, evenTurn, evenEnd, oddTurn, oddEnd] = split(ready, parts);
    let made = 0;
    let figures: Figures;
    do {
      const until = Math.min(limit, made === 0 ? FIRST_TURNS : made + MORE_TURNS);
      const turns = Array.from({ length: until - made }, (_, i) => ((made + i) % 2 === 0 ? evenTurn : oddTurn));
      const pieces = [...(made === 0 ? [open] : []), ...turns, until % 2 === 0 ? evenEnd : oddEnd];
      if (extent.m * extent.m * extent.n > LARGE) for (const piece of pieces) submitAll(gpu, piece);
      else submitAll(gpu, pieces.flat());
      made = until;
      figures = await readFigures(gpu, buffers);
    } while (!figures.isOver && made < limit);
    destroy();
    const { iterations, isOver, all } = figures;
    const residuals = [...all.subarray(1, iterations + (form === 'gram' ? 2 : 1))]; // [0] is that of X₀
    const isSettled = residuals.every(Number.isFinite) && at(all, iterations) < NEWTON_SCHULZ.settled;
    const isExact = form !== 'gram' || at(all, iterations + 1) < GRAM_RESIDUAL;
    return {
      buffer: result,
      form,
      reason,
      iterations,
      residuals,
      isConverged: isOver && isSettled && isExact,
      destroy: () => gpu.release(result),
    };
  } catch (error) {
    gpu.release(result);
    throw error;
  } finally {
    for (const buffer of buffers) if (buffer !== result) gpu.release(buffer);
  }
}

/** The same, in the lengths of `parts`. */
function split(
  ready: readonly ReadyDispatch[],
  parts: readonly (readonly unknown[])[],
): readonly [
  readonly ReadyDispatch[],
  readonly ReadyDispatch[],
  readonly ReadyDispatch[],
  readonly ReadyDispatch[],
  readonly ReadyDispatch[],
] {
  let from = 0;
  const taken = parts.map(({ length }) => {
    from += length;
    return ready.slice(from - length, from);
  });
  const [a = [], b = [], c = [], d = [], e = []] = taken;
  return [a, b, c, d, e];
}

interface Figures {
  readonly iterations: number;
  readonly isOver: boolean;
  readonly all: Float32Array;
}

async function readFigures(gpu: Gpu, buffers: readonly GPUBuffer[]): Promise<Figures> {
  const [residuals, state] = [at(buffers, BUFFER.residuals), at(buffers, BUFFER.state)];
  const [all, [iterations = 0, , over = 0]] = await Promise.all([
    readBack(gpu, residuals, residuals.size / 4),
    readBack(gpu, state, FIRST_STATE.length),
  ]);
  return { iterations, isOver: over !== 0, all };
}
