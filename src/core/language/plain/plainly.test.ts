import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../parse.ts';
import { printText } from '../print-text.ts';
import { REAL_TEXTS, RUNS_OF_EACH } from '../samples.ts';
import { plainly } from './plainly.ts';

describe('what is typed in another way', () => {
  it.each([
    // LaTeX
    ['\\min_{w \\in \\mathbb{R}^n} \\frac{1}{2}\\|A w - b\\|_2^2', 'minimize (1/2)*norm(A @ w - b)^2'],
    ['\\text{s.t.} \\quad \\mathbf{1}^\\top w = 1, w \\geq 0', 'subject to sum(w) = 1, w >= 0'],
    ['\\sum_{i=1}^{n} w_i^2 \\le 1', 'sum(w^2) <= 1'],
    ['x^\\top A x \\leq 1', 'x.T @ A @ x <= 1'],
    ['\\|x\\|_\\infty \\le r', 'norm(x, inf) <= r'],
    ['\\sqrt{x_{1}^{2} + x_{2}^{2}} = \\frac{x + 1}{y}', 'sqrt(x_1^2 + x_2^2) = ((x + 1)/y)'],
    ['\\left( x - 1 \\right)^2 + \\sin x = e^{-\\alpha \\cdot y}', '(x - 1)^2 + sin(x) = e^(-α * y)'],
    ['w_i \\ge 0 \\quad \\forall i', 'w >= 0'],
    ['A \\succeq 0', 'A in psd'],
    ['x_1x_2 + x_iy_1 \\le w_total', 'x_1*x_2 + x_i*y_1 <= w_total'],
    ['w_max_1 \\le a_ijx_j + x_{1}y', 'w_max_1 <= a_ij*x_j + x_1*y'],
    // paper
    ['2x² + 3y⁻¹ ≤ ½', '2*x^2 + 3*y^(-1) ≤ (1/2)'],
    ['‖A w − b‖² ≤ 1', 'norm(A @ w − b)^2 ≤ 1'],
    ['‖w‖₁ + |w[0]| ⩽ ∞', 'norm(w, 1) + abs(w[0]) <= inf'],
    ['∑ᵢ wᵢ² = 1', 'sum(w^2) = 1'],
    ['minimize np.sum(x) + cp.sum_squares(A @ x)', 'minimize sum(x) + sum((A @ x)^2)'],
    ['Σ_i w_i ÷ 2 = 1', 'sum(w / 2) = 1'],
    ['Aᵀ w = 0', 'A.T @ w = 0'],
    ['⟨w, v⟩ = √2 + ∛x', 'dot(w, v) = sqrt(2) + x^(1/3)'],
    ['w ∈ Δ', 'w in simplex'],
    ['x ∈ [0, 1]', 'x in box(0, 1)'],
    ['w ∈ ℝ³', '# w ∈ ℝ³'],
    ['w_i >= 0 for all i', 'w >= 0'],
    ['norm(X[i]) = 1 for i in range(3)', 'norm(X, axis=1) = 1'],
    ['sum(P[:, j]) = 1 for all j; P ≥ 0', 'sum(P, axis=0) = 1; P ≥ 0'],
    ['x + 2y <= 4, x, y >= 0', 'x + 2*y <= 4; x >= 0; y >= 0'],
    ['‖w‖_0 ≤ 2', 'w in sparse(2)'],
    ['my budget: sum(w) = 1', 'my_budget: sum(w) = 1'],
    ['1) x + y = 1', 'c1: x + y = 1'],
    ['2x + y >= 1   (1)', '2*x + y >= 1 # (1)'],
    ['x + 2y = 1 (λ), x >= 0 (μ)', 'x + 2*y = 1, x >= 0'],
    ['x = 2(λ) + (μ)', 'x = 2*(λ) + (μ)'],
    ['（x＋1）＝2', '(x+1)=2'],
    ['x ≥ 1e−3', 'x ≥ 1e-3'],
    ['‖x‖∞ ≤ 1, ‖y‖_∞ ≤ 2', 'norm(x, inf) ≤ 1, norm(y, inf) ≤ 2'],
    ['minimize λ|x| + 2‖y‖ + μ||z||_1', 'minimize λ*abs(x) + 2*norm(y) + μ*norm(z, 1)'],
    ['minimize <c, x> + ⟨b, y⟩', 'minimize dot(c, x) + dot(b, y)'],
    ['x_i ≥ 0 ∀ i, Σ x_i = 1', 'x ≥ 0; sum(x) = 1'],
    ['x_i ≥ 0 for all i = 1, …, n', 'x ≥ 0'],
    ['∀i: w_i ≥ 0', 'w ≥ 0'],
    ['subject to for all i = 1, …, n: w_i ≥ 0; ∀ j, v_j ≤ 1', 'subject to w ≥ 0; v ≤ 1'],
    ['x = 1 y = 2', 'x = 1; y = 2'],
    ['subject to x + y >= 1 x - 2y <= 3', 'subject to x + y >= 1; x - 2*y <= 3'],
    ['0 <= 2 x <= 1', '0 <= 2*x <= 1'],
    ['param w[3] = [1 -2 3e-1]', 'param w[3] = [1, -2, 3e-1]'],
    ['data A = [[1 2] [3 -4]]', 'data A = [[1, 2], [3, -4]]'],
    ['minimize sin^2(x) + cos^2 x + sin² y', 'minimize sin(x)^2 + cos(x)^2 + sin(y)^2'],
    ['minimize f(x, y) = (x-1)^2 + y', 'minimize (x-1)^2 + y'],
    ['f(x, y) = (x-1)^2 + y', 'let f = (x-1)^2 + y'],
    ['g(x, y) = x + y - 1 <= 0', 'g: x + y - 1 <= 0'],
    ['sum(w) = 1, w >= 0', 'sum(w) = 1, w >= 0'],
    ['norm(x) = 1', 'norm(x) = 1'],
    ['param w ∈ ℝ³', 'param w[3]'],
    ['param W in R^{2x3}', 'param W[2,3]'],
    ['x + y = 1 (C1)', 'x + y = 1 # (C1)'],
    // programming languages
    ['minimize sum(w.^2 + W.*V./2)', 'minimize sum(w^2 + W*V/2)'],
    ['minimize np.exp(x) + np.mean(np.square(w))', 'minimize exp(x) + mean(w^2)'],
    ['minimize torch.nn.functional.softplus(x)', 'minimize softplus(x)'],
    ['minimize (w**2).sum() + A.T.mean(dim=0)[0]', 'minimize sum(w**2) + mean(A.T, axis=0)[0]'],
    ['minimize sum(w[i]**2 for i in range(3))', 'minimize sum(w**2)'],
    ['minimize x if x > 0 else -x', 'minimize where(x > 0, x, -x)'],
    ['minimize np.matmul(A, x - 1)[0] + math.pi', 'minimize (A @ (x - 1))[0] + pi'],
    ['np.diff(f, 2) >= 0', '(f[2:] - 2*f[1:-1] + f[:-2]) >= 0'],
    ["minimize np.linalg.norm(W - B, 'fro')**2", 'minimize norm(W - B)**2'],
    ['abs(mean(p[g]) - mean(p[~g])) <= 0.1', 'abs(mean(p[g]) - mean(p[g == 0])) <= 0.1'],
    ['mean(p[(X[:,0] > 0) & (y == 1)]) <= 1', 'mean(p[where(X[:,0] > 0, 1, 0) * where(y == 1, 1, 0)]) <= 1'],
    ['minimize sum((x > 0) * x**2)', 'minimize sum(where(x > 0, 1, 0) * x**2)'],
    ['1ᵀx = 1; 1ᵀP = 1', 'sum(x) = 1; sum(P, axis=0) = 1'],
    ['all(x >= 0), x.sum() == 1', 'x >= 0, sum(x) == 1'],
    ['minimize sum(norm(X[i]) for i in range(3))', 'minimize sum(norm(X, axis=1))'],
    ['for i in range(3): w[i] >= 0', 'w >= 0'],
    ['x >= 0 && x === 1_000', 'x >= 0; x = 1000'],
    ['x = 1 // the unit', 'x = 1 # the unit'],
    ['/* nothing */', '# nothing'],
    ['soft(2) x = 1', 'soft(2): x = 1'],
  ])('%s', (typed, plain) => expect(plainly(typed)).toBe(plain));

  it('lines that end with a backslash are joined', () => {
    const text = 'minimize (x - 1)^2 \\\n  + (y - 2)^2 \\\n  + z\nsubject to x + y = 1';
    const result = parse(text);
    const { message, fix } = result.ok ? {} : (result.diagnostics[0] ?? {});
    expect(message).toMatch(/goes on in brackets/);
    const [from, to] = fix?.span ?? [0, 0];
    const mended = text.slice(0, from) + fix?.insert + text.slice(to);
    expect(mended).toBe('minimize (x - 1)^2 + (y - 2)^2 + z\nsubject to x + y = 1');
  });

  it('a paste of LaTeX is mended whole', () => {
    const text = `\\begin{aligned}
\\min_{w} \\quad & \\tfrac{1}{2} \\|A w - b\\|_2^2 + \\lambda \\|w\\|_1 \\\\
\\text{s.t.} \\quad & \\mathbf{1}^\\top w = 1, \\\\
& w \\geq 0
\\end{aligned}`;
    const result = parse(text);
    const fix = result.ok ? undefined : result.diagnostics[0]?.fix;
    expect(fix?.title).toBe('Write it all plainly');
    const mended = fix?.insert ?? '';
    expect(parse(mended).ok).toBe(true);
    expect(
      mended
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ).toEqual(['minimize (1/2)*norm(A @ w - b)^2 + λ*norm(w, 1)', 'subject to', 'sum(w) = 1', 'w >= 0']);
  });
});

