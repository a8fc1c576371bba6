/** Losses with corners: their optimum against formulas and enumeration, and what the conditions say at a corner. */
import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';
import { at } from '../../diagnostic.ts';
import { draws } from '../../problem/draws.ts';
import { kktReporter } from '../../run/kkt-report.ts';
import { lossAt } from './model.ts';

const written = (values: readonly number[]): string => `[${values.map((value) => value.toFixed(4)).join(', ')}]`;
const { uniform } = draws(5);
const random = (count: number, size = 3): number[] =>
  Array.from({ length: count }, () => Number((size * (2 * uniform() - 1)).toFixed(4)));
const ROUNDS = 4;

/** The least of max(A x + b) over x in R², by all triples of rows: where it is attained, three rows meet (or it is unbounded). */
function leastOfLargest(A: readonly (readonly number[])[], b: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < A.length; i++)
    for (let j = 0; j < i; j++)
      for (let k = 0; k < j; k++) {
        const rows = [i, j, k].map((row) => [...at(A, row), -1, -at(b, row)]);
        for (let p = 0; p < 3; p++) {
          const pivot = rows.slice(p).sort((one, other) => Math.abs(at(other, p)) - Math.abs(at(one, p)))[0] ?? [];
          const own = rows.indexOf(pivot);
          [rows[p], rows[own]] = [at(rows, own), at(rows, p)];
          for (let q = 0; q < 3; q++) {
            if (q === p) continue;
            const factor = at(at(rows, q), p) / at(at(rows, p), p);
            rows[q] = at(rows, q).map((entry, c) => entry - factor * at(at(rows, p), c));
          }
        }
        const [x, y] = [0, 1].map((p) => at(at(rows, p), 3) / at(at(rows, p), p));
        const value = Math.max(...A.map(([u = 0, v = 0], row) => u * (x ?? 0) + v * (y ?? 0) + at(b, row)));
        if (value < best) best = value;
      }
  return best;
}

