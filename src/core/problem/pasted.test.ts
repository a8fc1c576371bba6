import { describe, expect, it } from 'vitest';
import { applied, mended, toldOf, valuesOf } from './pasted.fixture.ts';

/** Typed as on paper, and what it says in the language. */
const PAPER: readonly (readonly [typed: string, meant: string])[] = [
  ['maximize xyz s.t. x + y + z = 1, x, y, z ≥ 0', 'maximize x*y*z subject to x+y+z = 1; x >= 0; y >= 0; z >= 0'],
  ['minimize 3x₁x₂ − x₁², subject to: x₁ + 2x₂ = 4', 'minimize 3*x₁*x₂ - x₁^2 subject to x₁ + 2*x₂ = 4'],
  ['min a² − 3ab + b² s.t. a ≤ b, −2 ≤ ab', 'minimize a^2 - 3*a*b + b^2 subject to a <= b; -2 <= a*b'],
  [
    '\\min \\theta_1^2 + e^{\\theta_2} \\text{ s.t. } \\theta_1\\theta_2 = 2',
    'minimize θ_1^2 + exp(θ_2) subject to θ_1*θ_2 = 2',
  ],
  [
    'min 2x₁ + x₂ + x₃, subject to: x₁ + x₂ = 4; xⱼ ≥ 0, j = 1, 2, 3',
    'minimize 2*x₁+x₂+x₃ subject to x₁+x₂ = 4; x₁ >= 0; x₂ >= 0; x₃ >= 0',
  ],
  [
    'minimize -sum_{i=1}^4 p_i log p_i subject to sum_{i=1}^4 p_i = 1, p_i ≥ 0',
    'param p[4]\nminimize -sum(p*log(p)) subject to sum(p) = 1; p >= 0',
  ],
  ['z ∈ ℝ², minimize ‖z − (1, −2)‖² s.t. ‖z‖ ≤ 2', 'param z[2]\nminimize sum((z - [1, -2])^2) subject to norm(z) <= 2'],
  [
    'data Σ = [[3, 1], [1, 2]]\nparam w[2]\nminimize wᵀΣw\ns.t. 1ᵀw = 1',
    'data Σ = [[3, 1], [1, 2]]\nparam w[2]\nminimize w @ Σ @ w subject to sum(w) = 1',
  ],
  [
    'max 4x + 5y\ns.t. x ≤ 4\n2y ≤ 11\n3x + 2y ≤ 17\nx, y ≥ 0',
    'maximize 4*x+5*y subject to x <= 4; 2*y <= 11; 3*x+2*y <= 17; x >= 0; y >= 0',
  ],
];

describe('a problem as on paper', () => {
  it.each(PAPER)('%s: after one click it evaluates like what it means', (typed, meant) => {
    for (const seed of [1, 2, 3]) expect(valuesOf(mended(typed, 1), seed)).toEqual(valuesOf(meant, seed));
  });

  it('offers one click for all lines beside the fix of one, and only where all of them have one', () => {
    const typed = 'minimise 2a + b^2\ns.t. a >= 1\n3b >= 2';
    expect(toldOf(typed)[0]?.otherFix?.title).toBe('Mend all lines');
    expect(mended(typed, 1)).toBe('minimize 2*a + b^2\ns.t. a >= 1\n3*b >= 2');
    for (const { otherFix } of toldOf(`${typed}\na ? b`)) expect(otherFix).toBeUndefined();
    expect(toldOf('minimize 2a')[0]?.otherFix).toBeUndefined();
  });

  it('tells that a length is open, and which number stands for it', () => {
    const [{ message, fix } = { message: '' }] = toldOf('minimize sum_{i=1}^n c_i p_i^2');
    expect(message).toMatch(/How many entries c and p have is not told/);
    expect(fix && applied('minimize sum_{i=1}^n c_i p_i^2', fix)).toBe(
      'data c = ones(3)\nparam p[3]\nminimize sum(c*p^2)',
    );
  });
});

describe('names that stand together', () => {
  it('are one name where nothing else is known, and questioned where their letters are names', () => {
    const text = 'minimize xy + x^2 subject to x + y = 1';
    const [note, ...others] = toldOf(text);
    expect(others).toEqual([]);
    expect(note).toMatchObject({ severity: 'warning', message: expect.stringContaining('x*y') });
    expect(valuesOf(mended(text, 1), 1)).toEqual(valuesOf('minimize x*y + x^2 subject to x + y = 1', 1));
    for (const own of ['minimize ab^2 subject to ab >= 1', 'param x\nparam y\nparam xy\nminimize x + y + xy^2'])
      expect(toldOf(own).filter(({ message }) => /one name/u.test(message))).toEqual([]);
  });
});

describe('bounds of several names', () => {
  it('say which reading was taken where two are as likely', () => {
    const text = 'minimize x^2 + y^2\nsubject to\n  1 <= x, y <= 5 # both';
    const [note, ...others] = toldOf(text);
    expect(others).toEqual([]);
    expect(note).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/two bounds: 1 <= x, and y <= 5/),
    });
    expect(mended(text, 1)).toContain('\n  1 <= x <= 5; 1 <= y <= 5 # both');
    for (const plain of ['1 <= x <= 2, y <= 5', '1 <= x; y <= 5', 'x >= 1, y <= 5'])
      expect(toldOf(`minimize x + y subject to ${plain}`)).toEqual([]);
  });
});
