/** Problems typed as on paper: what the offered fixes make of them means what was typed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Fix, Result } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';
import { Machine } from '../tensor/evaluate.ts';
import { Ops } from '../tensor/ops.ts';
import { check } from './check.ts';
import { lossOf } from './elaborate.ts';
import type { Problem } from './problem.ts';

const checked = (text: string): Result<Problem> => {
  const document = parse(text);
  return document.ok ? check(document.value, { seed: 0 }) : document;
};

const errorsOf = (text: string): readonly Diagnostic[] => {
  const problem = checked(text);
  return problem.ok ? [] : problem.diagnostics;
};

const applied = (text: string, { span: [from, to], insert }: Fix): string =>
  text.slice(0, from) + insert + text.slice(to);

/** With the first fix that each text offers, until none does. */
function mended(text: string): string {
  let line = text;
  for (let clicks = 0; clicks < 9; clicks++) {
    const fix = errorsOf(line).find((error) => error.fix)?.fix;
    if (!fix) return line;
    line = applied(line, fix);
  }
  throw new Error(`no end of fixes: ${line}`);
}

function problemOf(text: string): Problem {
  const problem = checked(text);
  if (!problem.ok) throw new Error(`${text}\n${problem.diagnostics.map(({ message }) => message).join('\n')}`);
  return problem.value;
}

function lossAt(problem: Problem, point: readonly number[]): number {
  const ops = new Ops();
  const time = ops.constant(0);
  const { id } = lossOf(ops, problem, ops.constant(point), time, time);
  const machine = new Machine(ops);
  machine.procedure([id])();
  return machine.numbers(id)[0] ?? Number.NaN;
}

const learned = (text: string): string[] =>
  problemOf(text).parameters.map(({ name, shape }) => (shape.length > 0 ? `${name}[${shape.join(', ')}]` : name));

/** A term of a sum as typed, and what it is at the number i and the entry p. */
const TERMS: readonly (readonly [typed: string, value: (i: number, p: number) => number])[] = [
  ['i p_i', (i, p) => i * p],
  ['p_i i', (i, p) => i * p],
  ['2i p_i^2', (i, p) => 2 * i * p ** 2],
  ['i^2 p_i', (i, p) => i ** 2 * p],
  ['2^i p_i', (i, p) => 2 ** i * p],
  ['(i - 3)^2 p_i', (i, p) => (i - 3) ** 2 * p],
  ['i(p_i - i)^2', (i, p) => i * (p - i) ** 2],
  ['sin(i p_i)', (i, p) => Math.sin(i * p)],
  ['p_i/i', (i, p) => p / i],
];

const SUMS: readonly ((term: string, last: number) => string)[] = [
  (term, last) => `sum_{i=1}^${last} ${term}`,
  (term, last) => `Σ_{i=1}^{${last}} ${term}`,
  (term, last) => `\\sum_{i=1}^{${last}} ${term}`,
  (term, last) => `∑_(i=1)^${last} ${term}`,
  (term, last) => `sum(${term} for i in 1..${last})`,
  (term, last) => `sum(${term} for i in range(1, ${last + 1}))`,
];

describe('a sum over an index that is a factor, too', () => {
  it('is the sum over its numbers, and the index is not learned', () => {
    const point = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 6 });
    for (const [term, value] of TERMS)
      for (const typed of SUMS)
        fc.assert(
          fc.property(point, (p) => {
            const text = `param p[${p.length}]\nminimize ${typed(term, p.length)}`;
            const written = mended(text);
            expect(learned(written)).toEqual([`p[${p.length}]`]);
            const meant = p.reduce((sum, entry, k) => sum + value(k + 1, entry), 0);
            expect(lossAt(problemOf(written), p)).toBeCloseTo(meant, 9);
          }),
          { numRuns: 3 },
        );
  });

  it.each([
    'sum_i i p_i',
    '∑ᵢ i pᵢ',
    'sum_{i=2}^7 p_i',
    'sum_{i=1}^6 (p_{i+1} - p_i)^2',
    'sum_{i,j,k} p_i p_j sin(p_i p_j p_k)',
    'sum_{i,j} a_ij p_i',
    'sum_{i=1}^6 i A p_i',
    'sum_i sum_j a_ij',
  ])('is not guessed where its numbers or its entries are not known: %s', (sum) => {
    const [error, ...others] = errorsOf(`param p[6]\nminimize ${sum}`);
    expect(others).toEqual([]);
    expect(error?.fix).toBeUndefined();
    expect(error?.message).toMatch(/more here than the number of an entry.*sum\(\[1, 2, 3\]\*p\)/);
  });

  it('leaves no entry of its own beside it', () => {
    expect(mended('minimize sum(x^2) s.t. sum_i x_i = 1, x_i >= 0')).toBe(
      'minimize sum(x^2) subject to sum(x) = 1, x >= 0',
    );
    expect(mended('param x[3]\nminimize sum(x^2)\ns.t. Σ_{i=1}^3 x_i = 1, x_i >= 0')).toBe(
      'param x[3]\nminimize sum(x^2)\nsubject to sum(x) = 1, x >= 0',
    );
  });

  it('writes the numbers of a bound, and offers none that are not known', () => {
    const text = (bound: string) => `param p[3]\nminimize sum(p^2)\nsubject to ${bound}`;
    expect(mended(text('p_i >= i for i in 1..3'))).toBe(text('p >= [1, 2, 3]'));
    expect(mended(text('p_i >= i for all i = 1, …, 3'))).toBe(text('p >= [1, 2, 3]'));
    expect(mended(text('for i in range(3): p[i] >= i'))).toBe(text('p >= [0, 1, 2]'));
    expect(errorsOf(text('p_i >= i for all i')).some(({ fix }) => fix)).toBe(false);
  });
});

