/** Functions on a grid, computed by the device in bands of points: each submit keeps its time, and nothing is read back but the values. */
import { fault, type Result, success } from '../../core/diagnostic.ts';
import { expand } from '../../core/program/expand.ts';
import { HostSide } from '../../core/program/host.ts';
import type { Program } from '../../core/program/program.ts';
import { StepBudget, SUBMIT_TIME } from '../../core/run/budget.ts';
import { type FieldJob, type FieldValues, pointsOf } from '../../core/run/field.ts';
import { type Gpu, lossOr, messageOf } from '../device.ts';
import { WORKGROUP_WIDTH } from '../fused/bindings.ts';
import { packed } from '../fused/kit.ts';
import { MOST_WORKGROUPS } from '../fused/runner.ts';
import { USAGE } from '../kernels/usage.ts';
import type { Pace } from '../runner.ts';
import { scheduleRow } from '../swarm/slice-flight.ts';
import { chooseForField, type FieldKernel, whyFloat64 } from './choose.ts';
import { GRID_AXES, GRID_FIELDS } from './lower.ts';
import { FieldPipelines } from './pipelines.ts';

/** Operations of the first submit of a kernel whose speed is not known: 30 ms of a processor that stands in for a GPU. */
const FIRST_OPERATIONS = 1e7;

/** Of the time that Float64 takes: so long a kernel is waited for that is still being compiled. It is there for the next figure. */
const PATIENCE = 0.5;

/** Kernels of programs as they are: a grid that moves asks again and again. */
const kernels = new WeakMap<Program, FieldKernel | string>();
const pipelinesOf = new WeakMap<Gpu, FieldPipelines>();

export interface FieldOptions {
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly patience?: number;
  /** Also where a processor that stands in for a GPU would be faster in Float64. */
  readonly isAsked?: boolean;
}

export async function runField(
  gpu: Gpu,
  job: FieldJob,
  { now, signal, patience = PATIENCE, isAsked = false }: FieldOptions,
): Promise<Result<FieldValues>> {
  const kernel = kernels.get(job.program) ?? chooseForField(expand(job.program));
  kernels.set(job.program, kernel);
  if (typeof kernel === 'string') return fault(kernel);
  const why =
    whyNot(gpu, job, kernel) ??
    (gpu.isProcessor && !isAsked ? whyFloat64(job.program, kernel, pointsOf(job.grid)) : null);
  if (why) return fault(why);
  const pipelines = pipelinesOf.get(gpu) ?? new FieldPipelines(gpu);
  pipelinesOf.set(gpu, pipelines);
  try {
    const compiled = await inTime(pipelines.get(kernel.plan), patience * job.float64Ms);
    if (compiled === null) return fault('The kernel is being compiled.');
    const { pipeline, pace } = compiled;
    const flight = await gpu.guarded(
      'Computing a figure',
      () => new FieldFlight(gpu, pipelines.layout, pipeline, kernel, job),
    );
    if (!flight.ok) return flight;
    try {
      return await driven(flight.value, kernel, pace, now, signal);
    } finally {
      flight.value.destroy();
    }
  } catch (reason) {
    return fault(gpu.loss ? await lossOr(gpu, reason) : messageOf(reason));
  }
}

/** What was promised, or null where it is not there in time. */
function inTime<T>(promised: Promise<T>, ms: number): Promise<T | null> {
  if (ms === Number.POSITIVE_INFINITY) return promised;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  return Promise.race([promised, late]).finally(() => clearTimeout(timer));
}

function whyNot({ limits }: Gpu, { grid }: FieldJob, { plan }: FieldKernel): string | null {
  const points = pointsOf(grid);
  if (points > MOST_WORKGROUPS * WORKGROUP_WIDTH || points * plan.width * 4 > limits.maxStorageBufferBindingSize)
    return `${points} points are more than this GPU takes at once.`;
  return null;
}

