/** From what a device sends back to chunks: good iterates of the first start, graded in Float64, until the run goes wrong. */
import { type Breaks, GradedRecords } from '../core/run/graded-records.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import type { KktPoint } from '../core/run/verdict.ts';
import { RecordLayout } from './record-layout.ts';
import type { Records, Trouble } from './runner.ts';

export class Collector {
  /** How the run went wrong, and a step by which it had. */
  trouble: Trouble | null = null;
  readonly layout: RecordLayout;
  private readonly graded: GradedRecords;

  constructor(job: Job, onChunk: (chunk: Chunk) => void, breaks: Breaks) {
    this.layout = new RecordLayout(job);
    this.graded = new GradedRecords(job, 'float32', onChunk, breaks);
  }

  /** The record graded last: what the verdict on the run is about. */
  get last(): KktPoint | null {
    return this.graded.last;
  }

  /** Last step that was kept, −1 before the start. */
  get lastStep(): number {
    return this.graded.lastStep;
  }

  /** The largest that the method keeps, at the last record. */
  get multiplier(): number {
    return this.graded.multiplier;
  }

  /** Sends what is good on its way; true where the run ends here, or was stopped. */
  async take(records: Records): Promise<boolean> {
    const { good, trouble } = this.layout.judge(records);
    if (!(await this.keep(records, good))) return true;
    this.trouble = trouble;
    return trouble !== null;
  }

  /** Grades and sends the first `count` records; false where it was stopped between them. */
  keep({ steps, data }: Records, count: number): Promise<boolean> {
    return this.graded.send(count, (from, to) => {
      const kept = steps.slice(from, to);
      const columns = this.layout.fields.map((field) => {
        const column = new Float64Array(kept.length * field.size);
        for (let k = from; k < to; k++) column.set(this.layout.read(data, k, field), (k - from) * field.size);
        return [field.name, column] as const;
      });
      const [[, iterates] = ['x', new Float64Array(0)], ...states] = columns;
      return { steps: kept, iterates, states: Object.fromEntries(states) };
    });
  }
}
