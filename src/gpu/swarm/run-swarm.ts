/** A swarm on the GPU, or on what there is instead, said plainly. */
import { at, fault, type Result } from '../../core/diagnostic.ts';
import { compressData } from '../../core/program/data-products.ts';
import { HostSide } from '../../core/program/host.ts';
import { Basins } from '../../core/run/basins.ts';
import { SUBMIT_TIME } from '../../core/run/budget.ts';
import {
  BASIN,
  OUTCOME,
  type SwarmEnd,
  type SwarmJob,
  type SwarmOptions,
  type SwarmPart,
} from '../../core/run/swarm.ts';
import { SwarmStarts } from '../../core/run/swarm-starts.ts';
import { chooseForSwarm, type SwarmChoice } from '../choose.ts';
import { type Gpu, lossOr, messageOf } from '../device.ts';
import { deviceProgram } from '../device-program.ts';
import { type GpuExecutorOptions, ON_CPU } from '../executor-options.ts';
import { type FusedPlan, lower } from '../fused/lower.ts';
import type { Compiled } from '../fused/pipelines.ts';
import { MOST_WORKGROUPS } from '../fused/runner.ts';
import { OUTCOME_ROWS } from '../kernels/swarm-outcome.ts';
import type { Pace } from '../runner.ts';
import { lowerToWorkgroup } from '../workgroup/lower.ts';
import { driveSlices, type Slice, type SlicesOptions } from './drive-slices.ts';
import { EndStage } from './end-stage.ts';
import { flagOf, ofCapacity, SLICE_STEP, SliceFlight } from './slice-flight.ts';

/**
 * Aimed-at size of the checked iterates of a slice, the largest of its buffers. Where a processor stands in for a GPU, every page of
 * a fresh one costs it a fault and a fill with zeros, for each swarm anew, and some ten thousand starts keep it busy.
 */
const CHECK_BYTES = { gpu: 64 << 20, processor: 8 << 20 } as const;
const MOST_STARTS = 1 << 20;

export async function runSwarm(
  executorOptions: GpuExecutorOptions,
  job: SwarmJob,
  options: SwarmOptions,
): Promise<SwarmEnd> {
  const { device, wasm, referenceSwarms, now } = executorOptions;
  const { executor } = options;
  const onCpu = async (reason: string) => (await wasm(reason)).swarm(job, options);
  if (executor === 'reference') return referenceSwarms('As asked for.').swarm(job, options);
  if (executor === 'wasm') return onCpu('As asked for.');
  const failed = (message: string, adapter = 'none'): SwarmEnd => ({
    status: 'failed',
    message,
    executor: executor === 'gpu' ? 'fused' : executor,
    adapter,
    reason: 'As asked for.',
    elapsedMs: 0,
  });
  if (executor === 'dispatched') return failed('A swarm is one kernel: choose “gpu”, “fused” or “wasm”.');
  const gpu = await device();
  if (!gpu.ok) {
    const why = gpu.diagnostics.map(({ message }) => message).join(' ');
    return executor === 'gpu' ? onCpu(`${why} ${ON_CPU}`) : failed(why);
  }
  const began = now();
  const kernels = kernelsOf(job, executor, gpu.value.isProcessor);
  if (typeof kernels === 'string')
    return executor === 'gpu' ? onCpu(`${kernels} ${ON_CPU}`) : failed(kernels, gpu.value.name);
  const swarm = await DeviceSwarm.create(gpu.value, job, kernels, executorOptions, options);
  if (!swarm.ok) return failed(swarm.diagnostics.map(({ message }) => message).join(' '), gpu.value.name);
  const { value: run } = swarm;
  const message = await run.drive().then(
    () => null,
    (reason: unknown) => lossOr(gpu.value, reason),
  );
  run.destroy();
  const status = message ? 'failed' : run.done < job.sampling.count ? 'stopped' : 'finished';
  return {
    status,
    ...(message && { message }),
    executor: 'fused',
    adapter: gpu.value.name,
    reason: run.reason,
    elapsedMs: now() - began,
  };
}

interface Kernels {
  readonly steps: SwarmChoice;
  readonly grade: SwarmChoice;
  /** What took the place of rows of data. */
  readonly note: string;
}

