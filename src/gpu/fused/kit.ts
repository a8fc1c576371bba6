/** The buffers of one dispatch of a fused kernel, and their bindings: kept from one run to the next of the same sizes. */
import { at } from '../../core/diagnostic.ts';
import type { HostSide } from '../../core/program/host.ts';
import type { Gpu } from '../device.ts';
import { USAGE } from '../kernels/usage.ts';
import type { Kit } from '../shelf.ts';
import { type CHUNK_FIELDS, CHUNK_STRIDE, MOST_RUNS, SHARED_CHUNK_FIELDS } from './bindings.ts';
import type { FusedPlan } from './lower.ts';

/** In the order of their bindings. */
const BUFFERS = ['chunk', 'constants', 'schedule', 'starts', 'recordSteps', 'state', 'records', 'flags'] as const;

type BufferName = (typeof BUFFERS)[number];

/** Bytes of each buffer but the chunks, which are always as many. */
export type KitSizes = Readonly<Record<Exclude<BufferName, 'chunk'>, number>>;

/** A start writes all that it reads: what the last run left does not matter. */
export interface FusedKit extends Kit {
  readonly of: Readonly<Record<BufferName, GPUBuffer>>;
  readonly bindings: GPUBindGroup;
  readonly staging: readonly GPUBuffer[];
}

/** By the key under which it may be kept. */
export const keyOf = (sizes: KitSizes): string => Object.values(sizes).join(' ');

export function makeKit(gpu: Gpu, layout: GPUBindGroupLayout, sizes: KitSizes): FusedKit {
  const { STORAGE, COPY_DST, COPY_SRC, UNIFORM } = USAGE;
  const usage: Readonly<Record<BufferName, number>> = {
    chunk: UNIFORM | COPY_DST,
    constants: STORAGE | COPY_DST,
    schedule: STORAGE | COPY_DST,
    starts: STORAGE | COPY_DST,
    recordSteps: STORAGE | COPY_DST,
    state: STORAGE,
    records: STORAGE | COPY_SRC,
    flags: STORAGE | COPY_SRC,
  };
  const bytes = { ...sizes, chunk: MOST_RUNS * CHUNK_STRIDE * 4 };
  const of = Object.fromEntries(BUFFERS.map((name) => [name, gpu.buffer(name, bytes[name], usage[name])])) as Record<
    BufferName,
    GPUBuffer
  >;
  const entries = BUFFERS.map((name, binding) => ({ binding, resource: { buffer: of[name] } }));
  return {
    of,
    buffers: Object.values(of),
    bindings: gpu.device.createBindGroup({ label: 'fused', layout, entries }),
    staging: [],
  };
}

/** What one run tells the kernel of a dispatch. A kernel of one run reads the first of these fields only. */
export type ChunkNumbers = Readonly<
  Record<(typeof CHUNK_FIELDS)[number], number> &
    Partial<Record<Exclude<(typeof SHARED_CHUNK_FIELDS)[number], (typeof CHUNK_FIELDS)[number]>, number>>
>;

/** The chunks of a dispatch, one a run. */
export function chunkWords(chunks: readonly ChunkNumbers[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(chunks.length * CHUNK_STRIDE);
  chunks.forEach((chunk, run) => {
    words.set(
      SHARED_CHUNK_FIELDS.map((field) => chunk[field] ?? (field === 'runs' ? chunks.length : 0)),
      run * CHUNK_STRIDE,
    );
  });
  return words;
}

/** Run-level numbers as the kernel reads them. */
export function packed({ constants }: Pick<FusedPlan, 'constants'>, host: HostSide): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(constants.reduce((size, placed) => Math.max(size, placed.offset + placed.size), 0));
  for (const { id, offset, columns } of constants) {
    const values = host.numbers(id);
    numbers.set(columns === undefined ? values : byColumns(values, columns), offset);
  }
  return numbers;
}

function byColumns(values: ArrayLike<number>, columns: number): Float32Array {
  const rows = values.length / columns;
  return Float32Array.from({ length: values.length }, (_, place) =>
    at(values, (place % rows) * columns + Math.floor(place / rows)),
  );
}
