/** One command buffer and one read-back for the submits of several runs: each by itself, they would wait for as many round trips. */
import type { Gpu } from './device.ts';
import { USAGE } from './kernels/usage.ts';

interface Wanted {
  readonly from: GPUBuffer;
  readonly bytes: number;
}

/** Runs add their commands and what they read back; once it is sent, nothing more. */
export class Convoy {
  readonly encoder: GPUCommandEncoder;
  private readonly wanted: Wanted[] = [];
  private readonly last: (() => void)[] = [];
  private size = 0;
  private readonly sent: Promise<ArrayBuffer>;
  private tellSent: (bytes: Promise<ArrayBuffer>) => void = () => {};

  constructor(private readonly gpu: Gpu) {
    this.encoder = gpu.device.createCommandEncoder({ label: 'convoy' });
    this.sent = new Promise((resolve) => {
      this.tellSent = resolve;
    });
    this.sent.catch(() => {}); // those that wait for their part tell
  }

  /** Adds commands that are known only once all runs have joined. */
  add(encode: () => void): void {
    this.last.push(encode);
  }

  /** The first `bytes` (a multiple of 4) of each buffer, one after the other, as they are after the commands added so far. */
  async read(buffers: readonly Wanted[]): Promise<ArrayBuffer> {
    const begin = this.size;
    for (const one of buffers) {
      this.wanted.push(one);
      this.size += one.bytes;
    }
    const end = this.size;
    return (await this.sent).slice(begin, end);
  }

  /** Submits all. */
  send(): void {
    for (const encode of this.last) encode();
    const { gpu, encoder, wanted, size } = this;
    const staging = gpu.buffer('convoy', size, USAGE.MAP_READ | USAGE.COPY_DST);
    let to = 0;
    for (const { from, bytes } of wanted) {
      if (bytes > 0) encoder.copyBufferToBuffer(from, 0, staging, to, bytes);
      to += bytes;
    }
    gpu.device.queue.submit([encoder.finish()]);
    this.tellSent(gpu.read(staging, size).finally(() => gpu.release(staging)));
  }
}
