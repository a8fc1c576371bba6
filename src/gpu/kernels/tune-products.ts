/** Times the families of product kernels against each other on a device, for each class of shapes, while nothing else runs there. */
import { at } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import {
  candidatesFor,
  familyFor,
  type ProductShape,
  SHAPE_CLASSES,
  type ShapeClass,
  type TunedProducts,
} from './choose-product.ts';
import { dispatch, type ReadyDispatch, readBack, readyDispatches, submitAll } from './dispatch.ts';
import { matmul } from './product.ts';
import type { FamilyName } from './product-families.ts';
import { RESIDENT } from './usage.ts';

/** A product in the middle of its class. */
export const SHAPES: Readonly<Record<ShapeClass, ProductShape>> = {
  narrow: { rows: 4, inner: 1024, columns: 512 },
  small: { rows: 32, inner: 512, columns: 32 },
  middle: { rows: 128, inner: 256, columns: 128 },
  large: { rows: 512, inner: 256, columns: 512 },
};

/** A sample repeats a product until it takes so long, or so often. */
const [LEAST_MS, MOST_REPEATS] = [2, 64] as const;
/** Each family in turn; whatever disturbs makes a sample slower, so the best ones count: of odd rounds, and of even ones. */
const ROUNDS = 6;
/** What is assumed stays unless both halves of the rounds show another to be faster by this factor. */
const CLEARLY = 1.1;

export interface TuneOptions {
  readonly now: () => number;
  /** Asked between samples: tuning gives way to whoever comes, and begins anew later. */
  readonly goesOn: () => boolean;
}

/** For each class the family that is clearly faster than the assumed one, or that one; null where it had to give way. */
export async function tuneProducts(
  gpu: Gpu,
  options: TuneOptions,
  classes: readonly ShapeClass[] = SHAPE_CLASSES,
): Promise<TunedProducts | null> {
  const tuned: Partial<Record<ShapeClass, FamilyName>> = {};
  for (const kind of classes) {
    const shape = SHAPES[kind];
    const assumed = familyFor(shape, { hasQuads: gpu.hasQuads });
    const families = [assumed, ...candidatesFor(kind).filter((family) => family !== assumed)];
    const samples = await timed(gpu, shape, families, options);
    if (!samples) return null;
    tuned[kind] = winner(families, samples);
  }
  return tuned;
}

/** Times of one shape by family, [family][round], or null. */
async function timed(
  gpu: Gpu,
  shape: ProductShape,
  families: readonly FamilyName[],
  { now, goesOn }: TuneOptions,
): Promise<readonly (readonly number[])[] | null> {
  const { rows, inner, columns } = shape;
  const buffers = [rows * inner, inner * columns, rows * columns].map((length) =>
    gpu.buffer('timed product', 4 * length, RESIDENT),
  );
  const params = { ...shape, a_offset: 0, a_row: inner, a_inner: 1, b_offset: 0, b_inner: columns, b_column: 1 };
  const rest = { piece: inner, result_offset: 0, alpha: 1, delta: 0 };
  const calls = families.map((family) => ({
    ...dispatch(matmul, { ...params, ...rest }, { a: 0, b: 1, result: 2 }),
    family,
  }));
  const kits = await Promise.all(calls.map((call) => readyDispatches(gpu, [call], buffers)));
  const timeOf = async (one: ReadyDispatch, repeats: number) => {
    const began = now();
    submitAll(gpu, new Array<ReadyDispatch>(repeats).fill(one));
    await readBack(gpu, at(buffers, 2), 1);
    return now() - began;
  };
  try {
    const ready = kits.map((kit) => at(kit.ready, 0));
    let repeats = 1;
    for (const one of ready) await timeOf(one, 1); // warms up
    while (repeats < MOST_REPEATS && (await timeOf(at(ready, 0), repeats)) < LEAST_MS) repeats *= 2;
    const samples = ready.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, one] of ready.entries()) {
        if (!goesOn() || gpu.loss) return null;
        at(samples, i).push(await timeOf(one, repeats));
      }
    }
    return samples;
  } finally {
    for (const { destroy } of kits) destroy();
    for (const buffer of buffers) gpu.release(buffer);
  }
}

/** The family with the best times, if it is clearly faster than the first, the assumed one, in odd rounds and in even ones alike. */
export function winner(families: readonly FamilyName[], samples: readonly (readonly number[])[]): FamilyName {
  const best = (times: readonly number[], rest: number) => Math.min(...times.filter((_, k) => k % 2 === rest));
  const [first = []] = samples;
  const gains = samples.map((times) => Math.min(...[0, 1].map((rest) => best(first, rest) / best(times, rest))));
  const most = Math.max(...gains);
  return most > CLEARLY ? at(families, gains.indexOf(most)) : at(families, 0);
}
