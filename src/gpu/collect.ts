/** From what a device sends back to chunks: good iterates of the first start, graded in Float64, until the run goes wrong. */
import { at } from '../core/diagnostic.ts';
import { largestMultiplier } from '../core/run/end-message.ts';
import { Grader } from '../core/run/grade.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import type { KktPoint } from '../core/run/verdict.ts';
import { RecordLayout } from './record-layout.ts';
import type { Records, Trouble } from './runner.ts';

/** Where grading takes long, others have their turn, and whoever waits for it no more can say so. */
export interface Breaks {
  readonly pause: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export class Collector {
  /** Last step that was kept, −1 before the start. */
  lastStep = -1;
  /** The largest that the method keeps, at the last record. */
  multiplier = 0;
  /** How the run went wrong, and a step by which it had. */
  trouble: Trouble | null = null;
  readonly layout: RecordLayout;
  private readonly grader: Grader;

  constructor(
    private readonly job: Job,
    private readonly onChunk: (chunk: Chunk) => void,
    private readonly breaks: Breaks,
  ) {
    this.layout = new RecordLayout(job);
    this.grader = new Grader(job.measure, job.steps, 'float32');
  }

  /** The record graded last: what the verdict on the run is about. */
  get graded(): KktPoint | null {
    return this.grader.last;
  }

  /** Sends what is good on its way; true where the run ends here, or was stopped. */
  async take(records: Records): Promise<boolean> {
    const { good, trouble } = this.layout.judge(records);
    if (!(await this.keep(records, good))) return true;
    this.trouble = trouble;
    return trouble !== null;
  }

  /** Grades and sends the first `count` records, as many at once as take little time; false where it was stopped between them. */
  async keep(records: Records, count: number): Promise<boolean> {
    const { atOnce } = this.grader;
    for (let from = 0; from < count; from += atOnce) {
      if (from > 0) await this.breaks.pause();
      if (from > 0 && this.isStopped()) return false;
      if (!(await this.send(records, from, Math.min(count, from + atOnce)))) return false;
    }
    return true;
  }

  private readonly isStopped = (): boolean => this.breaks.signal?.aborted ?? false;

  private async send({ steps, data }: Records, from: number, to: number): Promise<boolean> {
    const kept = steps.slice(from, to);
    const columns = this.layout.fields.map((field) => {
      const column = new Float64Array(kept.length * field.size);
      for (let k = from; k < to; k++) column.set(this.layout.read(data, k, field), (k - from) * field.size);
      return [field.name, column] as const;
    });
    const [[, iterates] = ['x', new Float64Array(0)], ...states] = columns;
    const measures = await this.grader.gradeUnless(this.isStopped, this.breaks.pause, kept, iterates);
    if (!measures) return false;
    this.lastStep = at(kept, kept.length - 1);
    const chunk: Chunk = { job: this.job.id, steps: kept, iterates, states: Object.fromEntries(states), measures };
    this.multiplier = largestMultiplier(chunk);
    this.onChunk(chunk);
    return true;
  }
}
