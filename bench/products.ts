/** Matrix products and pseudoinverses, as large as networks and constraint sets have them. */
import { Matrix as Dense, pseudoInverse } from 'ml-matrix';
import { at } from '../src/core/diagnostic.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { pseudoinverseRead } from '../src/gpu/dispatched/newton-schulz.ts';
import { pieceFor } from '../src/gpu/kernels/choose-product.ts';
import { dispatch, encode, readBack, readyDispatches, submitAll } from '../src/gpu/kernels/dispatch.ts';
import { matmul } from '../src/gpu/kernels/product.ts';
import { REDUCTION, reduce } from '../src/gpu/kernels/reduce.ts';
import { seededNumbers } from '../src/gpu/kernels/seeded.ts';
import { RESIDENT, USAGE } from '../src/gpu/kernels/usage.ts';
import { type Column, type Contest, type ContestResult, measureContest } from './contest.ts';
import type { Peer, PeerWork } from './peers/peer.ts';

type Shape = readonly [rows: number, inner: number, columns: number];

interface Wanted {
  readonly goals: Readonly<Record<string, number>>;
  /** So many are also measured in flight at once: what a call costs where nobody waits for it alone. */
  readonly many: number;
}

const PRODUCTS: readonly (Wanted & { readonly shape: Shape })[] = [
  { shape: [256, 256, 256], many: 16, goals: { 'jax-js WebGPU': 2.2, 'tfjs WebGPU': 9, 'onnxruntime-web WebGPU': 9 } },
  { shape: [512, 512, 512], many: 4, goals: { 'jax-js WebGPU': 2.2, 'tfjs WebGPU': 9, 'onnxruntime-web WebGPU': 9 } },
  {
    shape: [1024, 1024, 1024],
    many: 1,
    goals: { 'jax-js WebGPU': 2.2, 'tfjs WebGPU': 9, 'onnxruntime-web WebGPU': 9 },
  },
  { shape: [64, 4096, 64], many: 16, goals: { 'jax-js WebGPU': 3, 'tfjs WebGPU': 9 } },
];

const ROUNDS = 5;

export async function measureProducts(gpu: Gpu, now: () => number, peers: readonly Peer[]): Promise<ContestResult[]> {
  const results: ContestResult[] = [];
  for (const { shape, goals, many } of PRODUCTS) {
    const [m, k, n] = shape;
    const [a, b] = [Float32Array.from(seededNumbers(m * k, 1)), Float32Array.from(seededNumbers(k * n, 2))];
    const own = await ownProduct(gpu, a, b, shape);
    const works = peers.map((peer) => [peer.name, peer.matmul(a, b, shape)] as const);
    const expected = entryOf(a, b, shape);
    const contest: Contest = {
      name: `Product ${m}×${k} · ${k}×${n}, float32`,
      rounds: ROUNDS,
      operations: 2 * m * k * n,
      goals,
      columns: [
        { name: 'Feasible', run: own.run, error: () => Math.abs(at(own.last(), 0) - expected) },
        ...works.map(([name, work]): Column => ({ name, run: () => work.run() })),
      ],
    };
    results.push(await withErrors(contest, works, now, (result) => Math.abs(at(result, 0) - expected)));
    if (many > 1)
      results.push(
        await measureContest(
          inFlight(contest, many, () => own.many(many), works),
          now,
        ),
      );
    own.destroy();
  }
  return results;
}

/** A product on the device, ready to run; `last` is the first entry that was read back. */
export async function ownProduct(gpu: Gpu, a: Float32Array, b: Float32Array, [m, k, n]: Shape) {
  const buffers = [a, b, new Float32Array(m * n)].map((data) => {
    const buffer = gpu.buffer('bench', 4 * data.length, RESIDENT);
    gpu.device.queue.writeBuffer(buffer, 0, Float32Array.from(data));
    return buffer;
  });
  const piece = pieceFor({ rows: m, inner: k, columns: n });
  const pieces = Math.ceil(k / piece);
  const parts = gpu.buffer('bench', 4 * pieces * m * n, RESIDENT);
  const params = { rows: m, inner: k, columns: n, a_offset: 0, a_row: k, a_inner: 1 };
  const rest = { b_offset: 0, b_inner: n, b_column: 1, piece, result_offset: 0, alpha: 1, delta: 0 };
  const sum = { outer: 1, length: pieces, inner: m * n, piece: pieces, offset: 0 };
  const { ready, destroy } = await readyDispatches(
    gpu,
    [
      dispatch(matmul, { ...params, ...rest }, { a: 0, b: 1, result: pieces > 1 ? 3 : 2 }),
      ...(pieces > 1 ? [dispatch(reduce, sum, { a: 3, result: 2 }, { operation: REDUCTION.sum })] : []),
    ],
    [...buffers, parts],
  );
  const staging = gpu.buffer('bench', 4, USAGE.MAP_READ | USAGE.COPY_DST);
  let last = new Float32Array(1);
  return {
    /** One submit, and one entry read: as a run of a plan does it. */
    run: async () => {
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const one of ready) encode(pass, one);
      pass.end();
      encoder.copyBufferToBuffer(at(buffers, 2), 0, staging, 0, 4);
      gpu.device.queue.submit([encoder.finish()]);
      last = new Float32Array(await gpu.read(staging, 4));
    },
    /** Of so many, one is read. */
    many: async (count: number) => {
      for (let k = 0; k < count; k++) submitAll(gpu, ready);
      await readBack(gpu, at(buffers, 2), 1);
    },
    last: () => last,
    destroy() {
      destroy();
      for (const buffer of [...buffers, parts, staging]) gpu.release(buffer);
    },
  };
}