describe('the optimum of a loss with corners', () => {
  it('of ½‖x − y‖² + Σ λ|x| is y, drawn towards 0 by λ', () => {
    for (let k = 0; k < ROUNDS; k++) {
      const y = random(4);
      const { optimum } = studied(`data y = ${written(y)}\nparam x[4] = 1\nminimize sum((x - y)**2)/2 + sum(abs(x))`);
      expect(optimum?.kktResidual).toBeLessThan(1e-8);
      y.forEach((entry, i) => {
        expect(at(optimum?.x ?? [], i)).toBeCloseTo(Math.sign(entry) * Math.max(0, Math.abs(entry) - 1), 8);
      });
    }
  });

  it('of Σ|x − y| is a median, of max|x − y| the middle', () => {
    for (let k = 0; k < ROUNDS; k++) {
      const y = random(5).sort((a, b) => a - b);
      const data = `data y = ${written(y)}\nparam x\nminimize `;
      expect(studied(`${data}sum(abs(x - y))`).optimum?.x[0]).toBeCloseTo(at(y, 2), 7);
      expect(studied(`${data}max(abs(x - y))`).optimum?.x[0]).toBeCloseTo((at(y, 0) + at(y, 4)) / 2, 7);
    }
  });

  it('of the largest of affine functions is where three of them meet', () => {
    for (let k = 0; k < ROUNDS; k++) {
      const around = random(3, 0.3);
      const A = [
        ...around.map((turn, i) => [Math.cos(turn + 2.1 * i), Math.sin(turn + 2.1 * i)]),
        random(2),
        random(2),
      ];
      const rows = A.map((row) => row.map((entry) => Number((entry ?? 0).toFixed(4))));
      const b = random(5);
      const text = `data A = [${rows.map(written).join(', ')}]\nparam x[2]\nminimize max(A @ x + ${written(b)})`;
      expect(studied(text).optimum?.loss).toBeCloseTo(leastOfLargest(rows, b), 7);
    }
  });

  it('of least absolute deviations goes through as many points as there are parameters', () => {
    const [x, y] = [random(9), random(9)];
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 9; i++)
      for (let j = 0; j < i; j++) {
        const slope = (at(y, i) - at(y, j)) / (at(x, i) - at(x, j));
        const level = at(y, i) - slope * at(x, i);
        best = Math.min(
          best,
          x.reduce((sum, entry, k) => sum + Math.abs(slope * entry + level - at(y, k)), 0),
        );
      }
    const text = `data x = ${written(x)}\ndata y = ${written(y)}\nparam a\nparam b\nminimize sum(abs(a*x + b - y))`;
    expect(studied(text).optimum?.loss).toBeCloseTo(best, 7);
  });

  it('of a sum of squares and lengths is each group, drawn towards 0 by half a unit', () => {
    const { optimum } = studied('param w[4]\nminimize sum((w - [3, 4, 0.2, 0.1])**2) + norm(w[:2]) + norm(w[2:])');
    [2.7, 3.6, 0, 0].forEach((entry, i) => expect(at(optimum?.x ?? [], i)).toBeCloseTo(entry, 9));
    expect(optimum?.kktResidual).toBeLessThan(1e-8);
  });

  it('of a sum of squares and lengths of rows is each row, drawn towards 0 by one unit: more of them than can be tried in all ways', () => {
    const B = Array.from({ length: 7 }, (_, k) => random(3, k % 2 === 0 ? 0.4 : 3));
    const text = `data C = [${B.map(written).join(', ')}]\nparam W[7,3]\nminimize 0.5*sum((W - C)**2) + sum(norm(W, axis=1))`;
    const { optimum, isConvex } = studied(text);
    expect(isConvex).toBe(true);
    expect(optimum?.kktResidual).toBeLessThan(1e-8);
    B.flatMap((row) => {
      const share = Math.max(0, 1 - 1 / Math.hypot(...row.map((entry) => Number(entry.toFixed(4)))));
      return row.map((entry) => share * entry);
    }).forEach((entry, i) => expect(at(optimum?.x ?? [], i)).toBeCloseTo(entry, 8));
  });

  it.each([
    ['0.5*r**2', 'abs(r) - 0.5', 1],
    ['r**2', '0.6*abs(r) - 0.09', 0.3],
    ['0.5*abs(r)**2', 'd*(abs(r) - 0.5*d)', 0.7],
  ])('of residuals squared up to a size, %s, else along lines, is found, and known to be convex', (inner, outer, d) => {
    const y = [...random(6), 9];
    const text = `data y = ${written(y)}\nparam x\nlet d = ${d}\nlet r = x - y\nminimize sum(where(abs(r) <= d, ${inner}, ${outer}))`;
    const { optimum, isConvex } = studied(text);
    expect(isConvex).toBe(true);
    // Σ clip(x − y, −d, d) = 0 at the minimum.
    const pull = y.reduce((sum, entry) => sum + Math.max(-d, Math.min(d, at(optimum?.x ?? [], 0) - entry)), 0);
    expect(Math.abs(pull)).toBeLessThan(1e-7);
  });

  it('is not called convex where a branch falls, jumps, or reads others', () => {
    for (const [inner, outer] of [
      ['-r**2', 'abs(r) - 2'],
      ['0.5*r**2', 'abs(r)'],
      ['r**2', 'abs(r)'],
      ['0.5*sum(r)**2', 'abs(r) - 0.5'],
      ['r', 'abs(r)'],
    ])
      expect(studied(`param r[2]\nminimize sum(where(abs(r) <= 1, ${inner}, ${outer}))`).isConvex).toBe(false);
  });

  it('of a soft-margin classifier in 43 parameters is found', () => {
    const text =
      'data X[40,2], y[40] = classification(seed=4)\nparam w[2], b, xi[40] = 1\nminimize 0.5*w@w + sum(xi)\nsubject to\n  (2*y - 1)*(X@w + b) >= 1 - xi\n  xi >= 0';
    const { optimum, isConvex } = studied(text);
    expect(isConvex).toBe(true);
    expect(optimum?.kktResidual).toBeLessThan(1e-8);
  });

  it('may be where a length is 0, or nowhere', () => {
    expect(studied('data A = [[1, 2], [3, 4]]\nparam x[2]\nminimize norm(A @ x - 1)').optimum?.loss).toBeCloseTo(0, 9);
    const places = 'norm(x - [1, 1]) + norm(x - [2, 0]) + norm(x - [1.3, 0.45])';
    expect(studied(`param x[2]\nminimize ${places}`).optimum?.x).toEqual([
      expect.closeTo(1.3, 9),
      expect.closeTo(0.45, 9),
    ]);
    expect(studied('param w[2]\nminimize norm(w) - 2*w[0]').optimum).toBe(null);
  });

  it('is claimed for no point beside which a lower one lies', () => {
    const losses = [
      '-abs(x) + 0.5*x**2 + abs(y - 0.5)',
      'abs(x)*abs(y - 2) + 0.1*x + y**2',
      'relu(x)*relu(1 - x) + abs(y) - 0.3*y',
      'min(x**2 + y**2, (x - 2)**2 + y**2 - 0.5)',
      'max(x, y, -x - y) - 0.4*abs(x - y)',
      'clip(x, -1, 1) + abs(y) + 0.01*x**2',
      'abs(abs(x) - 1) + abs(x - y)',
      'norm([x, y]) + abs(x - 1)',
    ];
    for (const loss of losses) {
      const { problem, optimum } = studied(`param x = 0.3\nparam y = -0.2\nminimize ${loss}`);
      if (!optimum) continue;
      for (let k = 0; k < 200; k++) {
        const reach = 10 ** (-1 - (k % 4));
        const beside = optimum.x.map((entry) => entry + reach * (2 * uniform() - 1));
        expect(lossAt(problem, beside)).toBeGreaterThan(optimum.loss - 1e-8);
      }
    }
  });
});

