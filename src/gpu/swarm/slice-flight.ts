/** Slices of the starts of a swarm on the device: the fused kernel from the start to the last step, then what its end tells. */
import { at } from '../../core/diagnostic.ts';
import type { HostSide } from '../../core/program/host.ts';
import type { Gpu } from '../device.ts';
import { CHUNK_FIELDS, NO_STEP } from '../fused/bindings.ts';
import { packed } from '../fused/kit.ts';
import type { FusedPlan } from '../fused/lower.ts';
import type { Compiled } from '../fused/pipelines.ts';
import { withLengths } from '../kernels/lengths.ts';
import { USAGE } from '../kernels/usage.ts';

/** Starts of a slice are a multiple of this: then every record begins where a binding may begin. */
export const SLICE_STEP = 64;

/** Rows of the schedule of one submit. */
const ROWS = 1 << 16;

export interface SliceBoarding {
  readonly gpu: Gpu;
  readonly plan: FusedPlan;
  readonly compiled: Compiled;
  readonly layout: GPUBindGroupLayout;
  readonly host: HostSide;
  readonly steps: number;
  /** Steps whose x is kept on the device; empty: none. */
  readonly checks: readonly number[];
  /** Starts of the largest slice, a multiple of SLICE_STEP. */
  readonly capacity: number;
  /** Numbers that a slice brings back, a start each. */
  readonly resultRows: number;
}

/** Encodes what follows the last step and returns the buffer to read back. */
export type Finish = (pass: GPUComputePassEncoder, flight: SliceFlight) => GPUBuffer;

export interface SliceSubmit {
  /** Starts times steps. */
  readonly work: number;
  /** The result of a slice that is through, [row][start]; null in between. Rejects when the device is lost. */
  readonly result: Promise<Uint32Array | null>;
}

const BUFFERS = ['chunk', 'constants', 'schedule', 'starts', 'recordSteps', 'state', 'records', 'flags'] as const;

export class SliceFlight {
  /** Starts of the slice under way, padded to a multiple of SLICE_STEP. */
  starts = 0;
  readonly buffers: Readonly<Record<(typeof BUFFERS)[number], GPUBuffer>>;
  private position = 0;
  private cursor = 0;
  private uploaded = '';
  private readonly rows: number;
  private readonly table: Float32Array<ArrayBuffer>;
  private readonly bindings: GPUBindGroup;
  private readonly idle: GPUBuffer[] = [];
  private readonly staging: GPUBuffer[] = [];

  constructor(
    private readonly boarding: SliceBoarding,
    private readonly finish: Finish,
  ) {
    const { gpu, plan, layout, host, steps, checks, capacity } = boarding;
    this.rows = Math.min(ROWS, steps + 1);
    this.table = new Float32Array(this.rows * plan.scheduleWidth);
    const { STORAGE, COPY_DST, COPY_SRC, UNIFORM } = USAGE;
    const constants = packed(plan, host);
    const recordSteps = Uint32Array.of(...checks, NO_STEP);
    const columns = Math.max(1, plan.startWidth);
    this.buffers = {
      chunk: gpu.buffer('swarm chunk', CHUNK_FIELDS.length * 4, UNIFORM | COPY_DST),
      constants: gpu.buffer('swarm constants', constants.byteLength, STORAGE | COPY_DST),
      schedule: gpu.buffer('swarm schedule', this.table.byteLength, STORAGE | COPY_DST),
      starts: gpu.buffer('swarm starts', columns * capacity * 4, STORAGE | COPY_DST),
      recordSteps: gpu.buffer('swarm checks', recordSteps.byteLength, STORAGE | COPY_DST),
      state: gpu.buffer('swarm state', plan.stateSize * capacity * 4, STORAGE | COPY_SRC),
      records: gpu.buffer('swarm records', plan.recordWidth * checks.length * capacity * 4, STORAGE | COPY_SRC),
      flags: gpu.buffer('swarm flags', capacity * 4, STORAGE | COPY_SRC),
    };
    gpu.device.queue.writeBuffer(this.buffers.constants, 0, constants);
    gpu.device.queue.writeBuffer(this.buffers.recordSteps, 0, recordSteps);
    this.bindings = gpu.device.createBindGroup({
      label: 'swarm',
      layout,
      entries: BUFFERS.map((name, binding) => ({ binding, resource: { buffer: this.buffers[name] } })),
    });
  }

  get isThrough(): boolean {
    return this.starts === 0 || this.position >= this.boarding.steps;
  }

  /** Takes starts [width, count], count a multiple of SLICE_STEP; the slice before must be through. */
  begin(starts: Float32Array<ArrayBuffer>, count: number): void {
    this.starts = count;
    this.position = 0;
    this.cursor = 0;
    this.boarding.gpu.device.queue.writeBuffer(this.buffers.starts, 0, starts);
  }

