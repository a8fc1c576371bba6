/** One job of a fused kernel on its way: alone with buffers of its own and chunk by chunk, or whole in one dispatch with others. */
import { at, invariant } from '../../core/diagnostic.ts';
import type { HostSide } from '../../core/program/host.ts';
import type { Job, PseudoinverseReport } from '../../core/run/run.ts';
import type { Convoy } from '../convoy.ts';
import type { Gpu } from '../device.ts';
import type { Inverses } from '../inverses.ts';
import { USAGE } from '../kernels/usage.ts';
import type { Flight, Pace, Records, Submitted } from '../runner.ts';
import type { Shelf } from '../shelf.ts';
import { batchOf } from './batch.ts';
import { NO_STEP } from './bindings.ts';
import { chunkWords, type FusedKit, type KitSizes, keyOf, makeKit, packed } from './kit.ts';
import type { FusedPlan } from './lower.ts';
import type { Compiled } from './pipelines.ts';
import { recordsOf } from './records.ts';

/** Aimed-at size of the records and of the schedule of one submit. */
const BATCH_BYTES = 4 << 20;
const ROWS = 1 << 16;

/** What is needed to start; all of it is known before a byte is allocated. */
export interface Boarding {
  readonly gpu: Gpu;
  readonly plan: FusedPlan;
  readonly compiled: Compiled;
  readonly layout: GPUBindGroupLayout;
  readonly job: Job;
  readonly host: HostSide;
  readonly inverses: Inverses;
  readonly shelf: Shelf<FusedKit>;
}

/** Runs that share a dispatch wait for the longest, and their records come back together: what is larger goes alone. */
const MOST_SHARED_BYTES = 1 << 17;

export class FusedFlight implements Flight {
  position = 0;
  readonly pseudoinverses: Promise<readonly PseudoinverseReport[]>;
  readonly pace: Pace;
  private readonly starts: number;
  private readonly constants: Float32Array<ArrayBuffer>;
  private readonly sizes: KitSizes;
  /** Taken for the first submit that goes alone. */
  private kit: FusedKit | null = null;
  /** Records that fit into one submit. */
  private readonly capacity: number;
  /** Rows of the schedule that fit: one more than the steps, as a record reads the row of its own step. */
  private readonly rows: number;
  private readonly idle: GPUBuffer[] = [];
  private readonly staging: GPUBuffer[] = [];
  private readonly table: Float32Array<ArrayBuffer>;
  private cursor = 0;
  private hasStarted = false;

  constructor(private readonly boarding: Boarding) {
    const { gpu, plan, job, compiled, host, inverses } = boarding;
    this.pseudoinverses = inverses.reports;
    this.starts = job.starts.length / Math.max(1, job.program.size) || 1;
    this.pace = compiled.paces.get(this.starts) ?? { stepsPerMs: null };
    compiled.paces.set(this.starts, this.pace);
    const largest = gpu.limits.maxStorageBufferBindingSize;
    const recordBytes = plan.recordWidth * this.starts * 4;
    invariant(
      Math.max(recordBytes * 2, plan.stateSize * this.starts * 4) <= largest,
      'the runner has checked what fits',
    );
    this.capacity = Math.max(2, Math.min(job.record.length, Math.floor(BATCH_BYTES / Math.max(1, recordBytes))));
    this.rows = Math.max(
      2,
      Math.min(ROWS, job.steps + 1, Math.floor(BATCH_BYTES / 4 / Math.max(1, plan.scheduleWidth))),
    );
    this.table = new Float32Array(this.rows * plan.scheduleWidth);
    this.constants = packed(plan, host);
    this.sizes = {
      constants: this.constants.byteLength,
      schedule: this.table.byteLength,
      starts: job.starts.length * 4,
      recordSteps: (job.record.length + 1) * 4,
      state: plan.stateSize * this.starts * 4,
      records: recordBytes * this.capacity,
      flags: this.starts * 4,
    };
  }

