/** Projections of vectors of millions of entries that stay on the GPU: on a fixed mask, on tied groups, on sums of groups. */
import { at, type Diagnostic, failure, type Result } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import {
  type Bound,
  type Dispatch,
  dispatch,
  type ReadyDispatch,
  readyDispatches,
  submitAll,
} from '../kernels/dispatch.ts';
import { projectGroupsHeld } from '../kernels/held-groups.ts';
import {
  groupShifts,
  LANES,
  maskEntries,
  pieceSums,
  projectGroups,
  projectGroupsShared,
  shiftPieces,
} from '../kernels/large.ts';
import { RESIDENT } from '../kernels/usage.ts';
import { type Allowed, type Layout, layOut, type Window } from './layout.ts';
import { planSums } from './sums.ts';
import { LargeVector } from './vector.ts';

/**
 * What a vector x of n entries is projected on; groups are disjoint, lie one after the other and cover x.
 * - `mask`: {x : xᵢ = 0 where bit i % 32 of keeps[⌊i / 32⌋] is 0}, the nearest point x ∘ keeps.
 * - `sums`: {x : Σ x_g = c_g}, the nearest point x_g + (c_g − Σ x_g) / |g|. One group is one sum constraint.
 * - `tied`: {x : entries of a group are equal}, the nearest point has the mean of each group.
 * Source: Parikh & Boyd 2014, Proximal Algorithms, §6.2.
 */
export type LargeSet =
  | { readonly kind: 'mask'; readonly entries: number; readonly keeps: Uint32Array }
  | { readonly kind: 'sums'; readonly lengths: ArrayLike<number>; readonly targets: ArrayLike<number> }
  | { readonly kind: 'tied'; readonly lengths: ArrayLike<number> };

export interface LargeOptions {
  /** Instead of the device's own limits. */
  readonly allowed?: Allowed;
  readonly mostBuffers?: number;
  /** Who sums a short group; chosen by the device where nothing is said. */
  readonly team?: 'lanes' | 'invocation';
  /** Blocks of a group that an invocation keeps at most between its sum and the update; 0: each is loaded twice. */
  readonly mostHeld?: number;
  /** Longer groups are summed in pieces, by many workgroups. */
  readonly longestWhole?: number;
  readonly longestPiece?: number;
}

export interface LargeProjection {
  readonly vector: LargeVector;
  /** Submits one projection of the vector; resolved by the next read of it. */
  project(): void;
  destroy(): void;
}

/** A group is summed by one team of lanes, or by one invocation, up to here. */
const LONGEST_WHOLE = 1 << 15;
/** Lanes of teams, and the least entries for each lane: fewer would leave lanes idle. */
const TEAMS = [64, 16] as const;
const LEAST_PER_LANE = 8;
/**
 * Blocks of a group that an invocation keeps until its sum is known: in registers, or in the cache of a processor that stands in for a GPU,
 * where more would take seconds to compile.
 */
const MOST_HELD = { processor: 32, gpu: 8 } as const;
/** 64 lanes of 64 blocks. */
const LONGEST_PIECE = 4 * LANES * 64;

/**
 * The vector, all zeros, and what projects it, or why it does not fit: how many bytes it takes and what the adapter allows.
 * Accuracy in float32: Σ x_g is off by at most |g| roundings of an entry for a group that is summed whole; a longer group by those
 * of the last entries of its lanes, some √|g| in all, because roundings are passed on from entry to entry.
 * Memory: 4 n bytes, and some thousandths of it for tables (8 bytes a group; n / 8 for a mask).
 */
export async function openLargeProjection(
  gpu: Gpu,
  set: LargeSet,
  options: LargeOptions = {},
): Promise<Result<LargeProjection>> {
  const wrong = whyBad(set);
  if (wrong) return failure(wrong);
  const team = teamOf(gpu, options);
  const laid = layOut(set.kind === 'mask' ? [set.entries] : set.lengths, options.allowed ?? gpu.limits, {
    longestWhole: options.longestWhole ?? LONGEST_WHOLE,
    longestPiece: options.longestPiece ?? LONGEST_PIECE,
    ...(options.mostBuffers !== undefined && { mostBuffers: options.mostBuffers }),
  });
  if (!laid.ok) return laid;
  const bytes = laid.value.buffers.reduce((sum, size) => sum + size, 0);
  return gpu.guarded(`A vector of ${bytes.toLocaleString('en-US')} bytes`, async () => {
    const making = new Making(gpu, laid.value);
    try {
      if (set.kind === 'mask') making.mask(set.keeps);
      else making.groups(set, team);
      return await making.finished();
    } catch (reason) {
      making.destroy();
      throw reason;
    }
  });
}

