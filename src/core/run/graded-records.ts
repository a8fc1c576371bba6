/** Records on their way out: graded in slices that take little time each, and sent as chunks. */

import { breathing } from '../stages.ts';
import { StepBudget } from './budget.ts';
import { largestMultiplier } from './end-message.ts';
import { Grader, recordsAtOnce } from './grade.ts';
import type { Chunk, Job } from './run.ts';
import type { KKT_TOLERANCE, KktPoint } from './verdict.ts';

/** Where grading takes long, others have their turn, and whoever waits for it no more can say so. */
export interface Breaks {
  /** Milliseconds from any fixed moment. */
  readonly now: () => number;
  /** Resolves after other work, such as a message, had its turn. */
  readonly pause: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Some records: what they hold from one on, up to another. */
export type ReadRecords = (from: number, to: number) => Pick<Chunk, 'steps' | 'iterates' | 'states'>;

/** Time aimed at for the records of one chunk, and the longest without a turn of others, in milliseconds. */
const CHUNK_MS = 30;
/** At most so many records are sent at a time. */
const CHUNK_RECORDS = 2000;

export class GradedRecords {
  /** Last step that was sent, −1 before the start. */
  lastStep = -1;
  /** The largest multiplier that the method keeps, at that record. */
  multiplier = 0;
  private readonly grader: Grader;
  private readonly budget: StepBudget;
  private readonly breathe: () => Promise<void>;

  constructor(
    private readonly job: Job,
    precision: keyof typeof KKT_TOLERANCE,
    private readonly onChunk: (chunk: Chunk) => void,
    private readonly breaks: Breaks,
  ) {
    this.grader = new Grader(job.measure, job.steps, precision);
    this.budget = new StepBudget(CHUNK_MS, CHUNK_RECORDS, Math.min(CHUNK_RECORDS, recordsAtOnce(job.measure)));
    this.breathe = breathing(breaks.now, breaks.pause, CHUNK_MS);
  }

  /** The record graded last: what the verdict on the run is about. */
  get last(): KktPoint | null {
    return this.grader.last;
  }

  /** So many records are expected to be graded in a moment. */
  get atOnce(): number {
    return this.budget.steps;
  }

  /** Grades and sends `count` records; false where it was stopped between them, which keeps those that were sent. */
  async send(count: number, read: ReadRecords): Promise<boolean> {
    const { now } = this.breaks;
    for (let from = 0; from < count; ) {
      if (from > 0) await this.breathe();
      if (from > 0 && this.isStopped()) return false;
      const to = Math.min(count, from + this.budget.steps);
      const began = now();
      const records = read(from, to);
      const measures = await this.grader.gradeUnless(this.isStopped, this.breathe, records.steps, records.iterates);
      if (!measures) return false;
      this.budget.observe(to - from, now() - began);
      this.lastStep = records.steps.at(-1) ?? this.lastStep;
      this.multiplier = largestMultiplier(records);
      this.onChunk({ job: this.job.id, ...records, measures });
      from = to;
    }
    return true;
  }

  private readonly isStopped = (): boolean => this.breaks.signal?.aborted ?? false;
}
