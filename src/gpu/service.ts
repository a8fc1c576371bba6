/**
 * All that runs, behind a port: the GPU, WebAssembly, and the Float64 reference. In a worker, or in the page where there is no
 * worker. A composition root, as `workshop.tsx` is.
 */
import { get, set } from 'idb-keyval';
import { fault } from '../core/diagnostic.ts';
import type { FieldExecutor } from '../core/run/field.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { createReferenceSwarms } from '../core/run/reference-swarm.ts';
import type { createWasmExecutors } from '../wasm/executor.ts';
import { keepCrossovers } from './crossover.ts';
import { acquireGpu, DeviceKeeper, type Gpu } from './device.ts';
import { createGpuExecutor } from './executor.ts';
import { runField } from './field/run-field.ts';
import { serveFields } from './field/serve.ts';
import { keepProducts } from './kept-products.ts';
import { tuneProducts } from './kernels/tune-products.ts';
import { measureCrossover } from './measure-crossover.ts';
import type { Port } from './protocol.ts';
import { keepRunners } from './runners.ts';
import { serve } from './serve.ts';

const now = () => performance.now();
const pause = () => new Promise<void>((resolve) => setTimeout(resolve));

const keeper = new DeviceKeeper(() => acquireGpu(navigator.gpu), now);
let wasm: Promise<ReturnType<typeof createWasmExecutors>> | null = null;
const runners = keepRunners(now);
const common = {
  runners,
  crossover: keepCrossovers((gpu: Gpu) => measureCrossover(gpu, runners(gpu), now), { get, set }),
  wasm: async (reason: string) => {
    wasm ??= import('../wasm/executor.ts').then((module) => module.createWasmExecutors({ now, pause }));
    return (await wasm)(reason);
  },
  reference: (reason: string) => createReferenceExecutor({ now, pause, reason }),
  referenceSwarms: (reason: string) => createReferenceSwarms({ now, pause, reason }),
  now,
};
let isIdle = () => false;
const tuner = keepProducts((gpu: Gpu) => tuneProducts(gpu, { now, goesOn: () => isIdle() }), { get, set });
const device = async () => {
  const found = await keeper.device();
  if (found.ok) await tuner.recall(found.value);
  return found;
};
const withGpu = createGpuExecutor({ ...common, device });
const withoutGpu = createGpuExecutor({ ...common, device: async () => fault('This browser has no WebGPU.') });

const fields: FieldExecutor = {
  async field(job, signal) {
    const gpu = await device();
    return gpu.ok ? runField(gpu.value, job, { now, signal }) : gpu;
  },
};

/** Answers messages of the port for ever. Returns how to tell every run under way of a bug that none of them caught. */
export const serveExecutors = (port: Port) =>
  serve(
    port,
    (isWithout) => (isWithout ? withoutGpu : withGpu),
    async (stillIdle) => {
      isIdle = stillIdle;
      const current = await keeper.current;
      if (current?.ok) await tuner.whenIdle(current.value);
    },
    (connected) => serveFields(connected, fields),
  );
