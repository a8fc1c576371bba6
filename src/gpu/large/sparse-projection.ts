/** Projection of a long vector on sparse linear equations that overlap: conjugate gradients that stay on the GPU. */
import { at, fault, invariant, type Result } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import { encode, readBack, submitAll } from '../kernels/dispatch.ts';
import { EXCHANGE, MOST_TEAMS, STATE } from '../kernels/sparse.ts';
import { USAGE } from '../kernels/usage.ts';
import { type Allowed, layOut } from './layout.ts';
import { SparseBuffers, type SparseDispatches, type TurnOptions } from './sparse-dispatches.ts';
import { type SparseRows, type SparseSystem, sparseSystem } from './sparse-rows.ts';
import { LargeVector } from './vector.ts';

export interface SparseOptions extends TurnOptions {
  /** Instead of the device's own limits. */
  readonly allowed?: Allowed;
}

export interface SparseEnd {
  /**
   * - `met`: every row holds to rounding: `distance` is at most 1e-6 of `size`.
   * - `contradictory`: rows contradict each other, or are so near to it that float32 cannot tell. The vector is the nearest of those
   *   points at which the sum of the squares of its distances from the rows is least.
   * - `limit`: there were as many turns as were allowed; the rows hold as well as `distance` says.
   * - `stopped`: by the signal, before the vector was changed by the pass under way.
   * - `non-finite`: the vector has an entry that is no number, or sums overflowed.
   */
  readonly status: 'met' | 'contradictory' | 'limit' | 'stopped' | 'non-finite';
  /** Of conjugate gradients, in all passes. */
  readonly turns: number;
  /** The largest distance of the vector from the points that satisfy a row, |aᵢ x − bᵢ| / ‖aᵢ‖; NaN where it was stopped. */
  readonly distance: number;
  /** The largest (Σₖ |aᵢₖ xₖ| + |bᵢ|) / ‖aᵢ‖ of the vectors on the way: rounding alone leaves a distance of about 1e-7 of it. */
  readonly size: number;
}

export interface SparseProjection {
  readonly vector: LargeVector;
  /** Rejects when the device is lost. */
  project(signal?: AbortSignal): Promise<SparseEnd>;
  destroy(): void;
}

/** Unit roundoff of float32. */
const U = 2 ** -24;
/** Distances up to this share of the largest size are rounding. */
const ROUNDING = 16 * U;
/** The second pass takes away what rounding has left in the first. */
const PASSES = 2;
/** Why a pass has stopped, as in the shader. */
const SPENT = 3;
/** Bytes of the state that the host reads: why it has stopped, and after how many turns. */
const STATE_BYTES = 8;

/**
 * x − A⁺ (A x − b), the nearest point of {x : A x = b}, for the vector, which is all zeros at first; or why it does not fit.
 * Sets that overlap are one system: rows and columns of a matrix with given sums, differences of neighbours, ties, entries that stand
 * still. Rows may depend on each other. Accuracy as of `SparseEnd`; the nearest point to about 1e-7 κ(A) of its length, and where rows
 * contradict each other to 1e-6 κ(A)² of their distances.
 * It takes about as many turns as A has different singular values, or 7 κ(A) of them, each with one product with A and one with Aᵀ.
 * Memory: 16 bytes an entry of A, 20 a row, 20 a column. Equal to the last bit each time on one device.
 */
export async function openSparseProjection(
  gpu: Gpu,
  equations: SparseRows,
  options: SparseOptions = {},
): Promise<Result<SparseProjection>> {
  const checked = sparseSystem(equations);
  if (!checked.ok) return checked;
  const system = checked.value;
  const allowed = options.allowed ?? gpu.limits;
  const refusal = whyTooLarge(system, allowed);
  if (refusal) return fault(refusal);
  const size = { longestWhole: system.columns, longestPiece: system.columns };
  const laid = layOut([system.columns], allowed, size);
  if (!laid.ok) return laid;
  return gpu.guarded(`A sparse projection of ${system.columns.toLocaleString('en-US')} entries`, async () => {
    const buffers = new SparseBuffers(gpu);
    try {
      const x = buffers.buffer('x', laid.value.buffers[0] ?? 0);
      const ready = await buffers.dispatches(system, x, options);
      return new Solving(gpu, new LargeVector(gpu, laid.value, [x]), ready, buffers);
    } catch (reason) {
      buffers.destroy();
      throw reason;
    }
  });
}

