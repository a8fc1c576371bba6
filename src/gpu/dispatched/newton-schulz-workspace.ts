/** What Newton–Schulz needs on a device for one shape and form: buffers, parameters and bind groups, kept from one inversion to the next. */
import { at } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import { type Dispatch, dispatch, type ReadyDispatch, readyDispatches } from '../kernels/dispatch.ts';
import { newtonSchulzSmall, newtonSchulzSmallByQuads, smallArena } from '../kernels/newton-schulz-small.ts';
import { RESIDENT, USAGE } from '../kernels/usage.ts';
import { type Kit, Shelf } from '../shelf.ts';
import {
  BUFFER,
  bufferLengths,
  closing,
  type Extent,
  enoughOf,
  FIRST_GOING,
  FIRST_STATE,
  type NewtonSchulzForm,
  opening,
  turn,
} from './newton-schulz-plan.ts';

type Part = readonly ReadyDispatch[];

export interface Workspace extends Kit {
  readonly A: GPUBuffer;
  readonly result: GPUBuffer;
  /** What buffers hold at the start. */
  readonly first: readonly (readonly [GPUBuffer, Float32Array<ArrayBuffer>])[];
  readonly open: Part;
  readonly evenTurn: Part;
  readonly oddTurn: Part;
  /** What makes A⁺ of the iterate, before an even turn and before an odd one. */
  readonly evenEnd: Part;
  readonly oddEnd: Part;
  /** Turns that the opening has made. */
  readonly begun: number;
  /** Turns that the last matrix took; null before. */
  readonly usual: { turns: number | null };
  /** State and residuals, and their bytes. */
  readonly figures: readonly (readonly [GPUBuffer, bytes: number])[];
  /** Takes the figures, and from `resultAt` the result. */
  readonly staging: GPUBuffer;
  readonly resultAt: number;
  /** Of A⁺. */
  readonly entries: number;
  putBack(): void;
}

/** Up to here one workgroup is faster than the dispatches that it replaces, which would each be over at once. */
const SMALL = { rows: 32, columns: 256 } as const;

/** Whether all of it is one dispatch. */
export const isSmall = ({ m, n }: Extent, form: NewtonSchulzForm): boolean =>
  form === 'gram' && m <= SMALL.rows && n <= SMALL.columns;

type Kept = Omit<Workspace, 'putBack'>;

const shelves = new WeakMap<Gpu, Shelf<Kept>>();

/** It is its caller's until `putBack`; whoever fails releases its buffers instead. */
export async function workspaceFor(
  gpu: Gpu,
  extent: Extent,
  form: NewtonSchulzForm,
  limit: number,
): Promise<Workspace> {
  const shelf = shelves.get(gpu) ?? new Shelf<Kept>(gpu);
  shelves.set(gpu, shelf);
  const key = `${form} ${extent.m} ${extent.n} ${extent.isTall} ${limit}`;
  const make = isSmall(extent, form) ? makeSmall : makeWhole;
  const kept = shelf.take(key) ?? (await make(gpu, extent, form, limit));
  return { ...kept, putBack: () => shelf.putBack(key, kept) };
}

/** The buffers by length, in entries; what they hold is told by `finish`. */
async function made(
  gpu: Gpu,
  lengths: readonly number[],
  parts: readonly (readonly Dispatch[])[],
  finish: (buffers: readonly GPUBuffer[]) => Pick<Kept, 'A' | 'result' | 'first' | 'begun' | 'figures' | 'entries'>,
): Promise<Kept> {
  const buffers = lengths.map((length, i) => gpu.buffer(`Newton–Schulz ${i}`, 4 * length, RESIDENT));
  try {
    const told = finish(buffers);
    const resultAt = told.figures.reduce((sum, [, bytes]) => sum + bytes, 0);
    const staging = gpu.buffer(
      'Newton–Schulz, read back',
      resultAt + 4 * told.entries,
      USAGE.MAP_READ | USAGE.COPY_DST,
    );
    buffers.push(staging);
    const { ready, uniform } = await readyDispatches(gpu, parts.flat(), buffers);
    buffers.push(uniform);
    const [open = [], evenTurn = [], evenEnd = [], oddTurn = [], oddEnd = []] = split(ready, parts);
    return { buffers, usual: { turns: null }, ...told, open, evenTurn, evenEnd, oddTurn, oddEnd, staging, resultAt };
  } catch (error) {
    for (const buffer of buffers) gpu.release(buffer);
    throw error;
  }
}

function makeWhole(gpu: Gpu, extent: Extent, form: NewtonSchulzForm, limit: number): Promise<Kept> {
  const parts = [opening(extent, form), ...[0, 1].flatMap((k) => [turn(extent, form, k), closing(extent, form, k)])];
  return made(gpu, bufferLengths(extent, form, limit), parts, (buffers) => {
    const of = (name: keyof typeof BUFFER) => at(buffers, BUFFER[name]);
    return {
      A: of('A'),
      result: of('result'),
      first: [
        [of('state'), Float32Array.from(FIRST_STATE)],
        [of('going'), Float32Array.from(FIRST_GOING)],
      ],
      begun: form === 'gram' ? 1 : 0,
      figures: [
        [of('state'), 4 * FIRST_STATE.length],
        [of('residuals'), 4 * (limit + 1)],
      ],
      entries: extent.m * extent.n,
    };
  });
}

function makeSmall(gpu: Gpu, { m, n, isTall }: Extent, _: NewtonSchulzForm, limit: number): Promise<Kept> {
  const [a_row, a_column] = isTall ? [1, m] : [n, 1];
  const [result_row, result_column] = isTall ? [1, n] : [m, 1];
  const sizes = { rows: m, columns: n, a_row, a_column, result_row, result_column, limit, enough: enoughOf(m) };
  const kernel = gpu.hasQuads ? newtonSchulzSmallByQuads : newtonSchulzSmall;
  const count = FIRST_STATE.length + limit + 1;
  const parts = [[dispatch(kernel, sizes, { a: 0, arena: 1, figures: 2, result: 3 })]];
  const { rows, columns } = SMALL; // lengths are in the code: all shapes share one pipeline
  return made(gpu, [rows * columns, smallArena(rows, columns), count, rows * columns], parts, (buffers) => ({
    A: at(buffers, 0),
    result: at(buffers, 3),
    first: [],
    begun: 0,
    figures: [[at(buffers, 2), 4 * count]],
    entries: m * n,
  }));
}

/** The same, in the lengths of `parts`. */
function split(ready: Part, parts: readonly (readonly unknown[])[]): readonly Part[] {
  let from = 0;
  return parts.map(({ length }) => {
    from += length;
    return ready.slice(from - length, from);
  });
}