/** Entries as they are told on paper, from 1. */
interface Given {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly A: readonly (readonly number[])[];
}

const from = (first: number, last: number, term: (i: number) => number): number =>
  Array.from({ length: last - first + 1 }, (_, k) => term(first + k)).reduce((sum, each) => sum + each, 0);
const entry = (array: readonly number[], i: number): number => array[i - 1] ?? Number.NaN;

/** A sum as typed, of x[4], y[3] and A[4,3], and what it is. */
const OVER_INDICES: readonly (readonly [typed: string, value: (given: Given) => number])[] = [
  [
    'sum_{i=1}^4 sum_{j=1}^3 A_ij x_i y_j',
    ({ x, y, A }) => from(1, 4, (i) => from(1, 3, (j) => (A[i - 1]?.[j - 1] ?? 0) * entry(x, i) * entry(y, j))),
  ],
  [
    'Σ_{i,j} A_{ij} (x_i − y_j)²',
    ({ x, y, A }) => from(1, 4, (i) => from(1, 3, (j) => (A[i - 1]?.[j - 1] ?? 0) * (entry(x, i) - entry(y, j)) ** 2)),
  ],
  [
    '\\sum_{i=1}^{n}\\sum_{j=1}^{m} (A_{ij} - x_i y_j)^2',
    ({ x, y, A }) => from(1, 4, (i) => from(1, 3, (j) => ((A[i - 1]?.[j - 1] ?? 0) - entry(x, i) * entry(y, j)) ** 2)),
  ],
  [
    'sum_j (sum_i A_ij x_i - y_j)^2',
    ({ x, y, A }) => from(1, 3, (j) => (from(1, 4, (i) => (A[i - 1]?.[j - 1] ?? 0) * entry(x, i)) - entry(y, j)) ** 2),
  ],
  [
    'sum_{j=1}^3 ∑ᵢ exp(Aᵢⱼ) yⱼ',
    ({ y, A }) => from(1, 3, (j) => from(1, 4, (i) => Math.exp(A[i - 1]?.[j - 1] ?? 0) * entry(y, j))),
  ],
  ['sum_{i=2}^n (x_i - x_{i-1})^2', ({ x }) => from(2, 4, (i) => (entry(x, i) - entry(x, i - 1)) ** 2)],
  ['\\sum_{i=1}^{n-1} |x_{i+1} - x_i|', ({ x }) => from(1, 3, (i) => Math.abs(entry(x, i + 1) - entry(x, i)))],
  [
    'sum_i |x_{i+1} - 2x_i + x_{i-1}|',
    ({ x }) => from(2, 3, (i) => Math.abs(entry(x, i + 1) - 2 * entry(x, i) + entry(x, i - 1))),
  ],
  ['sum_{i=2}^4 i x_i^2', ({ x }) => from(2, 4, (i) => i * entry(x, i) ** 2)],
  ['sum_{i=1}^n i x_i', ({ x }) => from(1, 4, (i) => i * entry(x, i))],
  ['sum_{i=1}^{n-1} x_i', ({ x }) => from(1, 3, (i) => entry(x, i))],
  ['sum_{i=1}^2 x_{2i-1} x_{2i}', ({ x }) => from(1, 2, (i) => entry(x, 2 * i - 1) * entry(x, 2 * i))],
  ['Σ_{i=1}^{4} x_i x_{5-i}', ({ x }) => from(1, 4, (i) => entry(x, i) * entry(x, 5 - i))],
  ['sum_{i != j} x_i x_j', ({ x }) => from(1, 4, (i) => from(1, 4, (j) => (i === j ? 0 : entry(x, i) * entry(x, j))))],
  [
    '∑_{i<j} sqrt((x_i - x_j)^2 + 1)',
    ({ x }) => from(1, 4, (i) => from(i + 1, 4, (j) => Math.sqrt((entry(x, i) - entry(x, j)) ** 2 + 1))),
  ],
  [
    'sum_{1 <= i <= j <= 3} A_ij y_j',
    ({ y, A }) => from(1, 3, (i) => from(i, 3, (j) => (A[i - 1]?.[j - 1] ?? 0) * entry(y, j))),
  ],
  ['sum(x[i]*x[i+1] for i in range(3))', ({ x }) => from(1, 3, (i) => entry(x, i) * entry(x, i + 1))],
  [
    'sum(A[i,j]*x[i] for i in 1:4, j in 1:3)',
    ({ x, A }) => from(1, 4, (i) => from(1, 3, (j) => (A[i - 1]?.[j - 1] ?? 0) * entry(x, i))),
  ],
  [
    'sum_{i=1}^3 [100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2]',
    ({ x }) => from(1, 3, (i) => 100 * (entry(x, i + 1) - entry(x, i) ** 2) ** 2 + (1 - entry(x, i)) ** 2),
  ],
  ['sum_i x_i sum_j y_j + 2', ({ x, y }) => from(1, 4, (i) => entry(x, i)) * from(1, 3, (j) => entry(y, j)) + 2],
  [
    'sum_{i=1}^2 sum_{j=1}^2 A_{i,j+1} y_j',
    ({ y, A }) => from(1, 2, (i) => from(1, 2, (j) => (A[i - 1]?.[j] ?? 0) * entry(y, j))),
  ],
  ['sum_j A_{2j} y_j', ({ y, A }) => from(1, 3, (j) => (A[1]?.[j - 1] ?? 0) * entry(y, j))],
  ['-sum_i log(1 + x_i^2)/2', ({ x }) => -from(1, 4, (i) => Math.log(1 + entry(x, i) ** 2)) / 2],
];

