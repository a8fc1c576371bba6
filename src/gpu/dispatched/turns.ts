/** Loops that end by themselves: once done, the dispatches of further turns have no workgroups. */
import { at } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import { dispatch, type ReadyDispatch, readyDispatches } from '../kernels/dispatch.ts';
import { nextTurn } from '../kernels/place.ts';
import { USAGE } from '../kernels/usage.ts';
import type { Call, Item, Loop } from './plan.ts';

/** The dispatches of a loop that the device sizes, and what sizes them: before the first turn, and after each. */
export interface Turns {
  readonly calls: readonly ReadyDispatch[];
  readonly begin: ReadyDispatch;
  readonly next: ReadyDispatch;
  destroy(): void;
}

/** Bytes of a dispatch's three numbers. */
const GRID_BYTES = 12;

/** `done` holds a number that is not 0 once nothing more is to be done. */
export async function sizedTurns(gpu: Gpu, calls: readonly ReadyDispatch[], done: GPUBuffer): Promise<Turns> {
  const sizes = Uint32Array.from(calls.flatMap(({ grid }) => grid));
  const whole = gpu.buffer('whole', sizes.byteLength, USAGE.STORAGE | USAGE.COPY_DST);
  const grids = gpu.buffer('grids', sizes.byteLength, USAGE.STORAGE | USAGE.INDIRECT);
  gpu.device.queue.writeBuffer(whole, 0, sizes);
  const both = [1, 0].map((begins) =>
    dispatch(nextTurn, { count: sizes.length, begins }, { done: 0, whole: 1, grids: 2 }),
  );
  const { ready, destroy } = await readyDispatches(gpu, both, [done, whole, grids]);
  return {
    calls: calls.map((call, i) => ({ ...call, sized: { buffer: grids, offset: GRID_BYTES * i } })),
    begin: at(ready, 0),
    next: at(ready, 1),
    destroy() {
      destroy();
      for (const buffer of [whole, grids]) gpu.release(buffer);
    },
  };
}

/** Loops that end by themselves, also within others. */
export const endingLoops = (items: readonly Item[]): Loop[] =>
  items.flatMap((item) =>
    item.kind === 'call' ? [] : [...(item.done === undefined ? [] : [item]), ...endingLoops(item.body)],
  );

/** The calls of a turn, those of inner loops that end by themselves apart. */
export const callsOfTurn = ({ body }: Loop): Call[] =>
  body.flatMap((item) => {
    if (item.kind === 'call') return [item];
    return item.done === undefined ? callsOfTurn(item) : [];
  });
