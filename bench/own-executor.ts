/** The project's executor on a given device. */
import { success } from '../src/core/diagnostic.ts';
import { createReferenceExecutor } from '../src/core/run/reference-executor.ts';
import { createReferenceSwarms } from '../src/core/run/reference-swarm.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { createGpuExecutor } from '../src/gpu/executor.ts';
import { keepRunners } from '../src/gpu/runners.ts';
import { createWasmExecutors } from '../src/wasm/executor.ts';

export function ownExecutor(gpu: Gpu, now: () => number) {
  const pause = () => Promise.resolve();
  const wasm = createWasmExecutors({ now, pause });
  return createGpuExecutor({
    device: () => Promise.resolve(success(gpu)),
    runners: keepRunners(now),
    reference: (reason) => createReferenceExecutor({ now, pause, reason }),
    referenceSwarms: (reason) => createReferenceSwarms({ now, pause, reason }),
    wasm: async (reason) => wasm(reason),
    now,
  });
}
