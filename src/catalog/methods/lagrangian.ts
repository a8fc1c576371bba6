import { array, choice, defineMethod, fits, value } from '../../core/contracts.ts';
import type { Tensor } from '../../core/tensor/ops.ts';

/**
 * Descent in x and ascent in λ, μ ≥ 0 on L_ρ = f + λᵀh + μᵀg + (ρ/2)(‖h‖² + ‖max(0, g)‖²). The ascent reads the old x
 * (simultaneous), the new one (alternating), or both steps are first tried and then made from the old point with the
 * derivatives at the trial point (extragradient; plain gradient steps whatever the optimizer).
 */
export default defineMethod({
  id: 'lagrangian',
  title: 'Gradient descent-ascent',
  source:
    'Arrow, Hurwicz & Uzawa 1958, Studies in Linear and Non-Linear Programming, ch. 10; Korpelevich 1976 for extragradient',
  summary:
    'Plays a game: x goes down the Lagrangian, the multipliers go up it. Without curvature it circles; damping (ρ > 0) or extragradient calms it.',
  formula:
    '\\begin{aligned} x &\\leftarrow \\mathrm{opt}\\bigl(x, \\nabla f + J_h^{\\top}(\\lambda + \\rho h) + J_g^{\\top}(\\mu + \\rho \\max(0, g))\\bigr) \\\\ \\lambda &\\leftarrow \\lambda + \\eta_\\lambda h, \\qquad \\mu \\leftarrow \\max(0, \\mu + \\eta_\\lambda g) \\end{aligned}',
  settings: {
    order: choice('Order of the updates', ['simultaneous', 'alternating', 'extragradient'], 'alternating'),
    dualLearningRate: value('η_λ', 'Learning rate of the multipliers', 0.1, [0, 1e6], 'log'),
    penalty: value('ρ', 'Penalty coefficient', 0, [0, 1e9]),
    multipliers: array('Multipliers at the start, in the order typed (else 0)', 1),
  },
  optimizer: 'any',
  supports: ({ equalityRows, inequalityRows }, chosen) =>
    fits(chosen?.multipliers, [equalityRows + inequalityRows], 'The list of multipliers'),
  init: (ops, { start, equality, inequality }, { multipliers }) => ({
    x: start,
    lambda: multipliers ? equality.ofTyped(multipliers) : ops.zeros(equality.rows),
    mu: multipliers ? ops.maximum(0, inequality.ofTyped(multipliers)) : ops.zeros(inequality.rows),
  }),
  step(ops, { lagrangianGradient, equality, inequality }, { x, lambda, mu }, { t, settings, optimizer }) {
    const { order, dualLearningRate, penalty } = settings;
    const slope = (at: Tensor, held: { lambda: Tensor; mu: Tensor }) =>
      lagrangianGradient(
        at,
        t,
        ops.add(held.lambda, ops.multiply(penalty, equality.residual(at, t))),
        ops.add(held.mu, ops.multiply(penalty, ops.maximum(0, inequality.residual(at, t)))),
      );
    const raised = (at: Tensor) => ({
      lambda: ops.add(lambda, ops.multiply(dualLearningRate, equality.residual(at, t))),
      mu: ops.maximum(0, ops.add(mu, ops.multiply(dualLearningRate, inequality.residual(at, t)))),
    });
    const here = slope(x, { lambda, mu });
    if (order === 'extragradient') {
      const descended = (direction: Tensor) => ops.subtract(x, ops.multiply(optimizer.learningRate, direction));
      const trial = descended(here);
      return { x: descended(slope(trial, raised(x))), ...raised(trial) };
    }
    const { next } = optimizer.apply(x, here);
    return { x: next, ...raised(order === 'alternating' ? next : x) };
  },
  examples: [
    {
      name: 'a linear loss, by extragradient',
      problem: 'param x1 = 0\nparam x2 = 0\nminimize x1 + 2*x2\nsubject to\n  x1 = 1\n  x2 = -1',
      optimizer: { kind: 'sgd', learningRate: 0.3 },
      settings: { order: 'extragradient', dualLearningRate: 0.3 },
      steps: 1000,
      expect: { x: [1, -1], within: 1e-6 },
    },
    {
      name: 'an equality and an active bound',
      problem: 'param a = 1\nparam b = 1\nminimize (a - 2)^2 + (b + 1)^2\nsubject to\n  a + b = 1\n  b >= -0.5',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      settings: { order: 'alternating', dualLearningRate: 0.2 },
      steps: 1000,
      // The line alone would give (2, −1).
      expect: { x: [1.5, -0.5], within: 1e-6 },
    },
  ],
});
