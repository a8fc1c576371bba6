/** Newton–Schulz in float32 against Float64: what it reaches, in how many iterations. */
import { at } from '../src/core/diagnostic.ts';
import { type Matrix, matrixVector, rowSpaceBasis, transposed } from '../src/core/tensor/matrix.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { affinePasses } from '../src/gpu/dispatched/affine-passes.fixture.ts';
import { pseudoinverseOnDevice } from '../src/gpu/dispatched/newton-schulz.ts';
import {
  EPSILON,
  matrixWithCondition,
  penroseResiduals,
  relativeInfeasibility,
} from '../src/gpu/dispatched/penrose.ts';
import { readBack, readyDispatches, submitAll } from '../src/gpu/kernels/dispatch.ts';
import { seededNumbers } from '../src/gpu/kernels/seeded.ts';
import { RESIDENT } from '../src/gpu/kernels/usage.ts';
import { digits, markdown } from './statistics.ts';

export interface Accuracy {
  readonly rows: number;
  readonly columns: number;
  readonly kappa: number;
  readonly iterations: number;
  readonly iterationGoal: number;
  readonly penrose: readonly [number, number, number, number];
  /** 0.15 κε + 3ε, for the first three. */
  readonly penroseGoal: number;
  /** After two passes x ← x − X(Ax − b). */
  readonly infeasibility: number;
  /** After one pass x ← x − Qᵀ(Qx − c), Q a basis of the rows from the host. */
  readonly infeasibilityOfBasis: number;
  /** Upload, iterations and read-backs; the second run, with all compiled. */
  readonly ms: number;
}

const SHAPES = [
  [32, 128],
  [128, 512],
] as const;
const CONDITIONS = [1, 1e2, 1e3, 1e4];

export async function measureAccuracy(gpu: Gpu, now: () => number): Promise<Accuracy[]> {
  const results: Accuracy[] = [];
  for (const [rows, columns] of SHAPES)
    for (const kappa of CONDITIONS) results.push(await measure(gpu, now, rows, columns, kappa));
  return results;
}

async function measure(gpu: Gpu, now: () => number, rows: number, columns: number, kappa: number): Promise<Accuracy> {
  const A = matrixWithCondition(rows, columns, kappa, 1);
  (await pseudoinverseOnDevice(gpu, A.data, rows, columns)).destroy(); // compiled by now
  const began = now();
  const { buffer, iterations, destroy } = await pseudoinverseOnDevice(gpu, A.data, rows, columns);
  const ms = now() - began;
  const X: Matrix = {
    rows: columns,
    columns: rows,
    data: Float64Array.from(await readBack(gpu, buffer, rows * columns)),
  };
  destroy();
  const x = seededNumbers(columns, 2);
  const b = matrixVector(A, seededNumbers(columns, 3)).map(Math.fround);
  const Q = rowSpaceBasis(A);
  const c = matrixVector(Q, matrixVector(X, b)); // any point of the set has the same c
  return {
    rows,
    columns,
    kappa,
    iterations,
    iterationGoal: Math.floor(2 * Math.log2(kappa) + 10),
    penrose: penroseResiduals(A, X),
    penroseGoal: 0.15 * kappa * EPSILON + 3 * EPSILON,
    infeasibility: relativeInfeasibility(A, await project(gpu, A, X, x, b, 2), b, 1),
    infeasibilityOfBasis: relativeInfeasibility(Q, await project(gpu, Q, transposed(Q), x, c, 1), c, 1),
    ms,
  };
}

/** x after `passes` of x ← x − P(Ax − b) on the device. */
async function project(
  gpu: Gpu,
  A: Matrix,
  P: Matrix,
  x: Float64Array,
  b: Float64Array,
  passes: number,
): Promise<Float32Array> {
  const [m, n] = [A.rows, A.columns];
  const contents = [A.data, P.data, x, b, new Float64Array(m), new Float64Array(n)];
  const buffers = contents.map((data) => {
    const buffer = gpu.buffer('bench', 4 * data.length, RESIDENT);
    gpu.device.queue.writeBuffer(buffer, 0, Float32Array.from(data));
    return buffer;
  });
  const { calls, into } = affinePasses(m, n, passes);
  const { ready, destroy } = await readyDispatches(gpu, calls, buffers);
  submitAll(gpu, ready);
  const result = await readBack(gpu, at(buffers, into), n);
  destroy();
  for (const buffer of buffers) gpu.release(buffer);
  return result;
}

export const printAccuracy = (results: readonly Accuracy[]): string =>
  markdown(
    'Newton–Schulz in float32 against Float64',
    [
      'A',
      'κ',
      'iterations (goal)',
      'Penrose 1–3, largest (goal)',
      'Penrose 4',
      'feasibility, two passes (goal 5e-8)',
      'row basis, one pass',
      'ms',
    ],
    results.map((one) => [
      `${one.rows} × ${one.columns}`,
      digits(one.kappa),
      `${one.iterations} (${one.iterationGoal})`,
      `${digits(Math.max(...one.penrose.slice(0, 3)))} (${digits(one.penroseGoal)})`,
      digits(one.penrose[3]),
      digits(one.infeasibility),
      digits(one.infeasibilityOfBasis),
      digits(one.ms),
    ]),
  );
