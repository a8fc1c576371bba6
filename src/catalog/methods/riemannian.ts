import { defineMethod, supported, unsupported } from '../../core/contracts.ts';

/**
 * x ← R(opt(x, grad f(x))), with the Riemannian gradient grad f = (I − J⁺J)∇f, the part of ∇f along the surface, and the retraction
 * R back onto it: the nearest point. The momentum is carried along: made tangent at the new point.
 */
export default defineMethod({
  id: 'riemannian',
  title: 'Riemannian gradient',
  source:
    'Absil, Mahony & Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, §4.1–4.2; Absil & Malick 2012 for projections as retractions',
  summary:
    'Walks on the surface itself: takes the part of the gradient along it, steps, and goes back to the surface by the shortest way. For spheres, orthonormal columns, patterned matrices and other smooth surfaces.',
  formula:
    'x \\leftarrow R\\Bigl(\\mathrm{opt}\\bigl(x, (I - J^{+}J)\\,\\nabla f(x)\\bigr)\\Bigr), \\qquad R(y) = \\arg\\min_{z\\ \\mathrm{feasible}} \\lVert z - y \\rVert_2',
  settings: {},
  optimizer: 'any',
  supports: ({ sets, hasExactProjection, inequalityRows }) => {
    const areManifolds = sets.length > 0 && sets.every(({ isManifold }) => isManifold);
    return inequalityRows === 0 && areManifolds && hasExactProjection
      ? supported
      : unsupported(
          'Here for smooth surfaces with a formula for the nearest point, such as spheres and orthonormal columns.',
        );
  },
  init: (ops, { start, project }) => ({
    x: project ? project(start, ops.constant(0)) : start,
    moved: ops.constant(0),
  }),
  /** `moved`: ‖R(y) − y‖ of this step, for its chart. */
  step(ops, problem, { x }, { t, optimizer }) {
    const along = problem.tangent(x, t, problem.gradient(x, t));
    const { next } = optimizer.apply(x, along);
    const landed = problem.project ? problem.project(next, t) : next;
    optimizer.mapState((momentum) => problem.tangent(landed, t, momentum));
    return { x: landed, moved: ops.norm(ops.subtract(landed, next)) };
  },
  examples: [
    {
      name: 'the nearest circulant matrix',
      problem: 'param W[2,2] = [[1, 0], [0, 0]]\nminimize sum((W - [[1, 2], [4, 3]])**2)/2\nsubject to W in circulant',
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
      steps: 200,
      expect: { x: [2, 3, 3, 2], within: 1e-9 },
    },
    {
      name: 'the lowest point of a circle',
      problem: 'param a = 1\nparam b = 0.5\nminimize a + b\nsubject to a^2 + b^2 = 2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 500,
      expect: { x: [-1, -1], within: 1e-6 },
    },
    {
      name: 'with momentum, an eigenvector of the least eigenvalue',
      problem: 'param x[2] = [0.8, 0.6]\nminimize x[0]^2 + 3*x[1]^2\nsubject to sum(x**2) = 1',
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.5 },
      steps: 400,
      expect: { x: [1, 0], within: 1e-6 },
    },
  ],
});
