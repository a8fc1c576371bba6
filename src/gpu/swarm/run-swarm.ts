/** A swarm on the GPU, or on what there is instead, said plainly. */
import { at, fault, type Result } from '../../core/diagnostic.ts';
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
import { type Gpu, lossOr, messageOf } from '../device.ts';
import { type GpuExecutorOptions, ON_CPU } from '../executor-options.ts';
import type { Compiled } from '../fused/pipelines.ts';
import { OUTCOME_ROWS } from '../kernels/swarm-outcome.ts';
import type { Pace } from '../runner.ts';
import { driveSlices, type Slice, type SlicesOptions } from './drive-slices.ts';
import { EndStage } from './end-stage.ts';
import { planSwarm, type SwarmPlan } from './plan-swarm.ts';
import { flagOf, SliceFlight } from './slice-flight.ts';

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
  const plan = planSwarm(job, executor, gpu.value);
  if (typeof plan === 'string') return executor === 'gpu' ? onCpu(`${plan} ${ON_CPU}`) : failed(plan, gpu.value.name);
  const swarm = await DeviceSwarm.create(gpu.value, job, plan, executorOptions, options);
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
    planned: SwarmPlan,
    { runners, now }: GpuExecutorOptions,
    options: SwarmOptions,
  ): Promise<Result<DeviceSwarm>> {
    const { pipelines } = runners(gpu).fused;
    const { steps: plan, grade, capacity, reason } = planned;
    const host = new HostSide(planned.program, job.settings);
    const kernels = await Promise.all([pipelines.get(plan), pipelines.get(grade)]).catch(messageOf);
    if (typeof kernels === 'string') return fault(kernels);
    const [compiled, compiledGrade] = kernels;
    return gpu.guarded('Starting the swarm', async () => {
      const { layout } = pipelines;
      const stage = await EndStage.create({
        gpu,
        job: { ...job, grade: planned.gradeProgram },
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
        const plan = planned.watched();
        const compiled = await pipelines.get(plan);
        const boarding = { ...common, plan, compiled, checks: [], capacity, resultRows: 1 };
        return { flight: new SliceFlight(boarding, (_, { buffers }) => buffers.flags), pace: paceOf(compiled, job) };
      };
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
