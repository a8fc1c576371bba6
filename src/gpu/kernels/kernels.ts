/** All kernels, by name. */
import type { Kernel } from './define-kernel.ts';
import { elementwise } from './elementwise.ts';
import { matmulQuads } from './matmul-quads.ts';
import { newtonSchulzBound, newtonSchulzResidual, newtonSchulzScale } from './newton-schulz.ts';
import { carry, checkState, fill, gather, nextRow, scatter } from './place.ts';
import { affineResidual, matmul, matvec, projectAffine } from './product.ts';
import { random } from './random.ts';
import { reduce } from './reduce.ts';
import { swarmOutcome } from './swarm-outcome.ts';

const all: readonly Kernel[] = [
  elementwise,
  scatter,
  gather,
  random,
  fill,
  carry,
  nextRow,
  checkState,
  reduce,
  matmul,
  matmulQuads,
  matvec,
  affineResidual,
  projectAffine,
  newtonSchulzScale,
  newtonSchulzBound,
  newtonSchulzResidual,
  swarmOutcome,
];

export const KERNELS: Readonly<Record<string, Kernel>> = Object.fromEntries(all.map((kernel) => [kernel.name, kernel]));
