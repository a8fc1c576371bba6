/** A kernel written by hand, with one uniform and one array: compiled once, run as often as wanted, read back at the end. */
import type { Gpu } from '../../src/gpu/device.ts';
import { readBack } from '../../src/gpu/kernels/dispatch.ts';
import { RESIDENT, USAGE } from '../../src/gpu/kernels/usage.ts';

export interface HandKernel {
  /** Fills the array, runs, and resolves with the first `count` numbers. */
  run(params: ArrayBuffer, workgroups: number, count: number, fill?: Float32Array<ArrayBuffer>): Promise<Float32Array>;
  destroy(): void;
}

export function handKernel(gpu: Gpu, entryPoint: string, code: string, size: number): HandKernel {
  const { device } = gpu;
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint } });
  const params = gpu.buffer('params', 64, USAGE.UNIFORM | USAGE.COPY_DST);
  const array = gpu.buffer('array', 4 * size, RESIDENT);
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [params, array].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return {
    run(values, workgroups, count, fill) {
      device.queue.writeBuffer(params, 0, values);
      if (fill) device.queue.writeBuffer(array, 0, fill);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(workgroups);
      pass.end();
      device.queue.submit([encoder.finish()]);
      return readBack(gpu, array, count);
    },
    destroy() {
      gpu.release(params);
      gpu.release(array);
    },
  };
}

/** Four chains that wait for none of the others, and so many turns of each without a loop between: fewer leave units idle, more spill. */
const CHAINS = ['a', 'b', 'c', 'e'] as const;
const UNROLLED = 64;

const PEAK = `
struct Params { turns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn peak(@builtin(global_invocation_id) id: vec3u) {
  let m = 0.999;
  let d = f32(id.x) * 1e-9;
  ${CHAINS.map((chain, k) => `var ${chain} = d + ${k}.0;`).join(' ')}
  for (var t = 0u; t < params.turns; t++) {
${`    ${CHAINS.map((chain) => `${chain} = fma(${chain}, m, d);`).join(' ')}\n`.repeat(UNROLLED)}  }
  out[id.x] = ${CHAINS.join(' + ')};
}`;

/** Rate of the adapter in GFLOP/s, of multiplications and additions in registers: the best of several. */
export async function measuredPeak(gpu: Gpu, now: () => number): Promise<number> {
  const [invocations, turns] = [1 << 16, 50];
  const kernel = handKernel(gpu, 'peak', PEAK, invocations);
  let best = 0;
  for (let k = 0; k < 6; k++) {
    const began = now();
    await kernel.run(Uint32Array.of(turns).buffer, invocations / 64, 1);
    best = Math.max(best, (invocations * turns * UNROLLED * CHAINS.length * 2) / (now() - began) / 1e6);
  }
  kernel.destroy();
  return best;
}
