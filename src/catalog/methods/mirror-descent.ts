import { defineMethod, type MethodProblem, supported, unsupported } from '../../core/contracts.ts';
import { at, invariant } from '../../core/diagnostic.ts';
import { gather, within } from '../../core/tensor/coordinates.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { inRows } from '../../core/tensor/simplex.ts';

/** Shares below this part of their total are lifted to it at the start: an entry that is 0 stays 0 for ever. */
const LEAST_SHARE = 1e-12;

/** Numbers of one kind of simplexes: a row each, and their totals [g]. */
interface Simplexes {
  readonly totals: Tensor;
  /** Entries of a vector over all of x that belong to these simplexes, [g, k]. */
  rows(x: Tensor): Tensor;
}

/** x with the entries of each simplex replaced by weights ≥ 0, scaled to the total. */
const withShares = (
  ops: Ops,
  { sets }: MethodProblem,
  x: Tensor,
  t: Tensor,
  weightsOf: (simplexes: Simplexes) => Tensor,
): Tensor =>
  sets.reduce(
    (point, { coordinates, data }) =>
      within(ops, point, coordinates, (entries) => {
        const { totals } = data(t);
        invariant(totals, 'a simplex has totals');
        const weights = weightsOf({ totals, rows: (vector) => inRows(ops, gather(ops, vector, coordinates), totals) });
        const scale = ops.divide(totals, ops.sum(weights, 1));
        return ops.reshape(ops.multiply(column(ops, scale), weights), entries.shape);
      }),
    x,
  );

const column = (ops: Ops, vector: Tensor): Tensor => ops.reshape(vector, [at(vector.shape, 0), 1]);

/**
 * On a simplex xᵢ ← xᵢ exp(−η (∇ᵢf − min ∇f)), scaled to the total: the step that is nearest in relative entropy. Entries outside
 * all simplexes take plain gradient steps.
 */
export default defineMethod({
  id: 'mirror-descent',
  title: 'Mirror descent',
  source:
    'Beck & Teboulle 2003, Operations Research Letters 31, 167–175; Kivinen & Warmuth 1997 (exponentiated gradient)',
  summary:
    'Multiplies shares instead of adding to them: on a simplex every iterate stays inside by itself. A share that is zero stays zero, so the start is moved inside.',
  formula:
    'x_i \\leftarrow \\frac{x_i\\, e^{-\\eta\\, \\partial_i f(x)}}{\\sum_j x_j\\, e^{-\\eta\\, \\partial_j f(x)}}',
  settings: {},
  optimizer: 'learning-rate',
  supports: ({ constraints, sets, hasExactProjection }) => {
    if (constraints.length === 0) return unsupported('There is no simplex whose shares could be multiplied.');
    return hasExactProjection && sets.every(({ kind }) => kind === 'simplex')
      ? supported
      : unsupported(
          'Mirror descent is here for simplexes only (w ≥ 0 with a fixed sum), and there is another constraint.',
        );
  },
  init: (ops, problem) => ({
    x: withShares(ops, problem, problem.start, ops.constant(0), ({ totals, rows }) =>
      ops.maximum(rows(problem.start), column(ops, ops.multiply(LEAST_SHARE, totals))),
    ),
  }),
  step(ops, problem, { x }, { t, optimizer }) {
    const slope = problem.gradient(x, t);
    const free = ops.subtract(x, ops.multiply(optimizer.learningRate, slope));
    return {
      x: withShares(ops, problem, free, t, ({ rows }) => {
        const slopes = rows(slope);
        const least = ops.negate(ops.max(ops.negate(slopes), 1));
        const above = ops.subtract(slopes, column(ops, least));
        return ops.multiply(rows(x), ops.exp(ops.negate(ops.multiply(optimizer.learningRate, above))));
      }),
    };
  },
  torch({ structure, objective, place, learningRate }) {
    const groups = structure.sets.map((set) => {
      const { entries, data } = place(set);
      const totals = data.totals ?? '';
      const within = (vector: string) => (entries === null ? vector : `${vector}[${entries}]`);
      const rows = (vector: string) => `${within(vector)}.reshape(len(${totals}), -1)`;
      const put = (values: string) => (entries === null ? `x = ${values}` : `x = replace(x, ${entries}, ${values})`);
      return { totals, rows, put };
    });
    return {
      definitions: [
        'def shares(weights, totals):\n    """Weights scaled row by row to their totals."""\n    return (totals[:, None] * weights / weights.sum(1, keepdim=True)).reshape(-1)',
      ],
      setup: [
        'x = START.clone()',
        ...groups.map(({ totals, rows, put }) =>
          put(`shares(torch.maximum(${rows('x')}, ${LEAST_SHARE} * ${totals}[:, None]), ${totals})`),
        ),
      ],
      step: [
        `slope = gradient(lambda z: ${objective}(z, t), x)`,
        `free = x - ${learningRate} * slope`,
        'old, x = x, free',
        ...groups.flatMap(({ totals, rows, put }) => [
          `slopes = ${rows('slope')}`,
          `above = slopes - slopes.min(1, keepdim=True).values`,
          put(`shares(${rows('old')} * torch.exp(-${learningRate} * above), ${totals})`),
        ]),
      ],
      iterate: 'x',
    };
  },
  examples: [
    {
      name: 'the nearest point of a simplex, from a corner',
      problem:
        'param w[3] = [1, 0, 0]\nminimize (w[0] - 0.2)^2 + (w[1] - 0.5)^2 + (w[2] - 0.6)^2\nsubject to w in simplex',
      optimizer: { kind: 'sgd', learningRate: 0.5 },
      steps: 1000,
      expect: { x: [0.1, 0.4, 0.5], within: 1e-6 },
    },
    {
      name: 'shares and a free parameter',
      problem:
        'param w[2] = [0.5, 0.5]\nparam b = 0\nminimize (w[0] - 1.5)^2 + (w[1] - 1)^2 + (b + 1)^2\nsubject to\n  w >= 0\n  sum(w) = 2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 1000,
      expect: { x: [1.25, 0.75, -1], within: 1e-6 },
    },
  ],
});
