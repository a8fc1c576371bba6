import {
  type Advice,
  choice,
  defineMethod,
  type MethodProblem,
  seed,
  supported,
  unsupported,
  value,
} from '../../core/contracts.ts';
import { at, invariant } from '../../core/diagnostic.ts';
import { STREAMS } from '../../core/program/random-source.ts';
import { softmax } from '../../core/tensor/activations.ts';
import { gather, within } from '../../core/tensor/coordinates.ts';
import { vjp } from '../../core/tensor/derivatives.ts';
import { unitOfLowest } from '../../core/tensor/lowest.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { inRows } from '../../core/tensor/simplex.ts';

/** Shares below this part of their total are lifted to it at the start: log 0 is no logit. */
const LEAST_SHARE = 1e-6;

/** x with the entries of each simplex replaced: a row [k] each, from the rows of the given vectors, times its total. */
const choiceByChoice = (
  ops: Ops,
  { sets }: MethodProblem,
  x: Tensor,
  t: Tensor,
  weightsOf: (rows: (vector: Tensor) => Tensor, totals: Tensor) => Tensor,
): Tensor =>
  sets.reduce(
    (point, { coordinates, data }) =>
      within(ops, point, coordinates, (entries) => {
        const { totals } = data(t);
        invariant(totals, 'a simplex has totals');
        const column = ops.reshape(totals, [at(totals.shape, 0), 1]);
        const weights = weightsOf((vector) => inRows(ops, gather(ops, vector, coordinates), totals), column);
        return ops.reshape(weights, entries.shape);
      }),
    x,
  );

/** The corner of the largest entry of each simplex; of equal ones the first. */
const corners = (ops: Ops, problem: MethodProblem, x: Tensor, t: Tensor): Tensor =>
  choiceByChoice(ops, problem, x, t, (rows, totals) => ops.multiply(totals, unitOfLowest(ops, ops.negate(rows(x)))));

const LEANS: Advice = {
  message:
    'Noise draws an option at every step: it learns which one to lean to, and ends at shares that lean there, not where the slope of the loss balances.',
};

/**
 * θ are logits, g = −log(−log u) with u uniform in (0, 1), new at every step, and y = softmax((θ + g)/τ), times the total: as τ → 0
 * a corner, drawn with the probabilities softmax(θ). θ ← opt(θ, (dy/dθ)ᵀ ∇f(y)); `hard`: ∇f at the corner nearest to y instead.
 * τ goes from τ₀ to τ₁ by equal factors. Entries outside all simplexes are trained as they are.
 */
