/** The optimum of further problems of the literature and of the field, none of them in the list of known problems. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { study } from '../../experiment/study/study.ts';

const { SQRT2, sqrt, exp, log } = Math;
/** As a reader types it: x1 … xn with their starts, the loss, and the constraints. */
const typed = (x0: readonly number[], loss: string, constraints: readonly string[] = []): string =>
  [
    ...x0.map((start, i) => `param x${i + 1} = ${start}`),
    `minimize ${loss}`,
    ...(constraints.length > 0 ? ['subject to', ...constraints] : []),
  ].join('\n');
const nonnegative = (n: number) => Array.from({ length: n }, (_, i) => `x${i + 1} >= 0`);
const between = (n: number, low: number, high: number) =>
  Array.from({ length: n }, (_, i) => `${low} <= x${i + 1} <= ${high}`);
const VALLEY = '100*(x2 - x1^2)^2 + (1 - x1)^2';

/** Hock & Schittkowski 1981 (HS), Schittkowski 1987 (S): problem number, text, f*. */
const LITERATURE: readonly (readonly [string, string, number])[] = [
  ['HS1', typed([-2, 1], VALLEY, ['x2 >= -1.5']), 0],
  ['HS2', typed([-2, 1], VALLEY, ['x2 >= 1.5']), 0.0504261879],
  ['HS9', typed([0, 0], 'sin(pi*x1/12)*cos(pi*x2/16)', ['4*x1 - 3*x2 = 0']), -0.5],
  ['HS15', typed([-2, 1], VALLEY, ['x1*x2 >= 1', 'x1 + x2^2 >= 0', 'x1 <= 0.5']), 306.5],
  ['HS26', typed([-2.6, 2, 2], '(x1 - x2)^2 + (x2 - x3)^4', ['(1 + x2^2)*x1 + x3^4 = 3']), 0],
  [
    'HS32',
    typed([0.1, 0.7, 0.2], '(x1 + 3*x2 + x3)^2 + 4*(x1 - x2)^2', [
      '6*x2 + 4*x3 - x1^3 >= 3',
      'x1 + x2 + x3 = 1',
      ...nonnegative(3),
    ]),
    1,
  ],
  [
    'HS34',
    typed([0, 1.05, 2.9], '-x1', [
      'x2 >= exp(x1)',
      'x3 >= exp(x2)',
      '0 <= x1 <= 100',
      '0 <= x2 <= 100',
      '0 <= x3 <= 10',
    ]),
    -log(log(10)),
  ],
  [
    'HS35',
    typed([0.5, 0.5, 0.5], '9 - 8*x1 - 6*x2 - 4*x3 + 2*x1^2 + 2*x2^2 + x3^2 + 2*x1*x2 + 2*x1*x3', [
      'x1 + x2 + 2*x3 <= 3',
      ...nonnegative(3),
    ]),
    1 / 9,
  ],
  ['HS39', typed([2, 2, 2, 2], '-x1', ['x2 - x1^3 - x3^2 = 0', 'x1^2 - x2 - x4^2 = 0']), -1],
  [
    'HS41',
    typed([2, 2, 2, 2], '2 - x1*x2*x3', ['x1 + 2*x2 + 2*x3 = x4', ...between(3, 0, 1), '0 <= x4 <= 2']),
    52 / 27,
  ],
  [
    'HS42',
    typed([1, 1, 1, 1], '(x1 - 1)^2 + (x2 - 2)^2 + (x3 - 3)^2 + (x4 - 4)^2', ['x1 = 2', 'x3^2 + x4^2 = 2']),
    28 - 10 * SQRT2,
  ],
  [
    'HS43',
    typed([0, 0, 0, 0], 'x1^2 + x2^2 + 2*x3^2 + x4^2 - 5*x1 - 5*x2 - 21*x3 + 7*x4', [
      '8 - x1^2 - x2^2 - x3^2 - x4^2 - x1 + x2 - x3 + x4 >= 0',
      '10 - x1^2 - 2*x2^2 - x3^2 - 2*x4^2 + x1 + x4 >= 0',
      '5 - 2*x1^2 - x2^2 - x3^2 - 2*x1 + x2 + x4 >= 0',
    ]),
    -44,
  ],
  [
    'HS48',
    typed([3, 5, -3, 2, -2], '(x1 - 1)^2 + (x2 - x3)^2 + (x4 - x5)^2', [
      'x1 + x2 + x3 + x4 + x5 = 5',
      'x3 - 2*(x4 + x5) = -3',
    ]),
    0,
  ],
  [
    'HS53',
    typed([2, 2, 2, 2, 2], '(x1 - x2)^2 + (x2 + x3 - 2)^2 + (x4 - 1)^2 + (x5 - 1)^2', [
      'x1 + 3*x2 = 0',
      'x3 + x4 - 2*x5 = 0',
      'x2 - x5 = 0',
      ...between(5, -10, 10),
    ]),
    176 / 43,
  ],
  [
    'HS61',
    typed([0, 0, 0], '4*x1^2 + 2*x2^2 + 2*x3^2 - 33*x1 + 16*x2 - 24*x3', ['3*x1 - 2*x2^2 = 7', '4*x1 - x3^2 = 11']),
    -143.6461422,
  ],
  [
    'HS76',
    typed([0.5, 0.5, 0.5, 0.5], 'x1^2 + x2^2/2 + x3^2 + x4^2/2 - x1*x3 + x3*x4 - x1 - 3*x2 + x3 - x4', [
      'x1 + 2*x2 + x3 + x4 <= 5',
      '3*x1 + x2 + 2*x3 - x4 <= 4',
      'x2 + 4*x3 >= 1.5',
      ...nonnegative(4),
    ]),
    -4.681818181,
  ],
  [
    'HS78',
    typed([-2, 1.5, 2, -1, -1], 'x1*x2*x3*x4*x5', [
      'x1^2 + x2^2 + x3^2 + x4^2 + x5^2 = 10',
      'x2*x3 = 5*x4*x5',
      'x1^3 + x2^3 = -1',
    ]),
    -2.91970041,
  ],
  [
    'HS100',
    typed(
      [1, 2, 0, 4, 0, 1, 1],
      '(x1 - 10)^2 + 5*(x2 - 12)^2 + x3^4 + 3*(x4 - 11)^2 + 10*x5^6 + 7*x6^2 + x7^4 - 4*x6*x7 - 10*x6 - 8*x7',
      [
        '127 - 2*x1^2 - 3*x2^4 - x3 - 4*x4^2 - 5*x5 >= 0',
        '282 - 7*x1 - 3*x2 - 10*x3^2 - x4 + x5 >= 0',
        '196 - 23*x1 - x2^2 - 6*x6^2 + 8*x7 >= 0',
        '-4*x1^2 - x2^2 + 3*x1*x2 - 2*x3^2 - 5*x6 + 11*x7 >= 0',
      ],
    ),
    680.6300573,
  ],
  ['S222', typed([1.3, 0.2], '-x1', ['1/8 - (x1 - 1)^3 - x2 >= 0', ...nonnegative(2)]), -1.5],
  [
    'S225',
    typed([3, 1], 'x1^2 + x2^2', [
      'x1 + x2 >= 1',
      'x1^2 + x2^2 >= 1',
      '9*x1^2 + x2^2 >= 9',
      'x1^2 >= x2',
      'x2^2 >= x1',
    ]),
    2,
  ],
  ['S227', typed([0.5, 0.5], '(x1 - 2)^2 + (x2 - 1)^2', ['x2 >= x1^2', 'x1 >= x2^2']), 1],
  ['S235', typed([-2, 3, 1], '(x2 - x1^2)^2 + 0.01*(x1 - 1)^2', ['x1 + x3^2 + 1 = 0']), 0.04],
  ['S254', typed([1, 1, 1], 'log(x3) - x2', ['x2^2 + x3^2 = 4', 'x3 - 1 - x1^2 = 0', 'x3 >= 1']), -sqrt(3)],
  [
    'S338',
    typed([0, 0, 0], '-(x1^2 + x2^2 + x3^2)', ['x1/2 + x2 + x3 = 1', 'x1^2 + 2/3*x2^2 + x3^2/4 = 4']),
    -10.992806,
  ],
  [
    'Floudas & Pardalos 1990, 2.1',
    'param x[5] = 0.5\nminimize [42, 44, 45, 47, 47.5] @ x - 50*sum(x**2)\nsubject to\n 0 <= x <= 1\n [20, 12, 11, 7, 4] @ x <= 40',
    -17,
  ],
  [
    'Beale 1955, a degenerate linear program',
    'param x[4]\nminimize [-0.75, 150, -0.02, 6] @ x\nsubject to\n [0.25, -60, -0.04, 9] @ x <= 0\n [0.5, -90, -0.02, 3] @ x <= 0\n x[2] <= 1\n x >= 0',
    -0.05,
  ],
];

