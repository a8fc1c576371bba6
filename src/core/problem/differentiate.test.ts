import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';
import { Machine } from '../tensor/evaluate.ts';
import { Ops } from '../tensor/ops.ts';
import { check } from './check.ts';
import { lossOf, residualOf } from './elaborate.ts';
import type { Problem } from './problem.ts';

function checked(text: string) {
  const document = parse(text);
  return document.ok ? check(document.value, { seed: 1 }) : document;
}

function problemOf(text: string): Problem {
  const problem = checked(text);
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return problem.value;
}

const messages = (text: string): string[] => {
  const problem = checked(text);
  return problem.ok ? [] : problem.diagnostics.map(({ message }) => message);
};

/** The loss, and the first constraint's residual, as functions of x. */
function functionsOf(problem: Problem) {
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const loss = lossOf(ops, problem, x, t, T);
  const residuals = problem.constraints.map((constraint) => residualOf(ops, problem, constraint, x, t, T));
  const machine = new Machine(ops);
  const run = machine.procedure([loss, ...residuals].map(({ id }) => id));
  return (point: readonly number[]) => {
    machine.numbers(x.id).set(point);
    run();
    return { loss: at(machine.numbers(loss.id), 0), residuals: residuals.map(({ id }) => [...machine.numbers(id)]) };
  };
}

const near = (a: readonly number[], b: readonly number[], tolerance: number) => {
  expect(a).toHaveLength(b.length);
  a.forEach((entry, i) => expect(Math.abs(entry - at(b, i))).toBeLessThan(tolerance * (1 + Math.abs(at(b, i)))));
};

