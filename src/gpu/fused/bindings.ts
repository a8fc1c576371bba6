/** What a kernel that carries starts through many steps of one dispatch reads and writes, and where an invocation finds its own numbers. */

/** Fields of `Chunk`, in order, each a u32: `records` begins with record `first_record`; the last of all is `last_record`. */
export const CHUNK_FIELDS = [
  'starts',
  'first_step',
  'steps',
  'cursor',
  'last_cursor',
  'first_record',
  'last_record',
] as const;

/** Where runs share a dispatch, a chunk says also how many they are, and where its own part of what they share begins. */
export const SHARED_CHUNK_FIELDS = [...CHUNK_FIELDS, 'runs', 'schedule_at', 'record_steps_at', 'records_at'] as const;

export const WORKGROUP_WIDTH = 64; // portable; 32 to 256 made no difference in speed

/** Runs of one dispatch: a workgroup of those with one start. */
export const MOST_RUNS = 64;

/** Numbers from one chunk to the next: elements of an array of uniforms begin at multiples of 16 bytes. */
export const CHUNK_STRIDE = 4 * Math.ceil(SHARED_CHUNK_FIELDS.length / 4);

/** No step: ends the list of recorded steps, and says that no number was non-finite. */
export const NO_STEP = 0xffffffff;

/** A flag from here on, but for `NO_STEP`: this, and the number of the record with which the start had come to rest. */
export const AT_REST = 0x80000000;

/** Stand for numbers that are known once the whole kernel is written: of a row of the schedule, and of the constants of a run. */
export const ROW_WIDTH = /ROW_WIDTH/g;
export const CONSTANTS_WIDTH = /CONSTANTS_WIDTH/g;

/** Storage bindings of the kernel after the uniform, in order; read-only or written. */
export const STORAGE_BINDINGS = ['read', 'read', 'read', 'read', 'write', 'write', 'write'] as const;

const fieldsOf = (fields: readonly string[]): string => fields.map((field) => `${field}: u32`).join(', ');

const STORAGE = `@group(0) @binding(1) var<storage, read> constants: array<f32>; // what settings and data determine
@group(0) @binding(2) var<storage, read> schedule: array<f32>; // [step - first_step][value]: what t determines
@group(0) @binding(3) var<storage, read> starts: array<f32>; // [element][start]
@group(0) @binding(4) var<storage, read> record_steps: array<u32>; // ascending, ends with ${NO_STEP}
@group(0) @binding(5) var<storage, read_write> state: array<f32>; // [element][start]
@group(0) @binding(6) var<storage, read_write> records: array<f32>; // [record][element][start]
@group(0) @binding(7) var<storage, read_write> flags: array<u32>; // [start]: 2 * step + 1 if the state was not finite, 2 * step if it had left its bound`;

/** WGSL by which an invocation finds its numbers. */
export interface Addresses {
  readonly bindings: string;
  /** From the invocation's place `id.x` to `chunk` and `start`. */
  readonly entry: readonly string[];
  /** First index of this step's row of the schedule. */
  readonly row: string;
  readonly flag: string;
  constant(place: string): string;
  /** Entry `k` of x₀, of `size`. */
  start(k: number, size: number): string;
  /** Number `k` of the state, of `size`. */
  state(k: number, size: number): string;
  recordStep(cursor: string): string;
  /** Index of a record's first number, of `width` a start. */
  record(record: string, width: number): string;
}

/** One run with many starts: swarms, and kernels in which a workgroup carries a start. */
export const OF_ONE_RUN: Addresses = {
  bindings: `struct Chunk { ${fieldsOf(CHUNK_FIELDS)} }
@group(0) @binding(0) var<uniform> chunk: Chunk;
${STORAGE}`,
  entry: ['let start = id.x;', 'if (start >= chunk.starts) { return; } // the last workgroup is partly empty'],
  row: 'let row = (t - chunk.first_step) * ROW_WIDTH;',
  flag: 'flags[start]',
  constant: (place) => `constants[${place}]`,
  start: (k) => `starts[${k}u * chunk.starts + start]`,
  state: (k) => `state[${k}u * chunk.starts + start]`,
  recordStep: (cursor) => `record_steps[${cursor}]`,
  record: (record, width) => `(${record} - chunk.first_record) * ${width}u`,
};

/** The same, where each invocation carries two starts: the second of the last may be the first once more, with the same results. */
export const OF_PAIRS: Addresses = {
  ...OF_ONE_RUN,
  entry: [
    `let start = id.x / ${WORKGROUP_WIDTH}u * ${2 * WORKGROUP_WIDTH}u + id.x % ${WORKGROUP_WIDTH}u;`,
    'if (start >= chunk.starts) { return; } // the last workgroup is partly empty',
    `let startb = select(start, start + ${WORKGROUP_WIDTH}u, start + ${WORKGROUP_WIDTH}u < chunk.starts);`,
  ],
};

/** Several runs with as many starts each, one after the other in every array but the schedule, which is as long as a run has steps. */
export const OF_SEVERAL_RUNS: Addresses = {
  bindings: `struct Chunk { @align(16) ${fieldsOf(SHARED_CHUNK_FIELDS)} }
@group(0) @binding(0) var<uniform> chunks: array<Chunk, ${MOST_RUNS}>; // [run]
${STORAGE}`,
  entry: [
    'let run = id.x / chunks[0].starts;',
    'if (run >= chunks[0].runs) { return; } // the last workgroup is partly empty',
    'let chunk = chunks[run];',
    'let start = id.x % chunk.starts;',
  ],
  row: 'let row = chunk.schedule_at + (t - chunk.first_step) * ROW_WIDTH;',
  flag: 'flags[id.x]',
  constant: (place) => `constants[run * CONSTANTS_WIDTH + ${place}]`,
  start: (k, size) => `starts[(run * ${size}u + ${k}u) * chunk.starts + start]`,
  state: (k, size) => `state[(run * ${size}u + ${k}u) * chunk.starts + start]`,
  recordStep: (cursor) => `record_steps[chunk.record_steps_at + ${cursor}]`,
  record: (record, width) => `(chunk.records_at + ${record} - chunk.first_record) * ${width}u`,
};

/** Lines, and before them where the row of their step begins, if they read it. */
export const withRowIfRead = (lines: readonly string[], { row }: Addresses): string[] =>
  lines.some((line) => line.includes('schedule[row')) ? [row, ...lines] : [...lines];
