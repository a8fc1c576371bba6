/** Muon against its definition in plain Float64 loops, through whole runs in the reference executor. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { numbersOf } from '../core/problem/numbers.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { Ops } from '../core/tensor/ops.ts';
import { towardsOrthonormal } from '../core/tensor/polar.ts';
import { outcomesOf } from './lessons.fixture.ts';

const executor = createReferenceExecutor({
  now: () => performance.now(),
  pause: () => Promise.resolve(),
  reason: 'test',
});

const STEPS = 12;
const START = { W: [0.5, -0.25, 1, 0.75, 0.1, -0.6], b: [0.3, -0.2], s: [0.4] };
const TARGET = { W: [1, 0.5, -0.5, 0.25, 0.75, 0.3], b: [-0.5, 0.5], s: [1] };
const rows = (entries: readonly number[], columns: number) =>
  `[${Array.from({ length: entries.length / columns }, (_, i) => `[${entries.slice(columns * i, columns * (i + 1))}]`)}]`;
const problem = (turned: boolean) => {
  const [m, n] = turned ? [3, 2] : [2, 3];
  return [
    `param W[${m},${n}] = ${rows(START.W, n)}`,
    `param b[2] = [${START.b}]`,
    `param s = ${START.s}`,
    `data C[${m},${n}] = ${rows(TARGET.W, n)}`,
    `minimize sum((W - C)**2) + (b[0] + 0.5)^2 + (b[1] - 0.5)^2 + b[0]*s + (s - 1)^2`,
  ].join('\n');
};

interface Options {
  readonly learningRate: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly turns?: number;
  readonly scaling?: 'by shape' | 'as AdamW';
  readonly weightDecay?: number;
  readonly beta1?: number;
  readonly beta2?: number;
}

const product = (A: Matrix, B: Matrix) => A.mmul(B);

/** Jordan's listing, in Float64. */
function orthogonalized(G: Matrix, turns: number): Matrix {
  if (G.rows > G.columns) return orthogonalized(G.transpose(), turns).transpose();
  let X = Matrix.div(G, Math.max(G.norm('frobenius'), 1e-7)) as Matrix;
  for (let turn = 0; turn < turns; turn++) {
    const A = product(X, X.transpose());
    const B = Matrix.add(Matrix.mul(A, -4.775), Matrix.mul(product(A, A), 2.0315));
    X = Matrix.add(Matrix.mul(X, 3.4445), product(B, X)) as Matrix;
  }
  return X;
}

function definition(m: number, n: number, options: Options): number[][] {
  const { learningRate: rate, momentum = 0.95, nesterov = true, turns = 5, scaling = 'by shape' } = options;
  const { weightDecay = 0, beta1 = 0.9, beta2 = 0.95 } = options;
  let W = Matrix.from1DArray(m, n, START.W);
  const C = Matrix.from1DArray(m, n, TARGET.W);
  let buffer = Matrix.zeros(m, n);
  let rest = [...START.b, ...START.s];
  let [mean, square] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  const iterates = [[...W.to1DArray(), ...rest]];
  for (let t = 1; t <= STEPS; t++) {
    const G = Matrix.mul(Matrix.sub(W, C), 2);
    buffer = Matrix.add(Matrix.mul(buffer, momentum), Matrix.mul(G, 1 - momentum));
    const D = nesterov ? Matrix.add(Matrix.mul(buffer, momentum), Matrix.mul(G, 1 - momentum)) : buffer;
    const length = scaling === 'by shape' ? Math.sqrt(Math.max(1, m / n)) : 0.2 * Math.sqrt(Math.max(m, n));
    const decayed = Matrix.mul(W, 1 - rate * weightDecay);
    W = Matrix.sub(decayed, Matrix.mul(orthogonalized(D, turns), rate * length)) as Matrix;
    const [b0, b1, s] = rest as [number, number, number];
    const g = [2 * (b0 + 0.5) + s, 2 * (b1 - 0.5), b0 + 2 * (s - 1)];
    mean = mean.map((entry, k) => beta1 * entry + (1 - beta1) * at(g, k));
    square = square.map((entry, k) => beta2 * entry + (1 - beta2) * at(g, k) ** 2);
    rest = rest.map((entry, k) => {
      const denominator = Math.sqrt(at(square, k)) / Math.sqrt(1 - beta2 ** t) + 1e-10;
      return entry * (1 - rate * weightDecay) - ((rate / (1 - beta1 ** t)) * at(mean, k)) / denominator;
    });
    iterates.push([...W.to1DArray(), ...rest]);
  }
  return iterates;
}

