/** The reference values of least squares and of constrained layers, from texts as a reader would type them, in Float64. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../core/analysis/analyze.ts';
import { findOptimum } from '../core/analysis/optimum/optimum.ts';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { lossOf, residualOf } from '../core/problem/elaborate.ts';
import { type Problem, startOf } from '../core/problem/problem.ts';
import { type FittedCase, type LayerCase, layerCases, type Rows, type Vector } from '../core/reference/layers.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { jacobian } from '../core/tensor/derivatives.ts';
import { evaluate } from '../core/tensor/evaluate.ts';
import { lsmr } from '../core/tensor/lsmr.ts';
import { decompose, type Matrix, matrixVector, pseudoinverse } from '../core/tensor/matrix.ts';
import type { Ops, Tensor } from '../core/tensor/ops.ts';
import { catalog } from './registry.ts';

const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });

function problemOf(text: string): Problem {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return problem.value;
}

const typed = (array: Vector | Rows): string => JSON.stringify(array);
const matrix = (rows: Rows): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

/** maxᵢ |aᵢ − bᵢ| as a share of max(1, max |bᵢ|): the tolerances of the file are of this. */
const difference = (a: ArrayLike<number>, b: Vector): number =>
  a.length === b.length
    ? Math.max(...b.map((entry, i) => Math.abs(at(a, i) - entry))) / Math.max(1, ...b.map(Math.abs))
    : Number.NaN;

/** A over damp·I: its least-squares solution for (b, 0) is the damped one. */
const damped = (A: Rows, damp: number): Rows =>
  damp === 0 ? A : [...A, ...at(A, 0).map((_, i) => at(A, 0).map((__, j) => (i === j ? damp : 0)))];

const byLsmr = ({ rows, columns, data }: Matrix, b: Vector): Float64Array =>
  evaluate((ops) => {
    const A = ops.constant(data, [rows, columns]);
    const times = (v: Tensor) => ops.matmul(A, v);
    const transposedTimes = (u: Tensor) => ops.matmul(ops.transpose(A), u);
    return lsmr(ops, { rows, columns, times, transposedTimes }, ops.constant(b, [rows]));
  });

const leastSquares = [
  ...layerCases('lstsq').map(({ expected: { x, rank }, ...each }) => ({ ...each, x, rank })),
  ...layerCases('lsmr').map(({ expected: { solution }, ...each }) => ({ ...each, x: solution, rank: null })),
];

describe('least squares', () => {
  it.each(leastSquares)('$id: the shortest solution', ({ inputs: { A, b, damp }, x, rank, tolerance }) => {
    const stacked = matrix(damped(A, damp));
    const target = [...b, ...new Array<number>(stacked.rows - b.length).fill(0)];
    expect(difference(matrixVector(pseudoinverse(stacked), target), x)).toBeLessThan(tolerance.f64);
    expect(difference(byLsmr(stacked, target), x)).toBeLessThan(tolerance.f32); // it ends where float32 would
    if (rank !== null) expect(decompose(matrix(A)).rank).toBe(rank);
  });

  it.each(layerCases('lstsq'))('$id: the optimum of the text', ({ inputs: { A, b, damp }, expected, tolerance }) => {
    const n = at(A, 0).length;
    const found = findOptimum(
      problemOf(
        `data A = ${typed(A)}\ndata b = ${typed(b)}\nparam x[${n}]\nminimize sum((A @ x - b)^2) + ${damp}^2*sum(x^2)`,
      ),
      { isQuadratic: true },
    );
    const squares = expected.residual_norm ** 2 + damp ** 2 * expected.x.reduce((sum, entry) => sum + entry ** 2, 0);
    expect(Math.abs((found?.loss ?? Number.NaN) - squares)).toBeLessThan(1e-10);
    if (damp !== 0 || expected.rank === n) expect(difference(found?.x ?? [], expected.x)).toBeLessThan(tolerance.f32);
  });

  it.each(layerCases('subspace'))('$id: the nearest weights', ({ inputs: { W, B }, expected: { C, distance } }) => {
    const text = `data W = ${typed(W)}\ndata B = ${typed(B)}\nparam C[${C.length},${at(C, 0).length}]\nminimize sum((C.T @ B - W)^2)`;
    const found = findOptimum(problemOf(text), { isQuadratic: true });
    expect(Math.sqrt(found?.loss ?? Number.NaN)).toBeCloseTo(distance, 10);
    expect(difference(found?.x ?? [], C.flat())).toBeLessThan(1e-8);
  });
});

