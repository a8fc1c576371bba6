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
  ['Maximize P = 40x + 30y subject to x + y => 12', 'maximize 40*x + 30*y subject to x + y >= 12'],
  [
    'maximize U = 3 ln x + 2 ln y subject to 5x + 4y ≤ 20, x, y ≥ 1, x ≤ 2y',
    'maximize 3*log(x) + 2*log(y) subject to 5*x+4*y <= 20; x >= 1; y >= 1; x <= 2*y',
  ],
  [
    'min cos πx + sin 2y s.t. x, y ∈ [0, 1] and x + y = 1',
    'minimize cos(pi*x) + sin(2*y) subject to x >= 0; x <= 1; y >= 0; y <= 1; x + y = 1',
  ],
  [
    'minimize (x - 1)^2 + l*(y - 2)^2\nwith l = 2\nsubject to x + y = 1',
    'minimize (x-1)^2 + 2*(y-2)^2 subject to x + y = 1',
  ],
  [
    'param x[2]\nminimize norm(A@x - b)^2\nwhere A = [[1, 2], [3, 4]], b = [1, -2]',
    'data A = [[1, 2], [3, 4]]\nparam x[2]\nminimize norm(A@x - [1, -2])^2',
  ],
  ['minimize (x - y)^2\nsuch that x + y = 2 and x >= 0', 'minimize (x-y)^2 subject to x+y = 2; x >= 0'],
  ['minimize (x - 1)^2\nwhere x >= 2  # at least', 'minimize (x-1)^2 subject to x >= 2'],
  ['minimize (x - 1)^2\nwhere x = 2', 'minimize (x-1)^2 subject to x = 2'],
  ['min a² + b²  (cost)\ns.t. a + b = 1  (total budget)', 'minimize a^2 + b^2 subject to a + b = 1'],
  ['a = 2; b = -3;\nminimize a*x^2 + b*x s.t. x >= 1', 'minimize 2*x^2 - 3*x subject to x >= 1'],
  ['min Σᵢ xᵢ² s.t. Σᵢ xᵢ = 1, i = 1..4', 'param x[4]\nminimize sum(x^2) subject to sum(x) = 1'],
  [
    'data A = [[1, 2], [3, 4]]\nparam x[2]\nminimize sum((A*x - 1).^2) s.t. [1 2]x = 3',
    'data A = [[1, 2], [3, 4]]\nparam x[2]\nminimize sum((A @ x - 1)^2) subject to [1, 2] @ x = 3',
  ],
  ['min x1^2 + x2^2 s.t. x1 + x2 = 1 and xi ≥ 0 ∀ i', 'minimize x1^2 + x2^2 subject to x1 + x2 = 1; x1 >= 0; x2 >= 0'],
  ['min sin(x) + r² s.t. 0 ≤ x ≤ 2π, πr² = 1', 'minimize sin(x) + r^2 subject to 0 <= x <= 2*pi; pi*r^2 = 1'],
  [
    'min x1^2 + x2^2 - 3x3 s.t. x1 + x2 + x3 = 1; xi >= 0 for all i',
    'minimize x1^2 + x2^2 - 3*x3 subject to x1+x2+x3 = 1; x1 >= 0; x2 >= 0; x3 >= 0',
  ],
  [
    "data A = [[1, 2], [3, 4]]\nparam x[2]\nminimize sum((A'*x - 1)^2) + 0.5*x'*x",
    'data A = [[1, 2], [3, 4]]\nparam x[2]\nminimize sum((A.T @ x - 1)^2) + 0.5*sum(x^2)',
  ],
  [
    "data A = [[1, 2], [3, 4]]\ndata b = [5, 6]\nparam x[2]\nminimize (A*x - b)'*(A*x - b) + b'*x*2",
    'data A = [[1, 2], [3, 4]]\ndata b = [5, 6]\nparam x[2]\nminimize sum((A @ x - b)^2) + 2*(b @ x)',
  ],
  [
    'data Q = [[1, 2], [3, 4]]\nparam x[2]\nminimize xᵀ*Q*x',
    'data Q = [[1, 2], [3, 4]]\nparam x[2]\nminimize x @ Q @ x',
  ],
  [
    'max 4x + 5y\ns.t. x ≤ 4\n2y ≤ 11\n3x + 2y ≤ 17\nx, y ≥ 0',
    'maximize 4*x+5*y subject to x <= 4; 2*y <= 11; 3*x+2*y <= 17; x >= 0; y >= 0',
  ],
];