/** How the device carries the starts and grades their ends, or why it cannot. */
function kernelsOf({ program, settings, grade }: SwarmJob, executor: 'gpu' | 'fused', isProcessor: boolean) {
  const moving = deviceProgram(program, settings);
  const steps = chooseForSwarm(moving.program, executor, isProcessor);
  if (typeof steps === 'string') return steps;
  const ends = chooseForSwarm(compressData(grade)?.program ?? grade, executor, isProcessor);
  return typeof ends === 'string' ? ends : { steps, grade: ends, note: moving.note };
}

/** One swarm under way on a device. */
class DeviceSwarm {
  done = 0;
  private told = 0;
  private readonly basins = new Basins();
  private readonly starts: SwarmStarts;
  private watch: Watch | null = null;

  private constructor(
    private readonly job: SwarmJob,
    private readonly parts: Parts,
    private readonly options: SwarmOptions,
    private readonly now: () => number,
  ) {
    this.starts = new SwarmStarts(job);
  }

  static async create(
    gpu: Gpu,
    job: SwarmJob,
    { steps: moving, grade: ends, note }: Kernels,
    { runners, now }: GpuExecutorOptions,
    options: SwarmOptions,
  ): Promise<Result<DeviceSwarm>> {
    const { pipelines } = runners(gpu).fused;
    const { program, lowering } = moving;
    const host = new HostSide(program, job.settings);
    const written = lowering === 'fused' ? lower : lowerToWorkgroup;
    const alone = written(program, 'until rest');
    const [steps, graded] = [
      lowering === 'fused' && gpu.hasQuads && isWorthPairs(alone, job) ? lower(program, 'pairs until rest') : alone,
      (ends.lowering === 'fused' ? lower : lowerToWorkgroup)(ends.program, 'plain'),
    ];
    const capacity = capacityOf(job, gpu, Math.min(steps.startsPerWorkgroup, graded.startsPerWorkgroup));
    const [plan, grade] = [ofCapacity(steps, capacity, job.checks.length), ofCapacity(graded, capacity, 0)];
    const kernels = await Promise.all([pipelines.get(plan), pipelines.get(grade)]).catch(messageOf);
    if (typeof kernels === 'string') return fault(kernels);
    const [compiled, compiledGrade] = kernels;
    return gpu.guarded('Starting the swarm', async () => {
      const { layout } = pipelines;
      const stage = await EndStage.create({
        gpu,
        job: { ...job, grade: ends.program },
        plan: grade,
        compiled: compiledGrade,
        layout,
        capacity,
      });
      const common = { gpu, layout, host, steps: job.steps };
      const { checks } = job;
      const flight = new SliceFlight(
        { ...common, plan, compiled, checks, capacity, resultRows: stage.resultRows },
        stage.finish,
      );
      /** The same kernel, looking at the state after every step: for the few starts that went wrong. */
      const watched = async () => {
        const plan = written(program, 'watched');
        const compiled = await pipelines.get(plan);
        const boarding = { ...common, plan, compiled, checks: [], capacity, resultRows: 1 };
        return { flight: new SliceFlight(boarding, (_, { buffers }) => buffers.flags), pace: paceOf(compiled, job) };
      };
      const reason = note ? `${moving.reason} ${note}` : moving.reason;
      const pace = paceOf(compiled, job);
      return new DeviceSwarm(job, { flight, stage, watched, capacity, pace, reason }, options, now);
    });
  }

  get reason(): string {
    return this.parts.reason;
  }

  async drive(): Promise<void> {
    await driveSlices(this.parts.flight, {
      ...this.slices(),
      count: this.job.sampling.count,
      pace: this.parts.pace,
      startsOf: (first, size) => this.starts.planar(size, (k) => this.inside(first + k)),
      onSlice: (result, slice) => this.take(result, slice),
    });
  }

  destroy(): void {
    this.parts.flight.destroy();
    this.parts.stage.destroy();
    this.watch?.flight.destroy();
  }

  /** Slices are padded with repetitions of the last start. */
  private inside(index: number): number {
    return Math.min(index, this.job.sampling.count - 1);
  }

  private slices(): Pick<SlicesOptions, 'steps' | 'capacity' | 'targetMs' | 'now' | 'signal'> {
    const { urgency = 'visible', signal } = this.options;
    return {
      steps: this.job.steps,
      capacity: this.parts.capacity,
      targetMs: SUBMIT_TIME[urgency],
      now: this.now,
      signal,
    };
  }