  /** Submits between 1 and `most` of the steps that the slice still has. */
  submit(most: number): SliceSubmit {
    const { gpu, compiled, steps, checks } = this.boarding;
    const first = this.position;
    const last = Math.min(steps, first + Math.max(1, Math.min(most, this.rows - 1)));
    const end = checks.findIndex((check, i) => i >= this.cursor && check > last);
    const lastCursor = end < 0 ? checks.length : end;
    this.writeSchedule(first, last);
    const chunk = {
      starts: this.starts,
      first_step: first,
      steps: last - first,
      cursor: this.cursor,
      last_cursor: lastCursor,
      first_record: 0,
      last_record: checks.length - 1,
    };
    gpu.device.queue.writeBuffer(
      this.buffers.chunk,
      0,
      Uint32Array.from(CHUNK_FIELDS, (field) => chunk[field]),
    );
    const encoder = gpu.device.createCommandEncoder({ label: 'swarm' });
    const pass = encoder.beginComputePass({ label: 'swarm' });
    pass.setBindGroup(0, this.bindings);
    for (const pipeline of first > 0 ? [compiled.steps] : [compiled.start, compiled.steps]) {
      pass.setPipeline(pipeline);
      pass.dispatchWorkgroups(Math.ceil(this.starts / this.boarding.plan.startsPerWorkgroup));
    }
    this.position = last;
    this.cursor = lastCursor;
    const source = this.isThrough ? this.finish(pass, this) : null;
    pass.end();
    const staging = this.idle.pop() ?? this.newStaging();
    const bytes = source ? this.boarding.resultRows * this.starts * 4 : 4; // something to wait for
    encoder.copyBufferToBuffer(source ?? this.buffers.flags, 0, staging, 0, bytes);
    gpu.device.queue.submit([encoder.finish()]);
    return { work: this.starts * (last - first), result: this.readBack(staging, bytes, source !== null) };
  }

  destroy(): void {
    for (const buffer of [...Object.values(this.buffers), ...this.staging]) this.boarding.gpu.release(buffer);
  }

  /** Time-level values from `first` to `last`; most slices need the same ones as the slice before. */
  private writeSchedule(first: number, last: number): void {
    const { plan, host, gpu } = this.boarding;
    const range = `${first} ${last}`;
    if (plan.scheduleWidth === 0 || this.uploaded === range) return;
    this.uploaded = range;
    for (let t = first; t <= last; t++) {
      host.advance(t);
      const row = (t - first) * plan.scheduleWidth;
      for (const { id, offset } of plan.schedule) this.table.set(host.numbers(id), row + offset);
    }
    gpu.device.queue.writeBuffer(this.buffers.schedule, 0, this.table, 0, (last - first + 1) * plan.scheduleWidth);
  }

  private newStaging(): GPUBuffer {
    const { gpu, resultRows, capacity } = this.boarding;
    const buffer = gpu.buffer('swarm staging', resultRows * capacity * 4, USAGE.MAP_READ | USAGE.COPY_DST);
    this.staging.push(buffer);
    return buffer;
  }

  private async readBack(staging: GPUBuffer, bytes: number, isResult: boolean): Promise<Uint32Array | null> {
    const copy = await this.boarding.gpu.read(staging, bytes);
    this.idle.push(staging);
    return isResult ? new Uint32Array(copy) : null;
  }
}

/** The row of the schedule at one step. */
export function scheduleRow(
  { schedule, scheduleWidth }: Pick<FusedPlan, 'schedule' | 'scheduleWidth'>,
  host: HostSide,
  t: number,
): Float32Array<ArrayBuffer> {
  const row = new Float32Array(scheduleWidth);
  host.advance(t);
  for (const { id, offset } of schedule) row.set(host.numbers(id), offset);
  return row;
}

/** The same kernel for slices of `capacity` starts: the lengths of what it reads and writes for each start are in its text. */
export function ofCapacity(plan: FusedPlan, capacity: number, checks: number): FusedPlan {
  const widths: Readonly<Record<string, number>> = {
    starts: Math.max(1, plan.startWidth),
    state: plan.stateSize,
    records: plan.recordWidth * checks,
    flags: 1,
  };
  return { ...plan, wgsl: withLengths(plan.wgsl, (array) => capacity * (widths[array] ?? 0) || null) };
}

/** Which starts of a slice a kernel has flagged, and how. */
export const flagOf = (flags: Uint32Array, start: number): 'diverged' | 'non-finite' | null => {
  const flag = at(flags, start);
  return flag === NO_STEP ? null : flag % 2 === 1 ? 'non-finite' : 'diverged';
};