const NET = 'param fc1_weight[3,2]\nparam fc1_bias[3]\nparam fc2_weight[1,3]\nparam fc2_bias[1]\n';
const POINTS = 'data X = [[1, 2], [0, 4], [5, 1]]\ndata Y = [[1], [2], [4]]\n';
const TORCH = `import torch
import torch.nn as nn
X = torch.tensor([[1., 2.], [0., 4.], [5., 1.]])
Y = torch.tensor([[1.], [2.], [4.]])
`;

/** Programs, and what they train or solve. */
const PROGRAMS: Readonly<Record<string, readonly [program: string, meant: string]>> = {
  'a network of a class, with a loss of PyTorch and a layer that is clamped': [
    `${TORCH}
class Net(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, 1)

    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        return self.fc2(x)

net = Net(3)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for epoch in range(300):
    optimizer.zero_grad()
    loss = criterion(net(X), Y)
    loss = loss + 0.1*net.fc1.weight.abs().sum()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        net.fc2.weight.clamp_(min=0)`,
    `${NET}${POINTS}minimize mean((tanh(X @ fc1_weight.T + fc1_bias) @ fc2_weight.T + fc2_bias - Y)^2) + 0.1*sum(abs(fc1_weight)) subject to fc2_weight >= 0`,
  ],
  'layers in a row, all of which are kept': [
    `${TORCH}model = nn.Sequential(nn.Linear(2, 1, bias=False), nn.Softplus())
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for i in range(50):
    loss = nn.functional.l1_loss(model(X), Y)
    opt.zero_grad(); loss.backward(); opt.step()
    for p in model.parameters():
        p.data.clamp_(0, 2)`,
    `param model_0_weight[1,2]\n${POINTS}minimize mean(abs(softplus(X @ model_0_weight.T) - Y)) subject to 0 <= model_0_weight <= 2`,
  ],
  'lengths of rows, and a softmax along one dimension': [
    'import torch\nW = torch.ones(2, 3, requires_grad=True)\nloss = torch.norm(W - 3, dim=1).sum() + torch.linalg.norm(W, 2, 0).sum() + W.norm(dim=1).sum() + torch.softmax(W, dim=-1)[0, 1]',
    'param W[2,3] = 1\nminimize sum(norm(W - 3, axis=1)) + sum(norm(W, axis=0)) + sum(norm(W, axis=1)) + softmax(W, axis=1)[0, 1]',
  ],
  'a function in one line, with differences, bounds and a weighted mean': [
    'import numpy as np\nfrom scipy.optimize import minimize\ndef f(x): return np.sum(np.diff(x, n=2)**2) + np.clip(x, None, 1).sum() + x.clip(min=0).sum() + np.average(x, weights=[1, 2, 3])\nminimize(f, [1., 2., -3.])',
    'param x = [1, 2, -3]\nminimize (x[2] - 2*x[1] + x[0])^2 + sum(min(x, 1)) + sum(max(x, 0)) + (x[0] + 2*x[1] + 3*x[2])/6',
  ],
  'differences of a matrix, which NumPy takes along its rows': [
    'import torch\nW = torch.ones(2, 3, requires_grad=True)\nloss = (torch.diff(W)**2).sum() + torch.diff(W, dim=0).abs().sum()',
    'param W[2,3] = 1\nminimize sum((W[:, 1:] - W[:, :-1])^2) + sum(abs(W[1] - W[0]))',
  ],
  'a piece that ends before the gradient is asked for': [
    'import torch\nw = torch.tensor([1., 2.], requires_grad=True)\nmse_loss = ((w - 3)**2).mean()\nloss = mse_loss + 0.1*w.abs().sum()',
    'param w = [1, 2]\nminimize mean((w - 3)^2) + 0.1*sum(abs(w))',
  ],
  'a class with defaults, a number of its own, and a loop that tells how it goes': [
    `${TORCH}
class Mixture(nn.Module):
    def __init__(self, k: int = 4, scale=2.0, start=0.5):
        super().__init__()
        self.scale = scale
        self.w = nn.Parameter(torch.zeros(k))

    def forward(self, x):
        return self.scale * (x @ torch.softmax(self.w, dim=0))

model = Mixture(start=1.0, k=2)
for epoch in range(100):
    loss = nn.functional.mse_loss(model(X), Y[:, 0])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        print(epoch, loss.item())
        losses.append(loss.item())
    if loss.item() < 1e-6: break`,
    `param w[2]\n${POINTS}minimize mean((2*(X @ softmax(w)) - Y[:, 0])^2)`,
  ],
  'a layer that stays orthogonal': [
    `${TORCH}layer = torch.nn.utils.parametrizations.orthogonal(nn.Linear(2, 2, bias=False))
for i in range(50):
    loss = ((layer(X) - X)**2).sum()
    loss.backward()`,
    `param layer_weight[2,2]\n${POINTS}minimize sum((X @ layer_weight.T - X)^2) subject to layer_weight in orthogonal`,
  ],
  'a closure, and scalars of which one is not used': [
    `import torch
a = torch.tensor(0.5, requires_grad=True)
b = torch.tensor(-1.0, requires_grad=True)
unused = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.LBFGS([a, b], lr=1)
def closure():
    optimizer.zero_grad()
    loss = (a - 1)**2 + 3*(b - 2)**2
    loss.backward()
    return loss
for i in range(20):
    optimizer.step(closure)`,
    'param a\nparam b\nminimize (a - 1)^2 + 3*(b - 2)^2',
  ],
  'loops over numbers, in functions and lists': [
    `import cvxpy as cp
n = 3
x = cp.Variable(n)
rows = [x[i] >= -i for i in range(n)]
for i in range(n - 1):
    rows.append(x[i + 1] - x[i] <= 2)
cp.Problem(cp.Minimize(cp.sum(cp.multiply([1, 2, 3], cp.pos(x)))), rows).solve()`,
    'param x[3]\nminimize sum([1, 2, 3]*relu(x)) subject to x >= [0, -1, -2]; x[1] - x[0] <= 2; x[2] - x[1] <= 2',
  ],
  'SciPy without its import, a sum in a loop, repeated starts and bounds': [
    `def cost(x):
    return x[0]*x[1] + x[2]
def total(x):
    s = 9.0
    for i in range(3):
        s -= x[i]**2
    return s
res = minimize(cost, 3*[0.5], method='SLSQP', bounds=tuple((0, 4) for i in range(3)), constraints={'type': 'eq', 'fun': total})`,
    'param x[3]\nminimize x[0]*x[1] + x[2] subject to 0 <= x <= 4; 9 - sum(x^2) = 0',
  ],
  'a linear program of SciPy, whose variables are at least 0 unless it is told': [
    `from scipy.optimize import linprog
c = [-1, 4]
A = [[-3, 1], [1, 2]]
b = [6, 4]
res = linprog(c, A_ub=A, b_ub=b, bounds=[(None, None), (-3, None)])`,
    'param x[2]\nminimize [-1, 4] @ x subject to [[-3, 1], [1, 2]] @ x <= [6, 4]; x[1] >= -3',
  ],
};