const FIELD: readonly (readonly [string, string, number])[] = [
  [
    'isotonic regression',
    'data y = [1, 3, 2, 4, 3.5, 5]\nparam x[6]\nminimize sum((x - y)**2)\nsubject to x[:5] <= x[1:]',
    0.625,
  ],
  [
    'entropy on a simplex',
    'param p[4] = 0.25\nminimize sum(p*log(p)) + p @ [1, 2, 3, 4]\nsubject to\n sum(p) = 1\n p >= 0',
    -log(exp(-1) + exp(-2) + exp(-3) + exp(-4)),
  ],
  [
    'orthogonal Procrustes',
    'data A = [[1, 2], [3, -1], [0, 1]]\ndata B = [[2, 1], [-1, 3], [1, 0]]\nparam W[2,2] = [[1, 0], [0, 1]]\nminimize sum((A @ W - B)**2)\nsubject to W in orthogonal',
    0,
  ],
  [
    'a trust region in the hard case',
    'param x[2]\nminimize -x[0]**2 + x[1]**2/2 + x[1]\nsubject to sum(x**2) <= 4',
    -25 / 6,
  ],
  ['an optimal face', 'param x[3]\nminimize sum(x)\nsubject to\n x >= 0\n sum(x) >= 1', 1],
  [
    'dependent equalities',
    'param x[3]\nminimize sum((x - [1, 2, 3])**2)\nsubject to\n x[0] + x[1] = 1\n x[1] + x[2] = 1\n x[0] = x[2]\n 2*x[0] + 2*x[1] = 2',
    8,
  ],
  [
    'a cut of a graph',
    'param x[4] = [0.3, 0.2, -0.1, 0.4]\nminimize x[0]*x[1] + x[1]*x[2] + x[2]*x[3] + x[3]*x[0] + x[0]*x[2]\nsubject to x**2 = 1',
    -3,
  ],
  [
    'assignment',
    'param W[3,3] = 1/3\nminimize sum(W*[[1, 2, 3], [2, 4, 1], [3, 1, 2]])\nsubject to W in doubly_stochastic',
    3,
  ],
  ['the largest entries', 'param x[4] = 0.1\nminimize sum((x - [3, -1, 2, 0.5])**2)\nsubject to x in sparse(2)', 1.25],
  [
    'the nearest covariance, two eigenvalues 0',
    'param W[3,3]\nminimize sum((W - [[1, 2, 0], [2, -1, 1], [0, 1, -3]])**2)\nsubject to W in psd',
    15.756151517,
  ],
  [
    'the nearest matrix of low rank, by the singular values that it lacks',
    'param W[2,3] = 0.1\nminimize sum((W - [[3, 0, 4], [0, 2, 0]])**2)\nsubject to W in lowrank(1)',
    4,
  ],
  [
    'the nearest matrix with a nuclear norm, one singular value 0: 5 and 2 become 3 and 0',
    'param W[2,3]\nminimize sum((W - [[3, 0, 4], [0, 2, 0]])**2)\nsubject to W in nuclearball(3)',
    8,
  ],
  [
    'a table that is completed: of one direction, as far as its norm reaches',
    'param W[2,2]\nminimize (W[0,0] - 1)**2 + (W[0,1] - 1)**2 + (W[1,0] - 1)**2\nsubject to W in nuclearball(2)',
    0,
  ],
  [
    'minimax',
    'param x[2]\nparam s\nminimize s\nsubject to\n x[0]**2 + x[1]**4 <= s\n (2 - x[0])**2 + (2 - x[1])**2 <= s\n 2*exp(-x[0] + x[1]) <= s',
    1.952224494,
  ],
  [
    'the relaxed maximum cut of a triangle',
    'param X[3,3]\nminimize sum(X*[[0, 1, 1], [1, 0, 1], [1, 1, 0]])\nsubject to\n diag(X) = 1\n X in psd',
    -3,
  ],
  [
    'the largest eigenvalue, of a matrix of rank 1',
    'param M[3,3]\nmaximize sum(M*[[2, 1, 0], [1, 2, 0], [0, 0, 1]])\nsubject to\n trace(M) = 1\n M in psd',
    -3,
  ],
  [
    'a metric that is learned (Xing et al. 2003)',
    'param M[2,2]\nmaximize sum(M*[[2, 0], [0, 3]])\nsubject to\n M[0,0] + 4*M[1,1] <= 1\n M in psd',
    -2,
  ],
  [
    'a D-optimal design',
    'param w[3] = [0.2, 0.3, 0.5]\nmaximize log(det([[1, 0], [0, 1], [1, 1]].T @ diag(w) @ [[1, 0], [0, 1], [1, 1]]))\nsubject to w in simplex',
    log(3),
  ],
  ['a weighted lasso', 'param x[2]\nminimize sum((x - [3, 2])**2)\nsubject to abs(x[0]) + 2*abs(x[1]) <= 2', 5],
];