/** What a text says, whatever its blanks. */
function meaning(text: string): string | null {
  const document = parse(text);
  if (!document.ok) return null;
  return JSON.stringify(document.value.statements, (key, value) =>
    /^(?:span|nameSpan|text)$/u.test(key) ? undefined : value,
  );
}

it('says the same of a line that is of the language already', () => {
  for (const text of REAL_TEXTS) {
    const plain = text.split('\n').map(plainly).join('\n');
    expect(meaning(plain)).toBe(meaning(text));
  }
});

it('ends on any line, and what is offered parses', () => {
  const piece = fc.constantFrom(
    ...'\\frac{ \\sum_{ } ^ _ ‖ | ⟨ ⟩ √ ² ᵀ ( ) [ ] { } , ; : = <= x w_i A 2 sum np. .sum( for i in range and ? # // \\ & $ ∑ ∈ −'.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = `param x\nminimize x^2\nsubject to\n  ${pieces.join(' ')}`;
      const result = parse(text);
      plainly(pieces.join(''));
      for (const { fix } of result.ok ? [] : result.diagnostics) {
        if (!fix) continue;
        const mended = text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]);
        expect(mended).not.toBe(text);
        if (fix.title === 'Write it all plainly') expect(parse(mended).ok).toBe(true);
      }
    }),
    { numRuns: RUNS_OF_EACH },
  );
});

it('prints what it made as the language prints it', () => {
  const document = parse(`minimize ${plainly('2x² + \\frac{1}{2}\\sin x')}`);
  const [objective] = document.ok ? document.value.statements : [];
  expect(objective?.kind === 'objective' && printText(objective.value)).toBe('2*x^2 + (1/2)*sin(x)');
});
