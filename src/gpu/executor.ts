/** The executor of the GPU: chooses the lowering, drives all jobs together, and tells how each ended. Falls back only in sight. */
import { at } from '../core/diagnostic.ts';
import { pseudoinversesOf } from '../core/program/expand.ts';
import { hostAhead } from '../core/program/host.ts';
import { SUBMIT_TIME } from '../core/run/budget.ts';
import { endMessage } from '../core/run/end-message.ts';
import type { Breaks } from '../core/run/graded-records.ts';
import type {
  Executor,
  ExecutorKind,
  Job,
  JobEnd,
  PseudoinverseReport,
  RunOptions,
  RunStatus,
} from '../core/run/run.ts';
import type { SwarmExecutor } from '../core/run/swarm.ts';
import { judged } from '../core/run/verdict.ts';
import { chooseLowering, type Lowering } from './choose.ts';
import { Collector } from './collect.ts';
import { Convoy } from './convoy.ts';
import { type Gpu, lossOr, messageOf } from './device.ts';
import { deviceProgram } from './device-program.ts';
import { type DriveOptions, drive } from './drive.ts';
import { type GpuExecutorOptions, ON_CPU, type Runners } from './executor-options.ts';
import { MOST_RUNS } from './fused/bindings.ts';
import { productsInWords } from './kept-products.ts';
import { locate } from './locate.ts';
import type { Flight, Records } from './runner.ts';
import { runSwarm } from './swarm/run-swarm.ts';

export function createGpuExecutor(options: GpuExecutorOptions): Executor & SwarmExecutor {
  return {
    swarm: (job, swarmOptions) => runSwarm(options, job, swarmOptions),
    async run(jobs, runOptions) {
      const { executor } = runOptions;
      if (executor === 'reference') return options.reference('As asked for.').run(jobs, runOptions);
      if (executor === 'wasm') return (await options.wasm('As asked for.')).run(jobs, runOptions);
      const device = await options.device();
      if (device.ok) return runOnDevice(device.value, options, jobs, { ...runOptions, executor });
      const why = device.diagnostics.map(({ message }) => message).join(' ');
      if (executor === 'gpu') return (await options.wasm(`${why} ${ON_CPU}`)).run(jobs, runOptions);
      return jobs.map((job) => failedEnd(job, executor, why));
    },
  };
}

const failedEnd = (job: Job, executor: ExecutorKind, message: string): JobEnd => ({
  job: job.id,
  status: 'failed',
  message,
  executor,
  adapter: 'none',
  reason: 'As asked for.',
  pseudoinverses: [],
  elapsedMs: 0,
});

/** Messages have their turn. */
const pause = () => new Promise<void>((resolve) => setTimeout(resolve));

type DeviceChoice = RunOptions & { readonly executor: 'gpu' | 'fused' | 'dispatched' };

async function runOnDevice(
  gpu: Gpu,
  options: GpuExecutorOptions,
  jobs: readonly Job[],
  { executor, onChunk, signal, urgency = 'visible' }: DeviceChoice,
): Promise<readonly JobEnd[]> {
  const { now } = options;
  const runs = jobs.map((job) => new DeviceRun(gpu, job, executor, options, onChunk, { now, pause, signal }));
  const convoy = () => new Convoy(gpu);
  const pace = { targetMs: SUBMIT_TIME[urgency], now, signal, convoy, sideBySide: gpu.isProcessor ? 4 : MOST_RUNS };
  let elsewhere: readonly Promise<JobEnd | undefined>[] = [];
  const onCpu = async (job: Job, reason: string) => {
    const machine = await options.wasm(reason);
    const [end] = await machine.run([job], { executor: 'wasm', onChunk, urgency, ...(signal && { signal }) });
    return end && { ...end, isPlanned: true };
  };
  try {
    for (const run of runs) if (!(await run.ahead(signal))) return await Promise.all(runs.map((other) => other.end()));
    await Promise.all(runs.map((run) => run.prepare()));
    elsewhere = runs.map((run) => (run.onCpu ? onCpu(run.job, run.onCpu) : Promise.resolve(undefined)));
    await drive(
      runs.flatMap((run) => run.passenger() ?? []),
      pace,
    );
    for (const run of runs) await run.locate(pace);
  } catch (reason) {
    const fault = await lossOr(gpu, reason);
    for (const run of runs) run.fail(fault);
  } finally {
    for (const run of runs) run.destroy();
  }
  return Promise.all(runs.map(async (run, i) => (await elsewhere[i]) ?? run.end()));
}

/** One job on the device, from the choice of its lowering to its end. */
class DeviceRun {
  private flight: Flight | null = null;
  private failure: string | null = null;
  private program: Job['program'];
  private readonly note: string;
  /** Why WebAssembly makes this run; null where the device does. */
  onCpu: string | null = null;
  private readonly collector: Collector;
  private readonly runners: Runners;
  private lowering: Lowering = 'fused';
  private reason = '';
  private readonly startedAt: number;
  private elapsedMs = 0;

