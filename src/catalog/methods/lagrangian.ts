import {
  array,
  automatic,
  choice,
  defineMethod,
  fitsMultipliers,
  onlyWith,
  type RestMeasures,
  unsupported,
  value,
} from '../../core/contracts.ts';
import { refused } from '../../core/experiment/python/contract.ts';
import type { Tensor } from '../../core/tensor/ops.ts';

interface Steepness {
  readonly curvature: number;
  readonly leastCurvature: number;
  readonly pull: number;
  readonly step: number;
}

/**
 * η_λ for steps of η in x, L = λ_max(∇²f + ρJᵀJ), σ = λ_max(JᵀJ). Alternating: 0.9 (1/η − L/2)/σ. Simultaneous ascent damps nothing
 * itself: not more than half of λ_min/σ + ρ, where the loss has so much curvature. Looking ahead or back: η η_λ σ = ¼ (extragradient), 0.09 (optimistic).
 */
function ascentRate(order: string, rule: string, { curvature, leastCurvature, pull, step }: Steepness): number {
  const room = 1 / step - curvature / 2;
  const alternating = (0.9 * (room > 0 ? room : curvature / 2)) / pull;
  if (order === 'extragradient') return 0.25 / (step * pull);
  if (order === 'alternating') return alternating;
  if (rule !== 'ascent') return 0.09 / (step * pull);
  return Math.min(alternating, Math.max(leastCurvature / 2, curvature / 50, 0.01 / step) / pull);
}

/**
 * η_λ = η (‖λ‖/‖x* − x₀‖)²: both players are as far from the saddle, and ‖x − x*‖²/η + ‖λ − λ*‖²/η_λ, which a convex game lets
 * fall, then keeps λ within 2.5 times its length, as far as η allows for.
 */
const balanced = ({ multipliers, distance }: RestMeasures, step: number): number =>
  multipliers > 0 && distance > 0 ? step * (multipliers / distance) ** 2 : Number.POSITIVE_INFINITY;

/**
 * Descent in x and ascent in λ, μ ≥ 0 on L_ρ = f + λᵀh + μᵀg + (ρ/2)(‖h‖² + ‖max(0, g)‖²). The ascent reads the old x
 * (simultaneous), the new one (alternating), or both steps are first tried and then made from the old point with the
 * derivatives at the trial point (extragradient; plain gradient steps whatever the optimizer).
 */
