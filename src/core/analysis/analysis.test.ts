import { describe, expect, it } from 'vitest';
import affine from '../../catalog/constraints/affine.ts';
import { at } from '../diagnostic.ts';
import { study } from '../experiment/study/study.ts';
import { MultiplierSolver } from './optimum/kkt.ts';
import type { Structure } from './structure.ts';

function structureOf(text: string): Structure {
  const studied = study(text, 0, { constraints: [affine], methods: [] });
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  return studied.value.structure;
}

describe('recognising affine equalities', () => {
  it('gives A and b as evidence, with rank and condition number', () => {
    const structure = structureOf('minimize (p5-2)**2 + (p6+1)**2 + p7**2  subject to p5 + p6 = 1 ; p6 + p7 = 0.5');
    expect([...(structure.affine?.A.data ?? [])]).toEqual([1, 1, 0, 0, 1, 1]);
    expect(structure.affine).toMatchObject({ b: [1, 0.5], rank: 2, isConsistent: true });
    expect(structure.affine?.conditionNumber).toBeCloseTo(Math.sqrt(3), 12);
    expect(structure).toMatchObject({ degreesOfFreedom: 1, hasExactProjection: true, lossDegree: 2 });
    expect(structure.sets).toMatchObject([{ kind: 'affine', constraints: [0, 1], coordinates: [0, 1, 2] }]);
  });

  it('sees through vectors, matrices and brackets', () => {
    const structure = structureOf('param w[3]\nminimize sum(w**2)\nsubject to\n  2*(w[0] - sum(w))/4 = 1 - 3*w[2]');
    expect([...(structure.affine?.A.data ?? [])]).toEqual([0, -0.5, 2.5]);
    expect(structure.affine?.b).toEqual([1]);
  });

  it('knows a right-hand side that moves, and takes b at t = 0', () => {
    expect(structureOf('minimize x^2 + y^2 subject to x + y = 1 + 0.5*sin(0.05*t)').affine).toMatchObject({
      b: [1],
      isMoving: true,
    });
  });

  it('claims nothing that is not affine', () => {
    const structure = structureOf('minimize x + y subject to x^2 + y^2 = 1');
    expect(structure).toMatchObject({ affine: null, unrecognized: [0], hasExactProjection: false });
    expect(structure.constraints).toMatchObject([{ degree: 2, affine: null }]);
  });
});

describe('contradictions and redundancy', () => {
  it('names the lines that contradict each other, and by how much', () => {
    const structure = structureOf(
      'minimize x1^2 + x2^2\nsubject to\n  x1 - x2 = 0.25\n  x1 + x2 = 1\n  2*x1 + 2*x2 = 3',
    );
    expect(structure.affine).toMatchObject({ isConsistent: false, rank: 2 });
    expect(structure.affine?.inconsistency).toBeCloseTo(1 / Math.sqrt(5), 12);
    const message = at(structure.diagnostics, 0).message;
    expect(message).toContain('(line 4)');
    expect(message).toContain('(line 5)');
    expect(message).not.toContain('(line 3)');
  });

  it('names a row that adds nothing', () => {
    const structure = structureOf('minimize x^2 + y^2\nsubject to\n  x + y = 1\n  twice: 2*x + 2*y = 2');
    expect(structure.affine).toMatchObject({ rank: 1, isConsistent: true });
    expect(at(structure.diagnostics, 0).message).toContain('“twice” (line 4)');
  });
});

describe('rows of one line', () => {
  it('say nothing of each other: a matrix that is its transpose is not redundant', () => {
    const { diagnostics } = structureOf('param W[2,2]\nminimize sum(W)\nsubject to\n  trace(W) = 0\n  W = W.T');
    expect(diagnostics).toEqual([]);
  });

  it('are counted where some of them follow from other lines', () => {
    const { diagnostics } = structureOf(
      'param P[2,2]\nminimize sum(P)\nsubject to\n  sum(P, axis=0) = 1\n  sum(P, axis=1) = 1',
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('One of the 2 rows of “sum(P, axis=1) = 1” (line 5) follows'),
    ]);
  });
});