  constructor(
    private readonly gpu: Gpu,
    readonly job: Job,
    private readonly executor: DeviceChoice['executor'],
    private readonly options: GpuExecutorOptions,
    onChunk: RunOptions['onChunk'],
    breaks: Breaks,
  ) {
    this.startedAt = options.now();
    this.runners = options.runners(gpu);
    const { program, note } = deviceProgram(job.program, job.settings);
    this.program = program;
    this.note = note;
    this.collector = new Collector(this.expanded, onChunk, breaks);
  }

  private get expanded(): Job {
    return { ...this.job, program: this.program };
  }

  private get kind(): 'fused' | 'dispatched' {
    return this.lowering === 'dispatched' ? 'dispatched' : 'fused';
  }

  /** What the host computes of large matrices, with pauses for messages; false where it was stopped in one. */
  ahead(signal: AbortSignal | undefined): Promise<boolean> {
    return hostAhead(this.program, signal, pause);
  }

  /** A device that refuses this job does not keep the others from running. */
  async prepare(): Promise<void> {
    const { crossover } = this.options;
    const choice = await chooseLowering(this.program, this.executor, {
      crossover: crossover && (() => crossover(this.gpu)),
      starts: this.job.starts.length / Math.max(1, this.job.program.size),
      isProcessor: this.gpu.isProcessor,
    });
    const products = choice.kind === 'dispatched' ? productsInWords(this.gpu.products) : '';
    this.reason = [choice.reason, this.note, products].filter((sentence) => sentence).join(' ');
    if (choice.kind === 'wasm') {
      this.onCpu = choice.reason;
      return;
    }
    if (choice.kind === 'refused') {
      this.failure = choice.reason;
      return;
    }
    this.lowering = choice.kind;
    this.program = choice.program;
    try {
      this.flight = await this.runners[this.lowering].prepare(this.expanded);
    } catch (reason) {
      if (this.gpu.loss) throw reason;
      this.failure = messageOf(reason);
    }
  }

  passenger() {
    if (!this.flight) return null;
    const onRecords = async (records: Records) => {
      const isOver = await this.collector.take(records);
      this.elapsedMs = this.options.now() - this.startedAt;
      return isOver;
    };
    return { flight: this.flight, steps: this.job.steps, onRecords };
  }

  /** Where records are sparse, the last finite iterate lies between two of them: it is found by running again. */
  async locate(pace: DriveOptions): Promise<void> {
    const { trouble, lastStep } = this.collector;
    if (!trouble || this.failure) return;
    const { last, trouble: exact } = await locate(this.runners[this.lowering], this.expanded, lastStep, trouble, pace);
    if (last) await this.collector.keep(last, 1);
    this.collector.trouble = exact;
  }

  fail(message: string): void {
    if (this.status === 'stopped') this.failure ??= message; // what has ended has ended
  }

  destroy(): void {
    this.flight?.destroy();
  }

  private get status(): RunStatus {
    if (this.collector.trouble) return this.collector.trouble.status;
    return this.collector.lastStep >= lastRecord(this.job) && this.flight && this.flight.position >= this.job.steps
      ? 'finished'
      : 'stopped';
  }

  async end(): Promise<JobEnd> {
    const pseudoinverses = (await this.flight?.pseudoinverses) ?? [];
    const status = this.failure ? 'failed' : judged(this.status, this.collector.last, this.kind);
    const { lastStep, last, multiplier } = this.collector;
    const ending = { status, step: Math.max(0, lastStep), last, multiplier, program: this.job.program };
    const message = this.failure ?? endMessage(ending);
    return {
      job: this.job.id,
      status,
      ...(message && { message }),
      executor: this.kind,
      adapter: this.gpu.name,
      reason: this.reason,
      pseudoinverses: [...rowBases(this.job), ...pseudoinverses.filter(({ algorithm }) => algorithm !== 'row-basis')],
      elapsedMs: this.elapsedMs,
    };
  }
}

const lastRecord = ({ record }: Job): number => (record.length === 0 ? -1 : at(record, record.length - 1));

/** Matrices whose pseudoinverse `expand` has replaced by a basis of their rows: only the program as recorded still names them. */
function rowBases({ program }: Job): PseudoinverseReport[] {
  return pseudoinversesOf(program).flatMap(({ id, matrix, choice: { algorithm, reason } }) => {
    const { attributes } = at(program.values, id) as { attributes: { rank?: number; conditionNumber?: number } };
    const [rows = 0, columns = 0] = at(program.values, matrix).shape;
    const { rank = 0, conditionNumber = 1 } = attributes;
    return algorithm === 'row-basis' ? [{ rows, columns, rank, conditionNumber, algorithm, reason }] : [];
  });
}
