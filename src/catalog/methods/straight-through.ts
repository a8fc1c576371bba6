import { defineMethod, supported, unsupported } from '../../core/contracts.ts';
import { optimizerLine, PROJECT } from '../../core/experiment/python/setup.ts';

/**
 * θ is free, and the loss sees x = P(θ): its nearest feasible point, such as the k largest entries. The derivative of P, which is 0
 * or undefined where choices are made, is replaced by the identity: θ ← opt(θ, ∇f(P(θ))).
 */
export default defineMethod({
  id: 'straight-through',
  title: 'Straight-through',
  source:
    'Bengio, Léonard & Courville 2013, Estimating or propagating gradients through stochastic neurons, §4; Hinton 2012, lecture 9c',
  summary:
    'Trains free numbers, shows the loss only their nearest feasible point, and pretends that moving to it changes nothing. The usual way to train choices that have no slope, such as which entries may differ from zero.',
  formula: 'x = P(\\theta), \\qquad \\theta \\leftarrow \\mathrm{opt}\\bigl(\\theta, \\nabla f(P(\\theta))\\bigr)',
  settings: {},
  optimizer: 'any',
  supports: ({ constraints, hasExactProjection }) => {
    if (constraints.length === 0) return unsupported('Without constraints nothing is rounded.');
    return hasExactProjection
      ? supported
      : unsupported('The forward pass needs a formula for the nearest feasible point, and there is none here.');
  },
  init: (_, { start }) => ({ theta: start }),
  step: (ops, { gradient, project }, { theta }, { t, optimizer }) => ({
    theta: optimizer.apply(theta, gradient(project ? project(theta, t) : ops.identity(theta), t)).next,
  }),
  iterate: (_, { project }, { theta }, { t }) => (project ? project(theta, t) : theta),
  torch: ({ structure, optimizer, objective, descend, onto }) => ({
    definitions: [
      `SETS = [${onto(structure.sets, 'project').join(', ')}]`,
      PROJECT.exact(0),
      'def forward(theta, t):\n    """P(theta), whose derivative counts as the identity."""\n    return theta + (project(theta, t) - theta).detach()',
    ],
    setup: ['theta = torch.nn.Parameter(START.clone())', optimizerLine(optimizer, 'theta')],
    step: descend('theta', `${objective}(forward(theta, t), t)`),
    iterate: 'project(theta.detach(), t)',
  }),
  examples: [
    {
      name: 'the nearest point of a box, from inside',
      problem:
        'param a = 0.5\nparam b = 0.5\nminimize (a - 2)^2 + (b - 0.25)^2\nsubject to\n  0 <= a <= 1\n  0 <= b <= 1',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 200,
      expect: { x: [1, 0.25], within: 1e-6 },
    },
  ],
});
