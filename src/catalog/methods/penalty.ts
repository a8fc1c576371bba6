import { automatic, choice, count, defineMethod, supported, value } from '../../core/contracts.ts';
import { balancedPenalty } from '../../core/experiment/automatic/balanced-penalty.ts';

/** How much steeper than the loss the automatic ρ makes the constraints: about 1/25 of the loss's pull is left as a violation. */
const STEEPNESS = 25;

/**
 * x ← opt(x, ∇f + ρ_t (Jₕᵀ h + J_gᵀ max(0, g))), the gradient of f + (ρ_t/2)(‖h‖² + ‖max(0, g)‖²), with
 * ρ_t = min(ρ_max, ρ γ^⌊(t−1)/k⌋). A fixed ρ stops at a violation of about λ/ρ. `exact`: f + ρ_t(‖h‖₁ + ‖max(0, g)‖₁) instead,
 * whose minimum is the constrained one once ρ exceeds every multiplier; it has a kink there, so that plain steps tremble about it.
 * ρ left out: ρ λ_max(JᵀJ) = c |λ|_max(∇²f), with c = 1 where it grows; of the exact penalty twice ‖∇f‖/‖J‖, an estimate of the multipliers.
 */
export default defineMethod({
  id: 'penalty',
  title: 'Penalty',
  source: 'Nocedal & Wright 2006, Numerical Optimization, §17.1; §17.2 for the exact ℓ₁ penalty',
  summary:
    'Adds the squared violation to the loss. Simple and general; the constraints are met only as the penalty grows. The exact penalty adds the violation itself.',
  merit: {
    place: 7,
    reason: 'It takes any constraint, but meets it only as nearly as its weight is large.',
  },
  formula:
    'x \\leftarrow \\mathrm{opt}\\Bigl(x, \\nabla\\bigl[f + \\tfrac{\\rho}{2}\\lVert h \\rVert^2 + \\tfrac{\\rho}{2}\\lVert \\max(0, g) \\rVert^2\\bigr](x)\\Bigr)',
  settings: {
    kind: choice('Penalty on', ['squares', 'exact'], 'squares'),
    penalty: automatic('ρ', 'Penalty coefficient', 10, [0, 1e9], 'log'),
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
    const [h, g] = [equality.residual(x, t), inequality.residual(x, t)];
    const isExact = settings.kind === 'exact';
    const lambda = ops.multiply(rho, isExact ? ops.sign(h) : h);
    const mu = ops.multiply(rho, isExact ? ops.less(0, g) : ops.maximum(0, g));
    return { x: optimizer.apply(x, lagrangianGradient(x, t, lambda, mu)).next };
  },
  automatic(start, { kind, growth }) {
    const { slope, scale, curvature, pull } = start;
    if (kind === 'exact') return { penalty: (2 * (slope + curvature * scale)) / Math.sqrt(pull) };
    return { penalty: balancedPenalty(start, growth > 1 ? 1 : STEEPNESS) };
  },
  adviseAtRest: (_, __, { kind, growth, penalty }, { isFeasible, isStationary }) =>
    isFeasible || kind === 'exact' || growth > 1
      ? null
      : {
          message:
            penalty === 0
              ? 'With ρ = 0 nothing keeps the constraints: it goes where the loss alone leads.'
              : isStationary
                ? 'It rests where the penalty balances the loss: a violation of about λ/ρ stays, however many steps it makes. A larger ρ leaves less, and needs smaller steps.'
                : 'It hardly moves, and not because it arrived: the penalty is so much steeper than the loss that the steps go across the constraints and hardly along them. A smaller ρ lets it move on, and leaves a larger violation.',
          change: { title: 'Use Augmented Lagrangian', method: 'augmented-lagrangian', settings: {} },
        },
  torch: ({ python, problem, optimizer, objective, descend }, { kind, penalty, growth, penaltyMax, every }) => {
    const isExact = kind === 'exact';
    const { equalities, inequalities, definition } = python.lagrangianParts(problem, objective);
    return {
      definitions: [definition],
      setup: [python.X, python.optimizerLine(optimizer)],
      step: [
        growth === 1
          ? `rho = ${python.float(Math.min(penalty, penaltyMax))}`
          : `rho = min(${python.float(penaltyMax)}, ${python.float(penalty)} * ${python.float(growth)} ** ((t - 1) // ${every}))`,
        ...(equalities
          ? [`eq_weights = rho * ${isExact ? 'torch.sign(equalities(x, t))' : 'equalities(x, t)'}.detach()`]
          : []),
        ...(inequalities
          ? [
              `ineq_weights = rho * ${isExact ? '(inequalities(x, t) > 0).to(x.dtype)' : 'torch.relu(inequalities(x, t)).detach()'}`,
            ]
          : []),
        ...descend('x', python.lagrangianCall(problem, 'x', 'eq_weights', 'ineq_weights')),
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
    {
      name: 'an exact penalty arrives, up to the step length',
      problem: 'param a = 2\nparam b = 0\nminimize (a - 2)^2 + (b - 1)^2\nsubject to a <= 1',
      optimizer: { kind: 'sgd', learningRate: 0.001 },
      settings: { kind: 'exact', penalty: 4 },
      steps: 4000,
      expect: { x: [1, 1], within: 5e-3 },
    },
  ],
});