/** Who projects short groups. */
interface Team {
  /** Whether lanes share a group, or one invocation has it, … */
  readonly isShared: boolean;
  /** … and the blocks of a group that one invocation keeps instead of sharing it. */
  readonly mostHeld: number;
}

/** Where a processor stands in for a GPU, one invocation was measured to be faster than a team (bench/README.md). */
function teamOf({ isProcessor }: Gpu, { team, mostHeld }: LargeOptions): Team {
  return {
    isShared: team === undefined ? !isProcessor : team === 'lanes',
    mostHeld: mostHeld ?? MOST_HELD[isProcessor ? 'processor' : 'gpu'],
  };
}

/** The number of blocks that every group of a window takes; null where they differ. */
function commonBlocks(extents: readonly number[]): number | null {
  const blocks = Math.ceil(at(extents, 1) / 4);
  for (let i = 3; i < extents.length; i += 2) if (Math.ceil(at(extents, i) / 4) !== blocks) return null;
  return blocks;
}

function whyBad(set: LargeSet): Diagnostic | null {
  const problem = (message: string): Diagnostic => ({ severity: 'error', message });
  if (set.kind === 'mask') {
    const words = Math.ceil(set.entries / 32);
    if (set.keeps.length === words) return null;
    return problem(`A mask of ${set.entries} entries has ${words} words of 32 bits, not ${set.keeps.length}.`);
  }
  if (set.lengths.length === 0) return problem('There are no groups.');
  if (set.kind === 'tied') return null;
  if (set.targets.length !== set.lengths.length)
    return problem(`There are ${set.lengths.length} groups and ${set.targets.length} targets; each group needs one.`);
  for (let g = 0; g < set.targets.length; g++)
    if (!Number.isFinite(Math.fround(at(set.targets, g))))
      return problem(`The target of group ${g} is not a finite number.`);
  return null;
}

/** Buffers and dispatches under construction. */
class Making {
  private readonly buffers: GPUBuffer[] = [];
  private readonly bound: Bound[] = [];
  /** Index of each window among the bound. */
  private readonly windows: readonly number[];
  private readonly vectorBuffers: readonly GPUBuffer[];
  private readonly calls: Dispatch[] = [];
  private params: { destroy(): void } | null = null;

  constructor(
    private readonly gpu: Gpu,
    private readonly layout: Layout,
  ) {
    this.vectorBuffers = layout.buffers.map((size) => this.buffer('x', size));
    this.windows = layout.windows.map(({ buffer, offset, blocks }) =>
      this.bind({ buffer: at(this.vectorBuffers, buffer), offset, size: 16 * blocks }),
    );
  }

  mask(keeps: Uint32Array): void {
    let from = 0;
    this.layout.windows.forEach(({ blocks }, w) => {
      const words = Math.ceil(blocks / 8); // windows before the last have whole words
      const mine = this.table('keeps', keeps.slice(from, from + words));
      from += words;
      this.calls.push(dispatch(maskEntries, { blocks }, { keeps: mine, x: at(this.windows, w) }));
    });
  }

  groups(set: Exclude<LargeSet, { kind: 'mask' }>, team: Team): void {
    const tied = set.kind === 'tied' ? 1 : 0;
    const targetOf = (group: number) => (set.kind === 'tied' ? 0 : at(set.targets, group));
    this.layout.windows.forEach((window, w) => this.wholeGroups(window, at(this.windows, w), tied, targetOf, team));
    if (this.layout.long.length > 0) this.longGroups(set.lengths, tied, targetOf);
  }

  async finished(): Promise<LargeProjection> {
    const { gpu, layout } = this;
    const { ready, destroy } = await readyDispatches(gpu, this.calls, this.bound);
    this.params = { destroy };
    const vector = new LargeVector(gpu, layout, this.vectorBuffers);
    return { vector, project: () => submitInTurn(gpu, ready), destroy: () => this.destroy() };
  }

  destroy(): void {
    this.params?.destroy();
    for (const buffer of this.buffers) this.gpu.release(buffer);
  }

