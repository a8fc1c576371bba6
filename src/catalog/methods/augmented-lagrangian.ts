import { array, automatic, count, defineMethod, fitsMultipliers, value } from '../../core/contracts.ts';
import { balancedPenalty } from '../../core/experiment/automatic/balanced-penalty.ts';
import type { Tensor } from '../../core/tensor/ops.ts';

/** How much steeper than the loss the automatic ρ makes the constraints. */
const STEEPNESS = 5;

/**
 * L = f + λᵀh + (ρ/2)‖h‖² + (‖max(0, μ + ρ g)‖² − ‖μ‖²)/(2ρ); λ, μ, ρ move at every `inner`-th step, and the optimizer keeps
 * its state. g ≤ 0 is feasible, μ ≥ 0. ρ left out: ρ λ_max(JᵀJ) = c |λ|_max(∇²f), as far as a named learning rate allows.
 */
export default defineMethod({
  id: 'augmented-lagrangian',
  title: 'Augmented Lagrangian',
  source:
    'Nocedal & Wright 2006, Numerical Optimization, §17.3–17.4; λ here has the opposite sign; Bertsekas 1982, Constrained Optimization and Lagrange Multiplier Methods, §2.2.5 for ρ',
  summary:
    'A penalty whose multipliers learn what the penalty alone would leave: exact at a moderate ρ, in rounds of free steps.',
  merit: {
    place: 5,
    reason:
      'It needs no nearest point: multipliers bring it to the constraints, and its penalty need not grow without end.',
  },
  formula:
    '\\begin{aligned} x &\\leftarrow \\mathrm{opt}\\bigl(x, \\nabla f + J_h^{\\top}(\\lambda + \\rho h) + J_g^{\\top} \\max(0, \\mu + \\rho g)\\bigr) \\\\ \\lambda &\\leftarrow \\lambda + \\rho h, \\quad \\mu \\leftarrow \\max(0, \\mu + \\rho g), \\quad \\rho \\leftarrow \\min(\\gamma \\rho, \\rho_{\\max}) \\end{aligned}',
  settings: {
    penalty: automatic('ρ', 'Penalty coefficient', 10, [0, 1e6], 'log'),
    growth: value('γ', 'Growth of the penalty', 1, [1, 10]),
    penaltyMax: value('ρ_max', 'Largest penalty', 1e9, [0, 1e12], 'log'),
    inner: count('Steps between moves of the multipliers', 10, [1, 10_000]),
    multipliers: array('Multipliers at the start, in the order typed, or of the equalities alone (else 0)', 1),
  },
  optimizer: 'any',
  supports: ({ equalityRows, inequalityRows }, chosen) =>
    fitsMultipliers(chosen?.multipliers, equalityRows, inequalityRows),
  init: (ops, { start, equality, inequality }, { penalty, multipliers }) => ({
    x: start,
    lambda: multipliers ? equality.ofTyped(multipliers) : ops.zeros(equality.rows),
    mu: multipliers ? ops.maximum(0, inequality.ofTyped(multipliers)) : ops.zeros(inequality.rows),
    rho: penalty,
  }),
  step(ops, { lagrangianGradient, equality, inequality }, { x, lambda, mu, rho }, { t, settings, optimizer }) {
    const { inner, growth, penaltyMax } = settings;
    // λ + ρ h(at) and max(0, μ + ρ g(at))
    const shifted = (at: Tensor) => ({
      lambda: ops.add(lambda, ops.multiply(rho, equality.residual(at, t))),
      mu: ops.maximum(0, ops.add(mu, ops.multiply(rho, inequality.residual(at, t)))),
    });
    const weights = shifted(x);
    const { next } = optimizer.apply(x, lagrangianGradient(x, t, weights.lambda, weights.mu));
    const grown = ops.minimum(penaltyMax, ops.multiply(growth, rho));
    return { x: next, ...ops.every(inner, t, { lambda, mu, rho }, () => ({ ...shifted(next), rho: grown })) };
  },
  automatic: (start) => ({ penalty: balancedPenalty(start, STEEPNESS) }),
  caveat: (_, { stepLength, title }) =>
    stepLength === 'unsteady'
      ? `The steps of ${title} tremble, having no long memory of their sizes, and the multipliers tremble ρ times as much.`
      : null,
  torch: ({ python, problem, optimizer, objective, descend }, { penalty, growth, penaltyMax, inner, multipliers }) => {
    const { equalities, inequalities, definition, setup } = python.lagrangianParts(problem, objective, multipliers);
    const shifted = (name: (relation: 'eq' | 'ineq') => string) => [
      ...(equalities ? [`${name('eq')} = eq_multipliers + rho * equalities(x, t).detach()`] : []),
      ...(inequalities ? [`${name('ineq')} = torch.relu(ineq_multipliers + rho * inequalities(x, t).detach())`] : []),
    ];
    return {
      definitions: [definition],
      setup: [python.X, python.optimizerLine(optimizer), ...setup, `rho = ${python.float(penalty)}`],
      step: [
        ...shifted((relation) => `${relation}_weights`),
        ...descend('x', python.lagrangianCall(problem, 'x', 'eq_weights', 'ineq_weights')),
        `if t % ${inner} == 0:`,
        ...shifted((relation) => `    ${relation}_multipliers`),
        ...(growth === 1 ? [] : [`    rho = min(${python.float(penaltyMax)}, ${python.float(growth)} * rho)`]),
      ],
    };
  },
  examples: [
    {
      name: 'one parameter is twice another',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.02 },
      steps: 1000,
      expect: { x: [1.6, 0.8], within: 1e-6 },
    },
    {
      name: 'the nearest point of a disk',
      problem: 'param a = 0\nparam b = 0\nminimize (a - 3)^2 + (b - 4)^2\nsubject to a^2 + b^2 <= 1',
      optimizer: { kind: 'sgd', learningRate: 0.02 },
      steps: 1000,
      expect: { x: [0.6, 0.8], within: 1e-6 },
    },
  ],
});
