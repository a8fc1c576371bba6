/** The starts of a swarm, a slice at a time. */
import { FeasiblePoint } from './feasible-point.ts';
import type { Sampling, SwarmAxis, SwarmJob } from './swarm.ts';

/** Fills rows of starts [count, width of a start] for chosen indices. */
export class SwarmStarts {
  readonly width: number;
  private readonly feasible: FeasiblePoint | null;

  constructor(private readonly job: Pick<SwarmJob, 'sampling' | 'measure' | 'steps'>) {
    this.width = job.sampling.base.length;
    this.feasible = job.sampling.kind === 'feasible' ? new FeasiblePoint(job.measure, job.steps) : null;
  }

  /** Start `index` into `start`, which has `width` entries. */
  write(index: number, start: Float64Array): void {
    const { sampling, measure } = this.job;
    start.set(sampling.base);
    const { axes, isNumbered } = sampling;
    if (isNumbered) start[start.length - 1] = index;
    const row = rowOf(sampling.seed, index);
    for (let i = 0; i < axes.length; i++) {
      const axis = axes[i] as SwarmAxis;
      start[axis.position] = along(axis, fractionOf(sampling, index, i, row));
    }
    this.feasible?.move(start.subarray(0, measure.size));
  }

  /** `count` starts in single precision, entry by entry: [width, count]. `indexOf` says which is the k-th. */
  planar(count: number, indexOf: (k: number) => number): Float32Array<ArrayBuffer> {
    const { width } = this;
    const [starts, start] = [new Float32Array(width * count), new Float64Array(width)];
    for (let k = 0; k < count; k++) {
      this.write(indexOf(k), start);
      for (let i = 0; i < width; i++) starts[i * count + k] = start[i] as number;
    }
    return starts;
  }
}

/** from + fraction·(to − from), or from·(to / from)^fraction. */
function along({ from, to, scale }: SwarmAxis, fraction: number): number {
  return scale === 'log' ? from * (to / from) ** fraction : from + fraction * (to - from);
}

/** Where start `index` lies on axis i, from 0 to 1. `row` is what its random numbers have in common. */
function fractionOf({ kind, count, width }: Sampling, index: number, i: number, row: number): number {
  if (kind !== 'grid') return uniformIn(row, i);
  const [place, length] = i === 0 ? [index % width, width] : [Math.floor(index / width), Math.ceil(count / width)];
  return length > 1 ? place / (length - 1) : 0.5;
}

/**
 * A number in [0, 1), exact in single precision, that (seed, index, element) alone determine.
 * Source: O'Neill 2014, PCG; as a hash: Jarzynski & Olano 2020, Hash Functions for GPU Rendering.
 */
export function uniformAt(seed: number, index: number, element: number): number {
  return uniformIn(rowOf(seed, index), element);
}

/** What the numbers of (seed, index) have in common, whatever the element. */
const rowOf = (seed: number, index: number): number => hash(index + hash(seed >>> 0));

const uniformIn = (row: number, element: number): number => (hash(element + row) >>> 8) / 2 ** 24;

function hash(value: number): number {
  const state = (Math.imul(value | 0, 747796405) + 2891336453) | 0;
  const word = Math.imul(((state >>> ((state >>> 28) + 4)) ^ state) | 0, 277803737);
  return ((word >>> 22) ^ word) >>> 0;
}
