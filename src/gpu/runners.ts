/** The two lowerings on a device, made once for each. */

import type { Gpu } from './device.ts';
import type { Runners } from './executor.ts';
import { createFusedRunner } from './fused/runner.ts';
import { InverseCache } from './inverses.ts';
import type { Runner } from './runner.ts';

/** Until the dispatched lowering is in. */
const notYet: Runner = {
  kind: 'dispatched',
  prepare: () =>
    Promise.reject(
      new Error(
        'This run is too large for one kernel, and the dispatched lowering is not in this version yet. Choose “reference”.',
      ),
    ),
};

/** Compiled kernels and pseudoinverses are kept with the device that they belong to. */
export function keepRunners(now: () => number): (gpu: Gpu) => Runners {
  const known = new WeakMap<Gpu, Runners>();
  return (gpu) => {
    const runners = known.get(gpu) ?? { fused: createFusedRunner(gpu, new InverseCache(gpu), now), dispatched: notYet };
    known.set(gpu, runners);
    return runners;
  };
}
