import { keepsStraight } from '../../core/analysis/straight.ts';
import { defineMethod, toggle } from '../../core/contracts.ts';
import { invariant } from '../../core/diagnostic.ts';

/** x ← opt(x, N ∇f(x)) with N = I − A⁺A; then, if asked for, x ← x − A⁺(A x − b(t)). */
export default defineMethod({
  id: 'projected-direction',
  title: 'Projected gradient direction',
  source: 'Rosen 1960, J. SIAM 8(1), 181–217; Luenberger & Ye 2016, Linear and Nonlinear Programming, §12.4',
  summary:
    'Hands the optimizer the part of the gradient along the equalities. Gradient descent then stays on the set; an adaptive optimizer rescales the direction and leaves it, unless x is projected after the step. Inequalities are measured, not kept.',
  formula: 'x \\leftarrow \\mathrm{opt}\\bigl(x, N \\nabla f(x)\\bigr), \\qquad N = I - A^{+}A',
  ignores: 'inequalities',
  settings: {
    projectStart: toggle('Move the start to the nearest solution'),
    projectAfter: toggle('Project x after each step'),
  },
  optimizer: 'any',
  supports: (structure) => keepsStraight(structure, 'the gradient'),
  init(ops, { start, straight }, { projectStart }) {
    invariant(straight, 'supports promised affine equalities');
    return { x: projectStart ? straight.project(start, ops.constant(0)) : start };
  },
  step(_, { gradient, straight }, { x }, { t, settings, optimizer }) {
    invariant(straight, 'supports promised affine equalities');
    const { next } = optimizer.apply(x, straight.tangent(gradient(x, t)));
    return { x: settings.projectAfter ? straight.project(next, t) : next };
  },
  torch: ({ python, structure, onto, optimizer, objective }, { projectStart, projectAfter }) => ({
    definitions: python.alongSets({ structure, onto }),
    setup: [projectStart ? python.X_ON_THE_SET : python.X, python.optimizerLine(optimizer)],
    step: [
      'optimizer.zero_grad()',
      `${objective}(x, t).backward()`,
      'average(x.grad)',
      'x.grad.copy_(tangent(x.grad))',
      'optimizer.step()',
      ...(projectAfter ? ['with torch.no_grad():', '    x.copy_(nearest_solution(x, t))'] : []),
    ],
  }),
  caveat: (_, { title, isAdaptive }, { projectAfter }) =>
    isAdaptive && !projectAfter
      ? `${title} gives each coordinate a step length of its own, which bends the projected direction off the constraints.`
      : null,
  adviseAtRest({ inequalityRows }, { title, isAdaptive }, { projectAfter }, { isFeasible }) {
    if (isFeasible || projectAfter || inequalityRows > 0) return null;
    return {
      message: isAdaptive
        ? `The gradient was projected before ${title}, not after it: ${title} divides each coordinate by its own scale, which bends the step off the constraints, and nothing brings it back.`
        : 'The gradient is projected, the start is not: what the start violates stays violated to the end of the run.',
      change: { title: 'Project x after each step', settings: { projectAfter: true } },
    };
  },
  examples: [
    {
      name: 'with Adam, projected after each step, to the optimum',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'adam', learningRate: 0.05 },
      settings: { projectAfter: true },
      steps: 1000,
      expect: { x: [1.6, 0.8], within: 1e-5 },
    },
  ],
});
