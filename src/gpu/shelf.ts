/** Buffers and what was made for them, kept from one use to the next of the same shape: to make them takes longer than a small run. */
import { at } from '../core/diagnostic.ts';
import type { Gpu } from './device.ts';

/** Idle memory that a page may hold on a visitor's GPU, for all that is kept on one shelf. Larger kits take longer to fill than to make. */
const MOST_BYTES = 32 << 20;
const MOST_KIT_BYTES = 4 << 20;
const MOST_KITS = 32;

export interface Kit {
  readonly buffers: readonly GPUBuffer[];
}

/** Kits that nobody uses. One in use belongs to its user alone, who puts it back, or releases its buffers. */
export class Shelf<K extends Kit> {
  private readonly idle: { readonly key: string; readonly kit: K }[] = [];

  constructor(private readonly gpu: Gpu) {}

  /** The kit that was put back last under this key, or null. Its buffers hold what its last user left in them. */
  take(key: string): K | null {
    const index = this.idle.findLastIndex((one) => one.key === key);
    if (index < 0) return null;
    const [{ kit }] = this.idle.splice(index, 1) as [(typeof this.idle)[number]];
    for (const buffer of kit.buffers) this.gpu.wake(buffer);
    return kit;
  }

  /** Those that were put back long ago go when there are too many. */
  putBack(key: string, kit: K): void {
    if (bytesOf(kit) > MOST_KIT_BYTES) {
      for (const buffer of kit.buffers) this.gpu.release(buffer);
      return;
    }
    for (const buffer of kit.buffers) this.gpu.rest(buffer);
    this.idle.push({ key, kit });
    while (this.idle.length > MOST_KITS || this.bytes > MOST_BYTES) {
      const { kit: oldest } = at(this.idle, 0);
      this.idle.shift();
      for (const buffer of oldest.buffers) {
        this.gpu.wake(buffer);
        this.gpu.release(buffer);
      }
    }
  }

  private get bytes(): number {
    return this.idle.reduce((sum, { kit }) => sum + bytesOf(kit), 0);
  }
}

const bytesOf = ({ buffers }: Kit): number => buffers.reduce((sum, { size }) => sum + size, 0);
