/** The Float64 executor: runs everywhere, by default on the interpreter, and checks the others. Clock and pauses are arguments, so that core has none. */
import { at } from '../diagnostic.ts';
import { chooseAlgorithm } from '../program/expand.ts';
import { hostAhead } from '../program/host.ts';
import { StepBudget } from './budget.ts';
import { endMessage } from './end-message.ts';
import { interpreted, type Opened, type OpenRun, toldBy } from './float64-machine.ts';
import { type Breaks, GradedRecords } from './graded-records.ts';
import {
  DIVERGENCE_BOUND,
  type Executor,
  type Job,
  type JobEnd,
  type PseudoinverseReport,
  type RunOptions,
  type RunStatus,
} from './run.ts';
import { judged, type KktPoint } from './verdict.ts';

export interface Surroundings extends Omit<Breaks, 'signal'> {
  /** Why it runs, for the badge. */
  readonly reason: string;
  /** What makes the steps; the interpreter where nothing is said. */
  readonly open?: OpenRun;
}

export function createReferenceExecutor({ now, pause, reason, open = interpreted }: Surroundings): Executor {
  return {
    async run(jobs, options) {
      for (const { program } of jobs)
        if (!(await hostAhead(program, options.signal, pause))) return jobs.map((job) => notBegun(job, reason));
      const runs = jobs.map((job) => ({
        job,
        run: new Float64Run(job, options, open, { now, pause, signal: options.signal }),
        budget: new StepBudget(), // its own: what is cheap in one run may be dear in the next
        startedAt: now(),
      }));
      const ends = new Map<number, JobEnd>();
      // All runs advance together, a slice each in turn, so that they can be compared while they run.
      while (ends.size < runs.length) {
        for (const { job, run, budget, startedAt } of runs) {
          if (ends.has(job.id)) continue;
          const began = now();
          const before = run.t;
          const outcome = options.signal?.aborted ? 'stopped' : run.advance(budget.steps);
          if (run.t > before) budget.observe(run.t - before, now() - began);
          const status = (await run.send()) ? outcome : 'stopped';
          if (!status) continue;
          run.opened.release();
          ends.set(job.id, endOf(job, run, judged(status, run.last, run.opened.executor), now() - startedAt, reason));
        }
        await pause();
      }
      return jobs.map(({ id }) =>
        at(
          [ends.get(id)].filter((end) => end !== undefined),
          0,
        ),
      );
    },
  };
}

/** Stopped while its matrices were factorised. */
const notBegun = ({ id }: Job, reason: string): JobEnd => ({
  job: id,
  status: 'stopped',
  executor: 'reference',
  adapter: 'none',
  reason,
  pseudoinverses: [],
  elapsedMs: 0,
});

/** One job on a machine in Float64: makes steps, keeps records, hands them out graded. */
class Float64Run {
  readonly opened: Opened;
  private readonly graded: GradedRecords;
  private readonly pending: { step: number; outputs: Float64Array[] }[] = [];
  private cursor = 0;
  private lastKept = -1;

  constructor(
    private readonly job: Job,
    { onChunk }: RunOptions,
    open: OpenRun,
    breaks: Breaks,
  ) {
    this.opened = open(job.program, job.starts.subarray(0, job.program.size), job.settings);
    this.graded = new GradedRecords(job, 'float64', onChunk, breaks);
  }

  /** The record graded last. */
  get last(): KktPoint | null {
    return this.graded.last;
  }

  /** The largest that the method keeps, at the last record. */
  get multiplier(): number {
    return this.graded.multiplier;
  }

  get t(): number {
    return this.opened.steps.t;
  }

  /** The last step whose iterate was handed out. */
  get lastStep(): number {
    return Math.max(0, this.graded.lastStep);
  }

  /** Up to `steps` steps, fewer where their records take long to grade; the status once the run has ended. */
  advance(steps: number): RunStatus | null {
    const mayKeep = this.graded.atOnce;
    this.keepIfWanted();
    const end = Math.min(this.t + steps, this.job.steps);
    while (this.t < end && this.pending.length < mayKeep) {
      const record = this.job.record[this.cursor] ?? end;
      const outcome = this.opened.steps.advance(Math.min(record, end) - this.t, DIVERGENCE_BOUND);
      if (outcome !== 'moved') {
        if (this.lastKept !== this.t) this.keep(); // the last finite iterate
        return outcome;
      }
      if (!this.keepIfWanted()) return 'diverged';
    }
    return this.t >= this.job.steps ? 'finished' : null;
  }

  /** Grades and hands out what was kept since the last time; false where it was stopped in that. */
  send(): Promise<boolean> {
    const records = this.pending.splice(0);
    const column = (from: number, to: number, output: number) =>
      joined(records.slice(from, to).map(({ outputs }) => at(outputs, output)));
    return this.graded.send(records.length, (from, to) => ({
      steps: records.slice(from, to).map(({ step }) => step),
      iterates: column(from, to, 0),
      states: Object.fromEntries(
        this.job.program.outputs.slice(1).map(({ name }, i) => [name, column(from, to, i + 1)] as const),
      ),
    }));
  }

  /** False where x is beyond the bound: steps look at θ and v, not at the x computed from them. */
  private keepIfWanted(): boolean {
    if (this.job.record[this.cursor] !== this.t) return true;
    this.cursor += 1;
    return this.keep();
  }

  /** Any start is kept. */
  private keep(): boolean {
    const outputs = this.opened.steps.outputs().map((numbers) => numbers.slice());
    if (this.t > 0 && at(outputs, 0).some((entry) => Math.abs(entry) > DIVERGENCE_BOUND)) return false;
    this.lastKept = this.t;
    this.pending.push({ step: this.t, outputs });
    return true;
  }
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  const length = arrays[0]?.length ?? 0;
  const result = new Float64Array(arrays.length * length);
  arrays.forEach((array, i) => result.set(array, i * length));
  return result;
}

function endOf(
  job: Job,
  { t, lastStep, last, multiplier, opened }: Float64Run,
  status: RunStatus,
  elapsedMs: number,
  reason: string,
): JobEnd {
  const step = status === 'diverged' || status === 'stopped' ? lastStep : t;
  const message = endMessage({ status, step, last, multiplier, program: job.program });
  return {
    job: job.id,
    status,
    ...toldBy(opened, reason),
    elapsedMs,
    pseudoinverses: referencePseudoinverses(job),
    ...(message && { message }),
  };
}

function referencePseudoinverses({ program }: Job): PseudoinverseReport[] {
  return program.values.flatMap((value) => {
    if (value.op !== 'pinv' || value.attributes.rank === undefined) return [];
    const [rows = 0, columns = 0] = at(program.values, value.args[0]).shape;
    const { reason } = chooseAlgorithm(rows, columns, value.attributes);
    const onGpu = `Singular value decomposition in Float64. On the GPU: ${reason}`;
    return [
      {
        rows,
        columns,
        rank: value.attributes.rank,
        conditionNumber: value.attributes.conditionNumber ?? 1,
        algorithm: 'host' as const,
        reason: onGpu,
      },
    ];
  });
}
