/** What follows the last step of a slice: the ends are graded by a generated kernel, and outcomes are told by a written one. */

import { SWARM_TOLERANCE } from '../../core/program/grade-end.ts';
import { HostSide } from '../../core/program/host.ts';
import { SETTLED, type SwarmJob } from '../../core/run/swarm.ts';
import type { Gpu } from '../device.ts';
import { CHUNK_FIELDS, WORKGROUP_WIDTH } from '../fused/bindings.ts';
import { packed } from '../fused/kit.ts';
import type { FusedPlan } from '../fused/lower.ts';
import type { Compiled } from '../fused/pipelines.ts';
import { dispatch, pipelinesOf } from '../kernels/dispatch.ts';
import { OUTCOME_ROWS, swarmOutcome } from '../kernels/swarm-outcome.ts';
import { USAGE } from '../kernels/usage.ts';
import { type SliceFlight, scheduleRow } from './slice-flight.ts';

export interface EndStageOptions {
  readonly gpu: Gpu;
  readonly job: SwarmJob;
  /** Of the program that grades: its initial state is the grade. */
  readonly plan: FusedPlan;
  readonly compiled: Compiled;
  readonly layout: GPUBindGroupLayout;
  readonly capacity: number;
}

export class EndStage {
  readonly resultRows: number;
  private readonly buffers: readonly GPUBuffer[];
  private readonly chunk: GPUBuffer;
  private readonly constants: GPUBuffer;
  private readonly schedule: GPUBuffer;
  private readonly graded: GPUBuffer;
  private readonly unused: GPUBuffer;
  private readonly flags: GPUBuffer;
  private readonly params: GPUBuffer;
  private readonly result: GPUBuffer;
  private written = 0;

  private constructor(
    private readonly options: EndStageOptions,
    private readonly pipeline: GPUComputePipeline,
  ) {
    const { gpu, job, plan, capacity } = options;
    const { STORAGE, COPY_DST, COPY_SRC, UNIFORM } = USAGE;
    this.resultRows = OUTCOME_ROWS + job.measure.size;
    const host = new HostSide(job.grade, job.settings);
    const filled = (label: string, data: Float32Array<ArrayBuffer>) => {
      const buffer = gpu.buffer(label, data.byteLength, STORAGE | COPY_DST);
      gpu.device.queue.writeBuffer(buffer, 0, data);
      return buffer;
    };
    this.chunk = gpu.buffer('grade chunk', CHUNK_FIELDS.length * 4, UNIFORM | COPY_DST);
    this.constants = filled('grade constants', packed(plan, host));
    this.schedule = filled('grade schedule', scheduleRow(plan, host, job.steps));
    this.graded = gpu.buffer('graded', plan.stateSize * capacity * 4, STORAGE);
    this.unused = gpu.buffer('no records', 16, STORAGE);
    this.flags = gpu.buffer('grade flags', capacity * 4, STORAGE);
    this.params = gpu.buffer('outcome params', 32, UNIFORM | COPY_DST);
    this.result = gpu.buffer('outcomes', this.resultRows * capacity * 4, STORAGE | COPY_SRC);
    this.buffers = [
      this.chunk,
      this.constants,
      this.schedule,
      this.graded,
      this.unused,
      this.flags,
      this.params,
      this.result,
    ];
  }

  static async create(options: EndStageOptions): Promise<EndStage> {
    const { gpu, job, plan, capacity } = options;
    const { size } = job.measure;
    const checks = job.checks.length;
    const params = { starts: 0, size, checks, tolerance: 0, settled: 0 };
    const arrays = { check_steps: 0, records: 0, graded: 0, flags: 0, result: 0 };
    const lengths: Readonly<Record<string, number>> = {
      check_steps: checks + 1,
      records: size * checks * capacity,
      graded: plan.stateSize * capacity,
      flags: capacity,
      result: (OUTCOME_ROWS + size) * capacity,
    };
    const pipeline = await pipelinesOf(gpu.device).get(
      dispatch(swarmOutcome, params, arrays),
      (array) => 4 * (lengths[array] ?? 0),
    );
    return new EndStage(options, pipeline);
  }

  /** Encodes both kernels for the slice; its result is [outcome, steps, violation, loss, x…][start]. */
  readonly finish = (pass: GPUComputePassEncoder, { starts, buffers }: SliceFlight): GPUBuffer => {
    const { gpu, job, compiled, layout } = this.options;
    const { size } = job.measure;
    this.writeParams(starts);
    const last = { buffer: buffers.records, offset: (job.checks.length - 1) * size * starts * 4 };
    const grade = [
      this.chunk,
      this.constants,
      this.schedule,
      null,
      buffers.recordSteps,
      this.graded,
      this.unused,
      this.flags,
    ];
    const group = (entries: readonly (GPUBuffer | null)[], of: GPUBindGroupLayout) =>
      gpu.device.createBindGroup({
        layout: of,
        entries: entries.map((buffer, binding) => ({ binding, resource: buffer ? { buffer } : last })),
      });
    pass.setPipeline(compiled.start);
    pass.setBindGroup(0, group(grade, layout));
    pass.dispatchWorkgroups(Math.ceil(starts / this.options.plan.startsPerWorkgroup));
    const told = [this.params, buffers.recordSteps, buffers.records, this.graded, buffers.flags, this.result];
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(0, group(told, this.pipeline.getBindGroupLayout(0)));
    pass.dispatchWorkgroups(Math.ceil(starts / WORKGROUP_WIDTH));
    return this.result;
  };

  destroy(): void {
    for (const buffer of this.buffers) this.options.gpu.release(buffer);
  }

  private writeParams(starts: number): void {
    if (this.written === starts) return;
    this.written = starts;
    const { gpu, job } = this.options;
    const chunk = {
      starts,
      first_step: job.steps,
      steps: 0,
      cursor: 0,
      last_cursor: 0,
      first_record: 0,
      last_record: 0,
    };
    gpu.device.queue.writeBuffer(
      this.chunk,
      0,
      Uint32Array.from(CHUNK_FIELDS, (field) => chunk[field]),
    );
    const params = new DataView(new ArrayBuffer(20));
    [starts, job.measure.size, job.checks.length].forEach((value, i) => {
      params.setUint32(4 * i, value, true);
    });
    [SWARM_TOLERANCE, SETTLED].forEach((value, i) => {
      params.setFloat32(12 + 4 * i, value, true);
    });
    gpu.device.queue.writeBuffer(this.params, 0, params.buffer);
  }
}