const kernel = (a: string, m: number, b: string, n: number) =>
  `exp(2*theta[1])*exp(-(outer(${a}, ones(${n})) - outer(ones(${m}), ${b}))^2/(2*exp(2*theta[0])))`;

/** Weights that obey the normal equations, and the validation loss: min over θ of a loss in which w is the fit for θ. */
function fittedText({ kind, inputs, expected }: FittedCase): string {
  const { y, y_val, theta0 } = inputs;
  const w = expected.w ?? expected.alpha;
  const data = Object.entries(inputs).filter(([name]) => ['s', 's_val', 'x', 'x_val', 'omega', 'phase'].includes(name));
  const declared = [
    ...data.map(([name, array]) => `data ${name} = ${typed(array)}`),
    `data y = ${typed(y)}\ndata yv = ${typed(y_val)}`,
    `param theta[${theta0.length}] = ${typed(theta0)}`,
    `param w[${w.length}] = ${typed(w)}`,
  ];
  const columns = (s: string, m: number) =>
    `outer(ones(${m}), [1, 0, 0]) + outer(exp(-theta[0]*${s}), [0, 1, 0]) + outer(exp(-theta[1]*${s}), [0, 0, 1])`;
  const features = (x: string, m: number) =>
    `sqrt(2/${w.length})*cos(exp(-theta[0])*outer(${x}, omega) + outer(ones(${m}), phase))`;
  const [train, validation] = {
    'lstsq-params': [columns('s', y.length), columns('s_val', y_val.length)],
    features: [features('x', y.length), features('x_val', y_val.length)],
    gp: [kernel('x', y.length, 'x', y.length), kernel('x_val', y_val.length, 'x', y.length)],
  }[kind];
  const fit = {
    'lstsq-params': 'P.T @ (P @ w - y) = 0',
    features: 'P.T @ (P @ w - y) + exp(2*theta[1])*w = 0',
    gp: 'P @ w + exp(2*theta[2])*w = y',
  }[kind];
  return [...declared, `let P = ${train}`, `let V = ${validation}`, 'minimize mean((V @ w - yv)^2)', 'st', fit].join(
    '\n',
  );
}

describe('hyperparameters under a fit', () => {
  it.each(layerCases('lstsq-params', 'features', 'gp'))('$id: loss, fit and slope by θ', (fitted) => {
    const { expected, inputs, tolerance } = fitted;
    const problem = problemOf(fittedText(fitted));
    const values = (of: (ops: Ops, x: Tensor) => Tensor) => evaluate((ops) => of(ops, ops.constant(startOf(problem))));
    const [zero, T] = [0, 1];
    const loss = (ops: Ops, x: Tensor) => lossOf(ops, problem, x, ops.constant(zero), ops.constant(T));
    const rows = (ops: Ops, x: Tensor) =>
      residualOf(ops, problem, at(problem.constraints, 0), x, ops.constant(zero), ops.constant(T));
    expect(Math.abs(at(values(loss), 0) - expected.loss)).toBeLessThan(tolerance.f64);
    expect(Math.max(...values(rows).map(Math.abs))).toBeLessThan(tolerance.f64);
    const k = inputs.theta0.length;
    const slope = values((ops, x) => jacobian(ops, (y) => loss(ops, y), x));
    const J = values((ops, x) => jacobian(ops, (y) => rows(ops, y), x));
    const n = problem.size;
    const m = J.length / n;
    // dL/dθ = ∂f/∂θ − (∂h/∂θ)ᵀ λ with (∂h/∂w)ᵀ λ = ∂f/∂w
    const byWeights = Float64Array.from({ length: m * m }, (_, i) => at(J, (i % m) * n + k + Math.floor(i / m)));
    const lambda = matrixVector(pseudoinverse({ rows: m, columns: m, data: byWeights }), slope.subarray(k));
    const total = inputs.theta0.map((_, i) =>
      lambda.reduce((sum, entry, row) => sum - entry * at(J, row * n + i), at(slope, i)),
    );
    expect(difference(total, expected.grad)).toBeLessThan(1e-9);
  });
});

const network = (x: string) => `v @ tanh(a*${x} + b) + c`;

