/** The kernels of plans, by name. */
import type { Kernel } from './define-kernel.ts';
import { elementwise } from './elementwise.ts';
import { newtonSchulzBound, newtonSchulzFirst, newtonSchulzScale, newtonSchulzStep } from './newton-schulz.ts';
import { newtonSchulzSmall, newtonSchulzSmallByQuads } from './newton-schulz-small.ts';
import { carry, checkState, fill, gather, nextRow, nextTurn, scatter } from './place.ts';
import { matmul, matmulScaled, matvec, PRODUCTS, projectAffine, SCALED_PRODUCTS } from './product.ts';
import { random } from './random.ts';
import { reduce } from './reduce.ts';
import { swarmOutcome } from './swarm-outcome.ts';
import { TILES } from './tiles.ts';

const all: readonly Kernel[] = [
  elementwise,
  scatter,
  gather,
  random,
  fill,
  carry,
  nextRow,
  nextTurn,
  checkState,
  reduce,
  matmul,
  matmulScaled,
  ...PRODUCTS,
  ...SCALED_PRODUCTS,
  matvec,
  projectAffine,
  ...TILES,
  newtonSchulzScale,
  newtonSchulzBound,
  newtonSchulzFirst,
  newtonSchulzStep,
  newtonSchulzSmall,
  newtonSchulzSmallByQuads,
  swarmOutcome,
];

export const KERNELS: Readonly<Record<string, Kernel>> = Object.fromEntries(all.map((kernel) => [kernel.name, kernel]));