describe('contradictions of bounds', () => {
  it.each([
    [
      'subject to x >= 1 ; x <= 0',
      '“x >= 1” (line 1) and “x <= 0” (line 1) contradict each other: x would be at least 1 and at most 0.',
    ],
    [
      'param w[3]\nsubject to\n  0 <= w <= 1\n  top: w[1] >= 2',
      '(line 3) and “top” (line 4) contradict each other: w[1] would be at least 2 and at most 1.',
    ],
    ['subject to x + y = 3\n  x <= 1 ; y <= 1.5', 'contradict each other: x + y is at most 2.5, and must be 3.'],
    ['param w[2]\nsubject to w >= 0 ; sum(w) = -1', 'w[0] + w[1] is at least 0, and must be −1.'],
    ['subject to x <= 1 ; x = 2', 'x is at most 1, and must be 2.'],
    [
      'param w[2]\nsubject to w in box(0, 1)\n  w[0] + w[1] = 3',
      '“w in box(0, 1)” (line 2) and “w[0] + w[1] = 3” (line 3) contradict each other: w[0] + w[1] is at most 2, and must be 3.',
    ],
    [
      'param w[2]\nsubject to w in box(1, 0)',
      '“w in box(1, 0)” (line 2) cannot be satisfied: w[0] would be at least 1',
    ],
    ['subject to x >= 1 ; y >= 1\n  2*x + 3*y <= 4', '2*x + 3*y is at least 5, and must be at most 4.'],
    ['param w[9]\nsubject to w <= 1 ; sum(w) >= 10', 'the sum of its terms is at most 9, and must be at least 10.'],
    ['subject to x <= 1 ; y >= 2\n  x - 2*y >= 5', 'x - 2*y is at most −3, and must be at least 5.'],
    ['subject to x^2 + y^2 <= -1', '“x^2 + y^2 <= -1” (line 1) cannot be satisfied: a squared distance would be −1.'],
    ['subject to abs(x) + abs(y) + 2 <= 0', 'cannot be satisfied: a sum of absolute values would be −2.'],
    ['subject to abs(x) <= -1', 'x would be at least 1 and at most −1.'],
    ['subject to x*y = 1 ; x >= 0 ; y <= 0', 'contradict each other: x*y is at most 0, and must be 1.'],
    ['subject to x^2 + y^2 <= 0 ; x + y = 5', 'x + y is at most 0, and must be 5.'],
    ['param W[2,2]\nsubject to W in psd ; trace(W) <= -1', 'W[0, 0] + W[1, 1] is at least 0, and must be at most −1.'],
    ['param W[3,3]\nsubject to W in orthogonal ; W[0,1] >= 2', 'W[0, 1] would be at least 2 and at most 1.'],
    ['param w[2]\nsubject to w in sphere(1) ; norm(w) >= 2', 'norm(w) is at most 1.41421, and must be at least 2.'],
    ['subject to 0*x = 1 ; x = 0', 'no parameter is in it.'],
  ])('%s', (text, message) => {
    const warnings = structureOf(text).diagnostics.filter(({ severity }) => severity === 'warning');
    expect(warnings.map((warning) => warning.message).join('\n')).toContain(message);
  });

  it.each([
    'subject to x >= 1 ; x <= 1 ; x = 1',
    'subject to x >= 1 ; x <= t',
    'param w[3]\nsubject to w >= 0.1 ; sum(w) = 0.3',
    'subject to x^2 + y^2 <= 1 ; x + y = 1.9',
    'subject to x*y = 1 ; x + y = 0',
    'subject to x - x <= 0 ; x >= 0',
  ])('are not claimed without a proof: %s', (text) => {
    expect(structureOf(text)).toMatchObject({ contradictions: [], diagnostics: [] });
  });
});

describe('multipliers', () => {
  const solve = (
    gradient: number[],
    jacobian: number[],
    relations: ('equality' | 'inequality')[],
    residual: number[],
  ) =>
    new MultiplierSolver().solve(
      Float64Array.from(gradient),
      { relations, jacobian: Float64Array.from(jacobian), residual: Float64Array.from(residual) },
      1,
    );

  it('solves ∇f + Jᵀλ = 0 at the optimum of an equality problem', () => {
    // ratio: x* = (1.6, 0.8), ∇f = (1.2, −2.4), J = (1, −2), λ* = −1.2
    const { multipliers, stationarity } = solve([1.2, -2.4], [1, -2], ['equality'], [0]);
    expect(multipliers[0]).toBeCloseTo(-1.2, 14);
    expect(stationarity).toBeLessThan(1e-14);
  });

  it('keeps inequality multipliers non-negative and those of inactive rows at 0', () => {
    // f = x + y on x ≥ 0 (active), y ≥ 0 (active), x + y ≤ 3 (inactive)
    const { multipliers, stationarity } = solve(
      [1, 1],
      [-1, 0, 0, -1, 1, 1],
      ['inequality', 'inequality', 'inequality'],
      [0, 0, -3],
    );
    expect([...multipliers]).toEqual([1, 1, 0]);
    expect(stationarity).toBe(0);
    // f = −x at x = 0 with x ≥ 0: the gradient pulls inside, so the multiplier is 0 and the point is not stationary.
    expect(solve([-1], [-1], ['inequality'], [0])).toMatchObject({ stationarity: 1 });
  });

  it('takes few factorisations where many bounds are active', () => {
    const n = 60;
    const jacobian = Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? -1 : 0)); // x >= 0, all active
    const gradient = Array.from({ length: n }, (_, i) => (i % 3 === 0 ? -1 : 1 + i));
    const { multipliers, stationarity } = solve(
      gradient,
      jacobian,
      new Array(n).fill('inequality'),
      new Array(n).fill(0),
    );
    expect([...multipliers]).toEqual(gradient.map((entry) => Math.max(0, entry)));
    expect(stationarity).toBeCloseTo(Math.sqrt(20), 12);
  });

  it('gives the multipliers of least norm for dependent rows', () => {
    const { multipliers } = solve([-3, -3], [1, 1, 2, 2], ['equality', 'equality'], [0, 0]);
    expect(at(multipliers, 0)).toBeCloseTo(0.6, 14);
    expect(at(multipliers, 1)).toBeCloseTo(1.2, 14);
  });
});
