/** Where the numbers of a record lie, and whether they are still good. */
import { at } from '../core/diagnostic.ts';
import { DIVERGENCE_BOUND, type Job } from '../core/run/run.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import type { Records, Trouble } from './runner.ts';

/** One output of a program within a record. */
export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

export class RecordLayout {
  /** The outputs; the first is x. */
  readonly fields: readonly Field[];
  private readonly width: number;
  private readonly starts: number;

  constructor({ program, starts }: Pick<Job, 'program' | 'starts'>) {
    let width = 0;
    this.fields = program.outputs.map(({ name, value }) => {
      const size = sizeOf(at(program.values, value).shape);
      width += size;
      return { name, offset: width - size, size };
    });
    this.width = width;
    this.starts = starts.length / Math.max(1, program.size) || 1;
  }

  /** Entries of one field of one record, of the first start. */
  read(data: Float32Array, record: number, { offset, size }: Pick<Field, 'offset' | 'size'>): Float64Array {
    const first = (record * this.width + offset) * this.starts;
    return Float64Array.from({ length: size }, (_, k) => at(data, first + k * this.starts));
  }

  /** The record alone. */
  only({ steps, data, trouble }: Records, record: number): Records {
    const length = this.width * this.starts;
    return { steps: [at(steps, record)], data: data.slice(record * length, (record + 1) * length), trouble };
  }

  /** How many records precede the trouble, and what it is. Looked at again here: a kernel may miss NaN. */
  judge({ steps, data, trouble }: Records): { readonly good: number; readonly trouble: Trouble | null } {
    for (let k = 0; k < steps.length; k++) {
      const step = at(steps, k);
      if (trouble && step >= trouble.step && !isStart(step, trouble)) return { good: k, trouble };
      const seen = this.troubleAt(data, step, k);
      if (seen) return { good: k, trouble: seen };
    }
    return { good: steps.length, trouble };
  }

  private troubleAt(data: Float32Array, step: number, record: number): Trouble | null {
    const numbers = this.read(data, record, { offset: 0, size: this.width });
    if (!numbers.every(Number.isFinite)) return { status: 'non-finite', step };
    const x = numbers.subarray(0, this.fields[0]?.size ?? 0);
    const trouble: Trouble = { status: 'diverged', step };
    return !isStart(step, trouble) && x.some((entry) => Math.abs(entry) > DIVERGENCE_BOUND) ? trouble : null;
  }
}

/** A start beyond the bound is kept, as in Float64: it diverged before the first step. */
const isStart = (step: number, { status }: Trouble): boolean => step === 0 && status === 'diverged';