describe('the optimum of further problems', () => {
  it.each([...LITERATURE, ...FIELD])('%s', (_, text, value) => {
    const studied = study(text, 0, catalog);
    const optimum = studied.ok ? studied.value.optimum : null;
    expect(Math.abs((optimum?.loss ?? Number.NaN) - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)));
    expect(optimum?.kktResidual).toBeLessThan(1e-6);
    expect(studied.ok && studied.value.feasibility.verdict).toBe('yes');
  });

  it.each([
    ['an unbounded face', 'param x[2]\nminimize -x[0] - x[1]\nsubject to\n x >= 0\n x[0] - x[1] <= 1'],
    ['a loss that only flattens', 'minimize exp(-x)'],
    ['a cusp (S221)', typed([0.25, 0.25], '-x1', ['(1 - x1)^3 >= x2', ...nonnegative(2)])],
  ])('is claimed for no point of %s', (_, text) => {
    const studied = study(text, 0, catalog);
    expect(studied.ok && studied.value.optimum).toBe(null);
  });

  it.each([2, 4, 6])('is found among matrices of nuclear norm %i of which some entries are seen', (radius) => {
    const [M, seen] = [
      [
        [1, 2, 0, 0],
        [0, 1, 0, 3],
        [1, 0, 2, 0],
        [0, 0, 1, 1],
      ],
      [
        [1, 1, 0, 0],
        [0, 1, 0, 1],
        [1, 0, 1, 0],
        [0, 0, 1, 1],
      ],
    ] as const;
    const text = `param X[4,4]\nminimize sum(${JSON.stringify(seen)}*(X - ${JSON.stringify(M)})^2)\nsubject to X in nuclearball(${radius})`;
    const studied = study(text, 0, catalog);
    const optimum = studied.ok ? studied.value.optimum : null;
    const X = Matrix.from1DArray(4, 4, [...(optimum?.x ?? [])]);
    const slope = Matrix.sub(X, new Matrix(M.map((row) => [...row])))
      .mul(new Matrix(seen.map((row) => [...row])))
      .mul(2);
    const steepest = Math.max(...new SingularValueDecomposition(slope).diagonal);
    // No point of the ball is lower by the slope: min ⟨∇f, Y⟩ = −r‖∇f‖₂.
    expect(Matrix.mul(slope, X).sum() + radius * steepest).toBeCloseTo(0, 9);
    expect(optimum?.multipliers[0]).toBeCloseTo(steepest, 9);
  });

  it('is told without multipliers at the only feasible point, where the constraint has no slope', () => {
    const studied = study('param x = 1\nparam y = 1\nminimize x\nsubject to x^2 + y^2 <= 0', 0, catalog);
    expect(studied.ok && studied.value.optimum).toMatchObject({ x: [0, 0], hasNoMultipliers: true });
  });
});

describe('a feasible point beyond the size that is searched', () => {
  it.each([
    'param w[1000] = 0.5\nminimize sum(w**2)\nsubject to\n sum(w) = 1\n w >= 0',
    'param w[1000] = 2\nminimize sum(w**2)\nsubject to sum(abs(w)) <= 1',
    'param w[500] = 2\nminimize sum(w**2)\nsubject to\n norm(w) <= 1\n w >= 0.01',
  ])('is found by the projections of its sets: %j', (text) => {
    const studied = study(text, 0, catalog);
    expect(studied.ok && studied.value.feasibility.verdict).toBe('yes');
  });
});