const MATLAB: Readonly<Record<string, readonly [program: string, meant: string]>> = {
  'fmincon with all its arguments, and constraints in a function at the end': [
    `% a script
f = @(z) 10*(z(2) - z(1)^2)^2 + (3 - z(1))^2;
start = [0.5 0.25];
lb = [0, -Inf]; ub = [2, 3];
z = fmincon(f, start, [1 2], 4, [], [], lb, ub, @rules)
function [c, ceq] = rules(z)
r = z(1) - 1/3; % from the middle
c = [r^2 + z(2)^2 - 4; -z(1)*z(2)];
ceq = [];
end`,
    'param z[2]\nminimize 10*(z[1] - z[0]^2)^2 + (3 - z[0])^2 subject to [1, 2] @ z <= 4; z[0] >= 0; z <= [2, 3]; (z[0] - 1/3)^2 + z[1]^2 - 4 <= 0; -z[0]*z[1] <= 0',
  ],
  'quadprog, whose form is halved': [
    'H = [2 -1; -1 3];\nf = [-2; -5];\nA = [1 1; -1 2];\nb = [2; 3];\nx = quadprog(H, f, A, b, [], [], zeros(2,1));',
    'param x[2]\nminimize 0.5*(x @ [[2, -1], [-1, 3]] @ x) + [-2, -5] @ x subject to [[1, 1], [-1, 2]] @ x <= [2, 3]; x >= 0',
  ],
  'YALMIP, lists of constraints that grow, and a matrix that is symmetric unless it is full': [
    "x = sdpvar(3,1);\nP = sdpvar(2,2);\nF = [sum(x) <= 7, x(1) == 0.5];\nF = [F, 0.5 <= x(2) <= 1.5, P >= 0];\nF = F + [trace(P) == 1];\noptimize(F, x'*x + norm(x,1) + P(1,2), sdpsettings('verbose', 1));",
    'param x[3]\nparam P[2,2]\nminimize x @ x + norm(x, 1) + P[0,1] subject to P in symmetric; sum(x) <= 7; x[0] = 0.5; 0.5 <= x[1] <= 1.5; P in psd; trace(P) = 1',
  ],
  CVX: [
    "A = [1 2; 3 4; 5 7]; b = [1; 2; 4];\ncvx_begin quiet\n  variable x(2)\n  variables s u\n  minimize( norm(A*x - b) + 2*s + sum_square(x) ) % fits\n  subject to\n    x' * x <= 9\n    s >= square(u - 1)\n    -x <= [1; 2]\ncvx_end",
    'param x[2]\nparam s\nparam u\nminimize norm([[1, 2], [3, 4], [5, 7]] @ x - [1, 2, 4]) + 2*s + sum(x^2) subject to x @ x <= 9; s >= (u - 1)^2; -x <= [1, 2]',
  ],
  'optimvar and optimproblem': [
    "x = optimvar('x', 2, 'LowerBound', 0);\nobj = x(1)^2 + 2*x(2);\nprob = optimproblem('Objective', obj, 'ObjectiveSense', 'max');\nprob.Constraints.disc = x(1)^2 + x(2)^2 <= 1;\n[sol, fval] = solve(prob);",
    'param x[2]\nmaximize x[0]^2 + 2*x[1] subject to x >= 0; x[0]^2 + x[1]^2 <= 1',
  ],
};

