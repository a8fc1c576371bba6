import type { RecognizedSet, Structure } from '../../core/analysis/structure.ts';
import {
  choice,
  defineMethod,
  type MethodProblem,
  onlyWith,
  supported,
  unsupported,
  value,
} from '../../core/contracts.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

/** Whether the nearest point of the set to multiples of q is made of multiples of q, too. */
function keepsMultiples({ kind, data, isMoving }: RecognizedSet, q: number): boolean {
  if (kind === 'sparse' || kind === 'mask' || kind === 'nonnegativity') return true;
  const bounds = kind === 'box' && !isMoving ? Object.values(data).flat(2) : [Number.NaN];
  return bounds.every((bound) => !Number.isNaN(bound) && (!Number.isFinite(bound) || isWhole(bound / q)));
}

const isWhole = (ratio: number): boolean => Math.abs(ratio - Math.round(ratio)) <= 1e-9 * Math.max(1, Math.abs(ratio));

type Rounding = 'auto' | 'on' | 'off';

/** Left alone, numbers are rounded where nothing else makes a choice of them. */
const isRounded = ({ constraints }: Structure, rounding: Rounding): boolean =>
  rounding === 'on' || (rounding === 'auto' && constraints.length === 0);

/** What the loss sees of θ. */
function seen(
  ops: Ops,
  { structure, project }: MethodProblem,
  theta: Tensor,
  t: Tensor,
  { rounding, roundingStep }: { readonly rounding: Rounding; readonly roundingStep: Tensor },
): Tensor {
  const rounded = () => ops.multiply(roundingStep, ops.floor(ops.add(ops.divide(theta, roundingStep), 0.5)));
  const point = isRounded(structure, rounding) ? rounded() : ops.identity(theta);
  return project ? project(point, t) : point;
}

/**
 * θ is free, and the loss sees x = P(θ): its nearest feasible point, such as the k largest entries; or x = P(q ⌊θ/q + ½⌋), rounded
 * to multiples of q first. The derivative of P and of rounding, which is 0 or undefined where choices are made, is replaced by the
 * identity: θ ← opt(θ, ∇f(x)). Where the best real number lies between two multiples, x swings between them, as ∇f has no zero.
 */
export default defineMethod({
  id: 'straight-through',
  title: 'Straight-through',
  source:
    'Bengio, Léonard & Courville 2013, Estimating or propagating gradients through stochastic neurons, §4; Hinton 2012, lecture 9c; rounding: Courbariaux, Bengio & David 2015, BinaryConnect, §2',
  summary:
    'Trains free numbers, shows the loss only their nearest feasible point, and pretends that moving to it changes nothing. The usual way to train choices that have no slope, such as which entries may differ from zero, or which whole number is best: without constraints, numbers are rounded.',
  formula:
    'x = P(\\theta) \\ \\text{or}\\ P\\bigl(q \\lfloor \\theta/q + \\tfrac12 \\rfloor\\bigr), \\qquad \\theta \\leftarrow \\mathrm{opt}\\bigl(\\theta, \\nabla f(x)\\bigr)',
  settings: {
    rounding: choice('Rounding', ['auto', 'on', 'off'], 'auto'),
    roundingStep: onlyWith('rounding', ['auto', 'on'], value('q', 'Step of rounding', 1, [1e-6, 1e6], 'log')),
  },
  optimizer: 'any',
  supports: (structure, { rounding = 'auto', roundingStep = 1 } = {}) => {
    const { constraints, sets, hasExactProjection } = structure;
    const rounds = isRounded(structure, rounding);
    if (constraints.length === 0)
      return rounds ? supported : unsupported('Without constraints and without rounding nothing is chosen.');
    if (!hasExactProjection)
      return unsupported('The forward pass needs a formula for the nearest feasible point, and there is none here.');
    return !rounds || sets.every((set) => keepsMultiples(set, roundingStep))
      ? supported
      : unsupported(
          `Rounded to multiples of ${roundingStep}, numbers may leave these constraints: rounding goes with bounds that are such multiples, and with sparse vectors.`,
        );
  },
  init: (_, { start }) => ({ theta: start }),
  step: (ops, problem, { theta }, { t, settings, optimizer }) => ({
    theta: optimizer.apply(theta, problem.gradient(seen(ops, problem, theta, t, settings), t)).next,
  }),
  iterate: (ops, problem, { theta }, { t, settings }) => seen(ops, problem, theta, t, settings),
  torch: ({ python, structure, optimizer, objective, descend, onto }, { rounding, roundingStep }) => {
    const rounds = isRounded(structure, rounding);
    const q = python.float(roundingStep);
    const names = onto(structure.sets, 'project');
    const rounded = roundingStep === 1 ? 'torch.floor(theta + 0.5)' : `${q} * torch.floor(theta / ${q} + 0.5)`;
    const seen = rounds ? rounded : 'theta';
    const chosen = names.length > 0 ? `project(${seen}, t)` : seen;
    return {
      definitions: [
        ...python.projection('exact', names),
        `def chosen(theta, t):\n    """x: the nearest ${rounds ? `multiples of ${q} and their nearest ` : ''}feasible point."""\n    return ${chosen}`,
        'def forward(theta, t):\n    """x, whose derivative counts as the identity."""\n    return theta + (chosen(theta, t) - theta).detach()',
      ],
      setup: ['theta = torch.nn.Parameter(START.clone())', python.optimizerLine(optimizer, 'theta')],
      step: descend('theta', `${objective}(forward(theta, t), t)`),
      iterate: 'chosen(theta.detach(), t)',
    };
  },
  examples: [
    {
      name: 'the nearest point of a box, from inside',
      problem:
        'param a = 0.5\nparam b = 0.5\nminimize (a - 2)^2 + (b - 0.25)^2\nsubject to\n  0 <= a <= 1\n  0 <= b <= 1',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 200,
      expect: { x: [1, 0.25], within: 1e-6 },
    },
    {
      name: 'the two whole numbers that solve two equations',
      problem: 'param a = 0.3\nparam b = -0.7\nminimize (a + b - 3)^2 + (a - b - 1)^2',
      optimizer: { kind: 'sgd', learningRate: 0.05 },
      settings: { rounding: 'on' },
      steps: 200,
      expect: { x: [2, 1], within: 1e-12 },
    },
    {
      name: 'whole numbers between bounds, the free ones of which would be (2, 1)',
      problem:
        'param a = 0.3\nparam b = -0.7\nminimize (a + b - 3)^2 + (a - b - 1)^2\nsubject to\n  0 <= a <= 1\n  b >= -1',
      optimizer: { kind: 'sgd', learningRate: 0.05 },
      settings: { rounding: 'on' },
      steps: 200,
      expect: { x: [1, 1], within: 1e-12 },
    },
  ],
});
