import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';
import { damaged, PATIENCE, RUNS_OF_EACH } from '../language/samples.ts';
import { check } from './check.ts';
import type { DataSources } from './data.ts';

const data: DataSources = {
  datasets: catalog.datasets,
  loaded: new Map(),
  tables: {
    houses: {
      columns: ['area', 'price'],
      rows: [
        [1, 2],
        [3, 4],
      ],
    },
  },
};

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0, data }) : document;
  return problem.ok ? problem.value.notes : problem.diagnostics;
}

const applied = (text: string, { fix }: Diagnostic): string =>
  fix ? text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]) : text;

describe('a fix of one click', () => {
  it.each(['spectral_norm(W) <= 2', 'sigma_max(W) < 2', '2 >= norm(W, 2)', 'norm(W, 2) <= 2'])(
    '%s is the set of matrices whose singular values are so bounded',
    (typed) => {
      const text = `param W[2,2]\nminimize sum(W)\nst lipschitz: ${typed}; W >= -1`;
      const [first] = diagnosticsOf(text);
      expect(first?.message).toMatch(/spectralball/);
      const mended = first && applied(text, first);
      expect(mended).toBe('param W[2,2]\nminimize sum(W)\nst lipschitz: W in spectralball(2); W >= -1');
      expect(diagnosticsOf(mended ?? '')).toEqual([]);
    },
  );

  it.each([
    [
      'data X = randn(5, 2)\nparam w[2]\nminimize sum((X @ w)^2)',
      /Only what is learned is drawn/,
      'data X[5,2] = regression()\nparam w[2]\nminimize sum((X @ w)^2)',
    ],
    [
      'data X[5,2] ~ normal(0, 1)\nparam w[2]\nminimize sum((X @ w)^2)',
      /Only what is learned is drawn/,
      'data X[5,2] = regression()\nparam w[2]\nminimize sum((X @ w)^2)',
    ],
    [
      'data A = [[1, 2], [3, 4]]\nminimize sum((A @ x)^2)',
      /x is unknown: nothing declares it\. With param x\[2\] all shapes fit/,
      'param x[2]\ndata A = [[1, 2], [3, 4]]\nminimize sum((A @ x)^2)',
    ],
    ['minimize t\nst norm([x - 1, y]) <= t', /t is the number of the step/, 'minimize s\nst norm([x - 1, y]) <= s'],
    [
      'param A[2,2]\nminimize sum(A.T @ A) + 2*t s.t. sum(A) <= t',
      /t is the number of the step/,
      'param u\nparam A[2,2]\nminimize sum(A.T @ A) + 2*u s.t. sum(A) <= u',
    ],
    [
      'let r = 2\nparam W[2,2]\nminimize sum(W)\nst nuclear_norm(W) <= r',
      /nuclearball/,
      'let r = 2\nparam W[2,2]\nminimize sum(W)\nst W in nuclearball(r)',
    ],
    ['param W[2,2]\nminimize sum(W)\nst rank(W) <= 1', /lowrank/, 'param W[2,2]\nminimize sum(W)\nst W in lowrank(1)'],
    ['param t = 2\nminimize t^2', /t cannot be declared/, 'param s = 2\nminimize s^2'],
    ['param T[2]\nminimize sum(T.T @ T)', /T cannot be declared/, 'param S[2]\nminimize sum(S.T @ S)'],
    ['param w[3]\nminimize np.sum(w)', /without a module/, 'param w[3]\nminimize sum(w)'],
    [
      'data A = [[2, 1], [1, 3]]\nlet b = [1, 2]\nparam w[2]\nminimize norm(w)\nsubject to A*w = b',
      /A\*w multiplies entry by entry: a matrix \[2, 2\]/,
      'data A = [[2, 1], [1, 3]]\nlet b = [1, 2]\nparam w[2]\nminimize norm(w)\nsubject to A @ w = b',
    ],
    [
      'data X = [[1, 2], [3, 4]]\ndata y = [1, 2]\nparam W[2,1]\nminimize mean((X @ W - y)^2)',
      /of all pairs/,
      'data X = [[1, 2], [3, 4]]\ndata y = [1, 2]\nparam W[2,1]\nminimize mean(((X @ W)[:,0] - y)^2)',
    ],
    [
      'param V[2,3]\ndata b = [1, 2]\nminimize sum((V + b[:, None])^2)',
      /An axis is added by reshape/,
      'param V[2,3]\ndata b = [1, 2]\nminimize sum((V + reshape(b, 2, 1))^2)',
    ],
    [
      'param V[2,3]\nparam w[3]\nminimize sum(V*w[None, :])',
      /An axis is added/,
      'param V[2,3]\nparam w[3]\nminimize sum(V*w)',
    ],
    ['param w[3] = [1 2 -3]\nminimize sum(w)', /between 1 and 2/, 'param w[3] = [1, 2, -3]\nminimize sum(w)'],
    ['param w[2]\nminimize quad_form(w, eye(2))', /written out/, 'param w[2]\nminimize w @ eye(2) @ w'],
    ['param w[2]\nminimize cp.norm1(w - 1)', /without a module/, 'param w[2]\nminimize norm(w - 1, 1)'],
    ['param w[2]\nminimize F.mse_loss(w, 1)', /without a module/, 'param w[2]\nminimize mse(w, 1)'],
    ['data y = houses["price"]\nminimize sum((w - y)^2)', /Quotes/, 'data y = houses(price)\nminimize sum((w - y)^2)'],
    [
      'data y = [3, 1]\nparam w[len(y)]\nminimize sum((w - y)^2)',
      /whole number/,
      'data y = [3, 1]\nparam w[2]\nminimize sum((w - y)^2)',
    ],
    ['let n = 2\nparam w[n]\nminimize sum(w^2)', /whole number/, 'let n = 2\nparam w[2]\nminimize sum(w^2)'],
    [
      'param p[2] = 0.5\ndata y = [0, 1]\nminimize F.binary_cross_entropy(p, y)',
      /without a module/,
      'param p[2] = 0.5\ndata y = [0, 1]\nminimize (-mean(y*log(p) + (1 - y)*log(1 - p)))',
    ],
    ['param w[3]\nminimize w.sum()', /stands before its argument/, 'param w[3]\nminimize sum(w)'],
    ['param w[3]\nminimize w.dot(w)', /stands before its arguments/, 'param w[3]\nminimize dot(w, w)'],
    ['param w[3]\nminimize suma(w)', /Did you mean sum/, 'param w[3]\nminimize sum(w)'],
    ['param width\nminimize widht^2', /Did you mean width/, 'param width\nminimize width^2'],
    ['param w[3]\nminimize w', /must be one number.*\[3\]/, 'param w[3]\nminimize sum(w)'],
    ['param w[3]\nminimize w[3]^2 + sum(w)', /counted from 0/, 'param w[3]\nminimize w[2]^2 + sum(w)'],
    ['param x[2]\nminimize x1^2 + sum(x)', /x1 is unknown. x is an array/, 'param x[2]\nminimize x[0]^2 + sum(x)'],
    ['param x\nminimize x^2\nst x >= 0 and x <= 1', /a range is a chain/, 'param x\nminimize x^2\nst x >= 0; x <= 1'],
    ['param x\nminimize x^2\nminimize x', /one objective/, 'param x\nminimize x^2\n'],
    ['param x', /Write what to minimize/, 'param x\nminimize sum(x^2)'],
    ['param x\nminimize x^2\nst x < 1', /a strict bound has no nearest point/, 'param x\nminimize x^2\nst x <= 1'],
    ['param w[3]\nminimize grad(sum(w^2), w[0])', /picked afterwards/, 'param w[3]\nminimize grad(sum(w^2), w)[0]'],
    ['param w[2]\nminimize sum w', /needs brackets/, 'param w[2]\nminimize sum(w)'],
    ['param x\nminimize 2x', /operator is missing/, 'param x\nminimize 2*x'],
    ['param x\nminimize x^2\nst x in bal(1)', /Did you mean ball/, 'param x\nminimize x^2\nst x in ball(1)'],
    // signs of other languages
    ['param x\nminimize {x + 1}^2', /Curly brackets/, 'param x\nminimize (x + 1)^2'],
    ['param w[2]\nminimize |w[0]| + w[1]^2', /absolute value is written/, 'param w[2]\nminimize abs(w[0]) + w[1]^2'],
    ['param w[2]\nminimize ||w - 1||', /absolute value is written/, 'param w[2]\nminimize norm(w - 1)'],
    ['param w[2]\nminimize ‖w‖', /length of a vector/, 'param w[2]\nminimize norm(w)'],
    ["param A[2,2]\nminimize sum(A'@A)", /transpose of A is written/, 'param A[2,2]\nminimize sum(A.T@A)'],
    ['param x\nminimize $x^2', /dollar signs/, 'param x\nminimize x^2'],
    ['param x\nminimize $x^2$', /dollar signs/, 'param x\nminimize x^2'],
    ['param x\nminimize x^2\nst x >= 0 && x <= 1', /Several constraints/, 'param x\nminimize x^2\nst x >= 0; x <= 1'],
    ['param x = 2\nminimize √x', /root is written/, 'param x = 2\nminimize sqrt(x)'],
    ['param x\nminimize x²', /A square is written/, 'param x\nminimize x^2'],
    ['param x\nminimize x^2\nst x \\leq 1', /not LaTeX/, 'param x\nminimize x^2\nst x <= 1'],
    ['param λ\nminimize \\lambda^2', /not LaTeX/, 'param λ\nminimize λ^2'],
    ['param x\nminimize \\sin(x)', /not LaTeX/, 'param x\nminimize sin(x)'],
    ['param w[2]\nminimize ∑(w^2)', /A sum over/, 'param w[2]\nminimize sum(w^2)'],
    [
      'param w[2]\nminimize sum(w^2)\nst w ∈ simplex',
      /Membership is written/,
      'param w[2]\nminimize sum(w^2)\nst w in simplex',
    ],
    ['param x\nminimize x^2 ?', /question mark/, 'param x\nminimize x^2 '],
    ['param x\nminimize x^2 ☺', /means nothing here/, 'param x\nminimize x^2 '],
    // words and statements
    ['param x\nlet y\nminimize x^2', /y needs a value/, 'param x\nlet y = 1\nminimize x^2'],
    ['var x = 3\nminimize x^2', /A statement begins with/, 'param x = 3\nminimize x^2'],
    ['param x\nmin x^2', /A statement begins with/, 'param x\nminimize x^2'],
    ['parm w[2] = [1, 2]\nminimize sum(w^2)', /Did you mean param/, 'param w[2] = [1, 2]\nminimize sum(w^2)'],
    ['lte p = 2\nparam x\nminimize p*x^2', /Did you mean let/, 'let p = 2\nparam x\nminimize p*x^2'],
    ['param x\nminimze 2x^2', /Did you mean minimize/, 'param x\nminimize 2*x^2'],
    ['param x\nminimize: x^2', /Did you mean minimize/, 'param x\nminimize x^2'],
    ['param x\nminimize x^2\nsubjet to x >= 1', /Did you mean subject to/, 'param x\nminimize x^2\nsubject to x >= 1'],
    [
      'param x\nminimize x^2\nconstraints:\n x >= 1',
      /Did you mean subject to/,
      'param x\nminimize x^2\nsubject to\n x >= 1',
    ],
    ['x = 2\nminimize x^2', /learned is declared with param/, 'param x = 2\nminimize x^2'],
    ['param x\nf = x^2\nminimize f', /computed with let/, 'param x\nlet f = x^2\nminimize f'],
    [
      'A = [[1, 2]]\nparam w[2]\nminimize norm(A @ w)',
      /given with data/,
      'data A = [[1, 2]]\nparam w[2]\nminimize norm(A @ w)',
    ],
    [
      'w = np.random.randn(3)\nminimize sum(w^2)',
      /declared with param/,
      'param w[3] ~ normal(0, 1)\nminimize sum(w^2)',
    ],
    [
      'w = np.random.default_rng(0).normal(0, 0.5, size=(2, 3))\nminimize sum(w^2)',
      /./,
      'param w[2, 3] ~ normal(0, 0.5)\nminimize sum(w^2)',
    ],
    ['w = rng.uniform(-1, 1, 3)\nminimize sum(w^2)', /./, 'param w[3] ~ uniform(-1, 1)\nminimize sum(w^2)'],
    ['param w[2] ~ normal(1, -2)\nminimize sum(w)', /0 or more/, 'param w[2] ~ normal(1, 2)\nminimize sum(w)'],
    ['param w[2] ~ uniform(2, -1)\nminimize sum(w)', /low end first/, 'param w[2] ~ uniform(-1, 2)\nminimize sum(w)'],
    ['param w(3)\nminimize sum(w)', /./, 'param w[3]\nminimize sum(w)'],
    ['param x\nminimize x^2 such that x >= 1', /after subject to/, 'param x\nminimize x^2 subject to x >= 1'],
    ['param x\nminimize x^2 where x >= 1', /after subject to/, 'param x\nminimize x^2\nsubject to\n  x >= 1'],
    ['param x\nminimize x^2\nst x is 1', /Equality is written/, 'param x\nminimize x^2\nst x = 1'],
    ['param x\nminimize x^2\nst x - 1', /A constraint needs/, 'param x\nminimize x^2\nst x - 1 = 0'],
    [
      'param w[2]\nminimize sum(w)\nst w.clamp(0, 1)',
      /not what is done/,
      'param w[2]\nminimize sum(w)\nst 0 <= w <= 1',
    ],
    [
      'param w[2]\nminimize sum(w)\nst torch.clamp(w, -1, None)',
      /not what is done/,
      'param w[2]\nminimize sum(w)\nst w >= -1',
    ],
    [
      'param w[2]\nminimize sum(w)\nst clip(w, 0, 1)',
      /not what is done/,
      'param w[2]\nminimize sum(w)\nst 0 <= w <= 1',
    ],
    ['param x\nminimize x^2\nst\n  x\n  + 1 = 0', /A constraint needs/, 'param x\nminimize x^2\nst\n  x + 1 = 0'],
    ['param x\nminimize x^2\nst x <= 1e999', /too large/, 'param x\nminimize x^2\nst x <= inf'],
    ['param x ~ 3\nminimize x^2', /After ~ stands/, 'param x ~ normal(0, 1)\nminimize x^2'],
    ['param x ~ gauss(0, 1)\nminimize x^2', /After ~ stands/, 'param x ~ normal(0, 1)\nminimize x^2'],
    ['param x ~ uniform(2)\nminimize x^2', /takes two numbers/, 'param x ~ uniform(-1, 1)\nminimize x^2'],
    [
      'data A = [1, 2; 3, 4]\nparam w[2]\nminimize norm(A @ w - 1)',
      /list of its rows/,
      'data A = [[1, 2], [3, 4]]\nparam w[2]\nminimize norm(A @ w - 1)',
    ],
    // names and shapes
    [
      'param x\nminimize x^2 + quantity^2',
      /quantity is unknown/,
      'param quantity = 0\nparam x\nminimize x^2 + quantity^2',
    ],
    ['param x\nparam x\nminimize x^2', /declared already/, 'param x\nparam x_2\nminimize x^2'],
    [
      'param x\nminimize x^2\nst\n  a: x >= 0\n  a: x <= 1',
      /label of another/,
      'param x\nminimize x^2\nst\n  a: x >= 0\n  a_2: x <= 1',
    ],
    ['param w[3] = [1, 2]\nminimize sum(w)', /its start has shape/, 'param w[2] = [1, 2]\nminimize sum(w)'],
    ['param w[0]\nminimize sum(w)', /whole number from 1/, 'param w[1]\nminimize sum(w)'],
    ['param x = 1/0\nminimize x^2', /not a finite number/, 'param x = 0\nminimize x^2'],
    [
      'data A[2,2] = [1, 2]\nparam x\nminimize x*sum(A)',
      /its numbers have shape/,
      'data A[2] = [1, 2]\nparam x\nminimize x*sum(A)',
    ],
    [
      'param A[2,3]\nparam B[3,2]\nminimize sum(A*B)',
      /Shapes do not fit/,
      'param A[2,3]\nparam B[3,2]\nminimize sum(A @ B)',
    ],
    [
      'param A[2,3]\nparam w[3]\nminimize norm(w)\nsubject to A*w = [1, 2]',
      /A\*w multiplies entry by entry: a matrix \[2, 3\]\. The matrix product is A @ w/,
      'param A[2,3]\nparam w[3]\nminimize norm(w)\nsubject to A @ w = [1, 2]',
    ],
    [
      'data X[3,2] = [[1,2],[3,4],[5,6]]\nparam w[2]\nminimize norm([1, 2, 3] - 2*X*w)^2',
      /The matrix product is 2\*X @ w/,
      'data X[3,2] = [[1,2],[3,4],[5,6]]\nparam w[2]\nminimize norm([1, 2, 3] - 2*X @ w)^2',
    ],
    ['param A[3,2]\nparam w[3]\nminimize sum(A @ w)', /needs 2 = 3/, 'param A[3,2]\nparam w[3]\nminimize sum(A.T @ w)'],
    ['param A[2,3]\nparam x\nminimize sum(A @ x)', /with a number, write/, 'param A[2,3]\nparam x\nminimize sum(A*x)'],
    ['param x\nminimize x[0]^2', /is a number and has no entries/, 'param x\nminimize x^2'],
    ['param w[3]\nminimize w[7]^2 + sum(w)', /there is no 7/, 'param w[3]\nminimize w[2]^2 + sum(w)'],
    ['param w[3]\nminimize w[-4]^2 + sum(w)', /there is no -4/, 'param w[3]\nminimize w[0]^2 + sum(w)'],
    // functions
    ['param x\nminimize pow(x + 1, 2)', /A power is written/, 'param x\nminimize (x + 1)^2'],
    [
      'param A[2,2]\nparam w[2]\nminimize sum(matmul(A, w))',
      /matrix product is written/,
      'param A[2,2]\nparam w[2]\nminimize sum(A @ w)',
    ],
    ['param w[2] = array([1, 2])\nminimize sum(w)', /array is written/, 'param w[2] = [1, 2]\nminimize sum(w)'],
    ['param A[2,2]\nminimize norm(sum(A, 0))', /was given 2 arguments/, 'param A[2,2]\nminimize norm(sum(A, axis=0))'],
    ['param A[2,2]\nminimize norm(sum(A, dim=0))', /no option dim/, 'param A[2,2]\nminimize norm(sum(A, axis=0))'],
    ['param x\nminimize exp(x, out=1)', /no option out/, 'param x\nminimize exp(x)'],
    ['param w[2]\nminimize norm(sum(w, axis=1))', /A vector has axis 0/, 'param w[2]\nminimize norm(sum(w, axis=0))'],
    // data
    [
      'param w\ndata X, y = huoses(target=price)\nminimize mse(X[:, 0]*w, y)',
      /Did you mean houses/,
      'param w\ndata X, y = houses(target=price)\nminimize mse(X[:, 0]*w, y)',
    ],
    [
      'param w\ndata X, y = houses(target=prise)\nminimize mse(X[:, 0]*w, y)',
      /no column prise/,
      'param w\ndata X, y = houses(target=price)\nminimize mse(X[:, 0]*w, y)',
    ],
    [
      'param w\ndata X, y = houses(y=price)\nminimize mse(X[:, 0]*w, y)',
      /the setting target/,
      'param w\ndata X, y = houses(target=price)\nminimize mse(X[:, 0]*w, y)',
    ],
    [
      'param w\ndata X, y = houses\nminimize sum(X*w)',
      /y has nothing to stand for/,
      'param w\ndata X = houses\nminimize sum(X*w)',
    ],
    [
      'param w[3]\ndata X[20,3], y[20] = regression(sead=1)\nminimize mse(X @ w, y)',
      /no setting sead/,
      'param w[3]\ndata X[20,3], y[20] = regression(seed=1)\nminimize mse(X @ w, y)',
    ],
    // sets and constraints
    [
      'param w[2]\nminimize sum(w)\nst w in simp',
      /Did you mean simplex/,
      'param w[2]\nminimize sum(w)\nst w in simplex',
    ],
    ['param x\nminimize x^2\nst x in [1, 2]', /After in stands a set/, 'param x\nminimize x^2\nst x in box(1, 2)'],
    [
      'param w[2]\nminimize sum(w)\nst w in ball',
      /This set is written/,
      'param w[2]\nminimize sum(w)\nst w in ball(1)',
    ],
    [
      'param w[2]\nminimize sum(w)\nst w in ball(-2)',
      /negative length/,
      'param w[2]\nminimize sum(w)\nst w in ball(2)',
    ],
    [
      'param x\nminimize x^2\nst\n  two: 2 <= 1\n  x >= 1',
      /never true/,
      'param x\nminimize x^2\nst\n  # two: 2 <= 1\n  x >= 1',
    ],
    ['param x\nminimize x^2\nst\n  1 <= 2\n  x >= 1', /always true/, 'param x\nminimize x^2\nst\n  # 1 <= 2\n  x >= 1'],
    [
      'param x\nminimize x^2\nst\n  0 <=\n 1 # box\n  x >= 1',
      /always true/,
      'param x\nminimize x^2\nst\n  # 0 <=\n # 1 # box\n  x >= 1',
    ],
    ['param x\nminimize x^2\nst\n  x <= inf', /infinite bound/, 'param x\nminimize x^2\nst\n  # x <= inf'],
    [
      'param x\nminimize x^2\nst soft(-1): x >= 1',
      /weight of a soft constraint/,
      'param x\nminimize x^2\nst soft(1): x >= 1',
    ],
  ])('%j', (text, message, mended) => {
    const found = diagnosticsOf(text).find((diagnostic) => message.test(diagnostic.message));
    if (!found) throw new Error(`not among ${JSON.stringify(diagnosticsOf(text))}`);
    expect(found.span).toBeDefined();
    expect(applied(text, found)).toBe(mended);
    expect(diagnosticsOf(mended).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(diagnosticsOf(mended).some((other) => message.test(other.message))).toBe(false);
  });

  it.each([
    ['sum([w, x])', /one shape, not/, 'sum(concat(w, x))'],
    ['sum(reshape(A, 4))', /cannot become/, 'sum(reshape(A, 6))'],
    ['sum(reshape(A, 3, 3))', /cannot become/, 'sum(reshape(A, 3, 2))'],
    ['sum(reshape(A, 4, 2))', /cannot become/, 'sum(reshape(A, 3, 2))'],
    ['sum(reshape(A))', /was given one argument/, 'sum(reshape(A, -1))'],
    ['sum(dot(A, w))', /two vectors of equal length/, 'sum(A @ w)'],
    ['dot(A, A)', /two vectors of equal length/, 'sum(A*A)'],
    ['sum(dot(w, x))', /two vectors of equal length/, 'sum(w*x)'],
    ['dot(w)', /was given one argument/, 'dot(w, w)'],
    ['trace(w)', /takes a matrix/, 'sum(w)'],
    ['sum(concat(A, w))', /joins numbers and vectors/, 'sum(concat(reshape(A, 6), w))'],
    ['norm(w, 3)', /is 1, 2 or inf/, 'sum(abs(w)^3)^(1/3)'],
    ['norm(w, ord=1)', /no option ord/, 'norm(w, 1)'],
    ['sum(sum(A, keepdims=1))', /no option keepdims/, 'sum(sum(A))'],
    ['sum(max(w, x, axis=0))', /goes with one argument/, 'sum(max(w, x))'],
    ['clip(x, 0)', /was given 2 arguments/, 'max(x, 0)'],
    ['mse(w)', /was given one argument/, 'mean(w^2)'],
    ['grad(x^2)', /takes two arguments/, 'grad(x^2, x)'],
    ['sum(A^T)', /The transpose is written/, 'sum(A.T)'],
    ['sum(w[i])', /holds for all entries at once/, 'sum(w)'],
    ['sum(w_i)', /holds for all entries/, 'sum(w)'],
    ['w₁ + x', /counted from 0/, 'w[0] + x'],
    ['PI*x', /is written pi/, 'pi*x'],
    ['sinh(x)', /can be written out/, '((exp(x) - exp(-x))/2)'],
    ['var(w)', /can be written out/, 'mean((w - mean(w))^2)'],
    ['sum(A @ identity(3))', /no function identity/, 'sum(A @ eye(3))'],
    ['sum(A @ 1)', /vector of ones/, 'sum(sum(A, axis=1))'],
    ['sum(1 @ A)', /vector of ones/, 'sum(sum(A, axis=0))'],
    ['w @ 1', /vector of ones/, 'sum(w)'],
    ['logdet(A @ A.T)', /can be written out/, 'log(det(A @ A.T))'],
    ['len(w)*x', /no function len/, '3*x'],
    ['σ(x)', /Did you mean sigmoid/, 'sigmoid(x)'],
  ])('of shapes and of functions of elsewhere: %s', (typed, message, mended) => {
    const declared = 'param w[3] = [1, 2, 3]\nparam A[2,3] = 1\nparam x\nminimize ';
    const found = diagnosticsOf(declared + typed).find((diagnostic) => message.test(diagnostic.message));
    if (!found) throw new Error(`not among ${JSON.stringify(diagnosticsOf(declared + typed))}`);
    expect(found.span).toBeDefined();
    expect(applied(declared + typed, found)).toBe(declared + mended);
    expect(diagnosticsOf(declared + mended).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('of a name in a derivative declares it where declarations stand', () => {
    const text = 'param x\nminimize x^2 + grad(y^2, y)';
    const [found] = diagnosticsOf(text);
    expect(found && applied(text, found)).toBe(`param y = 0\n${text}`);
  });

  // Which entry is missing, or which lengths are meant, nobody can know.
  it.each([
    'sum([[1, 2], [3]] @ w)',
    'dot(w, [1, 2])',
    'sum(reshape(w, 2, 2))',
    'sum(w + [1, 2])',
    'w[0, 1]',
    'sum(w[5:7])',
    'sum(np.random.randn(3)*w)', // without its module it could not be drawn, either
    'mean(w, weights=[1, 2, 3])', // left out, it would be another mean
    'sum(w)\nw[0], w[1]', // a second objective would be no better
  ])('%s has none, but a sentence and a place', (typed) => {
    const [found] = diagnosticsOf(`param w[3] = [1, 2, 3]\nminimize ${typed}`);
    expect(found?.span).toBeDefined();
    expect(found?.fix).toBeUndefined();
  });

  it('applied to a damaged text, it takes its fault away', { timeout: PATIENCE }, () => {
    let mended = 0;
    fc.assert(
      fc.property(damaged, (text) => {
        for (const found of diagnosticsOf(text)) {
          if (!found.fix) continue;
          const after = applied(text, found);
          expect(after).not.toBe(text);
          if (found.severity !== 'error')
            // what compiles is not broken by what is only advised
            expect(diagnosticsOf(after).filter(({ severity }) => severity === 'error')).toEqual([]);
          if (found.fix.insert === '') continue; // a second stray bracket moves to where the first one was
          const isThere = ({ message, span }: Diagnostic): boolean =>
            message === found.message &&
            span?.[0] === found.span?.[0] &&
            after.slice(...(span ?? [0, 0])) === text.slice(...(found.span ?? [0, 0]));
          expect(diagnosticsOf(after).filter(isThere)).toEqual([]);
          mended++;
        }
      }),
      { numRuns: RUNS_OF_EACH },
    );
    expect(mended).toBeGreaterThan(RUNS_OF_EACH / 10);
  });

  it.each([
    ['param w[3]\nparam v[2]\nminimize sum(w + v)', /left of the sign \[3\], right of it \[2\]/],
    ['param x\nminimize exp(x, x)', /was given 2 arguments. It is called exp\(a\)/],
    ['param x\nminimize x\nst 2 <= 1', /never true/],
    ['param x\nminimize x\nst 1 <= 2', /always true/],
    ['param x\nminimize x^2\nst x != 1', /almost every point satisfies it/],
    [
      'minimize norm(X @ w - y)^2\nst sum(w) = 1',
      /X and w are numbers, as nothing declares them\. .*as in data X = \[\[1, 2\], \[3, 4\]\], param w\[2\]/,
    ],
  ])('%j has none, but a sentence and a place', (text, message) => {
    const found = diagnosticsOf(text).find((diagnostic) => message.test(diagnostic.message));
    expect(found?.span).toBeDefined();
  });

  it.each(['param x\nminimize x^2\nst x == 1', 'param w[2]\nminimize w.T@w', 'param x\nminimize x^2 + x**2'])(
    'nothing is said of %j',
    (text) => expect(diagnosticsOf(text)).toEqual([]),
  );
});
