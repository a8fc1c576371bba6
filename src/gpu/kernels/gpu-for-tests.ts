/** One GPU for the tests of a file, on whatever adapter there is, and a way to run dispatches on plain arrays. */
import { at } from '../../core/diagnostic.ts';
import { acquireGpu, Gpu } from '../device.ts';
import { type Dispatch, readBack, readyDispatches, submitAll } from './dispatch.ts';
import { RESIDENT } from './usage.ts';

let requested: Promise<Gpu> | null = null;

export function gpuForTests(): Promise<Gpu> {
  requested ??= acquireGpu(navigator.gpu).then((result) => {
    if (!result.ok)
      throw new Error(`These tests need a WebGPU adapter; a software one will do. ${result.diagnostics[0]?.message}`);
    return result.value;
  });
  return requested;
}

/** The same device taken for a GPU, and not for a processor that stands in for one: kernels for GPUs run, however slowly. */
export async function asOnGpu(): Promise<Gpu> {
  const { device, name } = await gpuForTests();
  return new Gpu(device, name, false, false);
}

/** Uploads the arrays, runs the dispatches in order, and returns what is then in all arrays. */
export async function runOnArrays(
  dispatches: readonly Dispatch[],
  arrays: readonly ArrayLike<number>[],
  on = gpuForTests(),
): Promise<Float32Array[]> {
  const gpu = await on;
  const buffers = arrays.map((array) => {
    const buffer = gpu.buffer('array', 4 * array.length, RESIDENT);
    gpu.device.queue.writeBuffer(buffer, 0, Float32Array.from(array));
    return buffer;
  });
  const outcome = await gpu.guarded('Dispatching', async () => {
    const { ready, destroy } = await readyDispatches(gpu, dispatches, buffers);
    submitAll(gpu, ready);
    destroy();
  });
  if (!outcome.ok) throw new Error(outcome.diagnostics[0]?.message);
  const results: Float32Array[] = [];
  for (const [i, { length }] of arrays.entries()) results.push(await readBack(gpu, at(buffers, i), length));
  for (const buffer of buffers) gpu.release(buffer);
  return results;
}
