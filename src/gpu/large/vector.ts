/** A vector that lies in several buffers, written and read by its own indices. */
import { at, invariant } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import { USAGE } from '../kernels/usage.ts';
import type { Layout, Run } from './layout.ts';

/** Entries that travel at a time: copies of a whole vector on the host would take as much memory again. */
const SLICE = 1 << 22;

export class LargeVector {
  readonly entries: number;
  /** Of GPU memory. */
  readonly bytes: number;

  constructor(
    private readonly gpu: Gpu,
    private readonly layout: Layout,
    private readonly buffers: readonly GPUBuffer[],
  ) {
    this.entries = layout.entries;
    this.bytes = layout.buffers.reduce((sum, size) => sum + size, 0);
  }

  /** x[from + i] = values[i]. */
  write(from: number, values: Float32Array): void {
    invariant(from >= 0 && from + values.length <= this.entries, 'entries of the vector');
    this.eachPart(from, values.length, (run, first, count) => {
      const { buffer, offset } = this.placeOf(run, first);
      const bytes = values.byteOffset + 4 * (first - from);
      this.gpu.device.queue.writeBuffer(buffer, offset, values.buffer as ArrayBuffer, bytes, 4 * count);
    });
  }

  /** `count` entries from x[from] on, once all that was submitted is done. Rejects when the device is lost. */
  async read(from: number, count: number): Promise<Float32Array> {
    invariant(from >= 0 && from + count <= this.entries, 'entries of the vector');
    const values = new Float32Array(count);
    const staging = this.gpu.buffer('read back', 4 * Math.min(SLICE, count), USAGE.COPY_DST | USAGE.MAP_READ);
    try {
      for (let place = 0; place < count; place += SLICE) {
        const taken = Math.min(SLICE, count - place);
        const encoder = this.gpu.device.createCommandEncoder();
        this.eachPart(from + place, taken, (run, first, length) => {
          const { buffer, offset } = this.placeOf(run, first);
          encoder.copyBufferToBuffer(buffer, offset, staging, 4 * (first - from - place), 4 * length);
        });
        this.gpu.device.queue.submit([encoder.finish()]);
        values.set(new Float32Array(await this.gpu.read(staging, 4 * taken)), place);
      }
    } finally {
      this.gpu.release(staging);
    }
    return values;
  }

  /** The parts of the runs in [from, from + count), none longer than a slice. */
  private eachPart(from: number, count: number, visit: (run: Run, first: number, count: number) => void): void {
    const { runs } = this.layout;
    const end = from + count;
    for (let r = this.runAt(from); r < runs.length && at(runs, r).from < end; r++) {
      const run = at(runs, r);
      const last = Math.min(end, run.from + run.count);
      for (let first = Math.max(from, run.from); first < last; first += SLICE)
        visit(run, first, Math.min(SLICE, last - first));
    }
  }

  /** The run that holds an entry. */
  private runAt(entry: number): number {
    const { runs } = this.layout;
    let [low, high] = [0, runs.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (at(runs, middle).from <= entry) low = middle;
      else high = middle;
    }
    return low;
  }

  private placeOf({ window, block, from }: Run, entry: number): { buffer: GPUBuffer; offset: number } {
    const { buffer, offset } = at(this.layout.windows, window);
    return { buffer: at(this.buffers, buffer), offset: offset + 16 * block + 4 * (entry - from) };
  }
}