  private wholeGroups(
    { extents, groups }: Window,
    x: number,
    tied: number,
    targetOf: (group: number) => number,
    { isShared, mostHeld }: Team,
  ): void {
    if (groups.length === 0) return;
    const arrays = {
      extents: this.table('extents', Uint32Array.from(extents)),
      targets: this.table('targets', Float32Array.from(groups, targetOf)),
      x,
    };
    const params = { groups: groups.length };
    const blocks = commonBlocks(extents);
    const entries = extents.reduce((sum, word, i) => sum + (i % 2 === 1 ? word : 0), 0);
    const team = TEAMS.find((lanes) => entries >= LEAST_PER_LANE * lanes * groups.length);
    if (blocks !== null && blocks <= mostHeld)
      this.calls.push(dispatch(projectGroupsHeld(blocks), params, arrays, { tied }));
    else if (isShared && team) this.calls.push(dispatch(projectGroupsShared, { ...params, team }, arrays, { tied }));
    else this.calls.push(dispatch(projectGroups, params, arrays, { tied }));
  }

  private longGroups(lengths: ArrayLike<number>, tied: number, targetOf: (group: number) => number): void {
    const { long, windows } = this.layout;
    const rows = new Array<number>(long.length).fill(0);
    const inWindows = windows.flatMap(({ pieces }, w) => {
      for (let i = 3; i < pieces.length; i += 4) rows[at(pieces, i)] = at(rows, at(pieces, i)) + 1;
      return pieces.length === 0
        ? []
        : [
            {
              pieces: pieces.length / 4,
              table: this.table('pieces', Uint32Array.from(pieces)),
              x: at(this.windows, w),
            },
          ];
    });
    const { levels, extents } = planSums(rows);
    let sums = this.fresh('sums', LANES * rows.reduce((sum, count) => sum + count, 0));
    let from = 0;
    for (const { pieces, table, x } of inWindows) {
      this.calls.push(dispatch(pieceSums, { pieces, result_from: from }, { pieces: table, x, sums }));
      from += pieces;
    }
    for (const { pieces } of levels) {
      const next = this.fresh('sums', 2 * LANES * (pieces.length / 4));
      const table = this.table('pieces', Uint32Array.from(pieces));
      const params = { pieces: pieces.length / 4, result_from: 0 };
      this.calls.push(dispatch(pieceSums, params, { pieces: table, x: sums, sums: next }, { keeps_rounding: 1 }));
      sums = next;
    }
    const rules = Float32Array.from(long.flatMap((group) => [targetOf(group), ...inParts(1 / at(lengths, group))]));
    const shifts = this.fresh('shifts', 2 * long.length);
    const arrays = {
      extents: this.table('extents', Uint32Array.from(extents)),
      rules: this.table('rules', rules),
      sums,
      shifts,
    };
    this.calls.push(dispatch(groupShifts, { groups: long.length }, arrays, { tied }));
    for (const { pieces, table, x } of inWindows)
      this.calls.push(dispatch(shiftPieces, { pieces }, { pieces: table, shifts, x }, { tied }));
  }

  private bind(bound: Bound): number {
    return this.bound.push(bound) - 1;
  }

  private buffer(label: string, bytes: number): GPUBuffer {
    const buffer = this.gpu.buffer(label, bytes, RESIDENT);
    this.buffers.push(buffer);
    return buffer;
  }

  private fresh(label: string, entries: number): number {
    return this.bind(this.buffer(label, 4 * entries));
  }

  private table(label: string, numbers: Uint32Array | Float32Array): number {
    const buffer = this.buffer(label, numbers.byteLength);
    this.gpu.device.queue.writeBuffer(buffer, 0, numbers.buffer as ArrayBuffer, numbers.byteOffset, numbers.byteLength);
    return this.bind(buffer);
  }
}

/** A number as two of float32 whose sum has twice the digits; the first has 12 bits, so that its product with such another is exact. */
function inParts(value: number): [number, number] {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  bits.setUint32(0, bits.getUint32(0) & 0xfffff000);
  const head = bits.getFloat32(0);
  return [head, value - head];
}

/** A submit for each dispatch: none may hold the device for longer than one window takes. */
function submitInTurn(gpu: Gpu, ready: readonly ReadyDispatch[]): void {
  for (const one of ready) submitAll(gpu, [one]);
}
