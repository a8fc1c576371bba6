import { intersectionOf, UNBOUNDED } from '../../core/analysis/evidence/bounds.ts';
import { type Chains, chainsOf } from '../../core/analysis/evidence/chains.ts';
import { components } from '../../core/analysis/evidence/components.ts';
import { type Claim, type ConstraintFacts, type DataTensors, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { gather } from '../../core/tensor/coordinates.ts';
import { nearestRisingByHalves } from '../../core/tensor/isotonic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

/** For each chain the positions of its entries, from the lowest on, and what all of them lie between: −Infinity and Infinity without bounds. */
type Ordered = { order: Chains; lower: readonly number[]; upper: readonly number[] };

function orderIn(
  lines: readonly ConstraintFacts[],
  bounds: readonly ConstraintFacts[],
  coordinates: readonly number[],
): Ordered | null {
  const chains = chainsOf(lines);
  const place = new Map(coordinates.map((entry, k) => [entry, k]));
  const limits = chains && limitsOf(chains, bounds);
  return limits && { order: chains.map((chain) => chain.map((entry) => place.get(entry) ?? 0)), ...limits };
}

/** What bounds the lowest entry of a chain from below, or the highest from above, bounds all; null where other bounds say more, or no point is left. */
function limitsOf(chains: Chains, bounds: readonly ConstraintFacts[]): Omit<Ordered, 'order'> | null {
  const intervals = intersectionOf(bounds);
  const ends = chains.map((chain) => {
    const all = chain.map((entry) => intervals.get(entry) ?? UNBOUNDED);
    const { lower } = at(all, 0);
    const { upper } = at(all, all.length - 1);
    const isAll = lower <= upper && all.every((own) => own.lower <= lower && own.upper >= upper);
    return isAll ? { lower, upper } : null;
  });
  if (!ends.every((one) => one !== null)) return null;
  return { lower: ends.map(({ lower }) => lower), upper: ends.map(({ upper }) => upper) };
}

/** Lines that share entries, together, with all bounds on those where they are bounds on the whole. */
const claim = (facts: readonly ConstraintFacts[]): Claim<Ordered>[] => {
  const inequalities = facts.filter(({ relation }) => relation === 'inequality');
  const rows = inequalities.filter(({ affine, bounds }) => affine && !bounds);
  return components(rows).flatMap((lines) => {
    const own = new Set(lines.flatMap((line) => line.coordinates));
    const coordinates = [...own].sort((a, b) => a - b);
    const touching = inequalities.filter((line) => line.bounds && line.coordinates.some((entry) => own.has(entry)));
    const areWithin = touching.every((line) => !line.isMoving && line.coordinates.every((entry) => own.has(entry)));
    return (areWithin && touching.length > 0 ? [[], touching] : [[]]).flatMap((bounds) => {
      const data = orderIn(lines, bounds, coordinates);
      const constraints = [...lines, ...bounds].map(({ index }) => index).sort((a, b) => a - b);
      return data ? [{ data, coordinates, constraints }] : [];
    });
  });
};

/** The entries of each chain, [length], by f; `among` takes them out of a vector. */
function chainByChain(ops: Ops, order: Tensor, f: (among: (vector: Tensor) => Tensor, k: number) => Tensor): Tensor[] {
  const positions = knownNumbers(ops, order);
  const [count, length] = [at(order.shape, 0), at(order.shape, 1)];
  return Array.from({ length: count }, (_, k) =>
    f((vector) => gather(ops, vector, positions.slice(k * length, (k + 1) * length)), k),
  );
}

/** Each chain as the nearest that rises, between its bounds, and its entries back where they were. Between bounds on all of a chain the nearest is the nearest of all, clipped. */
function nearest(ops: Ops, x: Tensor, { order, lower, upper }: DataTensors<Ordered>, weights: Tensor): Tensor {
  const places: number[] = [];
  knownNumbers(ops, order).forEach((position, place) => {
    places[position] = place;
  });
  const [lowest, highest] = [knownNumbers(ops, lower), knownNumbers(ops, upper)];
  const chains = chainByChain(ops, order, (among, k) => {
    const [least, most] = [at(lowest, k), at(highest, k)];
    const rising = nearestRising(ops, among(x), among(weights));
    const above = Number.isFinite(least) ? ops.maximum(rising, least) : rising;
    return Number.isFinite(most) ? ops.minimum(above, most) : above;
  });
  return gather(ops, ops.concat(chains), places);
}

/** Entries of a chain of which the means of all stretches are made; of more it takes fewer operations to merge halves. */
const MOST_MEANS = 32;

/**
 * argmin Σ wᵢ (zᵢ − yᵢ)² with z₀ ≤ z₁ ≤ …: zᵢ is the largest over j ≤ i of the least over k ≥ i of the weighted mean of yⱼ … yₖ. It never
 * falls, however the means are rounded. Shapes: y, w [n].
 */
function nearestRising(ops: Ops, y: Tensor, weights: Tensor): Tensor {
  const n = at(y.shape, 0);
  if (n > MOST_MEANS) return nearestRisingByHalves(ops, y, weights);
  const matrix = (value: (k: number, j: number) => number) =>
    ops.constant(
      Float64Array.from({ length: n * n }, (_, place) => value(Math.floor(place / n), place % n)),
      [n, n],
    );
  const isRun = matrix((k, j) => (j <= k ? 1 : 0));
  const runSums = (entries: Tensor) => ops.matmul(ops.multiply(isRun, entries), isRun); // (k, j): of entries j … k
  const sums = runSums(weights);
  let least = ops.divide(runSums(ops.multiply(weights, y)), ops.where(isRun, sums, 1));
  const rows = (from: number, count: number) =>
    ops.slice(least, { offset: from * n, strides: [1], shape: [count * n] });
  // Row k becomes the least of rows k … n − 1: of 2, of 4, … of them.
  for (let shift = 1; shift < n; shift *= 2) {
    const later = ops.concat([rows(shift, n - shift), rows(n - shift, shift)]);
    least = ops.minimum(least, ops.reshape(later, [n, n]));
  }
  const first = ops.slice(least, { offset: 0, strides: [n, 1], shape: [n, 1] });
  return ops.max(ops.where(isRun, least, first), 1);
}

const unbounded = (order: Chains): Ordered => ({
  order,
  lower: order.map(() => Number.NEGATIVE_INFINITY),
  upper: order.map(() => Number.POSITIVE_INFINITY),
});

const SCALED = `def pooled(row, weights):
    """The nearest row that never falls: neighbours that do are pooled into their mean."""
    blocks = []
    for entry, weight in zip(row, weights):
        total, mass, count = entry * weight, weight, 1
        while blocks and blocks[-1][0] * mass > total * blocks[-1][1]:
            before = blocks.pop()
            total, mass, count = total + before[0], mass + before[1], count + before[2]
        blocks.append((total, mass, count))
    return torch.cat([(total / mass).expand(count) for total, mass, count in blocks])


def project_isotonic_scaled(x, order, lower, upper, scale):
    """The point whose entries never fall along each row of order, between its bounds, with least sum (y - x)^2 / scale."""
    nearest = x.clone()
    for chain, low, high in zip(order.long(), lower, upper):
        nearest[chain] = pooled(x[chain], 1 / scale[chain]).clamp(low, high)
    return nearest`;

/** Chains {x : lower ≤ x₀ ≤ x₁ ≤ … ≤ x_{k−1} ≤ upper}, one or several without common entries. Shapes: x [g·k], order [g, k], lower, upper [g]; a bound may be infinite. */
export default defineConstraintKind<Ordered>({
  id: 'isotonic',
  title: 'Entries in order',
  source:
    'Barlow et al. 1972, Statistical Inference under Order Restrictions, §1.2–1.3; Best & Chakravarti 1990, Math. Program. 47, 425–439',
  summary:
    'No entry is below the one before it: isotonic regression, calibrated scores, quantiles that do not cross. The nearest such point has the mean of each stretch that would fall.',
  isConvex: true,
  claim,
  recognize: (facts) => orderIn([facts], [], facts.coordinates),
  residual: (ops, x, { order, lower, upper }) => ({
    inequality: ops.concat(
      chainByChain(ops, order, (among, k) => {
        const chain = among(x);
        const entries = (of: Tensor, offset: number, count: number) =>
          ops.slice(of, { offset, strides: [1], shape: [count] });
        const pairs = at(chain.shape, 0) - 1;
        return ops.concat([
          ops.subtract(entries(chain, 0, pairs), entries(chain, 1, pairs)),
          ops.subtract(entries(lower, k, 1), entries(chain, 0, 1)),
          ops.subtract(entries(chain, pairs, 1), entries(upper, k, 1)),
        ]);
      }),
    ),
  }),
  project: (ops, x, data) => nearest(ops, x, data, ops.ones(x.shape)),
  projectScaled: (ops, x, data, scale) => nearest(ops, x, data, ops.divide(1, scale)),
  torch: {
    data: ['order', 'lower', 'upper'],
    project: `${SCALED}


def project_isotonic(x, order, lower, upper):
    """Nearest point whose entries never fall along each row of order, and lie between its bounds."""
    return project_isotonic_scaled(x, order, lower, upper, torch.ones_like(x))`,
    scaled: SCALED,
  },
  examples: [
    { name: 'entries in the opposite order', data: unbounded([[0, 1, 2]]), from: [3, 2, 1], to: [2, 2, 2] },
    { name: 'entries in order', data: unbounded([[0, 1, 2, 3]]), from: [-1, 0, 0, 4], to: [-1, 0, 0, 4] },
    { name: 'an order that is not that of the entries', data: unbounded([[2, 0, 1]]), from: [0, 1, 2], to: [1, 1, 1] },
    {
      name: 'two stretches that fall',
      data: unbounded([[0, 1, 2, 3, 4, 5, 6]]),
      from: [1, 0, 2, 5, 3, 1, 7],
      to: [0.5, 0.5, 2, 3, 3, 3, 7],
    },
    {
      name: 'a stretch whose mean is below an earlier one',
      data: unbounded([[0, 1, 2, 3]]),
      from: [2, 4, 0, 0],
      to: [1.5, 1.5, 1.5, 1.5],
    },
    {
      name: 'two chains, one of every second entry',
      data: unbounded([
        [0, 2, 4],
        [1, 3, 5],
      ]),
      from: [1, 0, 2, 2, 0, 1],
      to: [1, 0, 1, 1.5, 1, 1.5],
    },
    {
      name: 'bounds, beyond one of which a stretch falls',
      data: { order: [[0, 1, 2, 3]], lower: [0], upper: [1] },
      from: [-0.5, 3, 2, 0.25],
      to: [0, 1, 1, 1],
    },
    {
      name: 'two chains, each with a bound of its own',
      data: {
        order: [
          [0, 2, 4],
          [1, 3, 5],
        ],
        lower: [0.5, Number.NEGATIVE_INFINITY],
        upper: [Number.POSITIVE_INFINITY, 1],
      },
      from: [1, 0, -1, 3, 2, 1],
      to: [0.5, 0, 0.5, 1, 2, 1],
    },
  ],
});
