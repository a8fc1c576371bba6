import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../problem/check.ts';
import { parse } from '../parse.ts';
import { RUNS_OF_EACH } from '../samples.ts';
import { translatedProgram } from './python-problem.ts';

/** Programs as their documentation begins with them, and the same problem as on paper. */
const PROGRAMS: Readonly<Record<string, readonly [program: string, paper: string]>> = {
  'CVXPY, least squares with lists of constraints': [
    `import cvxpy as cp
import numpy as np
n = 3
x = cp.Variable(n, nonneg=True)
A = np.array([[1, 2, 3],
              [4, 5, 6]])
b = np.array([1, 2])
lam = 0.1  # weight
objective = cp.Minimize(cp.sum_squares(A @ x - b) + lam * cp.norm(x, 1))
constraints = [cp.sum(x) == 1]
constraints += [x[0] <= 0.5]
prob = cp.Problem(objective, constraints)
prob.solve()
print(x.value)`,
    `param x[3]
data A = [[1, 2, 3], [4, 5, 6]]
data b = [1, 2]
let lam = 0.1
minimize sum((A @ x - b)^2) + lam * norm(x, 1)
subject to
  x >= 0
  sum(x) = 1
  x[0] <= 0.5
`,
  ],
  'CVXPY, a portfolio': [
    `import cvxpy as cp
mu = np.array([0.1, 0.2])
Sigma = np.array([[0.1, 0.01], [0.01, 0.2]])
w = cp.Variable(2)
gamma = cp.Parameter(nonneg=True, value=2)
risk = cp.quad_form(w, Sigma)
prob = cp.Problem(cp.Maximize(mu.T @ w - gamma*risk), [cp.sum(w) == 1, w >= 0])`,
    `param w[2]
data mu = [0.1, 0.2]
data Sigma = [[0.1, 0.01], [0.01, 0.2]]
let gamma = 2
let risk = w @ Sigma @ w
maximize mu.T @ w - gamma*risk
subject to
  sum(w) = 1
  w >= 0
`,
  ],
  'SciPy, dictionaries and bounds': [
    `from scipy.optimize import minimize
def fun(x):
    return (x[0] - 1)**2 + (x[1] - 2.5)**2
cons = ({'type': 'ineq', 'fun': lambda x: x[0] - 2 * x[1] + 2},
        {'type': 'eq', 'fun': lambda v: v[0] + v[1] - 3})
bnds = ((0, None), (0, 4))
res = minimize(fun, [2, 0], method='SLSQP', bounds=bnds, constraints=cons)`,
    `param x = [2, 0]
minimize (x[0] - 1)**2 + (x[1] - 2.5)**2
subject to
  x[0] >= 0
  0 <= x[1] <= 4
  x[0] - 2 * x[1] + 2 >= 0
  x[0] + x[1] - 3 = 0
`,
  ],
  'SciPy, objects, and names that mean something here': [
    `from scipy.optimize import minimize, LinearConstraint, NonlinearConstraint
T = np.array([1, 2])
f = lambda x: 0.5 * x.dot(x) - np.dot(T, x)
def con(v):
    a, b = v
    return a**2 + b**2
c1 = LinearConstraint([[1, 2], [2, 1]], [-np.inf, 1], [1, 1])
minimize(f, np.zeros(2), constraints=[c1, NonlinearConstraint(con, -np.inf, 2)])`,
    `param x[2]
data T_ = [1, 2]
let a = x[0]
let b = x[1]
minimize 0.5 * x @ x - T_ @ x
subject to
  ([[1, 2], [2, 1]] @ x)[0] <= 1
  ([[1, 2], [2, 1]] @ x)[1] = 1
  a**2 + b**2 <= 2
`,
  ],
  'PyTorch, a loop of training': [
    `import torch
X = torch.tensor([[1., 2.], [3., 4.]])
y = torch.tensor([1., 2.])
w = torch.zeros(2, requires_grad=True)
for epoch in range(100):
    opt.zero_grad()
    pred = X @ w
    loss = ((pred - y) ** 2).mean()
    loss.backward()
    opt.step()`,
    `param w[2]
data X = [[1., 2.], [3., 4.]]
data y = [1., 2.]
let pred = X @ w
minimize mean((pred - y) ** 2)
`,
  ],
  'PyTorch, a loop that projects after each step': [
    `import torch
w = torch.tensor([0.2, 0.9, -0.4], requires_grad=True)
v = torch.zeros(2, requires_grad=True)
for step in range(500):
    loss = ((w - torch.tensor([1., 2., 0.5]))**2).sum() + (v**2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.clamp_(min=0)
        w /= w.sum()
        v.data = torch.clamp(v.data, -1, 1)
        v.div_(max(1, v.norm()))
    w.grad = None`,
    `param w = [0.2, 0.9, -0.4]
param v[2]
minimize sum((w - [1., 2., 0.5])**2) + sum(v**2)
subject to
  w >= 0
  sum(w) = 1
  -1 <= v <= 1
  norm(v) <= 1
`,
  ],
  'NumPy, a loss': [
    `import numpy as np
X = np.array([[1, 2], [3, 4], [5, 6]])
y = np.array([1, 0, 1])
w = np.zeros(2)
def loss(w):
    p = 1 / (1 + np.exp(-X @ w))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)`,
    `param w[2]
data X = [[1, 2], [3, 4], [5, 6]]
data y = [1, 0, 1]
let p = 1 / (1 + exp(-X @ w))
minimize -sum(y * log(p) + (1 - y) * log(1 - p)) / 3
`,
  ],
};

