import { describe, expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { check } from '../problem/check.ts';
import { type Measure, recordMeasure, steadyConstraints } from '../program/measure.ts';
import { finished } from '../stages.ts';
import { Grader, recordsAtOnce } from './grade.ts';
import { judged } from './verdict.ts';

function measureOf(text: string): Measure {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return recordMeasure(problem.value);
}

const gradeOf = (text: string, x: readonly number[]) => new Grader(measureOf(text), 1).grade([0], Float64Array.from(x));

describe('a grade at a corner of Σ|wᵢ| ≤ r', () => {
  it.each([
    'param w[3]\nminimize sum((w - [3, 0.5, -1])**2)\nsubject to sum(abs(w)) <= 1',
    'param w[3]\nminimize sum((w - [3, 0.5, -1])**2)\nsubject to 1 - sum(abs(w)) >= 0',
    'param w[3]\nminimize sum((w - [3, 0.5, -1])**2)\nsubject to abs(w[0]) + abs(w[1]) + abs(w[2]) <= 1',
    'param w[3]\nminimize sum((w - [3, 0.5, -1])**2)\nsubject to w in l1ball(1)',
  ])('finds the multiplier, and no violation: %s', (text) => {
    const { stationarity, multipliers, violation } = gradeOf(text, [1, 0, 0]);
    expect(stationarity[0]).toBeLessThan(1e-12);
    expect(multipliers[0]).toBeCloseTo(4, 12);
    expect(violation[0]).toBeLessThan(1e-15);
  });

  it('does not call a corner stationary from which the loss falls', () => {
    const text = 'param w[2]\nminimize (w[0] - 1)**2 + (w[1] - 1)**2\nsubject to sum(abs(w)) <= 1';
    expect(gradeOf(text, [1, 0]).stationarity[0]).toBeGreaterThan(0.1);
    expect(gradeOf(text, [0.5, 0.5]).stationarity[0]).toBeLessThan(1e-12);
  });

  it.each([
    ['minimize -abs(x)', [0], false], // it points upwards: no slope of it could rest
    ['minimize -abs(x) + y^2\nsubject to x >= 0', [0, 0], false],
    ['minimize abs(x)', [0], true],
    ['minimize abs(x) + 0.5*x', [0], true],
    ['minimize abs(x) + 2*x', [0], false],
    ['param w[2]\nminimize 0.5*sum((w - [0.5, 3])**2) + norm(w, 1)', [0, 2], true],
    ['param w[2]\nminimize 0.5*sum((w - [1.5, 3])**2) + norm(w, 1)', [0, 2], false],
    ['minimize max(x, -x + 1, 0.2)', [0.5], true],
    ['minimize max(x, y)\nsubject to x + y = 1', [0.5, 0.5], true],
    ['minimize min(x, -x)', [0], false],
    ['param w[2]\nminimize norm(w - 1) + 0.5*w[0]', [1, 1], true],
    ['param w[2]\nminimize norm(w - 1) + 1.5*w[0]', [1, 1], false],
  ] as const)(
    'takes of all slopes at a corner of the loss the one that leaves least: %s at %j',
    (text, x, isStationary) => {
      const [stationarity = Number.NaN] = gradeOf(text, x).stationarity;
      if (isStationary) expect(stationarity).toBeLessThan(1e-9);
      else expect(stationarity).toBeGreaterThan(0.1);
    },
  );

  it.each([
    ['minimize logsumexp([a, b, 2*a - b])', true],
    ['param W[3,2]\nminimize sum(logsumexp(W, axis=1))', true],
    ['data X = [[1, 2], [3, 1], [0, 1]]\nparam W[2,3]\nminimize cross_entropy(X @ W, [0, 2, 1])', true],
    ['minimize max([a, b, 2*a - b])', false],
    ['minimize logsumexp([a, b]) + max([a, b])', false],
  ] as const)('knows the largest entry that only keeps log Σ exp from overflowing: %s', (text, isSmooth) => {
    expect(measureOf(text).bent === undefined).toBe(isSmooth);
  });

  it('leaves more corners at one point than there is time for to the slope as it is written', () => {
    const rows = Array.from({ length: 100 }, (_, k) => `[${k + 1}, ${(k * k) % 7}]`).join(', ');
    const text = `data X = [${rows}]\nparam w[2]\nminimize sum(abs(X @ w))`;
    expect(gradeOf(text, [0, 0]).stationarity[0]).toBe(0);
  });

  it('splits the gradient into what the constraints leave and what they hold back', () => {
    const { gradient, stationarity } = gradeOf('minimize (a - 1)^2 + (b - 2)^2\nsubject to a - 2*b = 0', [2, 1]);
    expect(gradient[0]).toBeCloseTo(Math.sqrt(8), 12); // ∇f = (2, −2)
    expect(stationarity[0]).toBeCloseTo(2 / Math.sqrt(5), 12); // along (2, 1)/√5
  });

  it('counts a row as active by the distance to its boundary, however steep it is', () => {
    const text = (k: number) => `param x = 5000\nminimize x\nsubject to ${k}*x >= ${5000 * k}`;
    for (const k of [1, 1e3, 1e6]) {
      expect(gradeOf(text(k), [5000.001]).stationarity[0]).toBeLessThan(1e-9); // 2e-7 of x
      expect(gradeOf(text(k), [5000.1]).stationarity[0]).toBeCloseTo(1, 9);
    }
  });

  it('leaves differences of lengths, which are not convex, as they are', () => {
    const text = 'param x = 0\nparam y = 0\nminimize x + y\nsubject to abs(x) - abs(y) <= 1';
    expect(gradeOf(text, [1, 0.5]).violation[0]).toBe(0);
  });
});

describe('numbers that the text names', () => {
  const text = [
    'data a[3] = [1, 2, 4]',
    'param w[3]',
    'let total = sum(a)',
    'let r = w - a',
    'let size = norm(w)',
    'let limit = 5 - t',
    'minimize sum(r**2)',
    'subject to size <= limit',
  ].join('\n');

  it('are those that change along a run, in the order typed: no arrays, and nothing that the data alone says', () => {
    const document = parse(text);
    const problem = document.ok ? check(document.value, { seed: 0 }) : document;
    const measure = problem.ok ? recordMeasure(problem.value) : null;
    expect(measure?.named.map(({ name }) => name)).toEqual(['size', 'limit']);
    const graded = measure && new Grader(measure, 10).grade([0, 3], Float64Array.of(3, 4, 0, 0, 0, 2));
    expect([...(graded?.named ?? [])]).toEqual([5, 5, 2, 2]);
  });

  it('are left out where they would take far longer than the loss', () => {
    const document = parse('param w[600]\nlet all = sum(outer(w, w))\nlet one = w[0]\nminimize sum(w)');
    const problem = document.ok ? check(document.value, { seed: 0 }) : document;
    expect(problem.ok && recordMeasure(problem.value).named.map(({ name }) => name)).toEqual(['one']);
  });
});

describe('a grade by a sparse Jacobian', () => {
  const texts = [
    ['param W[3,4] ~ uniform(0, 1)\nminimize sum((W - 0.3)**2) + W[0,0]\nsubject to sum(W, axis=1) = 1'],
    ['param W[3,4] ~ uniform(0, 1)\nminimize sum((W - 0.3)**2) + W[0,0]\nsubject to W in stochastic'],
    ['param W[4,4] ~ uniform(0, 1)\nminimize sum((W - 0.3)**2) + W[0,1]\nsubject to W in symmetric'],
    ['param W[4,4] ~ uniform(0, 1)\nminimize sum((W - 0.3)**2) + W[0,1]\nsubject to W in toeplitz'],
    [
      'param w[6] ~ uniform(0, 1)\nminimize sum((w - 0.3)**2)\nsubject to\n  w[0] >= 0\n  sum(w**2) = 2\n  w[1:] <= w[:-1]',
    ],
    ['param w[4] ~ uniform(0, 1)\nminimize sum(w)\nsubject to\n  t*w[0] + w[1] = 1\n  soft(2): w[2] = 1\n  w <= 0.5'],
  ] as const;

  it.each(texts)('is that by all rows in one matrix: %s', (text) => {
    const document = parse(text);
    const problem = document.ok ? check(document.value, { seed: 5 }) : document;
    if (!problem.ok) throw new Error('the text is right');
    const steady = steadyConstraints(problem.value);
    expect(steady).not.toBeNull();
    const start = Float64Array.from(problem.value.parameters.flatMap((parameter) => [...parameter.start]));
    const clipped = start.map((entry, j) => (j % 3 === 0 ? 0 : entry)); // some bounds are met
    const iterates = Float64Array.from([...start, ...clipped]);
    const [dense, sparse] = [null, steady].map((held) =>
      new Grader(recordMeasure(problem.value, held), 10).grade([0, 3], iterates),
    );
    for (const measure of ['loss', 'violation', 'violations', 'stationarity', 'gradient', 'multipliers'] as const) {
      const [a, b] = [dense?.[measure] ?? [], sparse?.[measure] ?? []];
      expect(b.length, measure).toBe(a.length);
      a.forEach((value, i) => {
        expect(Math.abs(value - (b[i] ?? Number.NaN)), `${measure} ${i}`).toBeLessThan(1e-10);
      });
    }
  });
});

describe('the grade of many equations that hang together', () => {
  const rows = Array.from({ length: 200 }, (_, i) => `sum(w[${i}:${i + 1400}]) = 1`).join('\n  ');
  const measure = () => measureOf(`param w[1600] ~ normal(0, 1)\nminimize sum(w**2)\nsubject to\n  ${rows}`);
  const iterates = Float64Array.from({ length: 3200 }, (_, i) => Math.sin(i));

  const shared = measure();

  it('pauses in its factorisation, less where that is known, and is what it is without a pause', () => {
    const [many, whole] = [measure(), measure()];
    const pausesAt = (step: number) => {
      const stages = new Grader(many, 1).stages([step], iterates.subarray(1600 * step, 1600 * (step + 1)));
      for (let pauses = 0; ; pauses++) {
        const stage = stages.next();
        if (stage.done) return { pauses, graded: stage.value };
      }
    };
    const [first, second] = [pausesAt(0), pausesAt(1)];
    expect(first.pauses).toBeGreaterThan(second.pauses);
    expect(second.pauses).toBeLessThan(2);
    const both = new Grader(whole, 1).grade([0, 1], iterates);
    expect([...first.graded.multipliers, ...second.graded.multipliers]).toEqual([...both.multipliers]);
    expect([...first.graded.stationarity, ...second.graded.stationarity]).toEqual([...both.stationarity]);
  });

  it('is expected of fewer records in a moment the more entries they read', () => {
    const few = measureOf('minimize (a - 1)^2\nsubject to a = 2');
    expect(recordsAtOnce(few)).toBeGreaterThan(1e4);
    expect(recordsAtOnce(shared)).toBe(1);
  });

  it('is right of a run that is graded in the pause of another', () => {
    const [one, other] = [iterates.subarray(0, 1600), iterates.subarray(1600)];
    const first = new Grader(shared, 1).stages([0], one);
    expect(first.next().done).toBe(false);
    const second = new Grader(shared, 1).grade([1], other);
    const interrupted = finished(first);
    const alone = (x: Float64Array) => new Grader(shared, 1).grade([1], x);
    for (const measure of ['loss', 'violations', 'stationarity', 'multipliers'] as const) {
      expect([...second[measure]]).toEqual([...alone(other)[measure]]);
      expect([...interrupted[measure]]).toEqual([...alone(one)[measure]]);
    }
  });
});

describe('a run that jumps about a kink', () => {
  const ends = (xs: readonly number[]) => {
    const grader = new Grader(measureOf('minimize abs(x - 1)'), xs.length);
    for (const [k, x] of xs.entries()) grader.grade([k], Float64Array.of(x)); // a chunk each: what was left is remembered
    return judged('finished', grader.last, 'reference');
  };

  it('has not converged where its last step happens to land on the kink', () => {
    expect(ends([0.95, 1, 0.95, 1])).toBe('finished');
    expect(ends([0.95, 1, 0.95])).toBe('finished');
  });

  it('has where it comes there once, and where it stays', () => {
    expect(ends([0, 0.5, 1])).toBe('converged');
    expect(ends([1, 0.5, ...new Array(19).fill(1)])).toBe('finished');
    expect(ends([1, 0.5, ...new Array(20).fill(1)])).toBe('converged');
  });
});

describe('a run that ends about a bound', () => {
  const ends = (xs: readonly number[]) => {
    const grader = new Grader(measureOf('minimize (x - 2)^2\nsubject to x <= 1'), xs.length);
    grader.grade([...xs.keys()], Float64Array.from(xs));
    return judged('finished', grader.last, 'reference');
  };

  it('has converged where it was inside by a little on its way, without a multiplier there', () => {
    expect(ends([0, 1 + 1e-7, 1 - 4e-6, 1 - 3e-6, 1])).toBe('converged');
  });

  it('has converged on a GPU where it ends inside by less than float32 is judged by', () => {
    const inside = Float64Array.of(0, 0.9, 1 - 3e-5);
    const grader = new Grader(measureOf('minimize (x - 2)^2\nsubject to x <= 1'), 3, 'float32');
    const { stationarity } = grader.grade([0, 1, 2], inside);
    expect(judged('finished', grader.last, 'fused')).toBe('converged');
    expect(stationarity[2], 'what is charted stays as it is defined').toBeCloseTo(2, 3);
  });

  it('has not on a GPU in the middle of a set that is itself no larger than that', () => {
    const inside = Float64Array.of(0, 1e-5, 3e-5);
    const grader = new Grader(measureOf('minimize (x - 2)^2\nsubject to 0 <= x <= 1e-4'), 3, 'float32');
    grader.grade([0, 1, 2], inside);
    expect(judged('finished', grader.last, 'fused')).toBe('finished');
  });

  it('has not where it was inside by far shortly before, or ends inside', () => {
    expect(ends([0, 1, 0.99, 1])).toBe('finished');
    expect(ends([0, 1, 1 - 4e-6])).toBe('finished');
  });
});
