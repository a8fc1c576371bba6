import { count, defineMethod, supported, value } from '../../core/contracts.ts';
import { lagrangianCall, lagrangianParts } from '../../core/experiment/python/lagrangian.ts';
import { float } from '../../core/experiment/python/literal.ts';
import { optimizerLine, X } from '../../core/experiment/python/setup.ts';

/**
 * x ← opt(x, ∇f + ρ_t (Jₕᵀ h + J_gᵀ max(0, g))), the gradient of f + (ρ_t/2)(‖h‖² + ‖max(0, g)‖²), with
 * ρ_t = min(ρ_max, ρ γ^⌊(t−1)/k⌋). A fixed ρ stops at a violation of about λ/ρ.
 */
export default defineMethod({
  id: 'penalty',
  title: 'Quadratic penalty',
  source: 'Nocedal & Wright 2006, Numerical Optimization, §17.1',
  summary:
    'Adds the squared violation to the loss. Simple and general; the constraints are met only as the penalty grows.',
  formula:
    'x \\leftarrow \\mathrm{opt}\\Bigl(x, \\nabla\\bigl[f + \\tfrac{\\rho}{2}\\lVert h \\rVert^2 + \\tfrac{\\rho}{2}\\lVert \\max(0, g) \\rVert^2\\bigr](x)\\Bigr)',
  settings: {
    penalty: value('ρ', 'Penalty coefficient', 10, [0, 1e9], 'log'),
    growth: value('γ', 'Growth of the penalty', 1, [1, 100]),
    penaltyMax: value('ρ_max', 'Largest penalty', 1e9, [0, 1e12], 'log'),
    every: count('Grow every … steps', 100, [1, 1_000_000]),
  },
  optimizer: 'any',
  supports: () => supported,
  init: (_, { start }) => ({ x: start }),
  step(ops, { lagrangianGradient, equality, inequality }, { x }, { t, settings, optimizer }) {
    const { penalty, growth, penaltyMax, every } = settings;
    const turns = ops.floor(ops.divide(ops.subtract(t, 0.5), every)); // ⌊(t−1)/k⌋ for whole t: the half keeps off the integers
    const rho = ops.minimum(penaltyMax, ops.multiply(penalty, ops.power(growth, turns)));
    const lambda = ops.multiply(rho, equality.residual(x, t));
    const mu = ops.multiply(rho, ops.maximum(0, inequality.residual(x, t)));
    return { x: optimizer.apply(x, lagrangianGradient(x, t, lambda, mu)).next };
  },
  torch: ({ problem, optimizer, objective, descend }, { penalty, growth, penaltyMax, every }) => {
    const { equalities, inequalities, definition } = lagrangianParts(problem, objective);
    return {
      definitions: [definition],
      setup: [X, optimizerLine(optimizer)],
      step: [
        growth === 1
          ? `rho = ${float(Math.min(penalty, penaltyMax))}`
          : `rho = min(${float(penaltyMax)}, ${float(penalty)} * ${float(growth)} ** ((t - 1) // ${every}))`,
        ...(equalities ? ['eq_weights = rho * equalities(x, t).detach()'] : []),
        ...(inequalities ? ['ineq_weights = rho * torch.relu(inequalities(x, t)).detach()'] : []),
        ...descend('x', lagrangianCall(problem, 'x', 'eq_weights', 'ineq_weights')),
      ],
    };
  },
  examples: [
    {
      name: 'a violation of about λ/ρ remains',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.005 },
      settings: { penalty: 20 },
      steps: 2000,
      // (I + ρ/2 aaᵀ) x = c with a = (1, −2): x = c − a·(ρ/2)(a·c)/(1 + 5ρ/2)
      expect: { x: [1 + 30 / 51, 2 - 60 / 51], within: 1e-6 },
    },
  ],
});