  /** Takes its own buffers and fills them, unless it has. */
  open(): FusedKit {
    if (this.kit) return this.kit;
    const { gpu, plan, job, layout, inverses, shelf } = this.boarding;
    const kit = shelf.take(keyOf(this.sizes)) ?? makeKit(gpu, layout, this.sizes);
    this.kit = kit;
    this.staging.push(...kit.staging);
    this.idle.push(...kit.staging);
    for (const [buffer, data] of [
      [kit.of.constants, this.constants],
      [kit.of.starts, transposed(job.starts, job.program.size, this.starts)],
      [kit.of.recordSteps, Uint32Array.of(...job.record, NO_STEP)],
    ] as const)
      gpu.device.queue.writeBuffer(buffer, 0, data);
    // Pseudoinverses that the device has computed take the place of the host's.
    if (inverses.onDevice.size > 0) {
      const encoder = gpu.device.createCommandEncoder({ label: 'inverses' });
      for (const { id, offset, size } of plan.constants) {
        const inverse = inverses.onDevice.get(id);
        if (inverse) encoder.copyBufferToBuffer(inverse, 0, kit.of.constants, offset * 4, size * 4);
      }
      gpu.device.queue.submit([encoder.finish()]);
    }
    return kit;
  }

  submit(most: number): Submitted {
    const { gpu, plan } = this.boarding;
    const kit = this.open();
    const encoder = gpu.device.createCommandEncoder({ label: 'fused' });
    const { steps, recorded } = this.encode(encoder, kit, most);
    const staging = this.idle.pop() ?? this.newStaging();
    const bytes = recorded.length * plan.recordWidth * this.starts * 4;
    encoder.copyBufferToBuffer(kit.of.flags, 0, staging, 0, 4);
    if (bytes > 0) encoder.copyBufferToBuffer(kit.of.records, 0, staging, FLAG_BYTES, bytes);
    gpu.device.queue.submit([encoder.finish()]);
    return { steps, records: this.readBack(staging, recorded, bytes) };
  }

  join(most: number, convoy: Convoy): Submitted {
    const { plan, job } = this.boarding;
    if (this.sharesDispatch && most >= job.steps) return this.goWhole(convoy);
    const kit = this.open();
    const { steps, recorded } = this.encode(convoy.encoder, kit, most);
    const bytes = recorded.length * plan.recordWidth * this.starts * 4;
    const both = [
      { from: kit.of.flags, bytes: 4 },
      { from: kit.of.records, bytes },
    ];
    return { steps, records: convoy.read(both).then((copy) => recordsOf(copy, recorded, 4)) };
  }

  /** Whether it may go from its start to its end in one dispatch with others of its pace. */
  get sharesDispatch(): boolean {
    const { plan, job, inverses } = this.boarding;
    return (
      plan.isShared &&
      this.kit === null &&
      job.steps < this.rows &&
      job.record.length <= this.capacity &&
      inverses.onDevice.size === 0 &&
      Object.values(this.sizes).every((size) => size <= MOST_SHARED_BYTES)
    );
  }

  private goWhole(convoy: Convoy): Submitted {
    const { plan, job } = this.boarding;
    this.fillSchedule(0, job.steps);
    this.position = job.steps;
    const records = batchOf(convoy, this.boarding, this.starts, this.pace).add({
      constants: this.constants,
      schedule: this.table.subarray(0, (job.steps + 1) * plan.scheduleWidth),
      starts: transposed(job.starts, job.program.size, this.starts),
      steps: job.steps,
      record: job.record,
    });
    return { steps: job.steps, records };
  }

