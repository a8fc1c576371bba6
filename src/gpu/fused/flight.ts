/** One job of a fused kernel on its way: its buffers, its chunks, its records. */
import { at, invariant } from '../../core/diagnostic.ts';
import type { HostSide } from '../../core/program/host.ts';
import type { Job, PseudoinverseReport } from '../../core/run/run.ts';
import type { Convoy } from '../convoy.ts';
import type { Gpu } from '../device.ts';
import type { Inverses } from '../inverses.ts';
import { USAGE } from '../kernels/usage.ts';
import type { Flight, Pace, Records, Submitted, Trouble } from '../runner.ts';
import type { Kit, Shelf } from '../shelf.ts';
import { CHUNK_FIELDS, type FusedPlan, NO_STEP } from './lower.ts';
import type { Compiled } from './pipelines.ts';

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

/** In the order of their bindings. */
const BUFFERS = ['chunk', 'constants', 'schedule', 'starts', 'recordSteps', 'state', 'records', 'flags'] as const;

/** Buffers of a run, which the next one of the same sizes uses again: a start writes all that it reads. */
export interface FusedKit extends Kit {
  readonly of: Readonly<Record<(typeof BUFFERS)[number], GPUBuffer>>;
  readonly bindings: GPUBindGroup;
  readonly staging: readonly GPUBuffer[];
}

