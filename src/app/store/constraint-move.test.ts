import { describe, expect, it } from 'vitest';
import { invariant } from '../../core/diagnostic.ts';
import { parse } from '../../core/language/parse.ts';
import { check } from '../../core/problem/check.ts';
import { constraintRows } from './constraint-move.ts';

const STILL = { step: 0, steps: 1 };

function problemOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 1 }) : document;
  invariant(problem.ok, text);
  return problem.value;
}

const rowsOf = (text: string, moment = STILL) => constraintRows(text, problemOf(text), () => true)(moment);

/** By a hundredth of a unit of each entry. */
const RESOLUTION = [
  { entry: 0, by: 0.01 },
  { entry: 1, by: 0.01 },
];

const moved = (text: string, constraint: number, x: readonly number[], row = 0, moment = STILL) =>
  rowsOf(text, moment).through({ constraint, row }, x, RESOLUTION);

const XY = 'param x = 0\nparam y = 0\nminimize x^2 + y^2\nsubject to ';
const W = 'param w[2] = [0, 0]\nminimize sum(w**2)\nsubject to ';

describe('a constraint that passes through another point', () => {
  it.each([
    ['a right-hand side', XY, 'x + y = 1', [0.5, 1.2], 'x + y = 1.7'],
    ['a bound', XY, 'x >= 0.5', [0.83, 2], 'x >= 0.83'],
    ['a bound on the left', XY, '0.5 <= x', [-0.25, 2], '-0.25 <= x'],
    ['a negative bound that turns positive', XY, 'x >= -1', [0.4, 0], 'x >= 0.4'],
    ['a label stays', XY, 'budget: x + 2*y = 1', [1, 1], 'budget: x + 2*y = 3'],
    ['a term, where the other side is 0', XY, 'x + y - 1 = 0', [1, 1], 'x + y - 2 = 0'],
    ['a term that changes its sign', XY, 'x + y - 1 = 0', [-1, 0], 'x + y + 1 = 0'],
    ['a term in front', XY, '1 - x - y >= 0', [1, 1], '2 - x - y >= 0'],
    ['a ratio without a number', XY, 'x = 2*y', [1, 0], 'x = 2*y + 1'],
    ['a ratio that was moved before', XY, 'x = 2*y + 1', [0, 1], 'x = 2*y - 2'],
    ['the square of a radius', XY, 'x^2 + y^2 <= 1', [2, 0], 'x^2 + y^2 <= 4'],
    ['a radius', XY, 'x^2 + y^2 <= 1^2', [3, 4], 'x^2 + y^2 <= 5^2'],
    ['a number that is computed', XY, 'x + y = 3/4', [1, 1], 'x + y = 2'],
    ['a ball', W, 'w in ball(1)', [3, 4], 'w in ball(5)'],
    ['a sphere', W, 'w in sphere(1)', [0, 0.5], 'w in sphere(0.5)'],
    ['a ball of the ℓ₁ norm', W, 'w in l1ball(1)', [1, -1], 'w in l1ball(2)'],
    ['a bound of all entries', W, 'w <= 1', [0.7, 0.2], 'w <= 0.7'],
    ['a bound of each entry', W, 'w <= [1, 2]', [0.7, 0.2], 'w <= [0.7, 2]'],
  ] as const)('%s', (_, before, constraint, point, expected) => {
    expect(moved(before + constraint, 0, point)).toBe(before + expected);
  });

  it('changes one side of a chain or of a box', () => {
    const chain = `${XY}0 <= x <= 1`;
    expect(moved(chain, 0, [0.2, 0])).toBe(`${XY}0.2 <= x <= 1`);
    expect(moved(chain, 1, [0.7, 0])).toBe(`${XY}0 <= x <= 0.7`);
    const box = `${W}w in box(0, 1)`;
    expect(moved(box, 0, [-0.2, 0])).toBe(`${W}w in box(-0.2, 1)`);
    expect(moved(box, 1, [0, 1.4], 1)).toBe(`${W}w in box(0, 1.4)`);
  });

  it('of two entries of one line takes that of its row', () => {
    expect(moved(`${W}w <= [1, 2]`, 0, [0.7, 0.2], 1)).toBe(`${W}w <= [1, 0.2]`);
  });

  it('keeps what moves with the step, and meets the point at its step', () => {
    const text = `${XY}x + y = 0.5 + t/T`;
    expect(moved(text, 0, [1, 1], 0, { step: 5, steps: 10 })).toBe(`${XY}x + y = 1.5 + t/T`);
  });

  it('rounds to what the hand can mean', () => {
    expect(moved(`${XY}x + y = 1`, 0, [1 / 3, 1 / 3])).toBe(`${XY}x + y = 0.67`);
    expect(moved(`${XY}x + 100*y = 1`, 0, [1 / 3, 1 / 3])).toBe(`${XY}x + 100*y = 34`);
  });

  it.each(['x*y = 1', 'x^2/4 + y^2 <= 1', 'exp(x) + y <= 2', 'abs(x) + 2*abs(y) <= 1', '(x - 1)^2 + y^2 = 2'])(
    'whatever it is, it is met there: %s',
    (constraint) => {
      for (const point of [
        [0.5, 0.75],
        [-1, 1.25],
        [2, -0.5],
      ] as const) {
        const text = moved(XY + constraint, 0, point);
        const after = rowsOf(text ?? XY + constraint);
        const near = Math.max(
          ...RESOLUTION.map(({ entry, by }) => {
            const beside = point.map((each, k) => (k === entry ? each + by : each));
            return Math.abs((after.residuals(beside)[0] ?? 0) - (after.residuals(point)[0] ?? 0));
          }),
        );
        expect(Math.abs(after.residuals(point)[0] ?? Number.NaN)).toBeLessThanOrEqual(near);
      }
    },
  );

  it.each(['w in symmetric', 'A @ w = b'])('leaves alone what no single number moves: %s', (constraint) => {
    const text =
      constraint === 'A @ w = b'
        ? `data A = [[1, 1], [1, 2]]\ndata b = [1, 2]\n${W}${constraint}`
        : `param w[2,2] = 0\nminimize sum(w**2)\nsubject to ${constraint}`;
    expect(rowsOf(text).rows).toEqual([]);
  });

  it('takes a name that is declared for no constant', () => {
    const text = 'param e = 1\nparam x = 0\nminimize x^2 + e^2\nsubject to x = e';
    expect(moved(text, 0, [2, 1])).toBe(`${text} - 1`);
  });
});