/** The same work with `count` calls in flight at once, per call: the wait for an answer is shared by all of them. */
function inFlight(
  { name, columns: [one], ...rest }: Contest,
  count: number,
  own: () => Promise<unknown>,
  works: readonly (readonly [string, PeerWork])[],
): Contest {
  const column = (name: string, run: () => Promise<unknown>): Column => ({ name, run, share: count });
  return {
    ...rest,
    name: `${name}: ${count} calls in flight, per call`,
    columns: [
      column(one?.name ?? '', own),
      ...works.flatMap(([name, { many }]) => (many ? [column(name, () => many(count))] : [])),
    ],
  };
}

/** The first entry in Float64. */
function entryOf(a: Float32Array, b: Float32Array, [, k, n]: Shape): number {
  let sum = 0;
  for (let i = 0; i < k; i++) sum += at(a, i) * at(b, i * n);
  return sum;
}

const INVERSES: readonly (Wanted & { readonly shape: readonly [number, number]; readonly iterations: number })[] = [
  { shape: [32, 128], iterations: 11, many: 16, goals: { 'jax-js WebGPU': 10, 'tfjs WebGPU': 50 } },
  { shape: [128, 512], iterations: 13, many: 4, goals: { 'jax-js WebGPU': 7, 'tfjs WebGPU': 30 } },
];

export async function measureInverses(gpu: Gpu, now: () => number, peers: readonly Peer[]): Promise<ContestResult[]> {
  const results: ContestResult[] = [];
  for (const { shape, iterations, goals, many } of INVERSES) {
    const [m, n] = shape;
    const a = Float32Array.from(seededNumbers(m * n, 3));
    const residualOf = (X: ArrayLike<number>) => penroseResidual(a, X, shape);
    let own: Float32Array = new Float32Array(0);
    const works = peers.flatMap(({ name, pseudoinverse }) =>
      pseudoinverse ? [[name, pseudoinverse(a, shape, iterations)] as const] : [],
    );
    const invert = async () => {
      own = (await pseudoinverseRead(gpu, a, m, n)).numbers;
    };
    const contest: Contest = {
      name: `Pseudoinverse ${m}×${n}, Gaussian, by Newton–Schulz (ml-matrix: singular values); error: ‖I − AX‖_F/√m`,
      rounds: ROUNDS,
      goals,
      columns: [
        {
          name: 'Feasible, upload and read-back included',
          run: invert,
          error: () => residualOf(own),
        },
        ...works.map(([name, work]): Column => ({ name, run: () => work.run() })),
        { name: 'ml-matrix, Float64', run: () => pseudoInverse(Dense.from1DArray(m, n, a)) },
      ],
    };
    results.push(await withErrors(contest, works, now, residualOf));
    const all = () => Promise.all(Array.from({ length: many }, invert));
    results.push(await measureContest(inFlight(contest, many, all, works), now));
  }
  return results;
}

/** ‖I − A X‖_F / √m. */
function penroseResidual(a: Float32Array, X: ArrayLike<number>, [m, n]: readonly [number, number]): number {
  let squares = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      let sum = i === j ? -1 : 0;
      for (let k = 0; k < n; k++) sum += at(a, i * n + k) * at(X, k * m + j);
      squares += sum * sum;
    }
  }
  return Math.sqrt(squares / m);
}

/** Measures, and fills in the errors of the peers' last results. */
export async function withErrors(
  contest: Contest,
  works: readonly (readonly [string, PeerWork])[],
  now: () => number,
  errorOf: (result: ArrayLike<number>) => number,
): Promise<ContestResult> {
  const measured = await measureContest(contest, now);
  const errors = new Map<string, number>();
  for (const [name, work] of works) errors.set(name, errorOf(await work.result()));
  return {
    ...measured,
    columns: measured.columns.map((column) => ({ ...column, error: errors.get(column.name) ?? column.error })),
  };
}
