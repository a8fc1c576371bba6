/** The executor in the test's own page, on the adapter that it offers. Test support. */
import { afterAll } from 'vitest';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { createReferenceSwarms } from '../core/run/reference-swarm.ts';
import { createWasmExecutors } from '../wasm/executor.ts';
import { acquireGpu, DeviceKeeper, type Gpu } from './device.ts';
import { createGpuExecutor } from './executor.ts';
import { keepRunners } from './runners.ts';

export const pause = () => new Promise<void>((resolve) => setTimeout(resolve));

/** One device for the tests of a file, and a fresh one after a test that destroys it. */
export function withTestGpu() {
  const keeper = new DeviceKeeper(
    () => acquireGpu(navigator.gpu),
    () => performance.now(),
  );
  const device = () => keeper.device();
  afterAll(async () => {
    const result = await keeper.current;
    if (result?.ok) result.value.device.destroy();
  });
  const gpu = async (): Promise<Gpu> => {
    const result = await device();
    if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join(' '));
    return result.value;
  };
  return { device, gpu };
}

/** A clock of the test's own makes sizes that follow measured times the same on every machine. */
export function withTestExecutor(now = () => performance.now()) {
  const { device, gpu } = withTestGpu();
  const executor = createGpuExecutor({
    device,
    runners: keepRunners(now),
    reference: (reason) => createReferenceExecutor({ now, pause, reason }),
    referenceSwarms: (reason) => createReferenceSwarms({ now, pause, reason }),
    wasm: async (reason) => createWasmExecutors({ now, pause })(reason),
    now,
  });
  return { executor, gpu, uncaptured: async () => (await gpu()).uncaptured };
}