describe('a program of MATLAB', () => {
  it.each(Object.entries(MATLAB))('%s: evaluates like its problem', (_, [program, meant]) => {
    for (const seed of [1, 2, 3]) expect(valuesOf(mended(program, 1), seed)).toEqual(valuesOf(meant, seed));
  });

  it.each([
    ['x = sdpvar(2,1);\nF = [];\nfor i = 1:2\n F = [F, x(i) >= i];\nend\noptimize(F, sum(x))', /“for” does depends/],
    ['X = sdpvar(2,3);\noptimize([norm(X) <= 1], X(1,1))', /spectralball/],
    ['n = 2;\nA = zeros(2,2);\nA(1,1) = 3;\nx = quadprog(A, [1; 1])', /An array is changed/],
    ['x = binvar(2,1);\ny = sdpvar(2,1);\noptimize([x <= y], sum(y))', /whole numbers/],
    ['x = fmincon(@cost, [1 2])', /@cost is not in the text/],
    ['cvx_begin\n variable x(2)\n minimize( strange(x) )\ncvx_end', /strange has no counterpart/],
  ])('is not guessed: %j', (program, reason) => {
    const [found] = toldOf(program);
    expect(found?.fix).toBeUndefined();
    expect(found?.message).toMatch(reason);
  });
});