/** Functions of CVXPY, each as an objective. */
const WRITTEN: readonly (readonly [python: string, paper: string])[] = [
  ['cp.norm1(A @ x - b)', 'norm(A @ x - b, 1)'],
  ['cp.norm2((x - b)*2)', 'norm((x - b)*2)'],
  ['cp.norm_inf(x)', 'norm(x, inf)'],
  ['cp.sum_squares(A @ x - b)', 'sum((A @ x - b)^2)'],
  ['cp.quad_form(x - b, A)', '(x - b) @ A @ (x - b)'],
  ['cp.sum(cp.inv_pos(x + 1))', 'sum((1/(x + 1)))'],
  ['cp.sum(cp.entr(x + 1))', 'sum((-(x + 1)*log(x + 1)))'],
  ['cp.norm1(cp.sum_squares(x)*b)', 'norm(sum(x^2)*b, 1)'],
];

/** What says something that has no counterpart here, and the line that is named. */
const REFUSED: Readonly<Record<string, readonly [program: string, line: number, about: RegExp]>> = {
  'whole numbers': ['import cvxpy as cp\nx = cp.Variable(3, integer=True)', 2, /integer/u],
  'random data': [
    'import cvxpy as cp\nA = np.random.randn(4000, 2)\nx = cp.Variable(2)\ncp.Problem(cp.Minimize(cp.sum(A @ x)))',
    0,
    /A is drawn at random/u,
  ],
  'an array that is changed': [
    'from scipy.optimize import minimize\nx0 = np.zeros(2)\nx0[0] = 1\nminimize(lambda x: x[0]**2, x0)',
    3,
    /changed/u,
  ],
  'a loop in a function': [
    'from scipy.optimize import minimize\ndef f(x):\n  s = 0\n  for v in x: s += v\n  return s\nminimize(f, [1, 2, 3])',
    6,
    /is not read/u,
  ],
  'a change after the step that is no set known here': [
    'import torch\nw = torch.zeros(2, requires_grad=True)\n((w - 1)**2).sum().backward()\nwith torch.no_grad(): w.copy_(project(w))',
    4,
    /project.*subject to/u,
  ],
  'nothing to minimize': ['import numpy as np\nprint(1)', 0, /minimized/u],
  'an unknown function': [
    'import cvxpy as cp\nX = cp.Variable((2, 2))\ncp.Problem(cp.Minimize(cp.lambda_max(X)))',
    0,
    /lambda_max/u,
  ],
};

describe('a whole program', () => {
  it.each(Object.entries(PROGRAMS))(
    '%s: is offered as on paper, in one step, and is a problem',
    (_, [program, paper]) => {
      const result = parse(program);
      expect(result.ok ? [] : result.diagnostics).toHaveLength(1);
      const fix = result.ok ? undefined : result.diagnostics[0]?.fix;
      expect(fix?.span).toEqual([0, program.length]);
      expect(fix?.insert).toBe(paper);
      const document = parse(paper);
      expect(document.ok && check(document.value, { seed: 1 }).ok).toBe(true);
    },
  );

  it.each(WRITTEN)('%s is %s', (python, paper) => {
    const program = `import cvxpy as cp\nx = cp.Variable(2)\nA = np.array([[1, 2], [3, 4]])\nb = np.array([1, 2])\ncp.Problem(cp.Minimize(${python}))`;
    const translated = translatedProgram(program);
    expect(translated && 'text' in translated ? translated.text : translated).toContain(`minimize ${paper}\n`);
  });

  it.each(Object.entries(REFUSED))(
    '%s: is not guessed, and the reason is named with its line',
    (_, [program, line, about]) => {
      expect(translatedProgram(program)).toMatchObject({ line, refusal: expect.stringMatching(about) });
      const result = parse(program);
      expect(result.ok ? [] : result.diagnostics).toHaveLength(1);
      const [diagnostic] = result.ok ? [] : result.diagnostics;
      expect(diagnostic?.fix).toBeUndefined();
      const marked = program.slice(0, diagnostic?.span?.[0]).split('\n').length;
      expect(marked).toBe(Math.max(1, line));
    },
  );

  it('is none where the text is of the language, with a habit of Python in it', () => {
    expect(translatedProgram('import numpy as np\nparam w[2]\nminimize np.sum(w**2)')).toBeNull();
    expect(translatedProgram('minimize x^2')).toBeNull();
  });

  it('ends on what is left of any program, and what it offers parses', () => {
    const lines = Object.values(PROGRAMS).flatMap(([program]) => program.split('\n'));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 14 }), fc.nat(60), (some, cut) => {
        const text = `import cvxpy as cp\n${some.join('\n').slice(cut)}`;
        const result = parse(text);
        for (const { fix } of result.ok ? [] : result.diagnostics)
          if (fix?.title === 'Write it as on paper') expect(parse(fix.insert).ok).toBe(true);
      }),
      { numRuns: RUNS_OF_EACH },
    );
  });
});
