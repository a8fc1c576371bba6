/** The lowerings on a device, made once for each. */
import type { Gpu } from './device.ts';
import { createDispatchedRunner } from './dispatched/runner.ts';
import type { Runners } from './executor-options.ts';
import { createFusedRunner } from './fused/runner.ts';
import { InverseCache } from './inverses.ts';
import { lowerToWorkgroup } from './workgroup/lower.ts';

/** Compiled kernels and pseudoinverses are kept with the device that they belong to. */
export function keepRunners(now: () => number): (gpu: Gpu) => Runners {
  const known = new WeakMap<Gpu, Runners>();
  return (gpu) => {
    const runners = known.get(gpu) ?? make(gpu, now);
    known.set(gpu, runners);
    return runners;
  };
}

function make(gpu: Gpu, now: () => number): Runners {
  const inverses = new InverseCache(gpu);
  return {
    fused: createFusedRunner(gpu, inverses, now),
    workgroup: createFusedRunner(gpu, inverses, now, lowerToWorkgroup),
    dispatched: createDispatchedRunner(gpu, inverses),
  };
}