describe('a program', () => {
  it.each(Object.entries(PROGRAMS))('%s: evaluates like its problem', (_, [program, meant]) => {
    for (const seed of [1, 2, 3]) expect(valuesOf(mended(program, 1), seed)).toEqual(valuesOf(meant, seed));
  });

  it('tells how it was trained, draws its random data, and says that they are others', () => {
    const text = mended(
      `import torch
X = torch.randn(6, 2)
y = X @ torch.tensor([1., 2.]) + 0.1*torch.randn(6)
w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.04, momentum=0.9)
for epoch in range(100):
    loss = ((X @ w - y)**2).mean()
    loss.backward()`,
      1,
    );
    expect(text).toMatch(/^# trained with SGD, lr=0\.04, momentum=0\.9, 100 steps/);
    expect(text).toMatch(/random numbers are drawn here/);
    expect(valuesOf(text, 1)).toMatchObject({ names: ['w[2]'], rows: [] });
  });

  it.each([
    ['p.clamp_(0, 1)', 'for p in other:'],
    ['model.apply(clipper)', 'if True:'],
    ['w.data.renorm_(2, 0, 1)', 'with torch.no_grad():'],
  ])('is not read where it keeps what is not known: %s', (change, block) => {
    const program = `import torch\nw = torch.zeros(2, requires_grad=True)\nfor i in range(9):\n    loss = (w**2).sum()\n    loss.backward()\n    ${block}\n        ${change}`;
    const [found] = toldOf(program);
    expect(found?.fix).toBeUndefined();
    expect(found?.message).toMatch(/could not be translated/);
  });

  it.each(['bounds=wide(3)', 'bounds=[(0, 1, 2)]'])('is not read without its bounds: %s', (bounds) => {
    const [found] = toldOf(`from scipy.optimize import minimize\nminimize(lambda x: x[0]**2, [1, 2], ${bounds})`);
    expect(found?.fix).toBeUndefined();
  });
});

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

  it.each([
    ['min x^2 + y^2/2x s.t. x >= 1', /two ways: write \/\(2\*x\)/],
    ['minimize 2x + 3y s.t. x + y <= 10 hours, x <= 6', /“hours” stands beside a value/],
    ['minimise 2x + 3y subject to demand x + y ≥ 10', /“demand” stands beside a value/],
    ['minimize x = 2y + 1 s.t. x >= 2y', /one value/],
  ])('says why nothing is written for %s', (typed, message) => {
    const [found, ...others] = toldOf(typed);
    expect(found?.message).toMatch(message);
    expect([found, ...others].flatMap((each) => each?.fix ?? [])).toEqual([]);
  });

  it('keeps the base of a logarithm, and takes no thousand for one', () => {
    expect(mended('minimize log_2(x)\nsubject to x >= 1', 1)).toBe('minimize (log(x)/log(2))\nsubject to x >= 1');
    const [thousand] = toldOf('minimize x^2 + y^2 subject to x + y = 1,000');
    expect(thousand).toMatchObject({ message: '1,000 is read in two ways: write 1000 or 1.000.' });
    expect(thousand?.fix).toBeUndefined();
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

describe('names that mean something', () => {
  it('π is the number, unless the text declares it, and the others of it are told of', () => {
    const text = 'minimize cos(x) subject to x <= 2*π';
    expect(toldOf(text)).toEqual([]);
    expect(valuesOf(text, 1)).toEqual(valuesOf('minimize cos(x) subject to x <= 2*pi', 1));
    expect(valuesOf('param π[2]\nminimize sum(π^2)', 1)).toMatchObject({ names: ['π[2]'] });
    expect(mended('minimize cos(x) subject to x <= 2*PI', 1)).toBe('minimize cos(x) subject to x <= 2*pi');
    expect(valuesOf(mended('minimize 2*πr + r^2', 1), 1)).toEqual(valuesOf('minimize 2*pi*r + r^2', 1));
  });

  it.each(['xi >= 0', 'x_i >= 0', '0 <= xi <= 1', '0 <= x'])('%s beside x1 and x2 is questioned', (row) => {
    const numbered = row.includes('_') ? ['x_1', 'x_2'] : ['x1', 'x2'];
    const text = `minimize ${numbered.join('^2 + ')} subject to\n  ${row}\n  ${numbered[0]} >= 1`;
    const name = /x_?i?/u.exec(row)?.[0] ?? '';
    expect(toldOf(text)).toMatchObject([{ severity: 'warning', message: expect.stringContaining('of its own') }]);
    expect(mended(text, 1)).toContain(`\n  ${numbered.map((each) => row.replace(name, each)).join('; ')}\n`);
  });

  it('a product of vectors that may be a matrix is not written as their dot product', () => {
    for (const typed of ["sum(sum(x*x'))", "trace(x*y')"])
      expect(toldOf(`param x[2]\nparam y[2]\nminimize ${typed}`).flatMap(({ fix }) => fix ?? [])).toEqual([]);
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
