/** A problem for each set that can be typed. Test support. */

export interface SetCase {
  readonly text: string;
  /** What the whole is recognised as. */
  readonly kind: string;
  readonly verdict?: string;
  readonly learningRate?: number;
  readonly steps?: number;
}

const target = '[[2, -1, 0.5], [0.25, 1, -2], [1, 0.5, 0]]';
const matrix = (set: string): string =>
  `param W[3, 3] = 0.25\nminimize sum((W - ${target})**2)\nsubject to W in ${set}`;
const vector = (set: string): string =>
  `param w[3] = 0.5\nminimize sum((w - [2, -0.5, 0.75])**2)\nsubject to w in ${set}`;

export const SET_CASES: readonly SetCase[] = [
  { kind: 'simplex', text: vector('simplex') },
  { kind: 'simplex', text: vector('simplex(2)') },
  { kind: 'simplex', text: matrix('stochastic') },
  { kind: 'simplex', text: matrix('column_stochastic') },
  { kind: 'birkhoff', text: matrix('doubly_stochastic') },
  { kind: 'box', text: vector('box(0, 1)') },
  { kind: 'box-plane', text: vector('box(0, 0.5) ; 2*w[0] + w[1] + w[2] = 1') },
  { kind: 'box-plane', text: vector('box(0, 0.5) ; 2*w[0] + w[1] <= 1 ; w[0] + w[1]/2 >= 0.1') },
  { kind: 'box', text: vector('linfball(1)') },
  { kind: 'ball', text: vector('ball(1)') },
  { kind: 'sphere', text: vector('sphere(1)') },
  { kind: 'l1ball', text: vector('l1ball(1)') },
  {
    kind: 'l1sphere',
    text: 'param w[3] = 0.5\nminimize sum((w - [1, -0.5, 0.75])**2)\nsubject to w in l1sphere(1)',
  },
  {
    kind: 'weighted-l1ball',
    text: 'param w[3] = 0.1\nminimize sum((w - [2, -0.5, 0.75])**2)\nsubject to 1 >= abs(w) @ [1, 2, 3]',
  },
  {
    kind: 'polyhedron',
    text: 'param w[2] = [0.25, 0.25]\ndata A = [[1, 1], [2, -1], [-1, 3]]\nminimize sum((w - [2, 1])**2)\nsubject to A @ w <= [1, 1, 1]',
  },
  { kind: 'polyhedron', text: vector('simplex ; w[0] <= 2*w[2] ; w[1] + 2*w[2] >= 0.5') },
  {
    kind: 'second-order-cone',
    text: 'param x[2] = [2, 1]\nparam s = -1\nminimize sum((x - [2, 0])**2) + (s + 1)^2\nsubject to norm(x - [1, 1]) <= 2*s + 1',
  },
  {
    kind: 'second-order-cone',
    text: 'param x = 1\nparam y = 1\nparam z = -1\nminimize (x - 2)^2 + y^2 + (z - 1)^2\nsubject to x^2 + y^2 <= 4*(z - 1)^2; z >= 1',
  },
  { kind: 'isotonic', text: 'param w[4]\nminimize sum((w - [2, -0.5, 0.75, 3])**2)\nsubject to w[1:] >= w[:-1]' },
  {
    kind: 'isotonic',
    text: 'param w[4]\nminimize sum((w - [2, -0.5, 0.75, 3])**2)\nsubject to w[1:] >= w[:-1] ; 0 <= w <= 1',
  },
  { kind: 'isotonic', text: `param W[3, 3]\nminimize sum((W - ${target})**2)\nsubject to W[1:, :] <= W[:2, :]` },
  { kind: 'symmetric', text: matrix('symmetric') },
  { kind: 'antisymmetric', text: matrix('antisymmetric') },
  { kind: 'toeplitz', text: matrix('toeplitz') },
  { kind: 'circulant', text: matrix('circulant') },
  { kind: 'tied', text: vector('tied([0, 1, 0])') },
  { kind: 'mask', text: matrix('mask([[1, 0, 1], [0, 1, 1], [1, 1, 0]])') },
  { kind: 'span', text: matrix('span([[1, 1, 0], [0, 1, 1]])') },
  { kind: 'sparse', text: vector('sparse(2)') },
  { kind: 'psd', text: matrix('psd') },
  // Two eigenvalues are 0 at the optimum.
  {
    kind: 'psd',
    text: 'param W[3, 3]\nminimize sum((W - [[1, 2, 0], [2, -1, 1], [0, 1, -3]])**2)\nsubject to W in psd',
  },
  {
    kind: 'orthogonal',
    text: 'param W[3, 2] = 0.1\nminimize sum((W - [[1, 2], [2, -1], [0, 1]])**2)\nsubject to W in orthogonal',
  },
  { kind: 'orthogonal', text: matrix('orthogonal') },
  { kind: 'spectralball', text: matrix('spectralball(1)') },
  { kind: 'nuclearball', text: matrix('nuclearball(4)') },
  // Two singular values are 0 at the optimum.
  { kind: 'nuclearball', text: matrix('nuclearball(0.25)') },
  // One singular value far above the others: a run contracts by their quotient.
  {
    kind: 'lowrank',
    text: 'param W[3, 3] = 0.25\nminimize sum((W - [[2, 1, 0.5], [1, 1, 0], [1, 0.5, -0.5]])**2)\nsubject to W in lowrank(1)',
  },
  { kind: 'lowrank', text: matrix('lowrank(2)') },
];