describe('Muon', () => {
  it.each<[boolean, Options]>([
    [false, { learningRate: 0.05 }],
    [true, { learningRate: 0.05 }],
    [true, { learningRate: 0.1, nesterov: false, momentum: 0.8 }],
    [false, { learningRate: 0.1, scaling: 'as AdamW', weightDecay: 0.3 }],
    [true, { learningRate: 0.02, scaling: 'as AdamW', turns: 3, beta1: 0.5, beta2: 0.99 }],
    [false, { learningRate: 0.2, momentum: 0, turns: 1, weightDecay: 0.1 }],
  ])('is its definition (turned: %s, %o)', async (turned, options) => {
    const run: RunJson = { method: 'unconstrained', optimizer: { kind: 'muon', ...options }, steps: STEPS };
    const [outcome] = await outcomesOf({ version: 1, problem: problem(turned), runs: [run] }, executor, 'reference');
    const expected = definition(turned ? 3 : 2, turned ? 2 : 3, options);
    expect(outcome?.iterates).toHaveLength(STEPS + 1);
    outcome?.iterates.forEach((x, t) => {
      for (const [k, entry] of [...x].entries()) expect(Math.abs(entry - at(at(expected, t), k))).toBeLessThan(1e-12);
    });
  });

  it('brings singular values near 1 and keeps the singular vectors', () => {
    const A = new Matrix([
      [3, 1, -2, 0.5],
      [0.25, -1, 0.75, 2],
      [1, 0.5, 0.25, -0.125],
    ]);
    const ops = new Ops();
    const turned = numbersOf(ops, towardsOrthonormal(ops, ops.constant(Float64Array.from(A.to1DArray()), [3, 4]), 5));
    const X = Matrix.from1DArray(3, 4, [...turned]);
    for (const value of new SingularValueDecomposition(X.transpose()).diagonal) {
      expect(value).toBeGreaterThan(0.6);
      expect(value).toBeLessThan(1.2);
    }
    // X Aᵀ = U S Σ Uᵀ is symmetric exactly where the singular vectors are those of A.
    const P = product(X, A.transpose());
    expect(Matrix.sub(P, P.transpose()).norm('max')).toBeLessThan(1e-12);
  });

  it('stands still where the gradient is 0, and steps as AdamW where there is no matrix', async () => {
    const still: RunJson = { method: 'unconstrained', optimizer: { kind: 'muon' }, steps: 5 };
    const flat = 'param W[2,2] = [[1, 2], [3, 4]]\nminimize sum((W - W)**2)';
    const [nothing] = await outcomesOf({ version: 1, problem: flat, runs: [still] }, executor, 'reference');
    expect([...(nothing?.iterates.at(-1) ?? [])]).toEqual([1, 2, 3, 4]);
    const vector = 'param x[3] = [1, -2, 0.5]\nminimize x[0]^2 + 3*x[1]^2 + x[0]*x[2] + x[2]^4';
    const settings = { learningRate: 0.03, beta1: 0.8, beta2: 0.9, weightDecay: 0.05 };
    const runs = ['muon', 'adamw'].map((kind) => ({
      method: 'unconstrained',
      optimizer: { kind, ...settings, ...(kind === 'adamw' && { epsilon: 1e-10 }) },
      steps: 20,
    }));
    const [muon, adamw] = await outcomesOf({ version: 1, problem: vector, runs }, executor, 'reference');
    expect(muon?.iterates).toEqual(adamw?.iterates);
  });
});
