import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';
import { lossAt, violationAt } from '../../analysis/optimum/model.ts';

/** Of each property; each takes some hundredths of a second. */
const RUNS = 25;

const reasonOf = (text: string): string => {
  const { optimum, noOptimum } = studied(text);
  expect(optimum).toBeNull();
  return noOptimum?.reason ?? '';
};

it.each([
  [
    'a cusp (HS13)',
    'minimize (x - 2)^2 + y^2\nsubject to\n (1 - x)^3 - y >= 0\n x >= 0\n y >= 0',
    'x = 1, y = 0, with a loss of 1.',
  ],
  [
    'the tip of a cusp',
    'param x = 0, y = 0.2\nmaximize x\nsubject to\n y <= (1 - x)^3\n y >= 0',
    'x = 1, y = 0, with an objective of 1.',
  ],
  [
    'two disks that touch',
    'param x = 1, y = 1\nminimize x + y\nsubject to\n (x - 1)^2 + (y - 1)^2 <= 1\n (x - 1)^2 + (y + 1)^2 <= 1',
    'x = 1, y = 0, with a loss of 1.',
  ],
  [
    'a ball and a half-space that touch',
    'param x[2] = [3, 1]\nminimize x[0] + x[1]\nsubject to\n norm(x) <= 1\n x[0] >= 1',
    'x[0] = 1, x[1] = 0, with a loss of 1.',
  ],
  ['a row without a slope', 'param x = 1\nminimize x\nsubject to x^3 >= 0', 'x = 0, with a loss of 0.'],
])('an optimum without multipliers is told of, and not claimed: %s', (_, text, told) => {
  expect(reasonOf(text)).toContain(`None was proved: searches end at ${told} It may be the optimum, but the slopes`);
});

describe('a loss that falls without bound', () => {
  it.each([
    ['minimize x - y\nsubject to x >= 0', /falls without bound: .* change y by \+1 .* falls by 1 each/],
    ['maximize x + 2*y\nsubject to\n x - y <= 1\n x >= 0', /rises without bound: .* rises by 2.5 each/],
    ['minimize x + y\nsubject to abs(x) <= 1', /change y by −1/],
    ['minimize (x - 1)^2 - 3*y\nsubject to x >= y - 4*z', /falls without bound/],
    ['minimize -x^2 + y^2', /change x by \+1 .* faster and faster/],
    ['minimize -x^2 - y^2\nsubject to\n x >= 0\n x - y = 0', /x by \+1 and y by \+1/],
    ['minimize x*y\nsubject to\n 0 <= x <= 1', /seems to fall without bound: .* change y by −1/],
    ['minimize x^3 - x', /seems to fall without bound/], // it has a local minimum
    ['minimize -log(x)\nsubject to x >= 1', /seems to fall without bound/],
    ['minimize x - abs(y)\nsubject to x^2 + z^2 <= 1', /change y by/],
    ['minimize -y\nsubject to y = x^2', /a search went out to y = /],
  ])('is told, with a ray of the feasible set: %s', (text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
    const { problem, noOptimum, notes } = studied(text);
    expect(notes.some(({ message, severity }) => severity === 'warning' && message === noOptimum?.reason)).toBe(true);
    if (!noOptimum?.ray) return;
    const { from, along } = noOptimum.ray;
    const pointAt = (s: number) => Float64Array.from(from, (entry, i) => entry + s * (along[i] ?? 0));
    const losses = [100, 1e4, 1e6].map((s) => lossAt(problem, pointAt(s)));
    expect(losses[1]).toBeLessThan(losses[0] ?? 0);
    expect(losses[2]).toBeLessThan(losses[1] ?? 0);
    for (const s of [0, 1, 1e6]) expect(violationAt(problem, pointAt(s))).toBeLessThan(1e-9 * (1 + s));
  });

  it.each([
    'minimize x + y\nsubject to\n x >= 0\n y >= 0',
    'minimize -x\nsubject to x^2 + y^2 <= 1',
    'minimize x*y\nsubject to\n 0 <= x <= 1\n 0 <= y <= 1',
    'minimize -x - y\nsubject to\n x + 2*y <= 4\n 3*x + y <= 6',
    'minimize relu(1 - x)',
    'minimize x*sin(x)*exp(-x^2)',
  ])('is not told of one with a minimum: %s', (text) => {
    expect(studied(text)).toMatchObject({ noOptimum: null });
  });
});

describe('where there is no optimum, or none was looked for', () => {
  it.each([
    ['minimize exp(-x)', /falls on and on.*less and less/],
    ['param w[2] = 1\nminimize softplus(w[0] - w[1])\nsubject to w[0] + w[1] = 0', /falls on and on/],
    ['minimize log(1 + exp(-x))', /less and less/],
    ['minimize 1/x\nsubject to x >= 1', /less and less/],
    ['minimize x\nsubject to\n x >= 1\n x <= 0', /no point meets all constraints/],
    ['param w[130]\nminimize sum(w^2)', /at most 40 parameters .* 120 and 240 .* convex; here are 130 and 0/],
    ['param w[60]\nminimize sum(cos(w))', /at most 40 parameters .* here are 60 and 0/],
  ])('says why: %s', (text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
  });
});

describe('a convex loss that flattens out along x, beside a convex quadratic in other entries', () => {
  const term = fc.constantFrom('softplus(-x)', 'exp(-x)', 'log(1 + exp(-2*x))');
  const apart = fc.constantFrom('', 'x = z', 'y = 2*u', 'x >= 0');
  const mixed = fc.constantFrom('x - 2*z = 1', 'x + y + z = 2', 'x - 2*z + u = 1');
  const scale = fc.constantFrom(0.1, 1, 3, 10);
  const target = fc.integer({ min: -5, max: 5 });
  const problemWith = (tie: fc.Arbitrary<string>) =>
    fc.tuple(term, scale, target, target, fc.tuple(tie, fc.constantFrom(0, 1)));
  type Rest = [c: number, a: number, b: number, tied: readonly [tie: string, start: number]];
  const textOf = (loss: string, ...[c, a, b, [tie, start]]: Rest) =>
    `param x = ${start}, y, z, u\nminimize ${loss} + ${c}*(y - ${a})^2 + (u - ${b})^2\n${tie && `subject to ${tie}`}`;

  it('has no optimum where nothing ties x to the quadratic', () => {
    const claimsNone = ([loss, ...rest]: readonly [string, ...Rest]): boolean =>
      studied(textOf(loss, ...rest)).optimum === null;
    fc.assert(fc.property(problemWith(apart), claimsNone), { numRuns: RUNS });
  });

  it('has one as soon as x costs a little, too', () => {
    const claimsOne = ([loss, ...rest]: readonly [string, ...Rest]): boolean =>
      studied(textOf(`0.01*x^2 + ${loss}`, ...rest)).optimum !== null;
    fc.assert(fc.property(problemWith(fc.oneof(apart, mixed)), claimsOne), { numRuns: RUNS });
  });

  it.each([
    ['x = z', /falls on and on: .* change x by \+1 and z by \+1 again/],
    ['y = u', /falls on and on: .* change x by \+1 again/],
    ['x >= 0', /falls on and on: .* change x by \+1 again/],
  ])('is told to fall on and on along x, where %s', (tie, reason) => {
    expect(reasonOf(textOf('softplus(-x)', 1, 1, 2, [tie, 0]))).toMatch(reason);
  });
});
