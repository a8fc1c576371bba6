import { count, defineMethod, supported, toggle, unsupported } from '../../core/contracts.ts';
import { invariant } from '../../core/diagnostic.ts';

/** x ← opt(x, ∇f(x)); at every k-th step x ← P(x), the nearest feasible point. The momentum may be projected onto the tangent space. */
export default defineMethod({
  id: 'projected-gradient',
  title: 'Projected gradient',
  source: 'Bertsekas 2016, Nonlinear Programming, §3.3; Parikh & Boyd 2014, Proximal Algorithms, §4.2',
  summary: 'Takes the free step, then goes to the nearest feasible point.',
  formula:
    'x \\leftarrow P\\bigl(\\mathrm{opt}(x, \\nabla f(x))\\bigr), \\qquad P(y) = \\arg\\min_{z\\ \\mathrm{feasible}} \\lVert z - y \\rVert_2',
  settings: {
    projectEvery: count('Project every … steps', 1, [1, 1_000_000]),
    projectMomentum: toggle('Project the momentum too'),
  },
  optimizer: 'any',
  supports: (structure) => {
    if (structure.constraints.length === 0) return supported;
    if (structure.unrecognized.length > 0)
      return unsupported('No nearest-point formula is known here for one of the constraints.');
    return structure.hasExactProjection
      ? supported
      : unsupported('The constraints share parameters, and no formula for their intersection is known here.');
  },
  init: (_, { start }) => ({ x: start }),
  step(ops, { gradient, project, affine }, { x }, { t, settings, optimizer }) {
    invariant(project, 'supports promised a projection');
    const { next } = optimizer.apply(x, gradient(x, t));
    if (settings.projectMomentum && affine) {
      // N m = m − A⁺ A m
      optimizer.mapState((momentum) => {
        const tangent = ops.subtract(momentum, ops.matmul(affine.pinv, ops.matmul(affine.A, momentum)));
        return ops.every(settings.projectEvery, t, { momentum }, () => ({ momentum: tangent })).momentum;
      });
    }
    return ops.every(settings.projectEvery, t, { x: next }, () => ({ x: project(next, t) }));
  },
  examples: [
    {
      name: 'one parameter is twice another',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 100,
      expect: { x: [1.6, 0.8], within: 1e-6 },
    },
  ],
});