/** What the description of the case says, as it would be typed. */
function layerText({ id, kind, inputs }: LayerCase): string {
  const { X, Y, P, x, y, zero_set, collocation, theta0 } = inputs;
  const part = (from: number, to: number) => typed(theta0.slice(from, to));
  const square = (n: number) => typed(Array.from({ length: n }, (_, i) => theta0.slice(i * n, i * n + n)));
  const linear = (n: number, lines: string) =>
    `data X = ${typed(X)}\ndata Y = ${typed(Y)}\nparam W[${n},${n}] = ${square(n)}\nminimize mean((X @ W.T - Y)^2)\nst\n${lines}`;
  if (kind === 'sparsity') {
    const kept =
      id === 'sparsity'
        ? zero_set.map((i) => `w[${i}] = 0`).join('\n')
        : `${zero_set.map((i) => `w[${i}]^2`).join(' + ')} = 0`;
    return `data X = ${typed(X)}\ndata y = ${typed(y)}\nparam w[${theta0.length}] = ${typed(theta0)}\nminimize mean((X @ w - y)^2)\nst\n${kept}`;
  }
  if (kind === 'equivariance') return `data P = ${typed(P)}\n${linear(P.length, 'W @ P = P @ W')}`;
  if (id === 'conservative-linear') return linear(3, 'W[0,1] = W[1,0]\nW[0,2] = W[2,0]\nW[1,2] = W[2,1]');
  if (kind === 'symmetry') {
    const rows = (collocation as Vector).map((place) => `${network(String(place))} + ${network(`(-${place})`)} = 0`);
    const outputs = 'tanh(outer(x, a) + outer(ones(13), b)) @ v + c';
    return `data x = ${typed(x)}\ndata y = ${typed(y)}\nparam a[4] = ${part(0, 4)}\nparam b[4] = ${part(4, 8)}\nparam v[4] = ${part(8, 12)}\nparam c = ${at(theta0, 12)}\nminimize mean((${outputs} - y)^2)\nst\n${rows.join('\n')}`;
  }
  // ∂v₁/∂x₂ − ∂v₂/∂x₁ of v(x) = U tanh(W x + b) + c
  const rows = (collocation as Rows).map((place) => {
    const slope = `(1 - tanh(W @ ${typed(place)} + b)^2)`;
    return `sum(U[0,:]*${slope}*W[:,1]) - sum(U[1,:]*${slope}*W[:,0]) = 0`;
  });
  const inputsOf = `param W[4,2] = ${typed([0, 2, 4, 6].map((i) => theta0.slice(i, i + 2)))}\nparam b[4] = ${part(8, 12)}`;
  const outputsOf = `param U[2,4] = ${typed([12, 16].map((i) => theta0.slice(i, i + 4)))}\nparam c[2] = ${part(20, 22)}`;
  return `data X = ${typed(X)}\ndata Y = ${typed(Y)}\n${inputsOf}\n${outputsOf}\nminimize mean((tanh(X @ W.T + b) @ U.T + c - Y)^2)\nst\n${rows.join('\n')}`;
}

describe('layers kept by the null-space method', () => {
  it.each(layerCases('sparsity', 'equivariance', 'symmetry', 'conservative'))('$id', async (layer) => {
    const { expected, inputs, tolerance } = layer;
    const problem = problemOf(layerText(layer));
    const job = prepareRun(
      { problem, structure: analyze(problem, catalog.constraints) },
      {
        method: 'tangent-normal',
        settings: { normalRate: inputs.gamma },
        optimizer: { kind: 'sgd', learningRate: inputs.lr },
        steps: inputs.steps,
        record: expected.records.map(({ t }) => t),
      },
      1,
      catalog,
    );
    if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
    const { steps, iterates, loss } = await recordedRun(executor, 'reference', job.value);
    for (const [k, { t, theta, f }] of expected.records.entries()) {
      expect(steps[k]).toBe(t);
      expect(difference(at(iterates, k), theta), `θ at step ${t}`).toBeLessThan(tolerance.f64);
      expect(Math.abs(at(loss, k) - f), `loss at step ${t}`).toBeLessThan(tolerance.f64);
    }
    if (!expected.optimum) return;
    const optimum = findOptimum(problem, { isQuadratic: true });
    expect(Math.abs((optimum?.loss ?? Number.NaN) - expected.optimum.f)).toBeLessThan(1e-10);
    expect(difference(optimum?.x ?? [], expected.optimum.theta)).toBeLessThan(1e-7);
  });
});
