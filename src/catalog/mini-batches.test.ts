/** Mini-batches: the gradients of the batches of an epoch have the full gradient as their mean, and runs with them are repeatable. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../core/analysis/analyze.ts';
import { at } from '../core/diagnostic.ts';
import type { OptimizerJson } from '../core/experiment/experiment.ts';
import { decodeLink, encodeLink } from '../core/experiment/link/codec.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { pytorchScript } from '../core/experiment/python/pytorch.ts';
import { study } from '../core/experiment/study/study.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { objectiveOf } from '../core/problem/elaborate.ts';
import type { Problem } from '../core/problem/problem.ts';
import { interpret } from '../core/program/interpret.ts';
import { batchLoss, rowsOfData } from '../core/program/mini-batch.ts';
import type { Job } from '../core/run/run.ts';
import { gradient } from '../core/tensor/derivatives.ts';
import { Machine } from '../core/tensor/evaluate.ts';
import { Ops } from '../core/tensor/ops.ts';
import { catalog } from './registry.ts';

const DATA = 'data X[12, 3], y[12] = regression(seed=1)\n';

function problemOf(text: string): Problem {
  const document = parse(text);
  const problem = document.ok
    ? check(document.value, { seed: 0, data: { datasets: catalog.datasets, loaded: new Map(), tables: {} } })
    : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return problem.value;
}

/** f and ∇f at a point, from the given rows; from all of them where none are given. */
function slopeFrom(problem: Problem, x: readonly number[], rows: readonly number[] | null): number[] {
  const ops = new Ops();
  const [point, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const count = rows ? rowsOfData(problem) : null;
  const drawn = ops.input('setting', 'rows', [rows?.length ?? 1]);
  const loss =
    rows && count?.ok
      ? batchLoss(ops, problem, count.value, drawn, T)
      : (z: typeof point, time: typeof t) => objectiveOf(ops, problem, z, time, T);
  const value = ops.concat([loss(point, t), gradient(ops, (z) => loss(z, t), point)]);
  const machine = new Machine(ops);
  machine.numbers(point.id).set(x);
  if (rows) machine.numbers(drawn.id).set(rows);
  machine.procedure([value.id])();
  return [...machine.numbers(value.id)];
}

const SUMS: readonly (readonly [string, string])[] = [
  ['mean squared error', `${DATA}param w[3] = [1, -1, 0.5]\nminimize mean((X @ w - y)^2)`],
  ['a sum of squares', `${DATA}param w[3] = [1, -1, 0.5]\nminimize sum((X @ w - y)^2)/2 + 0.1*sum(w^2)`],
  ['an inner product of residuals', `${DATA}param w[3] = [1, -1, 0.5]\nminimize (X @ w - y) @ (X @ w - y)`],
  [
    'a product with the transpose',
    `${DATA}param w[3] = [1, -1, 0.5]\nminimize w @ (X.T @ (X @ w)) - 2*sum(X.T @ y * w)`,
  ],
  [
    'an intercept, named parts',
    `${DATA}param w[3] = [1, -1, 0.5]\nparam c = 0.3\nlet r = X @ w + c - y\nminimize mean(abs(r)) + 2*norm(w)`,
  ],
  ['columns of the data', `${DATA}param a = 1\nparam b = -1\nminimize mean((a*X[:,0] + b*X[:,2]^2 - y)^2)`],
  [
    'centred data',
    `${DATA}param w[3] = [1, -1, 0.5]\nlet Z = X - mean(X, axis=0)\nminimize mean(log(1 + exp(-y * (Z @ w))))`,
  ],
  [
    'a softmax over classes',
    'data X[12, 3], y[12] = classification(seed=2)\nparam W[3, 2] = [[1, 0], [0, 1], [0.5, -0.5]]\nminimize cross_entropy(X @ W, y) + 0.01*sum(W^2)',
  ],
  [
    'numbers written out',
    'data x = [1, 2, 3, 4, 5, 6]\ndata y = [2, 1, 4, 3, 6, 5]\nparam a = 1\nparam b = 0\nminimize mean((a*x + b - y)^2)',
  ],
  [
    'a step, a soft constraint and a maximum',
    `${DATA}param w[3] = [1, -1, 0.5]\nmaximize -mean((X @ w - y)^2) + t*sum(w)\nsubject to\n  soft(3): sum(w) = 1`,
  ],
  [
    'a hidden layer',
    `${DATA}param V[3, 2] = [[1, 0], [0, 1], [0.5, -0.5]]\nparam u[2] = [1, -1]\nminimize mean((tanh(X @ V) @ u - y)^2)`,
  ],
];

describe('a batch', () => {
  it.each(SUMS)(
    'of %s estimates value and gradient without bias: all parts of an epoch have them as mean',
    (_, text) => {
      const problem = problemOf(text);
      const count = rowsOfData(problem);
      if (!count.ok) throw new Error(count.diagnostics[0]?.message);
      const x = Array.from({ length: problem.size }, (_, i) => Math.sin(i + 1));
      const whole = slopeFrom(problem, x, null);
      for (const size of [1, 2, 3]) {
        const parts = Array.from({ length: count.value / size }, (_, k) =>
          slopeFrom(
            problem,
            x,
            Array.from({ length: size }, (_, j) => (k + j * (count.value / size)) % count.value),
          ),
        );
        whole.forEach((entry, i) => {
          const mean = parts.reduce((sum, part) => sum + at(part, i), 0) / parts.length;
          expect(Math.abs(mean - entry)).toBeLessThan(1e-11 * (1 + Math.abs(entry)));
        });
        expect(parts.some((part) => Math.abs(at(part, 1) - at(whole, 1)) > 1e-6)).toBe(true);
      }
    },
  );

  it.each([
    ['nothing is summed over data', 'param x = 1\nminimize x^2', /no sum or mean over rows/],
    ['a sum is bent', `${DATA}param w[3]\nminimize sqrt(mean((X @ w - y)^2))`, /takes the root of such a sum/],
    ['a mean is squared', `${DATA}param w[3]\nminimize mean(X @ w - y)^2`, /takes the square or a product of such/],
    ['rows look at all rows', `${DATA}param w[3]\nlet p = X @ w\nminimize mean((p - mean(p))^2)`, /looks at a sum/],
    ['the worst row counts', `${DATA}param w[3]\nminimize max(abs(X @ w - y))`, /largest of all rows/],
    [
      'every row has a parameter',
      `${DATA}param w[3]\nparam s[12]\nminimize sum((X @ w - y - s)^2)`,
      /one for each row/,
    ],
  ])('is refused where %s', (_, text, reason) => {
    const rows = rowsOfData(problemOf(text));
    expect(rows.ok ? 'rows' : rows.diagnostics[0]?.message).toMatch(reason);
  });
});

const TEXT = `${DATA}param w[3] = [1, -1, 0.5]\nminimize mean((X @ w - y)^2)\nsubject to\n  sum(w) = 0.5`;

function jobOf(
  optimizer: OptimizerJson,
  { seed = 0, text = TEXT, method = 'projected-gradient', steps = 48 } = {},
): Job {
  const studied = study(text, seed, catalog);
  const job = studied.ok ? prepareRun(studied.value, { method, optimizer, steps }, 0, catalog) : studied;
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  return job.value;
}

function path(job: Job): Float64Array[] {
  const run = interpret(job.program, job.starts, job.settings);
  return Array.from({ length: job.steps }, () => {
    run.step(1e9);
    return at(run.outputs(), 0).slice();
  });
}

const sgd = (settings: object): OptimizerJson => ({ kind: 'sgd', learningRate: 0.05, ...settings });
const batches = (settings: object = {}) => sgd({ miniBatches: true, batchSize: 4, ...settings });

describe('runs with mini-batches', () => {
  it('are the same again with the same seeds, and others with others', () => {
    const once = path(jobOf(batches()));
    expect(path(jobOf(batches()))).toEqual(once);
    expect(path(jobOf(batches({ batchSeed: 1 })))).not.toEqual(once);
    expect(path(jobOf(batches(), { seed: 1 }))).not.toEqual(once);
  });

  it('make the full steps when a batch has all rows', () => {
    expect(path(jobOf(batches({ batchSize: 12 })))).toEqual(path(jobOf(sgd({}))));
    expect(jobOf(batches({ batchSize: 12 })).batch).toBeUndefined();
  });

  it('sum to a full step over an epoch, while the iterate hardly moves', () => {
    const tiny = { learningRate: 1e-9 };
    const [few, all] = [path(jobOf(batches(tiny))), path(jobOf(sgd(tiny)))];
    for (const epoch of [3, 6, 48]) {
      at(few, epoch - 1).forEach((entry, i) => expect(Math.abs(entry - at(at(all, epoch - 1), i))).toBeLessThan(1e-14));
    }
    expect(at(few, 0)).not.toEqual(at(all, 0));
  });

  it('stay noisy at a constant rate, near the optimum, and come to rest at a falling one', () => {
    const optimum = at(path(jobOf(sgd({ learningRate: 0.3 }), { steps: 2000 })), 1999);
    const distance = (settings: object) => {
      const steps = 3000;
      const last = path(jobOf(batches(settings), { steps })).slice(-200);
      return Math.max(...last.map((x) => Math.max(...x.map((entry, i) => Math.abs(entry - at(optimum, i))))));
    };
    const constant = distance({});
    expect(constant).toBeGreaterThan(1e-3);
    expect(constant).toBeLessThan(1);
    expect(distance({ schedule: 'cosine' })).toBeLessThan(constant / 20);
  });

  it('keep what the method keeps: every iterate is feasible', () => {
    for (const x of path(jobOf(batches()))) expect(x.reduce((sum, entry) => sum + entry, 0)).toBeCloseTo(0.5, 12);
  });

  it('count a gradient of B of N rows as B/N', () => {
    expect(jobOf(batches()).gradientsPerStep).toBeCloseTo(4 / 12, 12);
    expect(jobOf(batches()).batch).toEqual({ size: 4, rows: 12 });
  });

  it('work for every optimizer', () => {
    for (const { id } of catalog.optimizers) {
      const settings = { kind: id, learningRate: 0.01 };
      const noisy = path(jobOf({ ...settings, miniBatches: true, batchSize: 2 }));
      expect(noisy.every((x) => x.every(Number.isFinite))).toBe(true);
      expect(noisy).not.toEqual(path(jobOf(settings)));
    }
  });

  it('say why where they do not apply', () => {
    const studied = study('param x = 1\nminimize x^2', 0, catalog);
    const run = { method: 'unconstrained', optimizer: batches() };
    const job = studied.ok ? prepareRun(studied.value, run, 0, catalog) : studied;
    expect(job.ok ? '' : job.diagnostics[0]?.message).toMatch(/^Mini-batches do not apply: .*no sum or mean/);
  });

  it('are exported to PyTorch, and so are schedules and clipping', () => {
    const problem = problemOf(TEXT);
    const exported = { problem, structure: analyze(problem, catalog.constraints), title: '', text: TEXT };
    const scriptOf = (settings: object): string => {
      const script = pytorchScript(exported, { method: 'projected-gradient', optimizer: sgd(settings) }, catalog);
      return script.ok ? script.value : '';
    };
    const plain = scriptOf({ batchSize: 3 });
    expect(plain, 'in PyTorch’s own words, generated data or not').toContain('torch.optim');
    for (const settings of [{ miniBatches: true }, { clipGradient: true }, { schedule: 'cosine' }]) {
      expect(scriptOf(settings)).toContain('import torch');
      expect(scriptOf(settings)).not.toBe(plain);
    }
  });

  it('come back from a link', async () => {
    const runs = [{ method: 'projected-gradient', optimizer: batches({ batchSeed: 7 }), steps: 5 }];
    const experiment = { version: 1 as const, problem: TEXT, seed: 4_000_000_000, runs };
    const link = await encodeLink(experiment);
    const decoded = link.ok ? await decodeLink(link.value) : link;
    expect(decoded.ok && decoded.value.experiment).toEqual(experiment);
  });
});
