/** One dispatched job on its way: every submit encodes its steps, keeps records on the device, and reads them back at its end. */
import { at, invariant } from '../../core/diagnostic.ts';
import type { HostSide } from '../../core/program/host.ts';
import type { Job, PseudoinverseReport } from '../../core/run/run.ts';
import type { Gpu } from '../device.ts';
import { encode, type ReadyDispatch } from '../kernels/dispatch.ts';
import { TROUBLE } from '../kernels/place.ts';
import { USAGE } from '../kernels/usage.ts';
import type { Flight, Pace, Records, Submitted } from '../runner.ts';
import { type Call, CURSOR, type DispatchPlan, type Item, type Loop, operationCount, SCHEDULE } from './plan.ts';
import type { Turns } from './turns.ts';

/** Aimed-at sizes of one submit. */
const BATCH_BYTES = 4 << 20;
const BATCH_DISPATCHES = 20_000;
const ROWS = 1 << 14;
/** The flag comes before the records, padded to the alignment of maps. */
const FLAG_BYTES = 8;

export interface Boarding {
  readonly gpu: Gpu;
  readonly plan: DispatchPlan;
  readonly job: Job;
  readonly host: HostSide;
  /** The plan's buffers, and after them the flag of `checkState`. */
  readonly buffers: readonly GPUBuffer[];
  readonly byCall: ReadonlyMap<Call, ReadyDispatch | undefined>;
  /** Of loops that end by themselves. */
  readonly turns: ReadonlyMap<Loop, Turns>;
  /** Set the flag if the state has gone wrong. */
  readonly checks: readonly ReadyDispatch[];
  readonly pace: Pace;
  readonly pseudoinverses: Promise<readonly PseudoinverseReport[]>;
  release(): void;
}

/** Rows of the schedule that one submit can take. */
export const scheduleRows = ({ schedule }: DispatchPlan, steps: number): number =>
  Math.max(2, Math.min(ROWS, steps + 1, Math.floor(BATCH_BYTES / 4 / Math.max(1, schedule.width))));

export class DispatchedFlight implements Flight {
  position = 0;
  readonly pace: Pace;
  readonly pseudoinverses: Promise<readonly PseudoinverseReport[]>;
  private readonly mostSteps: number;
  private readonly capacity: number;
  private readonly records: GPUBuffer;
  private readonly table: Float32Array<ArrayBuffer>;
  private readonly idle: GPUBuffer[] = [];
  private readonly staging: GPUBuffer[] = [];
  private cursor = 0;
  private hasStarted = false;

  constructor(private readonly boarding: Boarding) {
    const { gpu, plan, job, pace, pseudoinverses } = boarding;
    this.pace = pace;
    this.pseudoinverses = pseudoinverses;
    const rows = scheduleRows(plan, job.steps);
    this.table = new Float32Array(rows * plan.schedule.width);
    const perStep = Math.max(1, operationCount(plan.recordedStep ?? plan.step) + operationCount(plan.record));
    this.mostSteps = Math.max(1, Math.min(rows - 1, Math.floor(BATCH_DISPATCHES / perStep)));
    this.capacity = Math.max(
      2,
      Math.min(job.record.length, Math.floor(BATCH_BYTES / 4 / Math.max(1, plan.recordWidth))),
    );
    this.records = gpu.buffer('records', 4 * plan.recordWidth * this.capacity, USAGE.COPY_SRC | USAGE.COPY_DST);
  }