describe('a sum over indices that say more than that it is of all entries', () => {
  const row = (length: number) =>
    fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length });
  it.each(OVER_INDICES)('is written with arrays, slices and lists of entries: %s', (typed, value) =>
    fc.assert(
      fc.property(row(4), row(3), fc.array(row(3), { minLength: 4, maxLength: 4 }), (x, y, A) => {
        const written = mended(`param x[4], y[3], A[4,3]\nminimize ${typed}`);
        expect(learned(written)).toEqual(['x[4]', 'y[3]', 'A[4, 3]']);
        expect(lossAt(problemOf(written), [...x, ...y, ...A.flat()])).toBeCloseTo(value({ x, y, A }), 9);
      }),
      { numRuns: 3 },
    ),
  );

  it.each([
    ['x_{i+1} >= x_i for all i', 'x[1:] >= x[:-1]'],
    ['∀ i = 1..n-1: x_{i+1} >= x_i', 'x[1:] >= x[:-1]'],
    ['x[i+1] >= x[i] for i in range(3)', 'x[1:] >= x[:3]'],
    ['x_i >= 1 for i = 2, …, 4', 'x[1:] >= 1'],
    ['sum_j A_ij y_j <= x_i ∀ i', 'A @ y <= x'],
    ['\\sum_{i} A_{ij} = y_j \\quad \\forall j', 'sum(A, axis=0) = y'],
    ['A_ij >= x_i for all i, j', 'A >= reshape(x, -1, 1)'],
    ['‖A_i − y‖ ≤ 1, i = 1, …, 4', 'norm(A - y, axis=1) ≤ 1'],
    ['Σ_i x_i A_i = [1, 2, 3]; A_ij >= 0 for all i, j', 'x @ A = [1, 2, 3]; A >= 0'],
    ['|x_i - x_j| >= 1 for all i < j', 'abs(x[[0, 0, 0, 1, 1, 2]] - x[[1, 2, 3, 2, 3, 3]]) >= 1'],
  ])('holds for all of what it is said of: %s', (typed, plain) => {
    const text = (row: string) => `param x[4], y[3], A[4,3]\nminimize sum(x^2)\nsubject to ${row}`;
    expect(mended(text(typed)).trimEnd()).toBe(text(plain));
  });

  it('tells how many entries an array has that nothing declares', () => {
    const text = 'data y = [1, 2]\nminimize Σ_{i=1}^2 (x_i - y_i)^2';
    expect(errorsOf(text)[0]?.span?.[0]).toBeGreaterThanOrEqual(text.indexOf('minimize')); // marked where it is wrong
    expect(learned(mended('minimize sum_{i=1}^6 (p_i - 1)^2'))).toEqual(['p[6]']);
    expect(learned(mended('minimize sum_{i=1}^5 (x_{i+1} - x_i)^2'))).toEqual(['x[6]']);
    expect(learned(mended('minimize sum_{i=1}^{n-1} (x_{i+1} - x_i)^2'))).toEqual(['x[3]']);
    expect(learned(mended('minimize sum(x[:10]^2)'))).toEqual(['x[10]']);
  });
});