/** Every array is bound as a whole: an entry may lie anywhere in it. */
function whyTooLarge({ rows, columns, matrix }: SparseSystem, allowed: Allowed): string | null {
  const most = Math.min(allowed.maxBufferSize, allowed.maxStorageBufferBindingSize);
  const counted = (value: number) => value.toLocaleString('en-US');
  const needed = Math.max(4 * matrix.indices.length, 8 * (rows + 1), 8 * (columns + 1), 4 * EXCHANGE);
  if (needed <= most) return null;
  return `${counted(rows)} sparse rows of ${counted(matrix.indices.length)} entries in ${counted(columns)} unknowns need an array of ${counted(needed)} bytes on the GPU. This adapter allows ${counted(most)} bytes. Take fewer entries, or a GPU with more memory.`;
}

/** Why a pass ended, and after how many turns. */
interface PassEnd {
  readonly code: number;
  readonly turns: number;
}

class Solving implements SparseProjection {
  private isUnderWay = false;
  /** Where the state goes to be read: two submits are on their way at a time. */
  private readonly staging: readonly GPUBuffer[];

  constructor(
    private readonly gpu: Gpu,
    readonly vector: LargeVector,
    private readonly ready: SparseDispatches,
    private readonly buffers: SparseBuffers,
  ) {
    this.staging = [0, 1].map(() => gpu.buffer('state', STATE_BYTES, USAGE.COPY_DST | USAGE.MAP_READ));
  }

  async project(signal?: AbortSignal): Promise<SparseEnd> {
    invariant(!this.isUnderWay, 'one projection of a vector at a time');
    this.isUnderWay = true;
    try {
      return await this.passes(signal);
    } finally {
      this.isUnderWay = false;
    }
  }

  destroy(): void {
    for (const buffer of this.staging) this.gpu.release(buffer);
    this.buffers.destroy();
  }

  private async passes(signal?: AbortSignal): Promise<SparseEnd> {
    const { gpu, ready } = this;
    const encoder = gpu.device.createCommandEncoder();
    encoder.clearBuffer(ready.found); // sizes of the projection before
    gpu.device.queue.submit([encoder.finish()]);
    let turns = 0;
    let code = 0;
    for (let pass = 0; pass < PASSES; pass++) {
      submitAll(gpu, [ready.residual, ready.begin]);
      const end = await this.pass(signal);
      if (!end) return { status: 'stopped', turns, distance: Number.NaN, size: Number.NaN };
      code = end.code;
      turns += end.turns;
      if (end.turns === 0) break;
      submitAll(gpu, [ready.step]);
    }
    submitAll(gpu, [ready.residual]);
    return this.told(await readBack(gpu, ready.found, EXCHANGE), code, turns);
  }

  /** Submits turns until the device says that it has stopped; null where the signal came first. Those that it does not need cost nothing. */
  private async pass(signal?: AbortSignal): Promise<PassEnd | null> {
    const { turnsOfSubmit, mostTurns } = this.ready;
    let pending = this.submitTurns(0, 1);
    for (let k = 1, submitted = 1; ; k++) {
      const turns = Math.min(turnsOfSubmit, 4 ** k);
      const next = this.submitTurns(k % 2, turns);
      next.catch(() => {}); // awaited below, or a device that was lost has said so already
      submitted += turns;
      const end = await pending;
      if (end.code === 0 && !signal?.aborted) {
        invariant(submitted <= mostTurns + 3 * turnsOfSubmit, 'conjugate gradients end');
        pending = next;
        continue;
      }
      await next;
      return end.code === 0 ? null : end;
    }
  }

  private async submitTurns(place: number, turns: number): Promise<PassEnd> {
    const { gpu, ready } = this;
    const staging = at(this.staging, place);
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let k = 0; k < turns; k++) for (const half of ready.turn) encode(pass, half);
    pass.end();
    encoder.copyBufferToBuffer(ready.state, 0, staging, 0, STATE_BYTES);
    gpu.device.queue.submit([encoder.finish()]);
    const [code = 0, made = 0] = new Float32Array(await gpu.read(staging, STATE_BYTES));
    return { code, turns: made };
  }

  private told(found: Float32Array, code: number, turns: number): SparseEnd {
    const bank = (which: number) =>
      Array.from({ length: this.ready.teams }, (_, team) => at(found, STATE + which * MOST_TEAMS + team));
    const isNumber = [0, 1].every((which) => bank(which).every(Number.isFinite));
    const [distance = 0, size = 0] = [2, 3].map((which) => Math.max(...bank(which)));
    const ended = code === SPENT ? 'limit' : 'contradictory';
    const status = distance <= ROUNDING * size ? 'met' : ended;
    return { status: isNumber ? status : 'non-finite', turns, distance, size };
  }
}
