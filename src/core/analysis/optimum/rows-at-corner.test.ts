import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at, invariant } from '../../diagnostic.ts';
import { study } from '../../experiment/study/study.ts';
import { recordMeasure } from '../../program/measure.ts';
import { firstOrder } from '../../run/first-order.ts';
import { Grader } from '../../run/grade.ts';
import { kktReporter } from '../../run/kkt-report.ts';
import { rowsAtCorner } from './rows-at-corner.ts';

const portfolio = (turnover: number) => `let prev = [0.4, 0.3, 0.2, 0.1]
let mu = [0.1, 0.2, 0.15, 0.05]
param w[4] = 0.25
minimize sum(w^2) - mu @ w
subject to
  sum(w) = 1
  w >= 0
  sum(abs(w - prev)) <= ${turnover}`;

function studied(text: string) {
  const result = study(text, 0, catalog);
  invariant(result.ok, text);
  return result.value;
}

/** A generator of its own, so that a failure comes again. */
function random(seed: number) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return state / 2 ** 32;
  };
}

const ROWS = [
  (r: () => number) => `sum(abs(w - [0.5, 0.3, 0.2])) <= ${(0.05 + 0.5 * r()).toFixed(2)}`,
  (r: () => number) => `sum(abs(w[1:] - w[:-1])) <= ${(0.05 + 0.5 * r()).toFixed(2)}`,
  (r: () => number) => `max(w) <= ${(0.4 + 0.4 * r()).toFixed(2)}`,
  (r: () => number) => `sum(abs(w)) + 2*abs(w[0]) <= ${(0.5 + r()).toFixed(2)}`,
  (r: () => number) => `sum(relu(w - 0.3)) <= ${(0.05 + 0.2 * r()).toFixed(2)}`,
  (r: () => number) => `w[0] + w[1] <= ${(0.4 + 0.5 * r()).toFixed(2)}`,
  () => 'sum(w) = 1',
  () => 'w >= 0',
];

/** A convex problem with corners in at least one of some rows. */
function problemOf(seed: number): string {
  const r = random(seed);
  const centre = [r(), r(), r()].map((entry) => (3 * entry - 1).toFixed(2));
  const first = at(ROWS, Math.floor(5 * r()))(r);
  const rest = ROWS.filter(() => r() < 0.35).map((row) => row(r));
  return `param w[3]\nminimize sum((w - [${centre.join(', ')}])^2)\nsubject to\n  ${[first, ...rest].join('\n  ')}`;
}

describe('rows that bend', () => {
  it('leave nothing of the slope at proved optima, with multipliers ≥ 0 and slopes of convex rows: g(y) ≥ g(x) + s·(y − x)', () => {
    let [seen, cornered] = [0, 0];
    for (let seed = 0; seed < 20; seed++) {
      const text = problemOf(seed);
      const { problem, optimum } = studied(text);
      if (optimum === null || optimum.hasNoMultipliers) continue;
      seen += 1;
      const x = Float64Array.from(optimum.x);
      const graded = new Grader(recordMeasure(problem), 1).grade([0], x);
      expect(at(graded.stationarity, 0), text).toBeLessThan(1e-7 * (1 + at(graded.gradient, 0)));
      const first = firstOrder(problem);
      first.relations.forEach((relation, row) => {
        if (relation === 'inequality') expect(at(graded.multipliers, row), text).toBeGreaterThanOrEqual(0);
      });
      expect(kktReporter(problem)?.(x, 1e-6)?.stationarity, text).toBeLessThan(1e-6);
      const here = first(x);
      const rows = { relations: first.relations, jacobian: here.jacobian.data, residual: here.residual };
      const answer = rowsAtCorner(problem)(x, rows, 1e-7);
      if (answer === null) continue;
      cornered += 1;
      const r = random(seed + 1000);
      for (let k = 0; k < 20; k++) {
        const y = x.map((entry) => entry + r() - 0.5);
        const there = first(y);
        first.relations.forEach((relation, row) => {
          const slopes = answer.jacobian.subarray(row * x.length, (row + 1) * x.length);
          const rise = slopes.reduce((sum, slope, j) => sum + slope * (at(y, j) - at(x, j)), 0);
          const grown = at(there.residual, row) - at(here.residual, row);
          if (relation === 'inequality') expect(grown - rise, text).toBeGreaterThan(-1e-7);
        });
      }
    }
    expect([seen > 13, cornered > 5]).toEqual([true, true]);
  });

  it('have the price of their bound as multiplier', () => {
    const h = 1e-4;
    const of = (turnover: number) => {
      const { problem, optimum } = studied(portfolio(turnover));
      invariant(optimum, 'it is convex');
      const { multipliers } = new Grader(recordMeasure(problem), 1).grade([0], Float64Array.from(optimum.x));
      return { loss: optimum.loss, multiplier: at(multipliers, 5) };
    };
    expect((of(0.28 - h).loss - of(0.28 + h).loss) / (2 * h)).toBeCloseTo(of(0.28).multiplier, 5);
  });

  it('do not make an optimum of a corner that is none', () => {
    const { problem } = studied(portfolio(0.3));
    // On the bound and at two corners of it, but the loss falls towards equal weights.
    const x = Float64Array.of(0.4, 0.3, 0.05, 0.25);
    const { stationarity, violation } = new Grader(recordMeasure(problem), 1).grade([0], x);
    expect(at(violation, 0)).toBeLessThan(1e-12);
    expect(at(stationarity, 0)).toBeGreaterThan(1e-2);
  });
});