  private async take(result: Uint32Array, slice: Slice): Promise<void> {
    const { first, size, stride } = slice;
    const row = (k: number) => result.subarray(k * stride, k * stride + size);
    const outcome = Uint8Array.from(row(0));
    const isSure = await this.tellApart(outcome, first);
    if (!isSure) return; // cancelled: a class that is not sure is not told
    const numbers = (k: number) => new Float32Array(row(k).slice().buffer);
    const x = Array.from({ length: this.job.measure.size }, (_, i) => numbers(OUTCOME_ROWS + i));
    const basin = new Uint16Array(size).fill(BASIN.none);
    const point = new Float64Array(x.length);
    for (let k = 0; k < size; k++) {
      if (outcome[k] !== OUTCOME.optimal) continue;
      for (let i = 0; i < x.length; i++) point[i] = (x[i] as Float32Array)[k] as number;
      basin[k] = this.basins.of(point);
    }
    const newOptima = this.basins.optima.slice(this.told);
    this.told = this.basins.optima.length;
    const part: SwarmPart = {
      first,
      outcome,
      basin,
      stepsToTolerance: row(1).slice(),
      violation: numbers(2),
      loss: numbers(3),
      newOptima,
    };
    this.done = first + size;
    this.options.onPart(part);
  }

  /**
   * What overflows between two checks looks like what left the domain: those starts go again, looked at after every step.
   * False where that was cancelled.
   */
  private async tellApart(outcome: Uint8Array, first: number): Promise<boolean> {
    const unsure: number[] = [];
    for (let k = 0; k < outcome.length; k++) if (outcome[k] === OUTCOME.nonFinite) unsure.push(k);
    if (unsure.length === 0) return true;
    this.watch ??= await this.parts.watched();
    let seen = 0;
    const indexOf = (k: number) => first + at(unsure, Math.min(k, unsure.length - 1));
    await driveSlices(this.watch.flight, {
      ...this.slices(),
      count: unsure.length,
      pace: this.watch.pace,
      startsOf: (from, size) => this.starts.planar(size, (k) => indexOf(from + k)),
      onSlice: (flags, slice) => {
        for (let k = 0; k < slice.size; k++)
          if (flagOf(flags, k) === 'diverged') outcome[at(unsure, slice.first + k)] = OUTCOME.diverged;
        seen += slice.size;
      },
    });
    return seen === unsure.length;
  }
}

interface Watch {
  readonly flight: SliceFlight;
  readonly pace: Pace;
}

interface Parts {
  readonly flight: SliceFlight;
  readonly stage: EndStage;
  readonly watched: () => Promise<Watch>;
  readonly capacity: number;
  readonly pace: Pace;
  readonly reason: string;
}

/** Of which settings and how many steps the pace of a kernel's swarms is known: by those it is decided when starts come to rest. */
const pacesOf = new WeakMap<Compiled, { readonly of: string; readonly pace: Pace }>();

function paceOf(compiled: Compiled, { settings, steps }: SwarmJob): Pace {
  const of = JSON.stringify([settings, steps]);
  const before = pacesOf.get(compiled);
  if (before?.of === of) return before.pace;
  const pace = { stepsPerMs: null };
  pacesOf.set(compiled, { of, pace });
  return pace;
}

/** A long step has enough in it that waits for nothing else; the kernel takes twice as long to compile, some 100 ms. */
const LONGEST_PAIRED = 64;
const LEAST_PAIRED = 1e9;

/**
 * Whether an invocation should carry two starts, where a processor stands in for a GPU: short steps of one start keep it waiting for
 * their own results (measured: a fifth of the time of a kernel). A GPU has other threads for that.
 */
const isWorthPairs = ({ operations }: FusedPlan, { sampling, steps }: SwarmJob): boolean =>
  operations <= LONGEST_PAIRED && operations * sampling.count * steps >= LEAST_PAIRED;

/** Starts of the largest slice. */
function capacityOf(
  { measure, checks, sampling }: SwarmJob,
  { limits, isProcessor }: Gpu,
  startsPerWorkgroup: number,
): number {
  const bytes = Math.min(CHECK_BYTES[isProcessor ? 'processor' : 'gpu'], limits.maxStorageBufferBindingSize);
  const fitting = Math.floor(bytes / (4 * Math.max(1, measure.size) * checks.length * SLICE_STEP)) * SLICE_STEP;
  const wanted = 2 ** Math.ceil(Math.log2(sampling.count)); // it is in the kernel's text: few sizes, few kernels to compile
  const dispatched = Math.floor((MOST_WORKGROUPS * startsPerWorkgroup) / SLICE_STEP) * SLICE_STEP;
  return Math.max(SLICE_STEP, Math.min(fitting, wanted, dispatched, MOST_STARTS));
}