export default defineMethod({
  id: 'lagrangian',
  title: 'Gradient descent-ascent',
  source:
    'Arrow, Hurwicz & Uzawa 1958, Studies in Linear and Non-Linear Programming, ch. 10; Korpelevich 1976 for extragradient; Sohrabi et al. 2024, ICML, algorithm 1 (νPI) for the rule pi; Condat 2013, Journal of Optimization Theory and Applications 158, theorem 3.1, and Applegate et al. 2021, NeurIPS 34, §3 (the automatic η_λ)',
  summary:
    'Plays a game: x goes down the Lagrangian, the multipliers go up it. Without curvature it circles; damping (ρ > 0) or extragradient calms it.',
  merit: {
    place: 6,
    reason: 'It reaches the constraints by multipliers, whatever the constraints are.',
  },
  formula:
    '\\begin{aligned} x &\\leftarrow \\mathrm{opt}\\bigl(x, \\nabla f + J_h^{\\top}(\\lambda + \\rho h) + J_g^{\\top}(\\mu + \\rho \\max(0, g))\\bigr) \\\\ \\lambda &\\leftarrow \\lambda + \\eta_\\lambda h, \\qquad \\mu \\leftarrow \\max(0, \\mu + \\eta_\\lambda g) \\end{aligned}',
  settings: {
    order: choice('Order of the updates', ['simultaneous', 'alternating', 'extragradient'], 'alternating'),
    dualLearningRate: automatic('η_λ', 'Learning rate of the multipliers', 0.1, [0, 1e6], 'log'),
    penalty: value('ρ', 'Penalty coefficient', 0, [0, 1e9]),
    multiplierRule: choice('Rule of the multipliers', ['ascent', 'optimistic', 'pi'], 'ascent'),
    proportional: onlyWith('multiplierRule', ['pi'], automatic('κ_P', 'Proportional gain', 1, [0, 1e3])),
    smoothing: onlyWith('multiplierRule', ['pi'], value('ν', 'Smoothing of the violation', 0, [0, 0.9999])),
    multipliers: array('Multipliers at the start, in the order typed, or of the equalities alone (else 0)', 1),
  },
  optimizer: 'any',
  supports: ({ equalityRows, inequalityRows }, chosen) =>
    chosen?.order === 'extragradient' && (chosen.multiplierRule ?? 'ascent') !== 'ascent'
      ? unsupported('Extragradient looks ahead by itself: its multipliers go by plain ascent.')
      : fitsMultipliers(chosen?.multipliers, equalityRows, inequalityRows),
  init: (ops, { start, equality, inequality }, { multipliers, multiplierRule }) => ({
    x: start,
    lambda: multipliers ? equality.ofTyped(multipliers) : ops.zeros(equality.rows),
    mu: multipliers ? ops.maximum(0, inequality.ofTyped(multipliers)) : ops.zeros(inequality.rows),
    ...(multiplierRule !== 'ascent' && {
      // Smoothed residuals: before the first step they are those of the start, so that it is plain ascent.
      smoothH: equality.residual(start, ops.constant(0)),
      smoothG: inequality.residual(start, ops.constant(0)),
    }),
  }),
  step(ops, { lagrangianGradient, equality, inequality }, state, { t, settings, optimizer }) {
    const { x, lambda, mu } = state;
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
    /** λ ← λ + η(e + κ_P(ξ − ξ₋)), ξ ← νξ₋ + (1 − ν)e: optimistic ascent is κ_P = 1, ν = 0. */
    const controlled = (at: Tensor) => {
      if (!state.smoothH || !state.smoothG) return raised(at);
      const isPi = settings.multiplierRule === 'pi';
      const [gain, memory] = isPi ? [settings.proportional, settings.smoothing] : [1, 0];
      const smooth = (before: Tensor, e: Tensor) =>
        ops.add(ops.multiply(memory, before), ops.multiply(ops.subtract(1, memory), e));
      const [h, g] = [equality.residual(at, t), inequality.residual(at, t)];
      const [smoothH, smoothG] = [smooth(state.smoothH, h), smooth(state.smoothG, g)];
      const push = (e: Tensor, now: Tensor, before: Tensor) =>
        ops.multiply(dualLearningRate, ops.add(e, ops.multiply(gain, ops.subtract(now, before))));
      return {
        lambda: ops.add(lambda, push(h, smoothH, state.smoothH)),
        mu: ops.maximum(0, ops.add(mu, push(g, smoothG, state.smoothG))),
        smoothH,
        smoothG,
      };
    };
    const here = slope(x, { lambda, mu });
    if (order === 'extragradient') {
      const descended = (direction: Tensor) => ops.subtract(x, ops.multiply(optimizer.learningRate, direction));
      const trial = descended(here);
      return { x: descended(slope(trial, raised(x))), ...raised(trial) };
    }
    const { next } = optimizer.apply(x, here);
    return { x: next, ...controlled(order === 'alternating' ? next : x) };
  },
  feelsMultipliers: true,
  automatic(start, { order, multiplierRule, penalty, dualLearningRate }, { names }) {
    const { leastCurvature, isPlain } = start;
    if (start.pull === 0 || !isPlain) return {}; // the answer of an adaptive optimizer to a multiplier has no such measure
    const rest = start.rest();
    const pull = rest?.pull ?? start.pull;
    const curvature = start.penalized(penalty) + 2 * (rest?.curvature ?? 0);
    const step = start.isStepNamed || !rest ? start.step : Math.min(start.step, 0.9 / curvature);
    const measures = { curvature, leastCurvature: leastCurvature + penalty * pull, pull, step };
    const rate = names.includes('dualLearningRate')
      ? Math.min(ascentRate(order, multiplierRule, measures), rest ? balanced(rest, step) : Number.POSITIVE_INFINITY)
      : dualLearningRate;
    // The proportional part adds η_λ κ_P JᵀJ to the curvature: half as much as there is.
    return { dualLearningRate: rate, proportional: curvature > 0 && rate > 0 ? curvature / (2 * rate * pull) : 1 };
  },
  caveat: (_, { stepLength, title }, { order }) =>
    order !== 'extragradient' && stepLength
      ? `The steps of ${title} do not get shorter with the gradient, and the multipliers answer each of them: the two circle the optimum.`
      : null,
  adviseInMotion: ({ order }) => ({
    message:
      'It circles the saddle point of the Lagrangian and does not come nearer: the multipliers turn it round, and where the loss has no curvature nothing calms that.',
    change:
      order === 'extragradient'
        ? { title: 'Use Augmented Lagrangian', method: 'augmented-lagrangian', settings: {} }
        : {
            title: 'Look ahead before each step (extragradient)',
            settings: { order: 'extragradient', multiplierRule: 'ascent' },
          },
  }),
  torch: (
    { python, problem, optimizer, learningRate, objective, descend },
    { order, dualLearningRate, penalty, multipliers, multiplierRule },
  ) => {
    if (multiplierRule !== 'ascent')
      return refused('Multipliers that go by another rule than plain ascent are not exported to PyTorch yet.');
    const { equalities, inequalities, definition, setup } = python.lagrangianParts(problem, objective, multipliers);
    /** The multipliers and the penalty's part, as constants of the gradient. */
    const weights = (at: string, eq: string, ineq: string) => [
      ...(equalities
        ? [
            penalty === 0
              ? `eq_weights = ${eq}`
              : `eq_weights = ${eq} + ${python.float(penalty)} * equalities(${at}, t).detach()`,
          ]
        : []),
      ...(inequalities
        ? [
            penalty === 0
              ? `ineq_weights = ${ineq}`
              : `ineq_weights = ${ineq} + ${python.float(penalty)} * torch.relu(inequalities(${at}, t)).detach()`,
          ]
        : []),
    ];
    const ascent = (at: string, prefix = '') => [
      'with torch.no_grad():',
      ...(equalities
        ? [`    ${prefix}eq_multipliers = eq_multipliers + ${python.float(dualLearningRate)} * equalities(${at}, t)`]
        : []),
      ...(inequalities
        ? [
            `    ${prefix}ineq_multipliers = torch.relu(ineq_multipliers + ${python.float(dualLearningRate)} * inequalities(${at}, t))`,
          ]
        : []),
      ...(equalities || inequalities ? [] : ['    pass  # there are no multipliers']),
    ];
    const call = (at: string) => python.lagrangianCall(problem, at, 'eq_weights', 'ineq_weights');
    if (order === 'extragradient') {
      const slope = (at: string) => `gradient(lambda z: ${call('z')}, ${at})`;
      return {
        definitions: [definition],
        setup: ['x = START.clone()', ...setup],
        step: [
          '# both players try a step, then step from the old point with the derivatives at the trial point',
          ...weights('x', 'eq_multipliers', 'ineq_multipliers'),
          `trial = x - ${python.float(learningRate)} * ${slope('x')}`,
          ...ascent('x', 'trial_'),
          ...weights('trial', 'trial_eq_multipliers', 'trial_ineq_multipliers'),
          `x = x - ${python.float(learningRate)} * ${slope('trial')}`,
          ...ascent('trial'),
        ],
        iterate: 'x',
      };
    }
    const primal = [...weights('x', 'eq_multipliers', 'ineq_multipliers'), ...descend('x', call('x'))];
    const isSimultaneous = order === 'simultaneous';
    return {
      definitions: [definition],
      setup: [python.X, python.optimizerLine(optimizer), ...setup],
      step: [
        ...(isSimultaneous ? ['before = x.detach().clone()'] : []),
        ...primal,
        ...ascent(isSimultaneous ? 'before' : 'x'),
      ],
    };
  },
  examples: [
    {
      name: 'a loss with no curvature in one direction, by optimistic multipliers',
      problem: 'param x1 = 0\nparam x2 = 0\nminimize x1^2 + 2*x2\nsubject to\n  x1 = 1\n  x2 = -1',
      optimizer: { kind: 'sgd', learningRate: 0.3 },
      settings: { multiplierRule: 'optimistic', dualLearningRate: 0.3 },
      steps: 1000,
      expect: { x: [1, -1], within: 1e-6 },
    },
    {
      name: 'without overshoot by a proportional part',
      problem: 'param x1 = 0\nparam x2 = 0\nminimize x1^2 + x2^2\nsubject to x1 + x2 = 1',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      settings: { multiplierRule: 'pi', proportional: 3, dualLearningRate: 0.5 },
      steps: 200,
      expect: { x: [0.5, 0.5], within: 1e-6 },
    },
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
