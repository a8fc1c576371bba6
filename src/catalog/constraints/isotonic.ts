import { type Chains, chainsOf } from '../../core/analysis/evidence/chains.ts';
import { components } from '../../core/analysis/evidence/components.ts';
import { type Claim, type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { gather } from '../../core/tensor/coordinates.ts';
import { nearestRisingByHalves } from '../../core/tensor/isotonic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

/** For each chain the positions of its entries, from the lowest on. */
type Ordered = { order: Chains };

function orderIn(lines: readonly ConstraintFacts[], coordinates: readonly number[]): Ordered | null {
  const chains = chainsOf(lines);
  const place = new Map(coordinates.map((entry, k) => [entry, k]));
  return chains && { order: chains.map((chain) => chain.map((entry) => place.get(entry) ?? 0)) };
}

/** Lines that share entries, together. */
const claim = (facts: readonly ConstraintFacts[]): Claim<Ordered>[] =>
  components(facts.filter((line) => line.affine && line.relation === 'inequality')).flatMap((lines) => {
    const coordinates = [...new Set(lines.flatMap((line) => line.coordinates))].sort((a, b) => a - b);
    const data = orderIn(lines, coordinates);
    return data ? [{ data, coordinates, constraints: lines.map(({ index }) => index) }] : [];
  });

/** The entries of each chain, [length], by f; `among` takes them out of a vector. */
function chainByChain(ops: Ops, order: Tensor, f: (among: (vector: Tensor) => Tensor) => Tensor): Tensor[] {
  const positions = knownNumbers(ops, order);
  const [count, length] = [at(order.shape, 0), at(order.shape, 1)];
  return Array.from({ length: count }, (_, k) =>
    f((vector) => gather(ops, vector, positions.slice(k * length, (k + 1) * length))),
  );
}

/** Each chain by f, its entries back where they were. */
function moved(ops: Ops, order: Tensor, f: (among: (vector: Tensor) => Tensor) => Tensor): Tensor {
  const places: number[] = [];
  knownNumbers(ops, order).forEach((position, place) => {
    places[position] = place;
  });
  return gather(ops, ops.concat(chainByChain(ops, order, f)), places);
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

const POOLED = `def pooled(row, weights):
    """The nearest row that never falls: neighbours that do are pooled into their mean."""
    blocks = []
    for entry, weight in zip(row, weights):
        total, mass, count = entry * weight, weight, 1
        while blocks and blocks[-1][0] * mass > total * blocks[-1][1]:
            before = blocks.pop()
            total, mass, count = total + before[0], mass + before[1], count + before[2]
        blocks.append((total, mass, count))
    return torch.cat([(total / mass).expand(count) for total, mass, count in blocks])`;

/** Chains {x : x₀ ≤ x₁ ≤ … ≤ x_{k−1}}, one or several without common entries. Shapes: x [g·k], order [g, k]. */
export default defineConstraintKind<Ordered>({
  id: 'isotonic',
  title: 'Entries in order',
  source:
    'Barlow et al. 1972, Statistical Inference under Order Restrictions, §1.2–1.3; Best & Chakravarti 1990, Math. Program. 47, 425–439',
  summary:
    'No entry is below the one before it: isotonic regression, calibrated scores, quantiles that do not cross. The nearest such point has the mean of each stretch that would fall.',
  isConvex: true,
  claim,
  recognize: (facts) => orderIn([facts], facts.coordinates),
  residual: (ops, x, { order }) => ({
    inequality: ops.concat(
      chainByChain(ops, order, (among) => {
        const chain = among(x);
        const shape = [at(chain.shape, 0) - 1];
        const from = (offset: number) => ops.slice(chain, { offset, strides: [1], shape });
        return ops.subtract(from(0), from(1));
      }),
    ),
  }),
  project: (ops, x, { order }) => moved(ops, order, (among) => nearestRising(ops, among(x), ops.ones(among(x).shape))),
  projectScaled(ops, x, { order }, scale) {
    const weights = ops.divide(1, scale);
    return moved(ops, order, (among) => nearestRising(ops, among(x), among(weights)));
  },
  torch: {
    data: ['order'],
    project: `${POOLED}


def project_isotonic(x, order):
    """Nearest point whose entries never fall along each row of order."""
    nearest = x.clone()
    for chain in order.long():
        nearest[chain] = pooled(x[chain], torch.ones_like(x[chain]))
    return nearest`,
    scaled: `${POOLED}


def project_isotonic_scaled(x, order, scale):
    """The point whose entries never fall along each row of order, with least sum (y - x)^2 / scale."""
    nearest = x.clone()
    for chain in order.long():
        nearest[chain] = pooled(x[chain], 1 / scale[chain])
    return nearest`,
  },
  examples: [
    { name: 'entries in the opposite order', data: { order: [[0, 1, 2]] }, from: [3, 2, 1], to: [2, 2, 2] },
    { name: 'entries in order', data: { order: [[0, 1, 2, 3]] }, from: [-1, 0, 0, 4], to: [-1, 0, 0, 4] },
    { name: 'an order that is not that of the entries', data: { order: [[2, 0, 1]] }, from: [0, 1, 2], to: [1, 1, 1] },
    {
      name: 'two stretches that fall',
      data: { order: [[0, 1, 2, 3, 4, 5, 6]] },
      from: [1, 0, 2, 5, 3, 1, 7],
      to: [0.5, 0.5, 2, 3, 3, 3, 7],
    },
    {
      name: 'a stretch whose mean is below an earlier one',
      data: { order: [[0, 1, 2, 3]] },
      from: [2, 4, 0, 0],
      to: [1.5, 1.5, 1.5, 1.5],
    },
    {
      name: 'two chains, one of every second entry',
      data: {
        order: [
          [0, 2, 4],
          [1, 3, 5],
        ],
      },
      from: [1, 0, 2, 2, 0, 1],
      to: [1, 0, 1, 1.5, 1, 1.5],
    },
  ],
});
