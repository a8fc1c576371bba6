import { components } from '../../core/analysis/evidence/components.ts';
import { boundsBySide, firstRowsOf, type Limit, movingOf, tightest } from '../../core/analysis/evidence/following.ts';
import { gridsOf, sharesOf } from '../../core/analysis/evidence/shares.ts';
import { type Claim, type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { nearestInBoxPlane } from '../../core/tensor/box-plane.ts';

/** −Infinity and Infinity where an entry, or a row, has no bound on that side. */
type BoxPlane = {
  A: readonly (readonly number[])[];
  least: readonly number[];
  most: readonly number[];
  lower: readonly number[];
  upper: readonly number[];
};

/** Rows apart have a matrix here; one row may have any length. */
const MOST_OF_MATRIX = 2e5;

/** As typed, or two for each |a·x − c| ≤ r. */
const rowsOf = ({ affine, halfSpaces }: ConstraintFacts) => affine ?? halfSpaces;

const isPlane = (facts: ConstraintFacts): boolean => facts.bounds === null && rowsOf(facts) !== null;
const isBound = ({ bounds }: ConstraintFacts): boolean => bounds !== null;

/** All planes; or equalities alone, where they overlap with others. */
function claim(facts: readonly ConstraintFacts[]): Claim<BoxPlane>[] {
  const planes = facts.filter(isPlane);
  if (planes.length === 0) return [];
  const simplexes = [...sharesOf(facts, 'equality'), ...sharesOf(facts, 'inequality'), ...gridsOf(facts)];
  const equalities = planes.filter(({ relation }) => relation === 'equality');
  return [planes, equalities].flatMap((some) => claimsOf(facts, some, simplexes));
}

/** Weighted sums between limits that share no entry, with all bounds on their entries; not where they are a simplex, which is known better. */
function claimsOf(
  facts: readonly ConstraintFacts[],
  planes: readonly ConstraintFacts[],
  simplexes: readonly Claim[],
): Claim<BoxPlane>[] {
  if (planes.length === 0) return [];
  const shares = simplexes.map(({ constraints }) => new Set(constraints));
  return components([...planes, ...facts.filter(isBound)]).flatMap((lines) => {
    const own = lines.filter(isPlane);
    const hasBound = lines.some((line) => isBound(line) && line.relation === 'inequality');
    const isKnown = shares.some((indices) => lines.every(({ index }) => indices.has(index)));
    return own.length > 0 && hasBound && !isKnown ? claimOf(own, lines.filter(isBound)) : [];
  });
}

/** A weighted sum, and what is said of it. */
interface Sum {
  readonly weights: ReadonlyMap<number, number>;
  readonly lower: Limit[];
  readonly upper: Limit[];
}

/** The rows of planes, those along the same weights as one; null where two others share an entry, or a row has only weights 0. */
function sumsOf(planes: readonly ConstraintFacts[], firstRows: ReadonlyMap<number, number>): Sum[] | null {
  const sums: Sum[] = [];
  const sumOf = new Map<number, Sum>();
  for (const plane of planes) {
    const { A, b } = rowsOf(plane) ?? { A: [], b: [] };
    for (const [i, row] of A.entries()) {
      const weights = new Map(
        plane.coordinates.flatMap((entry) => (row[entry] === 0 ? [] : [[entry, at(row, entry)] as const])),
      );
      const [[entry, weight] = [-1, 0]] = weights;
      const known = sumOf.get(entry);
      const sum = known ?? { weights: weight < 0 ? negatedOf(weights) : weights, lower: [], upper: [] };
      const scale = weight / (sum.weights.get(entry) ?? 1);
      if (weights.size === 0 || (known && !isAlong(weights, known.weights, scale))) return null;
      if (!known) {
        if ([...weights.keys()].some((own) => sumOf.has(own))) return null;
        for (const own of weights.keys()) sumOf.set(own, sum);
        sums.push(sum);
      }
      const limit = {
        value: at(b, i) / scale || 0, // without −0
        factor: 1 / scale,
        row: (firstRows.get(plane.index) ?? 0) + i,
        isMoving: plane.isMoving,
      };
      if (plane.relation === 'equality' || scale < 0) sum.lower.push(limit);
      if (plane.relation === 'equality' || scale > 0) sum.upper.push(limit);
    }
  }
  return sums;
}

const negatedOf = (weights: Sum['weights']): Sum['weights'] =>
  new Map([...weights].map(([entry, weight]) => [entry, -weight]));

const isAlong = (weights: Sum['weights'], known: Sum['weights'], scale: number): boolean =>
  weights.size === known.size && [...weights].every(([entry, weight]) => weight === scale * (known.get(entry) ?? 0));

/** Nothing where two rows share an entry, where a limit moves beside another, and where the bounds leave a row out of reach. */
function claimOf(planes: readonly ConstraintFacts[], bounds: readonly ConstraintFacts[]): Claim<BoxPlane>[] {
  const lines = [...planes, ...bounds];
  const firstRows = firstRowsOf(lines);
  const sums = sumsOf(planes, firstRows);
  const coordinates = [...new Set(lines.flatMap((line) => line.coordinates))].sort((a, b) => a - b);
  if (!sums || (sums.length > 1 && sums.length * coordinates.length > MOST_OF_MATRIX)) return [];
  const sides = boundsBySide(bounds, firstRows);
  const [least, most] = (['lower', 'upper'] as const).map((side) =>
    tightest(
      sums.map((sum) => sum[side]),
      side,
    ),
  );
  const [lower, upper] = (['lower', 'upper'] as const).map((side) =>
    tightest(
      coordinates.map((entry) => sides.get(entry)?.[side] ?? []),
      side,
    ),
  );
  if (!least || !most || !lower || !upper) return [];
  const A = sums.map(({ weights }) => coordinates.map((entry) => weights.get(entry) ?? 0));
  const data = { A, least: least.values, most: most.values, lower: lower.values, upper: upper.values };
  if (!hasPoints(data)) return [];
  const constraints = lines.map(({ index }) => index).sort((a, b) => a - b);
  return [{ data, ...movingOf({ least, most, lower, upper }), constraints, coordinates }];
}

/** At t = 0. */
function hasPoints({ A, least, most, lower, upper }: BoxPlane): boolean {
  const areOpen = lower.every((bound, k) => bound <= at(upper, k));
  return (
    areOpen &&
    A.every((row, i) => {
      const ends = row.flatMap((weight, k) => {
        if (weight === 0) return [];
        const [low, high] = [weight * at(lower, k), weight * at(upper, k)];
        return [weight > 0 ? [low, high] : [high, low]];
      });
      const reach = (side: 0 | 1) => ends.reduce((sum, end) => sum + at(end, side), 0);
      return at(least, i) <= at(most, i) && reach(0) <= at(most, i) && at(least, i) <= reach(1);
    })
  );
}

/** A · clip(x − scale · τA) falls with τ, row by row. */
const BISECTION = `def nearest_in_slice(x, A, least, most, lower, upper, scale):
    """clip(x - scale * tau A) with the tau nearest to 0 for which least <= A x <= most, by halving."""

    def moved(tau):
        return torch.minimum(torch.maximum(x - scale * (tau @ A), lower), upper)

    total = A @ moved(torch.zeros_like(least))
    b = torch.minimum(torch.maximum(total, least), most)
    low, high = -torch.ones_like(b), torch.ones_like(b)
    for _ in range(60):
        low = torch.where(A @ moved(low) < b, 2 * low, low)
        high = torch.where(A @ moved(high) > b, 2 * high, high)
    for _ in range(120):
        middle = (low + high) / 2
        is_low = A @ moved(middle) > b
        low, high = torch.where(is_low, middle, low), torch.where(is_low, high, middle)
    return moved(torch.where(b == total, torch.zeros_like(b), high))`;

/**
 * Box with limits on sums {x : least ≤ A x ≤ most, lower ≤ x ≤ upper}, the rows of A on disjoint entries.
 * Shapes: A [m, n], least, most [m], x, lower, upper [n].
 */
export default defineConstraintKind<BoxPlane>({
  id: 'box-plane',
  title: 'Slice of a box',
  source: 'Bitran & Hax 1981, Management Science 27(4); Kiwiel 2008, Math. Program. 112, 473–491',
  summary:
    'Every entry stays between its own bounds, and a weighted sum of them is fixed or has limits, as for portfolios. The nearest point moves all entries along the weights, and stops each at its bound.',
  isConvex: true,
  isIntersection: true,
  claim,
  recognize: () => null,
  residual(ops, x, { A, least, most, lower, upper }) {
    const sums = ops.matmul(A, x);
    return {
      inequality: ops.concat([
        ops.subtract(least, sums),
        ops.subtract(sums, most),
        ops.subtract(lower, x),
        ops.subtract(x, upper),
      ]),
    };
  },
  project: (ops, x, data) => nearestInBoxPlane(ops, x, data),
  projectScaled: (ops, x, data, scale) => nearestInBoxPlane(ops, x, data, scale),
  torch: {
    data: ['A', 'least', 'most', 'lower', 'upper'],
    project:
      BISECTION +
      `


def project_box_plane(x, A, least, most, lower, upper):
    """Nearest point of lower <= x <= upper, least <= A x <= most; the rows of A share no entries."""
    return nearest_in_slice(x, A, least, most, lower, upper, torch.ones_like(x))`,
    scaled:
      BISECTION +
      `


def project_box_plane_scaled(x, A, least, most, lower, upper, scale):
    """The point of lower <= x <= upper, least <= A x <= most with least sum (y - x)^2 / scale."""
    return nearest_in_slice(x, A, least, most, lower, upper, scale)`,
  },
  examples: [
    {
      name: 'a point beyond a budget and a bound',
      data: {
        A: [[1, 1, 1]],
        least: [Number.NEGATIVE_INFINITY],
        most: [1],
        lower: [0, 0, 0],
        upper: [0.5, 0.5, 0.5],
      },
      from: [2, 0.5, 0],
      to: [0.5, 0.5, 0],
    },
    {
      name: 'a point beyond a bound, and then within the limits of the sum',
      data: { A: [[1, 2]], least: [-1], most: [3], lower: [-1, -1], upper: [1, 1] },
      from: [9, 0.5],
      to: [1, 0.5],
    },
    {
      name: 'a point below the least sum',
      data: { A: [[1, -1]], least: [0.5], most: [Number.POSITIVE_INFINITY], lower: [0, 0], upper: [1, 1] },
      from: [0.25, 2],
      to: [1, 0.5],
    },
    {
      name: 'a point above the plane and beyond a bound',
      data: { A: [[1, 1, 1]], least: [1], most: [1], lower: [0, 0, 0], upper: [0.5, 0.5, 0.5] },
      from: [2, 0.5, 0],
      to: [0.5, 0.5, 0],
    },
    {
      name: 'weights of both signs',
      data: { A: [[1, -1]], least: [0], most: [0], lower: [0, 0], upper: [1, 1] },
      from: [3, 0.5],
      to: [1, 1],
    },
    {
      name: 'an entry without bounds',
      data: {
        A: [[1, 2]],
        least: [2],
        most: [2],
        lower: [0, Number.NEGATIVE_INFINITY],
        upper: [1, Number.POSITIVE_INFINITY],
      },
      from: [-1, 0],
      to: [0, 1],
    },
    {
      name: 'two planes on entries of their own, and an entry that is in none',
      data: {
        A: [
          [1, 1, 0, 0, 0],
          [0, 0, 1, 2, 0],
        ],
        least: [1, 2],
        most: [1, 2],
        lower: [0, 0, 0, 0, 0],
        upper: [1, 1, 1, 1, 1],
      },
      from: [2, 0, 0, 0, 2],
      to: [1, 0, 0.4, 0.8, 1],
    },
    {
      name: 'only one point is left',
      data: { A: [[1, 1]], least: [2], most: [2], lower: [0, 0], upper: [1, 1] },
      from: [-5, 3],
      to: [1, 1],
    },
  ],
});
