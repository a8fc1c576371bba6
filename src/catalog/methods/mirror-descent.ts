import {
  type DataTensors,
  defineMethod,
  type MethodProblem,
  type SetData,
  supported,
  toggle,
  unsupported,
} from '../../core/contracts.ts';
import { at, invariant } from '../../core/diagnostic.ts';
import { gather, within } from '../../core/tensor/coordinates.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { inRows } from '../../core/tensor/simplex.ts';

/** Shares that are moved inside begin at this part of their total. */
const LEAST_SHARE = 1e-12;
/** Numbers without a total begin further inside: what is too small grows by factors only, and their size is not known. */
const LEAST_NUMBER = 1e-3;

/** A number without a total grows at most by e to this power in a step: e⁸⁹ is more than float32 holds. */
const MOST_GROWTH = 20;

/** How entries of one kind of set are moved by factors. */
interface Mirror {
  /** The entries, moved inside where they are beyond the boundary; where they are on it, if asked for, or if it must be. */
  inside(ops: Ops, entries: Tensor, data: DataTensors<SetData>, startInside: boolean): Tensor;
  /** The entries after a step against their slopes. */
  step(ops: Ops, entries: Tensor, slopes: Tensor, rate: Tensor, data: DataTensors<SetData>): Tensor;
}

const column = (ops: Ops, vector: Tensor): Tensor => ops.reshape(vector, [at(vector.shape, 0), 1]);

/** f of simplexes as rows [g, k] and of their totals [g], scaled to the totals. */
function shares(
  ops: Ops,
  entries: Tensor,
  { totals }: DataTensors<SetData>,
  f: (rows: (vector: Tensor) => Tensor) => Tensor,
): Tensor {
  invariant(totals, 'a simplex has totals');
  const weights = f((vector) => inRows(ops, vector, totals));
  const scale = ops.divide(totals, ops.sum(weights, 1));
  return ops.reshape(ops.multiply(column(ops, scale), weights), entries.shape);
}

const MIRRORS: Readonly<Record<string, Mirror>> = {
  simplex: {
    // Not scaled to the total: the first step does that, from the gradient at the start as it is.
    // A share of 0 stays 0, by the definition; where no share is positive, there is nothing to scale.
    inside(ops, entries, { totals }, startInside) {
      invariant(totals, 'a simplex has totals');
      const [rows, least] = [inRows(ops, entries, totals), column(ops, ops.multiply(LEAST_SHARE, totals))];
      const hasShare = column(ops, ops.less(0, ops.max(rows, 1)));
      const bound = startInside ? least : ops.where(hasShare, 0, least);
      return ops.reshape(ops.where(ops.less(rows, bound), least, rows), entries.shape);
    },
    step: (ops, entries, slopes, rate, data) =>
      shares(ops, entries, data, (rows) => {
        const least = ops.negate(ops.max(ops.negate(rows(slopes)), 1));
        const above = ops.subtract(rows(slopes), column(ops, least));
        return ops.multiply(rows(entries), ops.exp(ops.negate(ops.multiply(rate, above))));
      }),
  },
  nonnegativity: {
    inside: (ops, entries) => ops.maximum(entries, LEAST_NUMBER),
    step: (ops, entries, slopes, rate) =>
      ops.multiply(entries, ops.exp(ops.minimum(MOST_GROWTH, ops.negate(ops.multiply(rate, slopes))))),
  },
};

/** The point with the entries of each set replaced by f of them and of the set's own numbers. */
const setBySet = (
  ops: Ops,
  { sets }: MethodProblem,
  point: Tensor,
  t: Tensor,
  f: (mirror: Mirror, coordinates: readonly number[], data: DataTensors<SetData>) => Tensor,
): Tensor =>
  sets.reduce((moved, { kind, coordinates, data }) => {
    const mirror = MIRRORS[kind];
    invariant(mirror, 'supports promised sets that are moved by factors');
    return within(ops, moved, coordinates, () => f(mirror, coordinates, data(t)));
  }, point);

/**
 * On a simplex xᵢ ← xᵢ exp(−η (∇ᵢf − min ∇f)), scaled to the total; on x ≥ 0 the same without a total: xᵢ ← xᵢ exp(−η ∇ᵢf). Each
 * is the step argmin η ∇f·y + D(y, x) with D the relative entropy Σ yᵢ log(yᵢ/xᵢ) − yᵢ + xᵢ. Entries outside all sets take plain
 * gradient steps.
 */