/** f(x) central differences, entry by entry. */
function slopes(f: (x: readonly number[]) => number, x: readonly number[]): number[] {
  const h = 6e-6;
  return x.map((_, i) => {
    const moved = (by: number) => f(x.map((entry, k) => (k === i ? entry + by : entry)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

const FUNCTIONS = [
  'sum(exp(w)*sin(w))',
  'w[0]^3*w[1] + tanh(w[2]*w[0])',
  'logsumexp(A @ w) + norm(w)^3',
  'mean(p^2)', // through a definition
  'cross_entropy(reshape(q, 1, 3), [1])', // through two
];
const POINT = [0.3, -0.7, 1.1];
const HEAD =
  'param w[3]\ndata A[2,3] = [[1, 2, 0], [0.5, -1, 3]]\nlet p = sigmoid(A @ w)\nlet q = concat(p, w[0]*w[2])\n';

describe('grad', () => {
  it.each(FUNCTIONS)('of %s agrees with central differences', (f) => {
    const value = functionsOf(problemOf(`${HEAD}minimize ${f}\nsubject to grad(${f}, w) = 0`));
    const [gradient = []] = value(POINT).residuals;
    near(
      gradient,
      slopes((x) => value(x).loss, POINT),
      1e-8,
    );
  });

  it.each(FUNCTIONS)('of the gradient of %s is its second derivative', (f) => {
    const text = `${HEAD}let g = grad(${f}, w)\nminimize dot(g, [0.4, -1.1, 0.2])\nsubject to\n  grad(dot(g, [0.4, -1.1, 0.2]), w) = 0`;
    const value = functionsOf(problemOf(text));
    near(
      value(POINT).residuals[0] ?? [],
      slopes((x) => value(x).loss, POINT),
      1e-7,
    );
  });

  it('of softplus at 0 has the curvature ¼', () => {
    const value = functionsOf(problemOf('param x\nminimize grad(grad(softplus(x), x), x)'));
    expect([0, -1, 1].map((x) => value([x]).loss.toFixed(12))).toEqual(
      [0, -1, 1].map((x) => (1 / (2 + 2 * Math.cosh(x))).toFixed(12)),
    );
  });

  it('of the largest is shared by all that are equal, however they are written', () => {
    const rows = ['max(w)', 'max(w[0], w[1], w[2])', 'max(w[2], w[0], w[1])', '-min(-w[0], -w[1], -w[2])'];
    const text = `param w[3]\nminimize 0\nsubject to\n${rows.map((f) => `  grad(${f}, w) = 0`).join('\n')}`;
    const { residuals } = functionsOf(problemOf(text))([0.5, 0.5, 0.5]);
    for (const gradient of residuals) near(gradient, [1 / 3, 1 / 3, 1 / 3], 1e-15);
  });

  it('stays inside what it differentiates: another use of the name is not moved', () => {
    const value = functionsOf(problemOf('param x = 2\nminimize x*grad(x^3, x)'));
    expect(value([2]).loss).toBe(24);
  });

  it('differentiates by data, by time and by what let names, with the chain rule left to the rest', () => {
    const text =
      'param w[2] = [1, 2]\ndata P = [0.5, -1]\nlet u = P*w\nlet v = sum(u^2)\nminimize 0\nsubject to\n  grad(v, P) = 0\n  grad(v, u) = 0\n  grad(t^2*w[0], t) = 0';
    const { residuals } = functionsOf(problemOf(text))([3, 2]);
    expect(residuals).toEqual([[9, -8], [3, -4], [0]]); // 2 P w², 2 u, 2 t w₀ at t = 0
  });

  it('has the shape of what it is taken by, and 0 where nothing depends on it', () => {
    const { constraints } = problemOf(
      'param V[2,3] = 1\nparam s = 1\nminimize sum(V)\nst V + grad(s, V) = 0; grad(sum(V)*s, s) = 1',
    );
    expect(constraints.map(({ rows }) => rows)).toEqual([6, 1]);
  });
});

describe('jacobian', () => {
  it('has a row for each entry of f and a column for each of x', () => {
    const value = functionsOf(problemOf(`${HEAD}minimize p[1]\nsubject to jacobian(p, w) = 0`));
    const [J = []] = value(POINT).residuals;
    near(
      J.slice(3),
      slopes((x) => value(x).loss, POINT),
      1e-8,
    );
  });

  it('lets a conservative field be typed: the Jacobian of the field by the place is symmetric', () => {
    // Rows of curl at two places against differences of the field itself.
    const theta = [0.25, 0.125, -1, 0.125, 0.875, 0, -0.375, 0.125, 0.8125, 1, -0.875, 0.625];
    const text = (place: string) =>
      `param W1[2,2] = 0\nparam b[2]\nparam W2[2,2] = 0\nparam c[2]\ndata P = ${place}\nlet v = W2 @ tanh(W1 @ P + b) + c\nlet J = jacobian(v, P)\nminimize v[0]\nst curl: J[0, 1] = J[1, 0]; J = J.T; v = 0`;
    const fieldAt = ([x, y]: readonly number[]) =>
      functionsOf(problemOf(text(`[${x}, ${y}]`)))(theta).residuals[2] ?? [];
    const place = [0.75, -0.5];
    const [curl = [], asymmetry = []] = functionsOf(problemOf(text(`[${place}]`)))(theta).residuals;
    const by = (entry: number) =>
      at(
        slopes((x) => at(fieldAt(x), entry), place),
        1 - entry,
      );
    near(curl, [by(0) - by(1)], 1e-8);
    near(asymmetry, [0, at(curl, 0), -at(curl, 0), 0], 1e-12);
  });

  it('takes numbers as axes that are not there', () => {
    const { constraints } = problemOf(
      'param x = 1\nparam w[3] = 1\nminimize 0\nst jacobian(x^2, x) = 2; jacobian(w*x, x) = 1; jacobian(x*sum(w), w) = 1',
    );
    expect(constraints.map(({ rows }) => rows)).toEqual([1, 3, 3]);
  });
});

describe('derivatives that are refused', () => {
  it.each([
    ['grad(w, w)', /slopes of one number.*\[2\].*sum, or jacobian/],
    ['grad(sum(w))', /takes two arguments/],
    ['sum(jacobian(w, V[0, :]))', /V\[0, :\] is a part of a matrix/],
    ['grad(sum(w), w[0])', /picked afterwards: grad\(sum\(w\), w\)\[0\]/],
    ['grad(sum(w), 2*w)', /name of what varies/],
    ['grad(sum(w), u)', /u is unknown/],
    ['grad(sum(w), w, axis=0)', /no option axis/],
    ['sum(jacobian(V, w))', /numbers and vectors/],
    ['gradient(sum(w), w)', /Did you mean grad\?/],
    [`${'grad('.repeat(8)}w[0]${', s)'.repeat(8)}`, /at most 6 times/],
  ])('%s', (expression, expected) => {
    expect(messages(`param w[2]\nparam V[2,2]\nparam s\nminimize sum(${expression})`).join()).toMatch(expected);
  });

  it('says a fault inside once', () => {
    expect(messages('param w[2]\nminimize grad(sum(w + q), w)[0]')).toHaveLength(1);
  });

  it('ends soon on definitions that differentiate each other', () => {
    const lines = Array.from({ length: 60 }, (_, k) => `let a${k + 1} = grad(a${k}*x*a${k}, x) + a${k}`);
    expect(messages(`param x = 1\nlet a0 = x\n${lines.join('\n')}\nminimize a60`).length).toBeGreaterThan(0);
  });
});
