import { defineMethod, supported } from '../../core/contracts.ts';

/** x ← opt(x, ∇f(x)): the constraints are measured, not kept. */
export default defineMethod({
  id: 'unconstrained',
  title: 'Unconstrained',
  source: 'Nocedal & Wright 2006, Numerical Optimization, ch. 2–3',
  summary: 'Ignores the constraints: what the optimizer would do if it were free. The picture to compare with.',
  ignores: 'constraints',
  merit: { place: 1, reason: 'There is no constraint: the optimizer alone does it.' },
  formula: 'x \\leftarrow \\mathrm{opt}\\bigl(x, \\nabla f(x)\\bigr)',
  settings: {},
  optimizer: 'any',
  supports: () => supported,
  init: (_, { start }) => ({ x: start }),
  step: (_, { gradient }, { x }, { t, optimizer }) => ({ x: optimizer.apply(x, gradient(x, t)).next }),
  torch: ({ python, optimizer, objective, descend }) => ({
    setup: [python.X, python.optimizerLine(optimizer)],
    step: descend('x', `${objective}(x, t)`),
  }),
  examples: [
    {
      name: 'a parabola',
      problem: 'param x1 = 1\nparam x2 = 1\nminimize (x1 - 2)^2 + 4*(x2 + 1)^2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 200,
      expect: { x: [2, -1], within: 1e-6 },
    },
  ],
});
