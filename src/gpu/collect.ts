/** From what a device sends back to chunks: good iterates of the first start, graded in Float64, until the run goes wrong. */
import { at } from '../core/diagnostic.ts';
import { largestMultiplier } from '../core/run/end-message.ts';
import { Grader } from '../core/run/grade.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import type { KktPoint } from '../core/run/verdict.ts';
import { RecordLayout } from './record-layout.ts';
import type { Records, Trouble } from './runner.ts';

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
  ) {
    this.layout = new RecordLayout(job);
    this.grader = new Grader(job.measure, job.steps, 'float32');
  }

  /** The record graded last: what the verdict on the run is about. */
  get graded(): KktPoint | null {
    return this.grader.last;
  }

  /** Sends what is good on its way; true where the run ends here. */
  take(records: Records): boolean {
    const { good, trouble } = this.layout.judge(records);
    this.keep(records, good);
    this.trouble = trouble;
    return trouble !== null;
  }

  /** Grades and sends the first `count` records. */
  keep({ steps, data }: Records, count: number): void {
    if (count === 0) return;
    const kept = steps.slice(0, count);
    const columns = this.layout.fields.map((field) => {
      const column = new Float64Array(count * field.size);
      for (let k = 0; k < count; k++) column.set(this.layout.read(data, k, field), k * field.size);
      return [field.name, column] as const;
    });
    const [[, iterates] = ['x', new Float64Array(0)], ...states] = columns;
    this.lastStep = at(kept, count - 1);
    const measures = this.grader.grade(kept, iterates);
    const chunk: Chunk = { job: this.job.id, steps: kept, iterates, states: Object.fromEntries(states), measures };
    this.multiplier = largestMultiplier(chunk);
    this.onChunk(chunk);
  }
}