describe('what is said of rows, of largest entries and of names that are numbered', () => {
  const points = 'data P = [[0, 0], [4, 0], [0, 3]]\n';
  it.each([
    [`${points}min_x Σ_i ‖x − P_i‖₂`, ['x[2]'], 'minimize sum(norm(x - P, axis=1))'],
    [`${points}param c[2], r\nminimize r s.t. ‖P_i − c‖ ≤ r (i = 1, 2, 3)`, ['c[2]', 'r'], 'norm(P - c, axis=1) ≤ r'],
    [`${points}minimize - \\sum_{i=1}^m \\log(1 - p_i^T x)`, ['x[2]'], 'minimize -sum(log(1 - P @ x))'],
    [
      `${points}data y = [0, 1, 1]\nminimize -Σ_i [y_i log(σ(w^T p_i)) + (1 - y_i)]`,
      ['w[2]'],
      '-sum(y*log(sigmoid(P @ w)) + (1 - y))',
    ],
    [`${points}minimize max_{i=1,…,3} (p_i^T x + 1)`, ['x[2]'], 'minimize max(P @ x + 1)'],
    ['param x[3]\nminimize max_i |x_i - 1|', ['x[3]'], 'minimize max(abs(x - 1))'],
    [
      'data y = [1, 3, 2]\nminimize Σ_{i=1}^n (x_i - y_i)^2\nsubject to x_i <= x_{i+1}, i = 1, …, n-1',
      ['x[3]'],
      'x[:-1] <= x[1:]',
    ],
    ['minimize x1*x2*x3\ns.t. 1 <= x1, x2, x3 <= 5', ['x1', 'x2', 'x3'], '1 <= x1 <= 5; 1 <= x2 <= 5; 1 <= x3 <= 5'],
    ['minimize x1*x2\ns.t. 0 <= xi <= 42, i = 1, 2', ['x1', 'x2'], '0 <= x1 <= 42; 0 <= x2 <= 42'],
    [
      'data Σ = [[2, 0], [0, 1]]\nparam w[2]\nminimize w^T Σ w\nsubject to 1^T w = 1',
      ['w[2]'],
      'w.T @ Σ @ w\nsubject to sum(w) = 1',
    ],
    ['data S = eye(2)\nparam w[2]\nminimize \\frac12 w^\\top \\Sigma w + w^T S w', ['w[2]'], ''],
    ['data X = [[1, 2], [3, 4], [5, 6]]\nminimize (1/n)*norm(X @ β)^2 + λ*norm(β, 1)', ['β[2]'], 'let n = 3\n'],
  ])('is kept: %j', (text, names, part) => {
    const written = mended(text);
    expect(written).toContain(part);
    if (part === '') expect(written).not.toContain('sum(');
    else expect(learned(written)).toEqual(names);
  });
});

describe('what is learned, told as on paper', () => {
  it.each([
    ['param x ∈ ℝ^3\nminimize sum(x^2)', ['x[3]']],
    ['param x ∈ ℝ\nminimize x^2', ['x']],
    ['x ∈ ℝ³\nminimize ‖x − 1‖²', ['x[3]']],
    ['argmin_w w^2 + 3', ['w']],
    ['arg min_{w ∈ ℝ^3} ||w - 1||^2', ['w[3]']],
    ['min over w: w^2', ['w']],
    ['min_{x∈ℝ²} x_1^2 + (x₂ - 1)^2', ['x[2]']],
  ])('is declared by the offered fixes with the length that is told: %j', (text, names) =>
    expect(learned(mended(text))).toEqual(names),
  );
});