export class FusedFlight implements Flight {
  position = 0;
  readonly pseudoinverses: Promise<readonly PseudoinverseReport[]>;
  readonly pace: Pace;
  private readonly starts: number;
  private readonly buffers: FusedKit['of'];
  private readonly bindings: GPUBindGroup;
  private readonly key: string;
  /** Records that fit into one submit. */
  private readonly capacity: number;
  /** Rows of the schedule that fit: one more than the steps, as a record reads the row of its own step. */
  private readonly rows: number;
  private readonly idle: GPUBuffer[];
  private readonly staging: GPUBuffer[];
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
    const constants = new Float32Array(
      plan.constants.reduce((size, placed) => Math.max(size, placed.offset + placed.size), 0),
    );
    for (const { id, offset } of plan.constants) constants.set(host.numbers(id), offset);
    const starts = transposed(job.starts, job.program.size, this.starts);
    const recordSteps = Uint32Array.of(...job.record, NO_STEP);
    const bytes = {
      chunk: CHUNK_FIELDS.length * 4,
      constants: constants.byteLength,
      schedule: this.table.byteLength,
      starts: starts.byteLength,
      recordSteps: recordSteps.byteLength,
      state: plan.stateSize * this.starts * 4,
      records: recordBytes * this.capacity,
      flags: this.starts * 4,
    };
    this.key = Object.values(bytes).join(' ');
    const kit = boarding.shelf.take(this.key) ?? makeKit(boarding, bytes);
    this.buffers = kit.of;
    this.bindings = kit.bindings;
    this.staging = [...kit.staging];
    this.idle = [...kit.staging];
    for (const [buffer, data] of [
      [this.buffers.constants, constants],
      [this.buffers.starts, starts],
      [this.buffers.recordSteps, recordSteps],
    ] as const)
      gpu.device.queue.writeBuffer(buffer, 0, data);
    this.copyInverses();
  }

  submit(most: number): Submitted {
    const { gpu, plan } = this.boarding;
    const encoder = gpu.device.createCommandEncoder({ label: 'fused' });
    const { steps, recorded } = this.encode(encoder, most);
    const staging = this.idle.pop() ?? this.newStaging();
    const bytes = recorded.length * plan.recordWidth * this.starts * 4;
    encoder.copyBufferToBuffer(this.buffers.flags, 0, staging, 0, 4);
    if (bytes > 0) encoder.copyBufferToBuffer(this.buffers.records, 0, staging, FLAG_BYTES, bytes);
    gpu.device.queue.submit([encoder.finish()]);
    return { steps, records: this.readBack(staging, recorded, bytes) };
  }

  join(most: number, convoy: Convoy): Submitted {
    const { plan } = this.boarding;
    const { steps, recorded } = this.encode(convoy.encoder, most);
    const { flags, records } = this.buffers;
    const bytes = recorded.length * plan.recordWidth * this.starts * 4;
    const both = [
      { from: flags, bytes: 4 },
      { from: records, bytes },
    ];
    return { steps, records: convoy.read(both).then((copy) => recordsOf(copy, recorded, 4)) };
  }

  /** The steps that were encoded, and which of them are recorded. */
  private encode(
    encoder: GPUCommandEncoder,
    most: number,
  ): { readonly steps: number; readonly recorded: readonly number[] } {
    const { gpu, plan, job, compiled } = this.boarding;
    const first = this.position;
    const last = this.lastStep(first + Math.max(0, Math.min(most, job.steps - first, this.rows - 1)));
    const steps = recordedBetween(job.record, this.cursor, last);
    this.writeSchedule(first, last);
    const chunk = {
      starts: this.starts,
      first_step: first,
      steps: last - first,
      cursor: this.cursor,
      last_cursor: this.cursor + steps.length,
      first_record: this.cursor,
      last_record: job.record.length - 1,
    };
    gpu.device.queue.writeBuffer(
      this.buffers.chunk,
      0,
      Uint32Array.from(CHUNK_FIELDS, (field) => chunk[field]),
    );
    const pass = encoder.beginComputePass({ label: 'fused' });
    pass.setBindGroup(0, this.bindings);
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
    const { gpu, shelf } = this.boarding;
    const buffers = [...Object.values(this.buffers), ...this.staging];
    if (this.idle.length === this.staging.length && !gpu.loss) {
      shelf.putBack(this.key, { buffers, of: this.buffers, bindings: this.bindings, staging: this.staging });
    } else {
      for (const buffer of buffers) gpu.release(buffer);
    }
  }

  /** Pseudoinverses that the device has computed take the place of the host's. */
  private copyInverses(): void {
    const { gpu, plan, inverses } = this.boarding;
    if (inverses.onDevice.size === 0) return;
    const encoder = gpu.device.createCommandEncoder({ label: 'inverses' });
    for (const { id, offset, size } of plan.constants) {
      const inverse = inverses.onDevice.get(id);
      if (inverse) encoder.copyBufferToBuffer(inverse, 0, this.buffers.constants, offset * 4, size * 4);
    }
    gpu.device.queue.submit([encoder.finish()]);
  }

  /** The step at which a submit ends: `wanted`, or before the first record that would not fit. */
  private lastStep(wanted: number): number {
    const beyond = this.boarding.job.record[this.cursor + this.capacity];
    return beyond === undefined || beyond > wanted ? wanted : beyond - 1;
  }

  /** Time-level values from `first` to `last`, in Float64 and rounded once. */
  private writeSchedule(first: number, last: number): void {
    const { plan, host, gpu } = this.boarding;
    if (plan.scheduleWidth === 0) return;
    for (let t = first; t <= last; t++) {
      host.advance(t);
      const row = (t - first) * plan.scheduleWidth;
      for (const { id, offset } of plan.schedule) this.table.set(host.numbers(id), row + offset);
    }
    gpu.device.queue.writeBuffer(this.buffers.schedule, 0, this.table, 0, (last - first + 1) * plan.scheduleWidth);
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

/** The flag of the first start, then from `first` on the records. */
const recordsOf = (copy: ArrayBuffer, steps: readonly number[], first: number): Records => ({
  steps,
  data: new Float32Array(copy, first),
  trouble: troubleOf(at(new Uint32Array(copy, 0, 1), 0)),
});

function makeKit({ gpu, layout }: Boarding, bytes: Readonly<Record<(typeof BUFFERS)[number], number>>): FusedKit {
  const { STORAGE, COPY_DST, COPY_SRC, UNIFORM } = USAGE;
  const usage = {
    chunk: UNIFORM | COPY_DST,
    constants: STORAGE | COPY_DST,
    schedule: STORAGE | COPY_DST,
    starts: STORAGE | COPY_DST,
    recordSteps: STORAGE | COPY_DST,
    state: STORAGE,
    records: STORAGE | COPY_SRC,
    flags: STORAGE | COPY_SRC,
  };
  const of = Object.fromEntries(
    BUFFERS.map((name) => [name, gpu.buffer(name, bytes[name], usage[name])]),
  ) as FusedKit['of'];
  const entries = BUFFERS.map((name, binding) => ({ binding, resource: { buffer: of[name] } }));
  return {
    of,
    buffers: Object.values(of),
    bindings: gpu.device.createBindGroup({ label: 'fused', layout, entries }),
    staging: [],
  };
}

const troubleOf = (flag: number): Trouble | null =>
  flag === NO_STEP ? null : { status: flag % 2 === 1 ? 'non-finite' : 'diverged', step: Math.floor(flag / 2) };

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
