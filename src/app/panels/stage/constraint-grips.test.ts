import { describe, expect, it } from 'vitest';
import { invariant } from '../../../core/diagnostic.ts';
import { parse } from '../../../core/language/parse.ts';
import { check } from '../../../core/problem/check.ts';
import { constraintRows } from '../../store/constraint-move.ts';
import { constraintGrips, followingGrips } from './constraint-grips.ts';

const WINDOW = [
  [-0.5, 2],
  [-0.25, 1.25],
] as const;

function gripsOf(
  constraints: string,
  { taken = [], apart = 0.075, left = new Map() }: Partial<Parameters<typeof constraintGrips>[1]> = {},
) {
  const text = `param x = 0\nparam y = 0\nminimize x^2 + y^2\nsubject to\n  ${constraints}`;
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 1 }) : document;
  invariant(problem.ok, text);
  const rows = constraintRows(text, problem.value, () => true)({ step: 0, steps: 1 });
  const grips = constraintGrips(rows, { axes: [0, 1], window: WINDOW, x: [0, 0], taken, apart, left });
  const residual = (i: number, point: readonly number[]) => {
    const grip = grips[i];
    const own = rows.rows.findIndex(({ constraint, row }) => constraint === grip?.constraint && row === grip.row);
    return rows.residuals(point)[own] ?? Number.NaN;
  };
  return { grips, residual };
}

const BOX = '0 <= x <= 1\n  0 <= y <= 1';

describe('where lines are taken', () => {
  it.each([
    ['x + y = 1', 1],
    [BOX, 4],
    ['x^2 + y^2 <= 1', 1],
    ['x*y = 0.5', 1],
    ['x + y <= 1; x - y <= 0.5; x >= 0', 3],
    ['x >= 50', 0],
  ] as const)('each on its own line, in the window, across it: %s', (constraints, count) => {
    const { grips, residual } = gripsOf(constraints);
    expect(grips.length).toBe(count);
    grips.forEach(({ point, normal }, i) => {
      expect(Math.abs(residual(i, point))).toBeLessThan(5e-3); // a curve between the points of a grid
      point.forEach((value, k) => {
        expect(value).toBeGreaterThan(WINDOW[k]?.[0] ?? 0);
        expect(value).toBeLessThan(WINDOW[k]?.[1] ?? 0);
      });
      const outwards = point.map((value, k) => value + 1e-3 * (normal[k] ?? 0)); // where the residual grows
      expect(residual(i, outwards)).toBeGreaterThan(residual(i, point));
    });
  });

  it('takes a line where it borders the feasible set, away from what is there already', () => {
    const { grips } = gripsOf(BOX, { taken: [[1, 0.5]] });
    for (const { point } of grips) {
      expect(Math.min(...point)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(...point)).toBeLessThanOrEqual(1 + 1e-9);
      expect(Math.hypot((point[0] - 1) / 2.5, (point[1] - 0.5) / 1.5)).toBeGreaterThan(0.07);
    }
  });

  it('leaves a line without a place of its own where there is no room for one', () => {
    for (const apart of [0.05, 0.2, 0.5]) {
      const points = gripsOf(BOX, { taken: [[0.5, 0.5]], apart }).grips.map(({ point }) => point);
      const all = [...points, [0.5, 0.5] as const];
      for (const [a, b] of all)
        for (const [c, d] of all)
          if (a !== c || b !== d) expect(Math.hypot((a - c) / 2.5, (b - d) / 1.5)).toBeGreaterThan(apart);
    }
    expect(gripsOf(BOX, { apart: 2 }).grips.length).toBe(1);
  });

  it('stays where the hand left it', () => {
    const { grips } = gripsOf('x + y = 1', { left: new Map([['0 0', [0.9, 0.1]]]) });
    expect(grips[0]?.point[0]).toBeCloseTo(0.9, 6);
    expect(grips[0]?.point[1]).toBeCloseTo(0.1, 6);
  });

  describe('and that move since', () => {
    const request = { axes: [0, 1], window: WINDOW, x: [0, 0], taken: [], apart: 0.05, left: new Map() } as const;
    const rowsOf = (constraints: string) => {
      const text = `param x = 0\nparam y = 0\nminimize x^2 + y^2\nsubject to\n  ${constraints}`;
      const document = parse(text);
      const problem = document.ok ? check(document.value, { seed: 1 }) : document;
      invariant(problem.ok, text);
      return constraintRows(text, problem.value, () => true);
    };

    it.each(['x + y = 1 + t/T', 'x^2 + y^2 <= 1 + 0.2*t/T; x >= 0.1', 'x*y = 0.5 + 0.1*t'])(
      'are followed on few evaluations, each on its own line: %s',
      (constraints) => {
        const rows = rowsOf(constraints);
        const before = constraintGrips(rows({ step: 0, steps: 10 }), request);
        const now = rows({ step: 1, steps: 10 });
        let asked = 0;
        const counted = {
          ...now,
          residuals(x: ArrayLike<number>) {
            asked += 1;
            return now.residuals(x);
          },
        };
        const after = followingGrips(counted, before, request);
        invariant(after, 'they go a short way');
        expect(asked).toBeLessThanOrEqual(20 * before.length);
        expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
        after.forEach(({ point, constraint }) => {
          const own = rows({ step: 1, steps: 10 }).rows.findIndex((row) => row.constraint === constraint);
          expect(Math.abs(now.residuals(point)[own] ?? 1)).toBeLessThan(5e-3);
        });
      },
    );

    it('are looked for anew where they went far, or out of the window', () => {
      const rows = rowsOf('x + y = 1 + t/T');
      const before = constraintGrips(rows({ step: 0, steps: 1 }), request);
      expect(before).toHaveLength(1);
      for (const step of [1, 9]) expect(followingGrips(rows({ step, steps: 1 }), before, request)).toBeNull();
    });
  });
});
