import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';
import { draws } from '../../problem/draws.ts';

/** Of each property; each takes some hundredths of a second. */
const RUNS = 20;

type Row = readonly number[];

/** Orthonormal rows, by Gram and Schmidt on seeded draws. */
function rotation(size: number, seed: number): Row[] {
  const random = draws(seed);
  const rows: Row[] = [];
  while (rows.length < size) {
    let row: Row = Array.from({ length: size }, () => random.normal());
    for (const before of [...rows, ...rows]) row = row.map((entry, i) => entry - dot(row, before) * (before[i] ?? 0));
    const length = Math.hypot(...row);
    if (length > 0.1) rows.push(row.map((entry) => entry / length));
  }
  return rows;
}

const dot = (a: Row, b: Row): number => a.reduce((sum, entry, i) => sum + entry * (b[i] ?? 0), 0);

/** q·x as typed. */
const along = (q: Row): string => `(${q.map((entry, i) => `${entry}*${'xyz'[i]}`).join(' + ')})`;

/** A loss of s = q₀·x beside squares of the other coordinates, constraints that leave s free, and where to begin. */
const setting = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  term: fc.constantFrom('softplus(-S)', 'exp(-S)', 'log(1 + exp(-2*S))', '1/(1 + exp(S))'),
  scale: fc.constantFrom(0.1, 1, 10),
  target: fc.integer({ min: -5, max: 5 }),
  tie: fc.constantFrom('', 'equality', 'inequality'),
  start: fc.constantFrom(0, 1, 8),
});

interface Setting {
  readonly seed: number;
  readonly term: string;
  readonly scale: number;
  readonly target: number;
  readonly tie: string;
  readonly start: number;
}

function textOf({ seed, term, scale, target, tie, start }: Setting, more = ''): string {
  const [s = [], u = [], v = []] = rotation(3, seed).map(along);
  const begin = rotation(3, seed + 1)[0]?.map((entry) => start * entry) ?? [];
  const row = { equality: `${v} = 2*${u}`, inequality: `${s} >= ${v} - 4` }[tie];
  return [
    `param x = ${begin[0]}, y = ${begin[1]}, z = ${begin[2]}`,
    `minimize ${term.replaceAll('S', String(s))} + ${scale}*(${u} - ${target})^2 + (${v} - 1)^2${more.replaceAll('S', String(s))}`,
    ...(row ? ['subject to', ` ${row}`] : []),
  ].join('\n');
}

/** The search ends at |x| ≈ 1e5, where the loss is rounded to 1e-11. */
const FAR_OUT: Setting = {
  seed: 52620,
  term: 'log(1 + exp(-2*S))',
  scale: 1,
  target: 3,
  tie: 'equality',
  start: 8,
};

describe('a loss that flattens out along a direction of its own, beside squares of the other coordinates', () => {
  it('has no optimum', () => {
    fc.assert(
      fc.property(setting, (given) => studied(textOf(given)).optimum === null),
      { numRuns: RUNS, examples: [[FAR_OUT]] },
    );
  });

  it('has one as soon as that direction costs a little', () => {
    const claimsOne = (given: Setting, ridge: number) => studied(textOf(given, ` + ${ridge}*S^2`)).optimum !== null;
    fc.assert(fc.property(setting, fc.constantFrom(0.1, 1e-3), claimsOne), { numRuns: RUNS });
  });

  it('has one of many where that direction costs nothing', () => {
    const claimsMany = (given: Setting) => studied(textOf({ ...given, term: '0' })).optimum?.isOneOfMany === true;
    fc.assert(fc.property(setting, claimsMany), { numRuns: RUNS });
  });
});

describe('an optimum', () => {
  it.each([
    'minimize exp(-x - y) + (x - y - 1)^2',
    'minimize log(1 + exp(-(x + 2*y))) + (2*x - y)^2',
    'minimize (x - y)^2 + exp(-(x + y)^2)',
    'param x = 40\nminimize 1/(1 + exp(x))',
    'param w[3]\ndata X = [[1, 1.1, 0.5], [2, 2.1, -0.3], [-1, -0.9, 0.2], [-2, -2.2, 0.7]]\ndata y = [1, 1, -1, -1]\nminimize mean(softplus(-y*(X@w)))',
    'param W[2,3] = 0\ndata X = [[1, 0.5], [2, -0.3], [-1, 0.2], [-2, 0.7], [1.5, 1], [0.3, -1]]\ndata y = [0, 1, 2, 0, 1, 2]\nminimize cross_entropy(X@W, y)',
  ])('is not claimed where the loss only flattens out: %s', (text) => {
    const { optimum, noOptimum } = studied(text);
    expect(optimum).toBeNull();
    expect(noOptimum?.reason).toMatch(/falls on and on: .* less and less/);
  });

  it.each([
    'param W[2,3] = 0\ndata X = [[1, 0.5], [2, -0.3], [1, 0.5], [2, -0.3], [1, 0.5], [2, -0.3]]\ndata y = [0, 1, 2, 0, 1, 2]\nminimize cross_entropy(X@W, y)', // the same for all classes changes nothing
    'param w[2]\ndata X = [[1, 1.1], [2, 2.1], [-1, -0.9]]\ndata y = [1, 1, -1]\nminimize mean(relu(1 - y*(X@w))^2)', // all margins are met
    'minimize (x + y - 1)^2',
    'minimize relu(1 - x)^4 + relu(2 - x)^2/1000',
  ])('is claimed where it is taken, though along a line: %s', (text) => {
    expect(studied(text).optimum?.isOneOfMany).toBe(true);
  });

  it.each([
    ['on an edge', 'param x[3] = 1/3\nminimize x[0] + x[1] + 2*x[2]\nsubject to x in simplex', true],
    ['between bounds', 'param x[2] = [3, 1]\nminimize (x[0] + x[1] - 1)^2\nsubject to x >= 0', true],
    ['in a box', 'param x = 1, y = 0.2\nminimize x\nsubject to\n 0 <= x <= 1\n 0 <= y <= 1', true],
    ['at a corner', 'param x[3] = 1/3\nminimize x[0] + 1.5*x[1] + 2*x[2]\nsubject to x in simplex', false],
    ['beside a maximum with room', 'minimize (x - 1)^2 + (y - 1)^2\nsubject to\n max(x, y) <= 1.5', false],
    ['beside absolute values with room', 'minimize (x - 1)^2 + (y - 1)^2\nsubject to\n abs(x) + abs(y) <= 3', false],
    ['on an edge of absolute values', 'minimize -x - y\nsubject to\n abs(x) + abs(y) <= 1', true],
    ['where it is flat to third order', 'param x = 1, y = 1\nminimize x^4 + y^4\nsubject to x + y >= -3', false],
  ])('is one of many %s, or not', (_, text, isOneOfMany) => {
    expect(studied(text).optimum?.isOneOfMany === true).toBe(isOneOfMany);
  });
});