it('writes subject to before a sum over an index that stands without it', () => {
  const text = 'param p[6]\nminimize sum(p^2)\nsum_{i=1}^6 i p_i = 4';
  expect(mended(text)).toBe('param p[6]\nminimize sum(p^2)\nsubject to sum([1, 2, 3, 4, 5, 6]*p) = 4');
});

it('asks for the numbers of data that have none, whatever stands behind them', () => {
  for (const behind of ['\nparam x[2]\nminimize x @ A @ x', '', '; param x'])
    for (const declared of ['data A[2,2]', 'data A', 'data b[2], A'])
      expect(errorsOf(`${declared}${behind}`)[0]?.message).toMatch(/given with their numbers/);
  expect(mended('data A[2,2]\nparam x[2]\nminimize x @ A @ x')).toContain('data A[2,2] = zeros(2, 2)\n');
});

describe('numbers with no keyword', () => {
  it.each([
    ['y = [1, -1, 1]', 'minimize sum((a - y)^2)', 'a'],
    ['alpha = [1, 2, 3]', 'minimize sum(x^2 - alpha) # of x', 'x'],
    ['b = [1, 2]\nA = [[1, 2], [3, 4]]', 'minimize sum(A*x - b)^2', 'x'],
    ['b = [1, 2]', 'minimize ||u - b||^2 s.t. u >= 0', 'u'],
    ['c = [1, 2]', 'min Σ_i c_i p_i', 'p'],
  ])('are given where the loss holds another name that nothing declares: %s', (given, loss, name) =>
    expect(learned(mended(`${given}\n${loss}`))).toEqual([name]),
  );

  it.each([
    ['w = [1, 2]', 'minimize sum(w^2)'],
    ['data y = [1, 2]\nw = [1, 2]', 'minimize sum((w_i - y)^2) where w >= 0'],
    ['A = [[1, 2], [3, 4]]\nw = [1, 2]', 'minimize w^T A w'],
    ['w = [1, 2]', 'minimize np.exp(w[0]) + np.sum(w) * pi # of z'],
  ])('are a start where it holds no other: %s', (given, loss) =>
    expect(learned(mended(`${given}\n${loss}`))).toEqual(['w[2]']),
  );
});

describe('an array that nothing declares', () => {
  it.each([
    ['A = [[2, 1, 0], [1, 3, 1], [0, 1, 4]]\nminimize x^T A x s.t. ||x|| = 1', ['x[3]']],
    ['data y = [1, -1, 1, 1]\ndata K = eye(4)\nminimize a @ K @ a - sum(a)\nsubject to y @ a = 0; a >= 0', ['a[4]']],
    ['b = [1, 2, 3]\nA = [[1, 2], [3, 4], [5, 6]]\nminimize norm(A x - b)^2', ['x[2]']],
    ['data A = [[1, 2], [3, 4]]\ndata B = eye(2)\nminimize norm(A - R B)^2\nsubject to R in orthogonal', ['R[2, 2]']],
    ['param c\ndata A = [[1, 2, 3], [4, 5, 6]]\nminimize norm(A @ x - c)^2 + c^2', ['x[3]', 'c']],
    ['data X = [[1, 2], [3, 4], [5, 6]]\ndata y = [1, 2, 3]\nminimize sum((X @ w + b - y)^2)', ['w[2]', 'b']],
    ['data M = [[1, 2, 3], [4, 5, 6]]\nminimize norm(u @ M - v)', ['u[2]', 'v']],
  ])('has the shape that fits, after the offered fixes: %j', (text, names) => {
    expect(learned(mended(text))).toEqual(names);
  });

  it('is no better known than what was misspelt, and has no shape where no length is known', () => {
    expect(errorsOf('param weights[3]\ndata a = [1, 2, 3]\nminimize a @ weigths')[0]?.fix?.insert).toBe('weights');
    expect(errorsOf('minimize norm(A @ x)')[0]?.fix).toBeUndefined();
  });
});

it('says once of a name that nothing declares it, however often it stands there', () => {
  const errors = errorsOf('param w\nminimize w + q + q*q + sqrt(q) + r');
  expect(errors.map(({ fix }) => fix?.title)).toEqual(['Declare q', 'Declare r']);
});

it('takes the shape of a type, as in param R: matrix(2, 2)', () => {
  expect(learned(mended('param R: matrix(2, 2)\nminimize norm(R - 1)'))).toEqual(['R[2, 2]']);
  expect(learned(mended('param w: vector[3]\nminimize norm(w - 1)'))).toEqual(['w[3]']);
});
