import { defineMethod, type MethodProblem, supported, unsupported } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { gather, within } from '../../core/tensor/coordinates.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

/** Shares below this part of their total are lifted to it at the start: an entry that is 0 stays 0 for ever. */
const LEAST_SHARE = 1e-12;

/** Entries of each group as rows, and their totals as a column. */
function groupsOf(ops: Ops, entries: Tensor, totals: Tensor | undefined) {
  const total = totals ?? ops.ones(1);
  const count = at(total.shape, 0);
  return { rows: ops.reshape(entries, [count, at(entries.shape, 0) / count]), column: ops.reshape(total, [count, 1]) };
}

/** Each row scaled to its total. */
function shares(ops: Ops, rows: Tensor, column: Tensor): Tensor {
  const sums = ops.reshape(ops.sum(rows, 1), column.shape);
  return ops.divide(ops.multiply(column, rows), sums);
}

/** Replaces the entries of each simplex. */
const inEach = (
  ops: Ops,
  { sets }: MethodProblem,
  x: Tensor,
  t: Tensor,
  f: (rows: Tensor, column: Tensor, coordinates: readonly number[]) => Tensor,
): Tensor =>
  sets.reduce(
    (point, { coordinates, data }) =>
      within(ops, point, coordinates, (entries) => {
        const { rows, column } = groupsOf(ops, entries, data(t).totals);
        return ops.reshape(f(rows, column, coordinates), entries.shape);
      }),
    x,
  );

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
  supports: ({ constraints, sets, unrecognized }) => {
    if (constraints.length === 0) return unsupported('There is no simplex whose shares could be multiplied.');
    return unrecognized.length === 0 && sets.every(({ kind }) => kind === 'simplex')
      ? supported
      : unsupported(
          'Mirror descent is here for simplexes only (w ≥ 0 with a fixed sum), and there is another constraint.',
        );
  },
  init: (ops, problem) => ({
    x: inEach(ops, problem, problem.start, ops.constant(0), (rows, column) =>
      shares(ops, ops.maximum(rows, ops.multiply(LEAST_SHARE, column)), column),
    ),
  }),
  step(ops, problem, { x }, { t, optimizer }) {
    const slope = problem.gradient(x, t);
    const free = ops.subtract(x, ops.multiply(optimizer.learningRate, slope));
    return {
      x: inEach(ops, problem, free, t, (_, column, coordinates) => {
        const { rows } = groupsOf(ops, gather(ops, x, coordinates), column);
        const slopes = ops.reshape(gather(ops, slope, coordinates), rows.shape);
        const least = ops.negate(ops.max(ops.negate(slopes), 1));
        const above = ops.subtract(slopes, ops.reshape(least, column.shape));
        const factors = ops.exp(ops.negate(ops.multiply(optimizer.learningRate, above)));
        return shares(ops, ops.multiply(rows, factors), column);
      }),
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
