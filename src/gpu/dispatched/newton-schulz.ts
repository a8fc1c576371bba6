/** A⁺ on the device by Newton–Schulz: iterations, their decisions and their end stay there; a few numbers come back once all is over. */
import { at, invariant } from '../../core/diagnostic.ts';
import { shortNumber } from '../../core/number-text.ts';
import { NEWTON_SCHULZ, newtonSchulzLimit } from '../../core/tensor/newton-schulz.ts';
import type { Gpu } from '../device.ts';
import { encode, type ReadyDispatch } from '../kernels/dispatch.ts';
import { RESIDENT } from '../kernels/usage.ts';
import { type Extent, FIRST_STATE, type NewtonSchulzForm } from './newton-schulz-plan.ts';
import { isSmall, type Workspace, workspaceFor } from './newton-schulz-workspace.ts';

/** How A⁺ was found. */
export interface InverseFigures {
  /** How the iterate was improved, and why so. */
  readonly form: NewtonSchulzForm;
  readonly reason: string;
  readonly iterations: number;
  /**
   * ‖I − A X‖_F after each iteration, of the matrix with its rows scaled by powers of two. Of the Gram form: ‖I − A Aᵀ Y‖_F, but after
   * the last ‖I − A X‖_F of X = Aᵀ Y, before one direct iteration that follows where this is more than rounding.
   */
  readonly residuals: readonly number[];
  /** Whether the stop rule was met: a residual below 0.3, then as many iterations as bring it below rounding. */
  readonly isConverged: boolean;
}

export interface DevicePseudoinverse extends InverseFigures {
  /** A⁺[columns, rows] in float32, row-major; a storage buffer that may be copied from. */
  readonly buffer: GPUBuffer;
  destroy(): void;
}

/** What A⁺ is wanted for: to stay on the device, to be read, or for its figures alone. Only the first takes a buffer of its own. */
type Wanted = 'buffer' | 'numbers' | 'figures';

interface Inverse extends InverseFigures {
  readonly buffer: GPUBuffer | null;
  readonly numbers: Float32Array | null;
}

export interface InverseOptions {
  readonly conditionLimit?: number;
  /** Where it is known. */
  readonly conditionNumber?: number | null;
}

