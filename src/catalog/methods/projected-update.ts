import { keepsStraight } from '../../core/analysis/straight.ts';
import { defineMethod, toggle } from '../../core/contracts.ts';
import { invariant } from '../../core/diagnostic.ts';

/** x ← x + N Δ with Δ = opt(x, ∇f(x)) − x and N = I − A⁺A: A x stays what it was at the start, up to rounding. */
export default defineMethod({
  id: 'projected-update',
  title: 'Projected update',
  source: 'Rosen 1960, J. SIAM 8(1), 181–217; Nocedal & Wright 2006, Numerical Optimization, §16.2',
  summary:
    'Removes from each update what would change the equalities: whatever violation the start has remains. Inequalities are measured, not kept; an adaptive optimizer stops short of the optimum.',
  formula: 'x \\leftarrow x + N \\bigl(\\mathrm{opt}(x, \\nabla f(x)) - x\\bigr), \\qquad N = I - A^{+}A',
  ignores: 'inequalities',
  settings: { projectStart: toggle('Move the start to the nearest solution') },
  optimizer: 'any',
  supports: (structure) => keepsStraight(structure, 'updates'),
  init(ops, { start, straight }, { projectStart }) {
    invariant(straight, 'supports promised affine equalities');
    return { x: projectStart ? straight.project(start, ops.constant(0)) : start, moved: ops.constant(0) };
  },
  /** `moved`: ‖N Δ − Δ‖ of this step, for its chart. */
  step(ops, { gradient, straight }, { x }, { t, optimizer }) {
    invariant(straight, 'supports promised affine equalities');
    const { next } = optimizer.apply(x, gradient(x, t));
    const update = ops.subtract(next, x);
    const kept = straight.tangent(update);
    return { x: ops.add(x, kept), moved: ops.norm(ops.subtract(kept, update)) };
  },
  torch: ({ python, structure, onto, optimizer, objective, descend }, { projectStart }) => ({
    definitions: python.alongSets({ structure, onto }),
    setup: [projectStart ? python.X_ON_THE_SET : python.X, python.optimizerLine(optimizer)],
    step: [
      'before = x.detach().clone()',
      ...descend('x', `${objective}(x, t)`),
      'with torch.no_grad():',
      '    x.copy_(before + tangent(x - before))',
    ],
  }),
  caveat: (_, { title, isAdaptive }) =>
    isAdaptive
      ? `${title} gives each coordinate a step length of its own: what is left of its step along the equalities vanishes where the gradient does not.`
      : null,
  adviseAtRest({ inequalityRows }, { title, isAdaptive, hasMetric = isAdaptive }, { projectStart }, { isFeasible }) {
    if (!isFeasible)
      return projectStart || inequalityRows > 0
        ? null
        : {
            message:
              'The updates are projected, the start is not: what the start violates stays violated to the end of the run.',
            change: { title: 'Move the start to the nearest solution', settings: { projectStart: true } },
          };
    if (!isAdaptive) return null;
    return {
      message: `${title} with a projected update stops here, and this is not the optimum: ${title} divides each coordinate by its own scale, so its step along the constraints vanishes where the gradient does not. Gradient descent, the null space, or projected gradient in the optimizer’s own distance do not have this defect.`,
      change: hasMetric
        ? {
            title: 'Project the point, in the optimizer’s own distance',
            method: 'projected-gradient',
            settings: { metric: 'optimizer' },
          }
        : { title: 'Move in the null space instead', method: 'null-space', settings: {} },
    };
  },
  examples: [
    {
      name: 'a line in space, from a start off it',
      problem:
        'param x1 = 0\nparam x2 = 0\nparam x3 = 0\nminimize (x1 - 2)^2 + (x2 + 1)^2 + x3^2\nsubject to\n  x1 + x2 = 1\n  x2 + x3 = 0.5',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      settings: { projectStart: true },
      steps: 200,
      expect: { x: [1.5, -0.5, 1], within: 1e-6 },
    },
  ],
});
