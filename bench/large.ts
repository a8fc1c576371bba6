/** Fifty million parameters: projections that stay on the GPU, beside a kernel that only copies as much. */
import type { Gpu } from '../src/gpu/device.ts';
import { readBack } from '../src/gpu/kernels/dispatch.ts';
import { seeded } from '../src/gpu/kernels/seeded.ts';
import { RESIDENT, USAGE } from '../src/gpu/kernels/usage.ts';
import { type LargeProjection, type LargeSet, openLargeProjection } from '../src/gpu/large/projection.ts';
import { type ContestResult, measureContest } from './contest.ts';
import copyCode from './hand/copy.wgsl?raw';

const ENTRIES = 50_000_000;
/** Parameters of a group that has a constraint of its own. */
const GROUP = 1000;
const FEWEST = 1_000_000;
const ROUNDS = 5;
const WORKGROUPS = 1024;
/** Entries that are uploaded at a time. */
const SLICE = 1 << 20;
/** Of the copy's time over the own: the projection takes at most 0.8 of it. */
const GOALS = { 'copy kernel': 1 / 0.8 };

export async function measureLarge(gpu: Gpu, now: () => number): Promise<ContestResult[]> {
  const results: ContestResult[] = [];
  let entries = ENTRIES;
  for (const { name, set, error } of WORKS) {
    let opened = await openLargeProjection(gpu, set(entries));
    while (!opened.ok && entries > FEWEST) {
      entries /= 2; // a device with less memory: the title says how many there were
      opened = await openLargeProjection(gpu, set(entries));
    }
    if (!opened.ok) throw new Error(opened.diagnostics[0]?.message);
    results.push(await measure(gpu, now, `${name}, ${entries / 1e6} million parameters`, opened.value, error));
  }
  return results;
}

interface Work {
  readonly name: string;
  readonly set: (entries: number) => LargeSet;
  /** Largest violation over the first groups. */
  readonly error: (projection: LargeProjection) => Promise<number>;
}

const lengths = (entries: number) => new Uint32Array(entries / GROUP).fill(GROUP);

const WORKS: readonly Work[] = [
  {
    name: `Disjoint groups of ${GROUP}, each with its sum; error: |sum − 1|`,
    set: (entries) => ({
      kind: 'sums',
      lengths: lengths(entries),
      targets: new Float32Array(entries / GROUP).fill(1),
    }),
    error: (projection) => worstOfGroups(projection, (group) => Math.abs(sumOf(group) - 1)),
  },
  {
    name: `Tied groups of ${GROUP}; error: spread within a group`,
    set: (entries) => ({ kind: 'tied', lengths: lengths(entries) }),
    error: (projection) => worstOfGroups(projection, (group) => Math.max(...group) - Math.min(...group)),
  },
  {
    name: 'A fixed mask, half of it zeros; error: entries that should be zero',
    set: (entries) => ({ kind: 'mask', entries, keeps: new Uint32Array(Math.ceil(entries / 32)).fill(0x55555555) }),
    error: (projection) =>
      worstOfGroups(projection, (group) => group.filter((entry, i) => i % 2 === 1 && entry !== 0).length),
  },
  {
    name: 'One sum over all; error: |sum − 1|',
    set: (entries) => ({ kind: 'sums', lengths: [entries], targets: [1] }),
    error: async ({ vector }) => {
      let sum = 0;
      for (let from = 0; from < vector.entries; from += SLICE)
        sum += sumOf(await vector.read(from, Math.min(SLICE, vector.entries - from)));
      return Math.abs(sum - 1);
    },
  },
];

const sumOf = (numbers: Float32Array): number => numbers.reduce((sum, entry) => sum + entry, 0);

/** Over the groups of the first and of the last slice. */
async function worstOfGroups({ vector }: LargeProjection, error: (group: Float32Array) => number): Promise<number> {
  const count = Math.min(1000 * GROUP, vector.entries);
  let worst = 0;
  for (const from of [0, vector.entries - count]) {
    const numbers = await vector.read(from, count);
    for (let place = 0; place < count; place += GROUP)
      worst = Math.max(worst, error(numbers.subarray(place, place + GROUP)));
  }
  return worst;
}

async function measure(
  gpu: Gpu,
  now: () => number,
  name: string,
  { vector, project, destroy }: LargeProjection,
  errorOf: Work['error'],
): Promise<ContestResult> {
  const next = seeded(1);
  const values = Float32Array.from({ length: SLICE }, () => next());
  for (let from = 0; from < vector.entries; from += SLICE)
    vector.write(from, values.subarray(0, Math.min(SLICE, vector.entries - from)));
  const copy = await copyKernel(gpu, vector.entries);
  project();
  const error = await errorOf({ vector, project, destroy });
  const result = await measureContest(
    {
      name,
      rounds: ROUNDS,
      goals: GOALS,
      bytes: 8 * vector.entries, // read once, written once
      columns: [
        {
          name: 'Feasible',
          run: async () => {
            project();
            await vector.read(0, 1);
          },
          error: () => error,
        },
        { name: 'copy kernel', run: copy.run },
      ],
    },
    now,
  );
  copy.destroy();
  destroy();
  return result;
}

/** Copies as many entries, within the largest binding again and again. */
async function copyKernel(gpu: Gpu, entries: number) {
  const { device } = gpu;
  const most = Math.floor(Math.min(gpu.limits.maxStorageBufferBindingSize, gpu.limits.maxBufferSize) / 16);
  const blocks = Math.ceil(entries / 4);
  const length = Math.min(blocks, most);
  const [x, result] = [gpu.buffer('copied', 16 * length, RESIDENT), gpu.buffer('copy', 16 * length, RESIDENT)];
  const module = device.createShaderModule({ code: copyCode });
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module, entryPoint: 'copy' },
  });
  const passes = Array.from({ length: Math.ceil(blocks / length) }, (_, k) => Math.min(length, blocks - k * length));
  const params = passes.map((count) => {
    const buffer = gpu.buffer('params', 16, USAGE.UNIFORM | USAGE.COPY_DST);
    device.queue.writeBuffer(buffer, 0, Uint32Array.of(count));
    return buffer;
  });
  const groups = params.map((buffer) =>
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [buffer, x, result].map((one, binding) => ({ binding, resource: { buffer: one } })),
    }),
  );
  return {
    async run() {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      for (const group of groups) {
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(WORKGROUPS);
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
      await readBack(gpu, result, 1);
    },
    destroy() {
      for (const buffer of [x, result, ...params]) gpu.release(buffer);
    },
  };
}