async function driven(
  flight: FieldFlight,
  { plan }: FieldKernel,
  pace: Pace,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<Result<FieldValues>> {
  const { visible: target } = SUBMIT_TIME;
  const first = pace.stepsPerMs === null ? FIRST_OPERATIONS / plan.operations : pace.stepsPerMs * target;
  const budget = new StepBudget(target, flight.points, Math.max(WORKGROUP_WIDTH, Math.floor(first)));
  let submits = 0;
  for (let from = 0; from < flight.points; ) {
    if (signal?.aborted) return fault('Wanted no more.');
    const wanted = budget.steps;
    const end = Math.min(flight.points, from + wanted);
    const began = now();
    const values = await flight.submit(from, end);
    const elapsed = now() - began;
    submits += 1;
    // A band that was cut short may say that a point is dear, but not that it is cheap.
    if (2 * (end - from) >= wanted || elapsed > target) {
      budget.observe(end - from, elapsed);
      pace.stepsPerMs = (end - from) / Math.max(elapsed, 1e-3);
    }
    from = end;
    if (values) return success({ values, adapter: flight.gpu.name, submits });
  }
  return fault('There are no points.');
}

class FieldFlight {
  readonly points: number;
  private readonly buffers: readonly GPUBuffer[];
  private readonly chunk: GPUBuffer;
  private readonly values: GPUBuffer;
  private readonly staging: GPUBuffer;
  private readonly bindings: GPUBindGroup;
  private readonly bytes: number;

  constructor(
    readonly gpu: Gpu,
    layout: GPUBindGroupLayout,
    private readonly pipeline: GPUComputePipeline,
    { plan, program }: FieldKernel,
    private readonly job: FieldJob,
  ) {
    const { STORAGE, COPY_DST, COPY_SRC, UNIFORM, MAP_READ } = USAGE;
    this.points = pointsOf(job.grid);
    this.bytes = this.points * plan.width * 4;
    const host = new HostSide(program, job.settings);
    const filled = (label: string, data: Float32Array<ArrayBuffer>) => {
      const buffer = gpu.buffer(label, data.byteLength, STORAGE | COPY_DST);
      gpu.device.queue.writeBuffer(buffer, 0, data);
      return buffer;
    };
    this.chunk = gpu.buffer('field chunk', GRID_FIELDS.length * 4, UNIFORM | COPY_DST);
    this.values = gpu.buffer('field values', this.bytes, STORAGE | COPY_SRC);
    this.staging = gpu.buffer('field staging', this.bytes, MAP_READ | COPY_DST);
    const bound = [
      this.chunk,
      filled('field constants', packed(plan, host)),
      filled('field schedule', scheduleRow(plan, host, job.step)),
      filled('field grid', gridNumbers(job)),
      this.values,
    ];
    this.buffers = [...bound, this.staging];
    const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
    this.bindings = gpu.device.createBindGroup({ label: 'field', layout, entries });
  }

  /** Computes the points from `first` up to `end`; all values, once `end` is the last. */
  async submit(first: number, end: number): Promise<Float32Array | null> {
    const { gpu, points, staging, bytes } = this;
    const [columns, rows] = this.job.grid.axes.map(({ places }) => places.length);
    const chunk = { first, end, points, columns: columns ?? 1, rows: rows ?? 1, step: this.job.step };
    const words = Uint32Array.from(GRID_FIELDS, (field) => chunk[field]);
    gpu.device.queue.writeBuffer(this.chunk, 0, words);
    const encoder = gpu.device.createCommandEncoder({ label: 'field' });
    const pass = encoder.beginComputePass({ label: 'field' });
    pass.setBindGroup(0, this.bindings);
    pass.setPipeline(this.pipeline);
    pass.dispatchWorkgroups(Math.ceil((end - first) / WORKGROUP_WIDTH));
    pass.end();
    const isLast = end === points;
    encoder.copyBufferToBuffer(this.values, 0, staging, 0, isLast ? bytes : 4); // something to wait for
    gpu.device.queue.submit([encoder.finish()]);
    const copy = await gpu.read(staging, isLast ? bytes : 4);
    return isLast ? new Float32Array(copy) : null;
  }

  destroy(): void {
    for (const buffer of this.buffers) this.gpu.release(buffer);
  }
}

/** As the kernel reads them: origin, a direction for each axis, and the places of the axes, end to end. */
function gridNumbers({ program: { size }, grid: { origin, axes } }: FieldJob): Float32Array<ArrayBuffer> {
  const places = Array.from({ length: GRID_AXES }, (_, axis) => axes[axis]?.places ?? [0]);
  const numbers = new Float32Array((1 + GRID_AXES) * size + places.reduce((sum, { length }) => sum + length, 0));
  numbers.set(origin, 0);
  axes.forEach(({ direction }, axis) => {
    numbers.set(direction, (1 + axis) * size);
  });
  let from = (1 + GRID_AXES) * size;
  for (const one of places) {
    numbers.set(one, from);
    from += one.length;
  }
  return numbers;
}