  submit(most: number): Submitted {
    const { gpu, plan, job, buffers, checks } = this.boarding;
    const first = this.position;
    const last = this.lastStep(first + Math.max(0, Math.min(most, job.steps - first, this.mostSteps)));
    this.writeSchedule(first, last);
    const encoder = gpu.device.createCommandEncoder({ label: 'dispatched' });
    const steps: number[] = [];
    let pass: GPUComputePassEncoder | null = null;
    const run = (items: readonly Item[]) => {
      pass ??= encoder.beginComputePass({ label: 'dispatched' });
      this.encodeItems(pass, items);
    };
    const keepIfWanted = (step: number) => {
      if (job.record[this.cursor] !== step) return;
      if (plan.record.length > 0) run(plan.record);
      pass?.end();
      pass = null;
      this.copyOutputs(encoder, steps.length);
      steps.push(step);
      this.cursor += 1;
    };
    if (!this.hasStarted) {
      run(plan.start);
      keepIfWanted(0);
    }
    for (let t = first + 1; t <= last; t++) {
      run(plan.recordedStep && job.record[this.cursor] === t ? plan.recordedStep : plan.step);
      keepIfWanted(t);
    }
    pass ??= encoder.beginComputePass({ label: 'check' });
    for (const check of checks) encode(pass, check);
    pass.end();

    const staging = this.idle.pop() ?? this.newStaging();
    const bytes = 4 * steps.length * plan.recordWidth;
    encoder.copyBufferToBuffer(at(buffers, buffers.length - 1), 0, staging, 0, 4);
    if (bytes > 0) encoder.copyBufferToBuffer(this.records, 0, staging, FLAG_BYTES, bytes);
    gpu.device.queue.submit([encoder.finish()]);
    this.hasStarted = true;
    this.position = last;
    return { steps: last - first, records: this.readBack(staging, steps, bytes, last) };
  }

  destroy(): void {
    for (const buffer of [this.records, ...this.staging]) this.boarding.gpu.release(buffer);
    this.boarding.release();
  }

  private encodeItems(pass: GPUComputePassEncoder, items: readonly Item[]): void {
    for (const item of items) {
      if (item.kind === 'loop') {
        const turns = this.boarding.turns.get(item);
        if (turns) encode(pass, turns.begin);
        for (let turn = 0; turn < item.count; turn++) {
          this.encodeItems(pass, item.body);
          if (turns) encode(pass, turns.next);
        }
        continue;
      }
      const ready = this.boarding.byCall.get(item);
      invariant(ready, `${item.label} is prepared`);
      encode(pass, ready);
    }
  }

  private copyOutputs(encoder: GPUCommandEncoder, record: number): void {
    const { plan, buffers } = this.boarding;
    let into = record * plan.recordWidth;
    for (const { buffer, offset, size } of plan.outputs) {
      if (size > 0) encoder.copyBufferToBuffer(at(buffers, buffer), 4 * offset, this.records, 4 * into, 4 * size);
      into += size;
    }
  }

  /** The step at which a submit ends: `wanted`, or before the first record that would not fit. */
  private lastStep(wanted: number): number {
    const beyond = this.boarding.job.record[this.cursor + this.capacity];
    return beyond === undefined || beyond > wanted ? wanted : beyond - 1;
  }

  /** One row for each `next_row` of the submit: that of t = 0 at the start, then of every step. */
  private writeSchedule(first: number, last: number): void {
    const { plan, host, gpu, buffers } = this.boarding;
    const { width, values } = plan.schedule;
    if (width === 0) return;
    const from = this.hasStarted ? first + 1 : 0;
    for (let t = from; t <= last; t++) {
      host.advance(t);
      for (const { id, offset, size } of values)
        this.table.set(host.numbers(id).subarray(0, size), (t - from) * width + offset);
    }
    if (last >= from) gpu.device.queue.writeBuffer(at(buffers, SCHEDULE), 0, this.table, 0, (last - from + 1) * width);
    gpu.device.queue.writeBuffer(at(buffers, CURSOR), 0, Uint32Array.of(0));
  }

  private newStaging(): GPUBuffer {
    const { gpu, plan } = this.boarding;
    const buffer = gpu.buffer(
      'staging',
      FLAG_BYTES + 4 * plan.recordWidth * this.capacity,
      USAGE.MAP_READ | USAGE.COPY_DST,
    );
    this.staging.push(buffer);
    return buffer;
  }

  private async readBack(staging: GPUBuffer, steps: readonly number[], bytes: number, last: number): Promise<Records> {
    const copy = await this.boarding.gpu.read(staging, FLAG_BYTES + bytes);
    this.idle.push(staging);
    const flag = at(new Uint32Array(copy, 0, 1), 0);
    const trouble =
      flag === TROUBLE.none
        ? null
        : ({ status: flag === TROUBLE.diverged ? 'diverged' : 'non-finite', step: last } as const);
    return { steps, data: new Float32Array(copy, FLAG_BYTES), trouble };
  }
}
