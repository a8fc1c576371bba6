import { type Interval, intersectionOf, UNBOUNDED } from '../../core/analysis/evidence/bounds.ts';
import { components } from '../../core/analysis/evidence/components.ts';
import { gridsOf, sharesOf } from '../../core/analysis/evidence/shares.ts';
import { type Claim, type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { nearestInBoxPlane } from '../../core/tensor/box-plane.ts';

/** −Infinity and Infinity where an entry has no bound on that side. */
type BoxPlane = {
  A: readonly (readonly number[])[];
  b: readonly number[];
  lower: readonly number[];
  upper: readonly number[];
};

const isPlane = ({ relation, bounds, affine, isMoving }: ConstraintFacts): boolean =>
  relation === 'equality' && bounds === null && affine !== null && !isMoving;
const isBound = ({ bounds, isMoving }: ConstraintFacts): boolean => bounds !== null && !isMoving;

/** Planes whose rows share no entry, with all bounds on these entries; not where they are a simplex, which is known better. */
function claim(facts: readonly ConstraintFacts[]): Claim<BoxPlane>[] {
  const planes = facts.filter(isPlane);
  if (planes.length === 0) return [];
  const shares = new Set([...sharesOf(facts, 'equality'), ...gridsOf(facts)].flatMap(({ constraints }) => constraints));
  return components([...planes, ...facts.filter(isBound)]).flatMap((lines) => {
    const own = lines.filter(isPlane);
    const bounds = lines.filter(isBound);
    const hasBound = bounds.some(({ relation }) => relation === 'inequality');
    if (own.length === 0 || !hasBound || lines.some(({ index }) => shares.has(index))) return [];
    const coordinates = [...new Set(lines.flatMap((line) => line.coordinates))].sort((a, b) => a - b);
    const data = boxPlaneOf(own, intersectionOf(bounds), coordinates);
    return data ? [{ data, constraints: lines.map(({ index }) => index).sort((a, b) => a - b), coordinates }] : [];
  });
}

/** Null where two rows share an entry, or the bounds leave a row out of reach. */
function boxPlaneOf(
  planes: readonly ConstraintFacts[],
  bounds: ReadonlyMap<number, Interval>,
  coordinates: readonly number[],
): BoxPlane | null {
  const rows = planes.flatMap(({ affine }) => affine?.A ?? []);
  const b = planes.flatMap(({ affine }) => affine?.b ?? []);
  const A = rows.map((row) => coordinates.map((entry) => at(row, entry)));
  const intervals = coordinates.map((entry) => bounds.get(entry) ?? UNBOUNDED);
  const areDisjoint = coordinates.every((_, k) => A.filter((row) => row[k] !== 0).length <= 1);
  const areOpen = intervals.every(({ lower, upper }) => lower <= upper);
  const isReached = A.every((row, i) => {
    const ends = row.flatMap((weight, k) => {
      const { lower, upper } = at(intervals, k);
      return weight === 0 ? [] : [weight > 0 ? [weight * lower, weight * upper] : [weight * upper, weight * lower]];
    });
    const reach = (side: 0 | 1) => ends.reduce((sum, end) => sum + at(end, side), 0);
    return ends.length > 0 && reach(0) <= at(b, i) && at(b, i) <= reach(1);
  });
  if (!areDisjoint || !areOpen || !isReached) return null;
  return { A, b, lower: intervals.map(({ lower }) => lower), upper: intervals.map(({ upper }) => upper) };
}

/** A · clip(x − scale · τA) falls with τ, row by row. */
const BISECTION = `def nearest_in_slice(x, A, b, lower, upper, scale):
    """clip(x - scale * tau A) with the tau for which A x = b, by halving."""

    def moved(tau):
        return torch.minimum(torch.maximum(x - scale * (tau @ A), lower), upper)

    low, high = -torch.ones_like(b), torch.ones_like(b)
    for _ in range(60):
        low = torch.where(A @ moved(low) < b, 2 * low, low)
        high = torch.where(A @ moved(high) > b, 2 * high, high)
    for _ in range(120):
        middle = (low + high) / 2
        is_low = A @ moved(middle) > b
        low, high = torch.where(is_low, middle, low), torch.where(is_low, high, middle)
    return moved(high)`;

/** Box with planes {x : A x = b, lower ≤ x ≤ upper}, the rows of A on disjoint entries. Shapes: A [m, n], b [m], x, lower, upper [n]. */
export default defineConstraintKind<BoxPlane>({
  id: 'box-plane',
  title: 'Slice of a box',
  source: 'Bitran & Hax 1981, Management Science 27(4); Kiwiel 2008, Math. Program. 112, 473–491',
  summary:
    'Every entry stays between its own bounds, and a weighted sum of them is fixed, as for portfolios with limits. The nearest point moves all entries along the weights, and stops each at its bound.',
  isConvex: true,
  isIntersection: true,
  claim,
  recognize: () => null,
  residual: (ops, x, { A, b, lower, upper }) => ({
    equality: ops.subtract(ops.matmul(A, x), b),
    inequality: ops.concat([ops.subtract(lower, x), ops.subtract(x, upper)]),
  }),
  project: (ops, x, data) => nearestInBoxPlane(ops, x, data),
  projectScaled: (ops, x, data, scale) => nearestInBoxPlane(ops, x, data, scale),
  torch: {
    data: ['A', 'b', 'lower', 'upper'],
    project:
      BISECTION +
      `


def project_box_plane(x, A, b, lower, upper):
    """Nearest point of lower <= x <= upper, A x = b; the rows of A share no entries."""
    return nearest_in_slice(x, A, b, lower, upper, torch.ones_like(x))`,
    scaled:
      BISECTION +
      `


def project_box_plane_scaled(x, A, b, lower, upper, scale):
    """The point of lower <= x <= upper, A x = b with least sum (y - x)^2 / scale."""
    return nearest_in_slice(x, A, b, lower, upper, scale)`,
  },
  examples: [
    {
      name: 'a point above the plane and beyond a bound',
      data: { A: [[1, 1, 1]], b: [1], lower: [0, 0, 0], upper: [0.5, 0.5, 0.5] },
      from: [2, 0.5, 0],
      to: [0.5, 0.5, 0],
    },
    {
      name: 'weights of both signs',
      data: { A: [[1, -1]], b: [0], lower: [0, 0], upper: [1, 1] },
      from: [3, 0.5],
      to: [1, 1],
    },
    {
      name: 'an entry without bounds',
      data: { A: [[1, 2]], b: [2], lower: [0, Number.NEGATIVE_INFINITY], upper: [1, Number.POSITIVE_INFINITY] },
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
        b: [1, 2],
        lower: [0, 0, 0, 0, 0],
        upper: [1, 1, 1, 1, 1],
      },
      from: [2, 0, 0, 0, 2],
      to: [1, 0, 0.4, 0.8, 1],
    },
    {
      name: 'only one point is left',
      data: { A: [[1, 1]], b: [2], lower: [0, 0], upper: [1, 1] },
      from: [-5, 3],
      to: [1, 1],
    },
  ],
});