export default defineMethod({
  id: 'gumbel-softmax',
  title: 'Gumbel-softmax',
  source:
    'Jang, Gu & Poole 2017, Categorical reparameterization with Gumbel-softmax, ICLR, §2; Maddison, Mnih & Teh 2017, The concrete distribution, ICLR, §3',
  summary:
    'For choices: learns how likely each option is by trying random ones. Noise picks an option at every step, softly at first and more and more firmly as the temperature falls, so that the slope still says which way to lean. Another seed tries other options.',
  formula:
    'y = \\mathrm{softmax}\\Bigl(\\tfrac{\\theta + g}{\\tau_t}\\Bigr), \\quad g_i = -\\log(-\\log u_i), \\qquad \\theta \\leftarrow \\mathrm{opt}\\Bigl(\\theta, \\bigl(\\tfrac{\\partial y}{\\partial \\theta}\\bigr)^{\\!\\top} \\nabla f(y)\\Bigr)',
  settings: {
    temperature: value('τ₀', 'First temperature', 1, [0.01, 100], 'log'),
    lastTemperature: value('τ₁', 'Last temperature', 0.2, [0.01, 100], 'log'),
    forward: choice('The loss sees', ['soft', 'hard'], 'soft'),
    shown: choice('Shown as x', ['probabilities', 'likeliest'], 'probabilities'),
    seed: seed('Seed of the noise'),
  },
  optimizer: 'any',
  supports: ({ constraints, sets, hasExactProjection }) => {
    if (constraints.length === 0) return unsupported('There is no simplex, and so nothing to choose between.');
    return hasExactProjection && sets.every(({ kind }) => kind === 'simplex')
      ? supported
      : unsupported('Choices are shares of a whole here (w ≥ 0 with a fixed sum), and there is another constraint.');
  },
  init: (ops, problem) => ({
    theta: choiceByChoice(ops, problem, problem.start, ops.constant(0), (rows, totals) =>
      ops.log(ops.maximum(LEAST_SHARE, ops.divide(rows(problem.start), totals))),
    ),
  }),
  step(ops, problem, { theta }, { t, settings, optimizer }) {
    const { temperature, lastTemperature, forward } = settings;
    const cooled = ops.multiply(ops.divide(t, problem.steps), ops.log(ops.divide(lastTemperature, temperature)));
    const tau = ops.multiply(temperature, ops.exp(cooled));
    const uniform = problem.uniform([problem.size], t, settings.seed);
    const gumbel = ops.negate(ops.log(ops.negate(ops.log(uniform))));
    const drawn = (logits: Tensor) =>
      choiceByChoice(ops, problem, logits, t, (rows, totals) =>
        ops.multiply(totals, softmax(ops, ops.divide(ops.add(rows(logits), rows(gumbel)), tau))),
      );
    const soft = drawn(theta);
    const slope = problem.gradient(forward === 'hard' ? corners(ops, problem, soft, t) : soft, t);
    return { theta: optimizer.apply(theta, vjp(ops, drawn, theta, slope)).next };
  },
  iterate: (ops, problem, { theta }, { t, settings }) =>
    settings.shown === 'likeliest'
      ? corners(ops, problem, theta, t)
      : choiceByChoice(ops, problem, theta, t, (rows, totals) => ops.multiply(totals, softmax(ops, rows(theta)))),
  adviseAtRest: () => LEANS,
  adviseInMotion: () => LEANS,
  torch(script, { temperature, lastTemperature, forward, shown, seed: own }) {
    const { python, problem, structure, optimizer, objective, descend, place } = script;
    const choices = structure.sets.map((set) => {
      const { entries, data } = place(set);
      const within = (vector: string) => (entries === null ? vector : `${vector}[${entries}]`);
      const rows = (vector: string) => `${within(vector)}.reshape(len(${data.totals}), -1)`;
      const put = (weights: string) => {
        const values = `(${weights}).reshape(-1)`;
        return `x = ${entries === null ? values : `replace(x, ${entries}, ${values})`}`;
      };
      return { rows, put, totals: `${data.totals}[:, None]` };
    });
    /** A function of x that replaces the entries of each simplex. */
    const eachChoice = (
      head: readonly string[],
      weights: (rows: (vector: string) => string, totals: string) => string,
    ) => {
      const lines = choices.map(({ rows, put, totals }) => put(weights(rows, totals)));
      return [...head, ...python.mapBody('x', lines).map((line) => `    ${line}`)].join('\n');
    };
    const tau = `${python.float(temperature)} * (${python.float(lastTemperature)} / ${python.float(temperature)}) ** (t / STEPS)`;
    return {
      definitions: [
        ...python.uniformNumbers(problem.seed + own, STREAMS.methods),
        eachChoice(
          [
            'def drawn(x, t):',
            '    """Soft choices: softmax of the logits and Gumbel noise, over the temperature."""',
            `    tau = ${tau}`,
            '    noise = -torch.log(-torch.log(uniform(len(x), t)))',
          ],
          (rows, totals) => `${totals} * torch.softmax((${rows('x')} + ${rows('noise')}) / tau, dim=1)`,
        ),
        eachChoice(
          ['def probabilities(x):', '    """Of the choices, from their logits."""'],
          (rows, totals) => `${totals} * torch.softmax(${rows('x')}, dim=1)`,
        ),
        eachChoice(
          ['def corners(x):', '    """The corner of the largest entry of each simplex."""'],
          (rows, totals) => `${totals} * unit_of_lowest(-${rows('x')})`,
        ),
        'def hard(x, t):\n    """The corners that were drawn; their derivative counts as that of the soft choices."""\n    soft = drawn(x, t)\n    return soft + (corners(soft) - soft).detach()',
        eachChoice(
          ['def logits(x):', '    """Of the shares at the start."""'],
          (rows, totals) => `torch.log(torch.clamp(${rows('x')} / ${totals}, min=${LEAST_SHARE}))`,
        ),
      ],
      setup: ['theta = torch.nn.Parameter(logits(START))', python.optimizerLine(optimizer, 'theta')],
      step: descend('theta', `${objective}(${forward === 'hard' ? 'hard' : 'drawn'}(theta, t), t)`),
      iterate: `${shown === 'likeliest' ? 'corners' : 'probabilities'}(theta.detach())`,
    };
  },
  examples: [
    {
      name: 'the one option that meets a goal, which a mixture of the others would meet, too',
      problem: 'param w[3] = [0.4, 0.2, 0.4]\nminimize (w[0] + 2*w[1] + 3*w[2] - 2)^2\nsubject to w in simplex',
      optimizer: { kind: 'adam', learningRate: 0.1 },
      settings: { shown: 'likeliest' },
      steps: 500,
      expect: { x: [0, 1, 0], within: 1e-12 },
    },
    {
      name: 'two choices that must differ, and a free parameter that follows one of them',
      problem:
        'param A[2,2] = [[0.5, 0.5], [0.55, 0.45]]\nparam b = 0\nminimize 4*A[0,0]*A[1,0] + 4*A[0,1]*A[1,1] - A[0,1] + (b - A[1,0])^2\nsubject to A in stochastic',
      optimizer: { kind: 'adam', learningRate: 0.1 },
      settings: { forward: 'hard', shown: 'likeliest' },
      steps: 500,
      expect: { x: [0, 1, 1, 0, 1], within: 0.05 },
    },
  ],
});
