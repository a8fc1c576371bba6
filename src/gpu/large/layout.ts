/** Where the entries of a long vector lie: in buffers and bindings no longer than a device allows. Pure: made without a device. */
import { at, fault, type Result, success } from '../../core/diagnostic.ts';

/** What a device allows, in bytes. */
export interface Allowed {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}

/** A part of a buffer that is bound as a whole: blocks of four entries. */
export interface Window {
  readonly buffer: number;
  /** Bytes. */
  readonly offset: number;
  readonly blocks: number;
  /** Groups that lie in this window as a whole: first block and number of entries of each, and which group of all it is. */
  readonly extents: readonly number[];
  readonly groups: readonly number[];
  /** Pieces of longer groups: first block, blocks, entries, and which of the long groups. */
  readonly pieces: readonly number[];
}

/** Entries that follow each other in the vector and in memory. */
export interface Run {
  readonly from: number;
  readonly count: number;
  readonly window: number;
  readonly block: number;
}

export interface Layout {
  readonly entries: number;
  /** Bytes of each buffer. */
  readonly buffers: readonly number[];
  readonly windows: readonly Window[];
  readonly runs: readonly Run[];
  /** Groups that lie in pieces, in their order. */
  readonly long: readonly number[];
}

export interface LayoutOptions {
  /** Longer groups are cut in pieces. */
  readonly longestWhole: number;
  /** A multiple of four. */
  readonly longestPiece: number;
  /** How many buffers of the largest size are taken at most. */
  readonly mostBuffers?: number;
}

/** Offsets of bindings are multiples of this many bytes on every device. */
const ALIGNMENT = 256;
const BLOCK_BYTES = 16;
/** What a page may take of somebody's machine: so many times the largest buffer. */
const MOST_BUFFERS = 4;

const blocksOf = (entries: number): number => Math.ceil(entries / 4);
const counted = (value: number): string => value.toLocaleString('en-US');

/**
 * Groups of `lengths` entries, one after the other. Each begins with a block of four and is filled up with zeros to whole blocks. A group
 * of at most `longestWhole` entries lies in one binding; others are cut in pieces of at most `longestPiece` entries.
 * What does not fit is refused with the bytes that it needs and the bytes that there are.
 */
export function layOut(lengths: ArrayLike<number>, allowed: Allowed, options: LayoutOptions): Result<Layout> {
  const bufferBlocks = blocksWithin(allowed.maxBufferSize);
  const windowBlocks = Math.min(bufferBlocks, blocksWithin(allowed.maxStorageBufferBindingSize));
  const { mostBuffers = MOST_BUFFERS } = options;
  let [entries, blocks] = [0, 0];
  for (let g = 0; g < lengths.length; g++) {
    const length = at(lengths, g);
    if (!Number.isInteger(length) || length < 1)
      return fault(`Group ${g} has ${length} entries; each group needs a whole number of them, at least one.`);
    entries += length;
    blocks += blocksOf(length);
  }
  const [needed, offered] = [BLOCK_BYTES * blocks, mostBuffers * BLOCK_BYTES * bufferBlocks];
  if (needed > offered)
    return fault(
      `A vector of ${counted(entries)} entries needs ${counted(needed)} bytes on the GPU. This adapter allows buffers of ${counted(allowed.maxBufferSize)} bytes, and at most ${mostBuffers} of them are taken: ${counted(offered)} bytes. Take fewer entries, or a GPU with more memory.`,
    );
  return success(new Placing(lengths, bufferBlocks, windowBlocks, options).layout(entries));
}

const blocksWithin = (bytes: number): number => Math.floor(bytes / ALIGNMENT) * (ALIGNMENT / BLOCK_BYTES);

interface OpenWindow extends Window {
  blocks: number;
  readonly extents: number[];
  readonly groups: number[];
  readonly pieces: number[];
}

/** Fills one window after the other. */
class Placing {
  private readonly buffers: number[] = [];
  private readonly windows: OpenWindow[] = [];
  private readonly runs: { from: number; count: number; window: number; block: number }[] = [];
  private readonly long: number[] = [];
  private from = 0;

  constructor(
    private readonly lengths: ArrayLike<number>,
    private readonly bufferBlocks: number,
    private readonly windowBlocks: number,
    private readonly options: LayoutOptions,
  ) {}

  layout(entries: number): Layout {
    const longestWhole = Math.min(this.options.longestWhole, 4 * this.windowBlocks);
    for (let group = 0; group < this.lengths.length; group++) {
      const length = at(this.lengths, group);
      if (length <= longestWhole) this.placeWhole(group, length);
      else this.placePieces(group, length);
    }
    const { buffers, windows, runs, long } = this;
    return { entries, buffers, windows, runs, long };
  }

  private placeWhole(group: number, length: number): void {
    const window = this.windowFor(blocksOf(length));
    window.extents.push(window.blocks, length);
    window.groups.push(group);
    this.take(window, length);
  }

  private placePieces(group: number, length: number): void {
    const index = this.long.push(group) - 1;
    for (let left = length; left > 0; ) {
      const window = this.windowFor(1);
      const inBuffer = this.bufferBlocks - this.end(window) / BLOCK_BYTES;
      const room = Math.min(this.windowBlocks - window.blocks, inBuffer);
      const count = Math.min(left, this.options.longestPiece, 4 * room);
      window.pieces.push(window.blocks, blocksOf(count), count, index);
      this.take(window, count);
      left -= count;
    }
  }

  /** The last window if it has so many blocks left, else a new one: after it in its buffer if there is room, else in a new buffer. */
  private windowFor(blocks: number): OpenWindow {
    const last = this.windows.at(-1);
    if (last && last.blocks + blocks <= this.windowBlocks && this.end(last) + blocks * BLOCK_BYTES <= this.bufferBytes)
      return last;
    const offset = last ? Math.ceil(this.end(last) / ALIGNMENT) * ALIGNMENT : 0;
    const isRoom = last && offset + blocks * BLOCK_BYTES <= this.bufferBytes;
    if (!isRoom) this.buffers.push(0);
    const window = {
      buffer: this.buffers.length - 1,
      offset: isRoom ? offset : 0,
      blocks: 0,
      extents: [],
      groups: [],
      pieces: [],
    };
    this.windows.push(window);
    return window;
  }

  private get bufferBytes(): number {
    return this.bufferBlocks * BLOCK_BYTES;
  }

  private end = ({ offset, blocks }: Window): number => offset + blocks * BLOCK_BYTES;

  private take(window: OpenWindow, count: number): void {
    const index = this.windows.length - 1;
    const last = this.runs.at(-1);
    const isNext = last?.window === index && 4 * last.block + last.count === 4 * window.blocks;
    if (last && isNext) last.count += count;
    else this.runs.push({ from: this.from, count, window: index, block: window.blocks });
    this.from += count;
    window.blocks += blocksOf(count);
    this.buffers[window.buffer] = this.end(window);
  }
}
