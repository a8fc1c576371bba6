import { describe, expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { check } from '../problem/check.ts';
import { kktReporter } from './kkt-report.ts';

function reportAt(text: string, x: readonly number[], own?: readonly number[]) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return kktReporter(problem.value)?.(Float64Array.from(x), 1e-6, own);
}

const ratio = 'minimize (a - 1)^2 + (b - 2)^2\nsubject to a - 2*b = 0';
const disk = 'minimize x + y\nsubject to x^2 + y^2 <= 2';

describe('the conditions at a point', () => {
  it('split the gradient into parts whose squares add up', () => {
    const report = reportAt(ratio, [2, 1]);
    expect((report?.tangent ?? 0) ** 2 + (report?.normal ?? 0) ** 2).toBeCloseTo((report?.gradient ?? 0) ** 2, 12);
    expect(report?.tangent).toBeCloseTo(2 / Math.sqrt(5), 12); // ∇f = (2, −2) along (2, 1)/√5
    expect(report?.verdict).toMatch(/^Feasible but not stationary/);
  });

  it('call the optimum a strict minimum, with its multiplier', () => {
    const report = reportAt(ratio, [1.6, 0.8]);
    expect(report?.multipliers[0]).toBeCloseTo(-1.2, 12);
    expect(report?.stationarity).toBeLessThan(1e-12);
    expect(report?.curvature).toBeCloseTo(2, 12);
    expect(report?.verdict).toBe('Feasible and stationary: a strict local minimum.');
  });

  it('tell the lowest point of a disk from the highest, where the multiplier would be negative', () => {
    expect(reportAt(disk, [-1, -1])?.multipliers[0]).toBeCloseTo(0.5, 12);
    expect(reportAt(disk, [-1, -1])?.verdict).toMatch(/strict local minimum/);
    expect(reportAt(disk, [1, 1])?.multipliers[0]).toBe(0);
    expect(reportAt(disk, [1, 1])?.verdict).toMatch(/not stationary/);
    expect(reportAt(disk, [2, 0])?.verdict).toMatch(/^Not feasible/);
  });

  it("grade the method's own multipliers beside those that fit best", () => {
    const own = reportAt(disk, [-1, -1], [0.5])?.own; // ∇f + μ∇g = (1, 1) + 0.5·(−2, −2)
    expect(own?.stationarity).toBeLessThan(1e-12);
    expect([own?.leastMultiplier, own?.complementarity]).toEqual([0, 0]);
    const off = reportAt(disk, [0, 0], [-3]);
    expect(off?.own).toMatchObject({ leastMultiplier: -3, complementarity: 6 });
    expect(off).toMatchObject({ leastMultiplier: 0, complementarity: 0, residual: [-2] });
    expect(reportAt(disk, [0, 0])?.own).toBeNull();
  });

  it('know the corners of a sum of absolute values', () => {
    const corner = 'param w[2]\nminimize sum((w - [3, 1])**2)\nsubject to sum(abs(w)) <= 1';
    expect(reportAt(corner, [1, 0])?.verdict).toMatch(/strict local minimum/);
    expect(reportAt(corner, [0, 1])?.verdict).toMatch(/not stationary/);
  });

  it('say no more of a corner of a constraint than its slopes prove', () => {
    const diamond = 'minimize 2*x^3 + y\nsubject to abs(y) + abs(x) <= 2'; // at (−2, 0) the corner outweighs that x³ bends downwards
    expect(reportAt(diamond, [-2, 0])?.verdict).toMatch(/stationary; whether it is a minimum cannot be told/);
    const roof = 'minimize y + x^2\nsubject to y >= -abs(x)'; // lower on both sides of (0, 0)
    expect(reportAt(roof, [0, 0])?.verdict).toMatch(/stationary; whether it is a minimum cannot be told/);
    const turned = 'minimize -y\nsubject to\n x = relu(y)\n x <= 0'; // y > 0 would need x > 0
    expect(reportAt(turned, [0, 0])?.verdict).toMatch(/need not tell against it: a constraint has a corner/);
    expect(reportAt(diamond, [0, 2])?.verdict).toMatch(/not stationary/);
    expect(reportAt('minimize x^2 - y\nsubject to abs(x) + y <= 1', [0, 1])?.verdict).toMatch(/strict local minimum/);
  });

  it('see the saddle, the flat valley, and the constraint without force', () => {
    expect(reportAt('minimize x^2 - y^2', [0, 0])?.verdict).toMatch(/not a minimum/);
    expect(reportAt('minimize (x + y)^2', [0, 0])?.verdict).toMatch(/flat/);
    expect(reportAt('minimize x^2 - y^2\nsubject to y >= 0', [0, 0])?.verdict).toMatch(/cannot be told/);
  });

  it('take no side on curvature that is smaller than what is left of the gradient', () => {
    const hyperbola = 'minimize (x*y - 1)^2'; // flat along x·y = 1; a little off it, ∇²L has eigenvalues of both signs
    for (const off of [1e-7, -1e-7]) expect(reportAt(hyperbola, [1 + off, 1])?.verdict).toMatch(/flat/);
    expect(reportAt('minimize x^2 - 1e-3*y^2', [0, 1e-8])?.verdict).toMatch(/not a minimum/);
  });

  it.each([
    ['independent rows', 'minimize x + y\nsubject to\n  x >= 0\n  y >= 0', true],
    ['a third row that presses, too', 'minimize x + y\nsubject to\n  x >= 0\n  y >= 0\n  x + y >= 0', false],
    ['a row typed twice', 'minimize x + y^2\nsubject to\n  x >= 0\n  2*x >= 0', false],
    ['equalities that repeat each other', 'minimize x + y^2\nsubject to\n  x + y = 0\n  2*x + 2*y = 0', false],
    ['no force, and none to be shared', 'minimize x^2 + y^2\nsubject to\n  x >= 0\n  y >= 0\n  x + y >= 0', true],
    ['no force, but two bounds that press on each other', 'minimize x^2 + y^2\nsubject to\n  x >= 0\n  x <= 0', false],
  ])('tells whether the multipliers are the only ones: %s', (_, text, expected) => {
    expect(reportAt(text, [0, 0])?.areUnique).toBe(expected);
  });

  it('name the rows of which other multipliers do as well, and no others', () => {
    const meeting = 'minimize x + y + z\nsubject to\n  z >= 0\n  x >= 0\n  y >= 0\n  x + y >= 0'; // μ of z is 1 in all
    expect(reportAt(meeting, [0, 0, 0])?.shared).toEqual([1, 2, 3]);
    expect(reportAt('minimize x + y^2\nsubject to\n  x >= 0\n  2*x >= 0\n  y >= 0', [0, 0])?.shared).toEqual([0, 1]);
    expect(reportAt('minimize x + y\nsubject to\n  x >= 0\n  y >= 0', [0, 0])?.shared).toEqual([]);
  });

  it('see rows that depend on each other', () => {
    expect(reportAt('minimize x + y\nsubject to\n  x >= 0\n  y >= 0', [0, 0])?.areIndependent).toBe(true);
    expect(reportAt('minimize x + y\nsubject to\n  x >= 0\n  y >= 0\n  x + y >= 0', [0, 0])?.areIndependent).toBe(
      false,
    );
  });

  it('speak of constraints only where there are some', () => {
    expect(reportAt('minimize x^2 + y^2', [1, 0])?.verdict).toBe(
      'Not stationary: a step along the slope lowers the objective.',
    );
    expect(reportAt('maximize -x^2 + y^2', [0, 0])?.verdict).toMatch(
      /^Stationary, but not a maximum: .* some direction/,
    );
    expect(reportAt(disk, [0, 0])?.verdict).toMatch(/^Feasible but not stationary: a step along the slope/);
    expect(reportAt(disk, [0, -Math.SQRT2])?.verdict).toMatch(/a direction that the constraints allow/);
  });

  it('claim no way down where slopes vanish or repeat each other, unless the rows are straight', () => {
    const squared = 'minimize (x - 1)^2 + y^2\nsubject to (x + y)^2 = 0';
    expect(reportAt(squared, [0.5, -0.5])?.verdict).toMatch(/^Feasible, and no multipliers balance the loss/);
    const cusp = 'minimize x\nsubject to\n  y <= x^3\n  y >= 0'; // (0, 0) is the optimum, and has none
    expect(reportAt(cusp, [0, 0])?.verdict).toMatch(/^Feasible, and no multipliers/);
    const twice = 'minimize x + 2*y\nsubject to\n  x + y = 1\n  2*x + 2*y = 2';
    expect(reportAt(twice, [0.5, 0.5])?.verdict).toMatch(/a direction that the constraints allow lowers/);
  });

  it('see the way down where rows repeat each other everywhere, and not here alone', () => {
    const turned = 'param W[2, 2]\nminimize sum((W - [[0, 3], [-1, 0]])^2)\nsubject to\n  W.T @ W = eye(2)';
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const report = reportAt(turned, [c, -s, s, c]); // WᵀW = I has the row of w₁·w₂ twice
    expect(report?.areIndependent).toBe(false);
    expect(report?.verdict).toMatch(/^Feasible but not stationary: a direction that the constraints allow lowers/);
    const pinched = 'param x, y\nminimize y\nsubject to\n  x^2 + y^2 = 1\n  2*x + 2*y^2 = x^2 + y^2 + 1'; // a point alone
    expect(reportAt(pinched, [1, 0])?.verdict).toMatch(/That need not tell against it/);
  });

  it('say nothing where a value is not finite, or of too many parameters', () => {
    expect(reportAt('param x = 1\nminimize log(x)', [0])).toBeNull();
    expect(reportAt('param w[41]\nminimize sum(w**2)', new Array(41).fill(0))).toBeUndefined();
  });
});
