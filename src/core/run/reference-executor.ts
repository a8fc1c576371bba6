/** The Float64 executor: runs everywhere, by default on the interpreter, and checks the others. Clock and pauses are arguments, so that core has none. */
import { at } from '../diagnostic.ts';
import { chooseAlgorithm } from '../program/expand.ts';
import { hostAhead } from '../program/host.ts';
import { StepBudget } from './budget.ts';
import { endMessage, largestMultiplier } from './end-message.ts';
import { interpreted, type Opened, type OpenRun, toldBy } from './float64-machine.ts';
import { Grader } from './grade.ts';
import {
  type Chunk,
  DIVERGENCE_BOUND,
  type Executor,
  type Job,
  type JobEnd,
  type PseudoinverseReport,
  type RunOptions,
  type RunStatus,
} from './run.ts';
import { judged, type KktPoint } from './verdict.ts';

export interface Surroundings {
  /** Milliseconds from any fixed moment. */
  readonly now: () => number;
  /** Resolves after other work, such as a message, had its turn. */
  readonly pause: () => Promise<void>;
  /** Why it runs, for the badge. */
  readonly reason: string;
  /** What makes the steps; the interpreter where nothing is said. */
  readonly open?: OpenRun;
}

/** At most so many records are graded and sent at a time. */
const CHUNK_RECORDS = 2000;

export function createReferenceExecutor({ now, pause, reason, open = interpreted }: Surroundings): Executor {
  return {
    async run(jobs, options) {
      for (const { program } of jobs)
        if (!(await hostAhead(program, options.signal, pause))) return jobs.map((job) => notBegun(job, reason));
      const runs = jobs.map((job) => ({
        job,
        run: new Float64Run(job, options, open),
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
          const status = options.signal?.aborted ? 'stopped' : run.advance(budget.steps);
          budget.observe(run.t - before, now() - began);
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
  /** The largest that the method keeps, at the last record. */
  multiplier = 0;
  private readonly grader: Grader;
  private readonly pending: { step: number; outputs: Float64Array[] }[] = [];
  private cursor = 0;
  private lastKept = -1;

  constructor(
    private readonly job: Job,
    private readonly options: RunOptions,
    open: OpenRun,
  ) {
    this.opened = open(job.program, job.starts.subarray(0, job.program.size), job.settings);
    this.grader = new Grader(job.measure, job.steps);
  }

  /** The record graded last. */
  get last(): KktPoint | null {
    return this.grader.last;
  }

  get t(): number {
    return this.opened.steps.t;
  }

  /** The last step whose iterate is good, once the run has ended by itself: it is kept. */
  get lastGood(): number {
    return this.lastKept;
  }

  /** Up to `steps` steps; the status once the run has ended. */
  advance(steps: number): RunStatus | null {
    this.keepIfWanted();
    const end = Math.min(this.t + steps, this.job.steps);
    while (this.t < end) {
      const record = this.job.record[this.cursor] ?? end;
      const outcome = this.opened.steps.advance(Math.min(record, end) - this.t, DIVERGENCE_BOUND);
      if (outcome !== 'moved') {
        if (this.lastKept !== this.t) this.keep(); // the last finite iterate
        this.flush();
        return outcome;
      }
      if (!this.keepIfWanted()) {
        this.flush();
        return 'diverged';
      }
    }
    this.flush();
    return this.t >= this.job.steps ? 'finished' : null;
  }

  /** False where x is beyond the bound: steps look at θ and v, not at the x computed from them. */
  private keepIfWanted(): boolean {
    if (this.job.record[this.cursor] !== this.t) return true;
    this.cursor += 1;
    const isKept = this.keep();
    if (this.pending.length >= CHUNK_RECORDS) this.flush();
    return isKept;
  }

  /** Any start is kept. */
  private keep(): boolean {
    const outputs = this.opened.steps.outputs().map((numbers) => numbers.slice());
    if (this.t > 0 && at(outputs, 0).some((entry) => Math.abs(entry) > DIVERGENCE_BOUND)) return false;
    this.lastKept = this.t;
    this.pending.push({ step: this.t, outputs });
    return true;
  }

  private flush(): void {
    const records = this.pending.splice(0);
    if (records.length === 0) return;
    const steps = records.map(({ step }) => step);
    const column = (output: number) => joined(records.map(({ outputs }) => at(outputs, output)));
    const iterates = column(0);
    const states = Object.fromEntries(
      this.job.program.outputs.slice(1).map(({ name }, i) => [name, column(i + 1)] as const),
    );
    const chunk: Chunk = { job: this.job.id, steps, iterates, states, measures: this.grader.grade(steps, iterates) };
    this.multiplier = largestMultiplier(chunk);
    this.options.onChunk(chunk);
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
  { t, lastGood, last, multiplier, opened }: Float64Run,
  status: RunStatus,
  elapsedMs: number,
  reason: string,
): JobEnd {
  const step = status === 'diverged' ? lastGood : t;
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