  /** The steps that were encoded, and which of them are recorded. */
  private encode(
    encoder: GPUCommandEncoder,
    kit: FusedKit,
    most: number,
  ): { readonly steps: number; readonly recorded: readonly number[] } {
    const { gpu, plan, job, compiled } = this.boarding;
    const first = this.position;
    const last = this.lastStep(first + Math.max(0, Math.min(most, job.steps - first, this.rows - 1)));
    const steps = recordedBetween(job.record, this.cursor, last);
    this.fillSchedule(first, last);
    if (plan.scheduleWidth > 0)
      gpu.device.queue.writeBuffer(kit.of.schedule, 0, this.table, 0, (last - first + 1) * plan.scheduleWidth);
    const chunk = {
      starts: this.starts,
      first_step: first,
      steps: last - first,
      cursor: this.cursor,
      last_cursor: this.cursor + steps.length,
      first_record: this.cursor,
      last_record: job.record.length - 1,
    };
    gpu.device.queue.writeBuffer(kit.of.chunk, 0, chunkWords([chunk]));
    const pass = encoder.beginComputePass({ label: 'fused' });
    pass.setBindGroup(0, kit.bindings);
    for (const pipeline of this.hasStarted ? [compiled.steps] : [compiled.start, compiled.steps]) {
      pass.setPipeline(pipeline);
      pass.dispatchWorkgroups(Math.ceil(this.starts / plan.startsPerWorkgroup));
    }
    pass.end();
    this.hasStarted = true;
    this.position = last;
    this.cursor += steps.length;
    return { steps: last - first, recorded: steps };
  }

  /** Whoever is awaited still, as after a stop, keeps a buffer mapped that nobody else may use. */
  destroy(): void {
    const { kit } = this;
    if (!kit) return;
    const { gpu, shelf } = this.boarding;
    const buffers = [...Object.values(kit.of), ...this.staging];
    this.kit = null;
    if (this.idle.length === this.staging.length && !gpu.loss) {
      shelf.putBack(keyOf(this.sizes), { ...kit, buffers, staging: this.staging });
    } else {
      for (const buffer of buffers) gpu.release(buffer);
    }
  }

  /** The step at which a submit ends: `wanted`, or before the first record that would not fit. */
  private lastStep(wanted: number): number {
    const beyond = this.boarding.job.record[this.cursor + this.capacity];
    return beyond === undefined || beyond > wanted ? wanted : beyond - 1;
  }

  /** Time-level values from `first` to `last`, in Float64 and rounded once. */
  private fillSchedule(first: number, last: number): void {
    const { plan, host } = this.boarding;
    if (plan.scheduleWidth === 0) return;
    for (let t = first; t <= last; t++) {
      host.advance(t);
      const row = (t - first) * plan.scheduleWidth;
      for (const { id, offset } of plan.schedule) this.table.set(host.numbers(id), row + offset);
    }
  }

  private newStaging(): GPUBuffer {
    const { gpu, plan } = this.boarding;
    const bytes = FLAG_BYTES + plan.recordWidth * this.starts * 4 * this.capacity;
    const buffer = gpu.buffer('staging', bytes, USAGE.MAP_READ | USAGE.COPY_DST);
    this.staging.push(buffer);
    return buffer;
  }

  private async readBack(staging: GPUBuffer, steps: readonly number[], bytes: number): Promise<Records> {
    const copy = await this.boarding.gpu.read(staging, FLAG_BYTES + bytes);
    this.idle.push(staging);
    return recordsOf(copy, steps, FLAG_BYTES);
  }
}

/** The flag of the first start comes before the records, padded to the alignment of maps. */
const FLAG_BYTES = 8;

function recordedBetween(record: readonly number[], cursor: number, last: number): number[] {
  let end = cursor;
  while (end < record.length && at(record, end) <= last) end++;
  return record.slice(cursor, end);
}

/** [start][element] → [element][start]: neighbouring invocations read neighbouring numbers. */
function transposed(starts: Float64Array, size: number, count: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(starts.length);
  for (let start = 0; start < count; start++) {
    for (let element = 0; element < size; element++)
      result[element * count + start] = at(starts, start * size + element);
  }
  return result;
}