describe('the conditions at a corner of the loss', () => {
  const reportAt = (text: string, x: readonly number[]) =>
    kktReporter(studied(text).problem)?.(Float64Array.from(x), 1e-6);
  const lasso = 'param x[2]\nminimize sum((x - [3, 0.2])**2) + sum(abs(x))';

  it('hold where some slope is 0, and there alone', () => {
    expect(reportAt(lasso, [2.5, 0])?.verdict).toBe('Stationary: a strict local minimum.');
    expect(reportAt(lasso, [2.5, 0])?.stationarity).toBeLessThan(1e-9);
    expect(reportAt(lasso, [0, 0])?.verdict).toMatch(/not stationary/iu);
    expect(reportAt(lasso, [0, 0])?.stationarity).toBeCloseTo(5, 6); // |∇| = 6 is met by at most 1
  });

  it('take the constraints into account', () => {
    const text = 'param x[2] = [1, 0]\nminimize abs(x[1]) - x[0]\nsubject to x[0] + 2*x[1] <= 1';
    expect(reportAt(text, [1, 0])?.verdict).toMatch(/not stationary/iu); // along (2, −1) it falls
    const steeper = text.replace('abs(x[1])', '3*abs(x[1])');
    expect(reportAt(steeper, [1, 0])?.verdict).toBe('Feasible and stationary: a strict local minimum.');
    expect(at(reportAt(steeper, [1, 0])?.multipliers ?? [], 0)).toBeCloseTo(1, 9);
  });

  it('hold where a length is 0 as long as it gains more than is pulled', () => {
    const text = (weight: number) => `param w[2]\nminimize sum((w - [3, 4])**2) + ${weight}*norm(w)`;
    expect(reportAt(text(11), [0, 0])?.verdict).toBe('Stationary: a strict local minimum.');
    expect(reportAt(text(9), [0, 0])?.verdict).toMatch(/not stationary/iu);
    expect(reportAt(text(9), [0, 0])?.stationarity).toBeCloseTo(1, 6);
  });

  it('do not hold at a corner that points upwards', () => {
    expect(reportAt('param x\nminimize -abs(x)', [0])?.verdict).toMatch(/not stationary/iu);
  });
});

describe('a corner of a constraint that has room', () => {
  it.each([
    ['minimize z^2 + (x - 1)^2\nsubject to relu(z) + x >= -2', [1, 0]],
    ['minimize z^2 + (x - 1)^2\nsubject to x - max(z, 0) <= 2', [1, 0]],
    ['minimize (z - 1)^2 + (x - 1)^2\nsubject to min(x, z) <= 2', [1, 1]],
  ])('does not hide the optimum that stands on it: %s', (text, best) => {
    const names = 'param x = -1\nparam z = -1\n';
    const { x = [] } = studied(names + text).optimum ?? {};
    expect(x.map((entry) => Math.round(entry * 1e6) / 1e6 + 0)).toEqual(best);
  });

  it('hides it where it has none', () => {
    const { optimum } = studied(
      'param x = -1\nparam z = -1\nminimize z + (x - 1)^2\nsubject to\n relu(z) + x >= 1\n z >= -3',
    );
    expect(optimum?.loss).toBeLessThanOrEqual(-3 + 1e-9); // not at z = 0, x = 1, where the row's corner lets z fall
  });
});