/** Turns before somebody looks whether it is over: as many as the last matrix of the shape took, or enough for κ up to 10; then a few at a time. */
const [FIRST_TURNS, MORE_TURNS] = [8, 8] as const;
/** One workgroup alone leaves time to look for its end, which takes some 2 ms. */
const ALONE_QUESTIONS = 24;

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
function chooseForm(rows: number, columns: number, conditionNumber: number | null): Choice {
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
 * A[rows, columns] of full rank and condition number κ ≤ `conditionLimit`, row-major. In float32
 * the first three Penrose residuals reach 0.15 κε + 3ε relative to ‖A‖, ‖A⁺‖ and ‖A A⁺‖. A rank-deficient matrix must not come
 * here: rounding noise in its null space doubles with every iteration.
 * Source: Ben-Israel & Cohen 1966; Söderström & Stewart 1974; Pan & Schreiber 1991.
 */
export async function pseudoinverseOnDevice(
  gpu: Gpu,
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  options: InverseOptions = {},
): Promise<DevicePseudoinverse> {
  const { buffer, ...figures } = await inverted(gpu, matrix, rows, columns, 'buffer', options);
  invariant(buffer, 'A⁺ has its buffer');
  return { ...figures, buffer, destroy: () => gpu.release(buffer) };
}

/** The same, read back: A⁺[columns, rows]. */
export async function pseudoinverseRead(
  gpu: Gpu,
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  options: InverseOptions = {},
): Promise<InverseFigures & { readonly numbers: Float32Array }> {
  const { numbers, ...figures } = await inverted(gpu, matrix, rows, columns, 'numbers', options);
  invariant(numbers, 'A⁺ was read');
  return { ...figures, numbers };
}

/** Only how it was found. */
export const pseudoinverseFigures = (
  gpu: Gpu,
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  options: InverseOptions = {},
): Promise<InverseFigures> => inverted(gpu, matrix, rows, columns, 'figures', options);

async function inverted(
  gpu: Gpu,
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  wanted: Wanted,
  { conditionLimit = NEWTON_SCHULZ.conditionLimit, conditionNumber = null }: InverseOptions,
): Promise<Inverse> {
  invariant(rows > 0 && columns > 0 && matrix.length === rows * columns, `a matrix of ${rows} × ${columns} entries`);
  const extent: Extent = { m: Math.min(rows, columns), n: Math.max(rows, columns), isTall: rows > columns };
  const choice = chooseForm(rows, columns, conditionNumber);
  const numbers = new Float32Array(matrix); // `from` would ask an iterator for each entry
  const first = await iterate(gpu, numbers, extent, choice, conditionLimit, wanted);
  if (first.isConverged || choice.form !== 'gram') return first;
  if (first.buffer) gpu.release(first.buffer);
  const other = chooseForm(rows, columns, Number.POSITIVE_INFINITY);
  const reason = `On A Aᵀ the residual stayed at ${shortNumber(first.residuals.at(-1) ?? Number.NaN, 2)}. ${other.reason}`;
  return iterate(gpu, numbers, extent, { ...other, reason }, conditionLimit, wanted);
}

async function iterate(
  gpu: Gpu,
  matrix: Float32Array<ArrayBuffer>,
  extent: Extent,
  { form, reason }: Choice,
  conditionLimit: number,
  wanted: Wanted,
): Promise<Inverse> {
  const limit = newtonSchulzLimit(form === 'gram' ? GRAM_CONDITION : conditionLimit);
  const isAlone = isSmall(extent, form);
  const workspace = await workspaceFor(gpu, extent, form, limit);
  const buffer = wanted === 'buffer' ? gpu.buffer('pseudoinverse', 4 * matrix.length, RESIDENT) : null;
  try {
    const { queue } = gpu.device;
    queue.writeBuffer(workspace.A, 0, matrix);
    for (const [one, numbers] of workspace.first) queue.writeBuffer(one, 0, numbers);
    const { open, evenTurn, oddTurn, evenEnd, oddEnd, begun, usual } = workspace;
    let made = begun;
    let opened = [open];
    let next = usual.turns ?? FIRST_TURNS;
    let figures: Figures;
    do {
      const until = isAlone ? limit : Math.min(limit, Math.max(made, next));
      const count = isAlone ? 0 : until - made;
      const turns = Array.from({ length: count }, (_, i) => ((made + i) % 2 === 0 ? evenTurn : oddTurn));
      const pieces = [...opened, ...turns, until % 2 === 0 ? evenEnd : oddEnd];
      opened = [];
      next = until + MORE_TURNS;
      const isLarge = extent.m * extent.m * extent.n > LARGE;
      const read = submit(gpu, isLarge ? pieces : [pieces.flat()], workspace, buffer, wanted === 'numbers');
      made = until;
      figures = figuresOf(await gpu.read(workspace.staging, read, isAlone ? ALONE_QUESTIONS : undefined), workspace);
    } while (!figures.isOver && made < limit);
    const { iterations, isOver, all, numbers } = figures;
    usual.turns = form === 'gram' ? iterations : iterations + 1; // the others look once more
    workspace.putBack();
    const residuals = [...all.subarray(1, iterations + 1)]; // [0] is that of X₀
    const last = at(all, iterations);
    const isSettled = residuals.every(Number.isFinite) && last < NEWTON_SCHULZ.settled;
    const isExact = form !== 'gram' || last < GRAM_RESIDUAL;
    return {
      buffer,
      numbers,
      form,
      reason: isAlone ? `${reason} So small that all of it is one dispatch.` : reason,
      iterations,
      residuals,
      isConverged: isOver && isSettled && isExact,
    };
  } catch (error) {
    if (buffer) gpu.release(buffer);
    for (const one of workspace.buffers) gpu.release(one);
    throw error;
  }
}

/** Each piece in a submit of its own; with the last, A⁺ goes to its buffer if it has one, and the figures where they can be read. Returns their bytes. */
function submit(
  { device }: Gpu,
  pieces: readonly (readonly ReadyDispatch[])[],
  { figures, result, staging, resultAt, entries }: Workspace,
  buffer: GPUBuffer | null,
  isRead: boolean,
): number {
  for (const [i, piece] of pieces.entries()) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const one of piece) encode(pass, one);
    pass.end();
    if (i === pieces.length - 1) {
      let to = 0;
      for (const [from, bytes] of figures) {
        encoder.copyBufferToBuffer(from, 0, staging, to, bytes);
        to += bytes;
      }
      if (buffer) encoder.copyBufferToBuffer(result, 0, buffer, 0, 4 * entries);
      if (isRead) encoder.copyBufferToBuffer(result, 0, staging, resultAt, 4 * entries);
    }
    device.queue.submit([encoder.finish()]);
  }
  return isRead ? resultAt + 4 * entries : resultAt;
}

interface Figures {
  readonly iterations: number;
  readonly isOver: boolean;
  readonly all: Float32Array;
  readonly numbers: Float32Array | null;
}

function figuresOf(bytes: ArrayBuffer, { figures, resultAt, entries }: Workspace): Figures {
  const numbers = new Float32Array(bytes, 0, figures.reduce((sum, [, size]) => sum + size, 0) / 4);
  const [iterations = 0, , over = 0] = numbers;
  return {
    iterations,
    isOver: over !== 0,
    all: numbers.subarray(FIRST_STATE.length),
    numbers: bytes.byteLength > resultAt ? new Float32Array(bytes, resultAt, entries) : null,
  };
}
