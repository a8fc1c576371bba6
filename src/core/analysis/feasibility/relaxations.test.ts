/** By how much a set and one affine row contradict each other: against the support function of each kind of set. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at } from '../../diagnostic.ts';
import { study } from '../../experiment/study/study.ts';
import { draws } from '../../problem/draws.ts';

const { uniform } = draws(3);
const { abs, hypot, max, SQRT2 } = Math;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const random = (count: number): number[] =>
  Array.from({ length: count }, () => Number((3 * (uniform() + 0.1) * (uniform() < 0.5 ? -1 : 1)).toFixed(2)));

/** σ₁ + σ₂ of [[a, b], [c, d]]. */
const nuclear = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number => {
  const [square, det] = [a * a + b * b + c * c + d * d, abs(a * d - b * c)];
  return Math.sqrt(square + 2 * det);
};
/** σ₁ of it. */
const spectral = (entries: readonly number[]): number => {
  const [a = 0, b = 0, c = 0, d = 0] = entries;
  return (nuclear(entries) + Math.sqrt(a * a + b * b + c * c + d * d - 2 * abs(a * d - b * c))) / 2;
};
const ABOVE = 0.75;

type Support = (a: readonly number[]) => number;
/** `set`, its parameter, the largest a·x in it, and by how much the set itself must give for a·x = that + 3/4. */
const SETS: readonly (readonly [set: string, shape: string, support: Support, own: Support | null])[] = [
  ['ball(2)', '3', (a) => 2 * hypot(...a), (a) => ((2 * hypot(...a) + ABOVE) / hypot(...a)) ** 2 - 4],
  ['sphere(2)', '3', (a) => 2 * hypot(...a), (a) => ((2 * hypot(...a) + ABOVE) / hypot(...a)) ** 2 - 4],
  ['l1ball(1.5)', '3', (a) => 1.5 * max(...a.map(abs)), (a) => ABOVE / max(...a.map(abs))],
  ['l1sphere(1.5)', '3', (a) => 1.5 * max(...a.map(abs)), (a) => ABOVE / max(...a.map(abs))],
  ['linfball(1.5)', '3', (a) => 1.5 * sum(a.map(abs)), (a) => ABOVE / sum(a.map(abs))],
  ['box(-1, 2)', '3', (a) => sum(a.map((entry) => max(-entry, 2 * entry))), (a) => ABOVE / sum(a.map(abs))],
  ['simplex(2)', '3', (a) => 2 * max(...a), null],
  ['stochastic', '2,2', ([a = 0, b = 0, c = 0, d = 0]) => max(a, b) + max(c, d), null],
  ['column_stochastic', '2,2', ([a = 0, b = 0, c = 0, d = 0]) => max(a, c) + max(b, d), null],
  ['doubly_stochastic', '2,2', ([a = 0, b = 0, c = 0, d = 0]) => max(a + d, b + c), null],
  ['spectralball(2)', '2,2', (a) => 2 * nuclear(a), (a) => ABOVE / nuclear(a)],
  ['orthogonal', '2,2', nuclear, null],
  ['nuclearball(2)', '2,2', (a) => 2 * spectral(a), (a) => ABOVE / spectral(a)],
];

const conflictOf = (text: string) => {
  const result = study(text, 0, catalog);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  expect(result.value.feasibility.verdict).toBe('no');
  return result.value.feasibility.conflict;
};

describe('a set and an affine row beyond its reach', () => {
  it.each(SETS)('%s', (set, shape, support, own) => {
    const a = random(shape === '3' ? 3 : 4);
    const matrix = shape === '3' ? `[${a}]` : `[[${a.slice(0, 2)}], [${a.slice(2)}]]`;
    const bound = Number((support(a) + ABOVE).toFixed(9));
    const conflict = conflictOf(`param X[${shape}]\nsubject to\n X in ${set}\n sum(${matrix}*X) >= ${bound}`);
    expect(conflict?.lines).toEqual([3, 4]);
    const [ofSet, ofRow] = (conflict?.relaxations ?? []).map(({ amount }) => amount);
    expect(ofRow).toBeCloseTo(ABOVE, 6);
    if (own) expect(ofSet).toBeCloseTo(own(a), 6);
    else expect(Number.isFinite(ofSet)).toBe(true);
  });

  it.each([
    ['3,3', '[[2, 1, 0], [0, 2, 1], [1, 0, 2]]', '='], // σ = 3, √3, √3: 6.464; by the columns 3√5 = 6.708
    ['3,3', '[[2, 1, 0], [0, 2, 1], [1, 0, 2]]', '>='],
    ['4,2', '[[1, 1], [1, 1], [1, -1], [1, 1]]', '>='], // σ = √6, √2: 3.864; by the columns 4
    ['2,4', '[[1, 1, 1, 1], [1, 1, -1, 1]]', '='],
  ])(
    'orthonormal columns, [%s], between the sum of singular values and the columns: %s %s',
    (shape, matrix, relation) => {
      const bound = shape === '3,3' ? 6.6 : 3.95;
      const text = (b: number) => `param X[${shape}]\nsubject to\n X in orthogonal\n sum(${matrix}*X) ${relation} ${b}`;
      expect(conflictOf(text(bound))?.lines).toEqual([3, 4]);
      const within = study(text(bound - 0.3), 0, catalog);
      expect(within.ok && within.value.feasibility.verdict).toBe('yes');
    },
  );

  it('of eigenvalues, with two rows: off the diagonal and on it', () => {
    const lines = 'param W[2,2]\nsubject to\n W in psd\n W[0,1] >= 2\n W[0,0] + W[1,1] <= 2';
    const amounts = conflictOf(lines)?.relaxations.map(({ amount }) => amount) ?? [];
    [2 / 3, 1, 2].forEach((amount, i) => expect(at(amounts, i)).toBeCloseTo(amount, 6)); // W₀₁W₁₀ ≤ W₀₀W₁₁ ≤ 1
  });

  it('of the number of entries, by all choices of them', () => {
    const flat = conflictOf('param x[3]\nsubject to\n x in sparse(1)\n x >= 1');
    for (const { amount } of flat?.relaxations ?? []) expect(amount).toBeCloseTo(1, 6);
    expect(flat?.lines).toEqual([3, 4]);
    const round = conflictOf('param x[4]\nsubject to\n x in sparse(2)\n sum(x**2) <= 1\n sum(x) >= 2');
    expect(round?.relaxation).toBeCloseTo(2 - SQRT2, 6);
    expect(round?.relaxations[1]?.amount).toBeCloseTo(1, 6);
  });
});