export default defineMethod({
  id: 'mirror-descent',
  title: 'Mirror descent',
  source:
    'Beck & Teboulle 2003, Operations Research Letters 31, 167–175; Kivinen & Warmuth 1997 (exponentiated gradient)',
  summary:
    'Multiplies numbers instead of adding to them: shares of a whole, and numbers that may not be negative, stay so by themselves. A share that is zero stays zero: start inside.',
  formula:
    'x_i \\leftarrow \\frac{x_i\\, e^{-\\eta\\, \\partial_i f(x)}}{\\sum_j x_j\\, e^{-\\eta\\, \\partial_j f(x)}}',
  settings: { startInside: toggle('Move shares of zero inside at the start') },
  optimizer: 'learning-rate',
  supports: ({ constraints, sets, hasExactProjection }) => {
    if (constraints.length === 0)
      return unsupported('There is no simplex and no x ≥ 0 whose numbers could be multiplied.');
    return hasExactProjection && sets.every(({ kind }) => kind in MIRRORS)
      ? supported
      : unsupported(
          'Mirror descent is here for simplexes (w ≥ 0 with a fixed sum) and for x ≥ 0 only, and there is another constraint.',
        );
  },
  init: (ops, problem, { startInside }) => ({
    x: setBySet(ops, problem, problem.start, ops.constant(0), ({ inside }, coordinates, data) =>
      inside(ops, gather(ops, problem.start, coordinates), data, startInside),
    ),
  }),
  step(ops, problem, { x }, { t, optimizer: { learningRate } }) {
    const slope = problem.gradient(x, t);
    const free = ops.subtract(x, ops.multiply(learningRate, slope));
    return {
      x: setBySet(ops, problem, free, t, ({ step }, coordinates, data) =>
        step(ops, gather(ops, x, coordinates), gather(ops, slope, coordinates), learningRate, data),
      ),
    };
  },
  adviseAtRest({ sets }, _, { startInside }, { start }) {
    const isZero = (set: (typeof sets)[number]) =>
      set.kind === 'simplex' && set.coordinates.some((i) => start[i] === 0);
    if (startInside || !sets.some(isZero)) return null;
    return {
      message: 'A share that starts at zero stays zero: it is only ever multiplied.',
      change: { title: 'Start inside', settings: { startInside: true } },
    };
  },
  torch({ structure, objective, place, learningRate }, { startInside }) {
    const moves = structure.sets.map((set) => {
      const { entries, data } = place(set);
      const within = (vector: string) => (entries === null ? vector : `${vector}[${entries}]`);
      const put = (values: string) => (entries === null ? `x = ${values}` : `x = replace(x, ${entries}, ${values})`);
      if (set.kind === 'nonnegativity')
        return {
          inside: put(`torch.clamp(${within('x')}, min=${LEAST_NUMBER})`),
          step: [
            put(`${within('old')} * torch.exp(torch.clamp(-${learningRate} * ${within('slope')}, max=${MOST_GROWTH}))`),
          ],
        };
      const totals = data.totals ?? '';
      const rows = (vector: string) => `${within(vector)}.reshape(len(${totals}), -1)`;
      return {
        inside: put(`inside(${rows('x')}, ${LEAST_SHARE} * ${totals}[:, None]).reshape(-1)`),
        step: [
          `slopes = ${rows('slope')}`,
          `above = slopes - slopes.min(1, keepdim=True).values`,
          put(`shares(${rows('old')} * torch.exp(-${learningRate} * above), ${totals})`),
        ],
      };
    });
    const hasShares = structure.sets.some(({ kind }) => kind === 'simplex');
    return {
      definitions: hasShares
        ? [
            'def shares(weights, totals):\n    """Weights scaled row by row to their totals."""\n    return (totals[:, None] * weights / weights.sum(1, keepdim=True)).reshape(-1)',
            `def inside(rows, least):\n    """Rows with ${startInside ? 'all shares' : 'shares below 0, or all of a row without any,'} lifted to the least."""\n    bound = ${startInside ? 'least' : 'torch.where(rows.amax(1, keepdim=True) > 0, torch.zeros_like(least), least)'}\n    return torch.where(rows < bound, least, rows)`,
          ]
        : [],
      setup: ['x = START.clone()', ...moves.map(({ inside }) => inside)],
      step: [
        `slope = gradient(lambda z: ${objective}(z, t), x)`,
        `free = x - ${learningRate} * slope`,
        'old, x = x, free',
        ...moves.flatMap(({ step }) => step),
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
      settings: { startInside: true },
      steps: 1000,
      expect: { x: [0.1, 0.4, 0.5], within: 1e-6 },
    },
    {
      name: 'a share that starts at zero',
      problem:
        'param w[3] = [0.5, 0.5, 0]\nminimize (w[0] - 0.2)^2 + (w[1] - 0.5)^2 + (w[2] - 0.6)^2\nsubject to w in simplex',
      optimizer: { kind: 'sgd', learningRate: 0.5 },
      steps: 200,
      expect: { x: [0.35, 0.65, 0], within: 1e-6 },
    },
    {
      name: 'shares and a free parameter',
      problem:
        'param w[2] = [0.5, 0.5]\nparam b = 0\nminimize (w[0] - 1.5)^2 + (w[1] - 1)^2 + (b + 1)^2\nsubject to\n  w >= 0\n  sum(w) = 2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 1000,
      expect: { x: [1.25, 0.75, -1], within: 1e-6 },
    },
    {
      name: 'numbers that may not be negative, one of them at zero, beside a free parameter',
      problem:
        'param a = 0\nparam b = 0.5\nparam c = 2\nminimize (a - 1)^2 + (b + 1)^2 + (c - a)^2\nsubject to\n  a >= 0\n  b >= 0',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 500,
      expect: { x: [1, 0, 1], within: 1e-6 },
    },
  ],
});
