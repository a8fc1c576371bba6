import { type Interval, intersectionOf, isNonnegativity } from '../../core/analysis/evidence/bounds.ts';
import { boundsBySide, firstRowsOf, movingOf, tightest } from '../../core/analysis/evidence/following.ts';
import { type Claim, type ConstraintFacts, type DataTensors, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

/** −Infinity and Infinity where an entry has no bound on that side. */
type Box = { lower: readonly number[]; upper: readonly number[] };

/** Every constraint that is a bound but x ≥ 0 on its own, with the lines x ≥ 0 on entries that others bound too: one box. */
const claim = (facts: readonly ConstraintFacts[]): Claim<Box>[] => {
  const bounds = facts.filter(isBound);
  const whole = claimOf(bounds);
  // A bound that moves beside another of the same entry and side is no part of a box.
  return whole.length > 0 ? whole : claimOf(bounds.filter(({ isMoving }) => !isMoving));
};

function claimOf(facts: readonly ConstraintFacts[]): Claim<Box>[] {
  const taken = facts.filter((line) => !isNonnegativity(line));
  let free = facts.filter(isNonnegativity);
  const entries = new Set(taken.flatMap(({ coordinates }) => coordinates));
  for (let found = true; found; ) {
    const touching = free.filter(({ coordinates }) => coordinates.some((entry) => entries.has(entry)));
    found = touching.length > 0;
    taken.push(...touching);
    for (const entry of touching.flatMap(({ coordinates }) => coordinates)) entries.add(entry);
    free = free.filter((line) => !touching.includes(line));
  }
  const sides = boundsBySide(taken, firstRowsOf(taken));
  const coordinates = [...sides.keys()].sort((a, b) => a - b);
  const limitsOn = (side: 'lower' | 'upper') =>
    tightest(
      coordinates.map((entry) => sides.get(entry)?.[side] ?? []),
      side,
    );
  const [lower, upper] = [limitsOn('lower'), limitsOn('upper')];
  if (!lower || !upper || coordinates.length === 0) return [];
  if (lower.values.some((value, i) => value > at(upper.values, i))) return []; // no point is in such a box
  const constraints = taken.map(({ index }) => index).sort((a, b) => a - b);
  const data = { lower: lower.values, upper: upper.values };
  return [{ data, ...movingOf({ lower, upper }), constraints, coordinates }];
}

/** An equality of single entries is a box, too, where its matrix is too large for an affine set. */
const isBound = ({ bounds, relation, affine }: ConstraintFacts): boolean =>
  bounds !== null && (relation === 'inequality' || affine === null);

const isBox = (facts: ConstraintFacts): boolean => isBound(facts) && !facts.isMoving;

/** Null where a lower bound is above the upper one: no point is in such a box. */
function boxOf(coordinates: readonly number[], intervals: ReadonlyMap<number, Interval>): Box | null {
  const sides = coordinates.flatMap((entry) => intervals.get(entry) ?? []);
  if (sides.some(({ lower, upper }) => lower > upper)) return null;
  return { lower: sides.map(({ lower }) => lower), upper: sides.map(({ upper }) => upper) };
}

const clip = (ops: Ops, x: Tensor, { lower, upper }: DataTensors<Box>): Tensor =>
  ops.minimum(ops.maximum(x, lower), upper);

/** Box {x : lower ≤ x ≤ upper}. Shapes: x, lower, upper [n]; a bound may be infinite. */
export default defineConstraintKind<Box>({
  id: 'box',
  title: 'Box',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.2',
  summary:
    'Each entry stays between its own bounds. The nearest point has each entry moved to the bound that it crossed.',
  isConvex: true,
  claim,
  recognize: (facts) =>
    isBox(facts) && !isNonnegativity(facts) ? boxOf(facts.coordinates, intersectionOf([facts])) : null,
  residual: (ops, x, { lower, upper }) => ({
    inequality: ops.concat([ops.subtract(lower, x), ops.subtract(x, upper)]),
  }),
  project: clip,
  projectScaled: clip, // entry by entry: scales do not matter
  lowest: (ops, gradient, { lower, upper }) => ops.where(ops.less(gradient, 0), upper, lower),
  torch: {
    data: ['lower', 'upper'],
    project: `def project_box(x, lower, upper):
    """Nearest point of lower <= x <= upper."""
    return torch.minimum(torch.maximum(x, lower), upper)`,
    scaled: `def project_box_scaled(x, lower, upper, scale):
    """Nearest point of lower <= x <= upper: entry by entry, so scales do not matter."""
    return torch.minimum(torch.maximum(x, lower), upper)`,
    lowest: `def lowest_box(slope, lower, upper):
    """The corner of the box that is lowest along the slope."""
    return torch.where(slope < 0, upper, lower)`,
  },
  examples: [
    {
      name: 'a point above one bound and below another',
      data: { lower: [0, 0], upper: [1, 1] },
      from: [1.5, -0.25],
      to: [1, 0],
    },
    {
      name: 'entries with a bound on one side',
      data: { lower: [Number.NEGATIVE_INFINITY, 0.5], upper: [0.75, Number.POSITIVE_INFINITY] },
      from: [-3, 0.25],
      to: [-3, 0.5],
    },
    { name: 'an entry that is held fixed', data: { lower: [2, -1], upper: [2, 1] }, from: [0, 0.5], to: [2, 0.5] },
    { name: 'a point on both bounds', data: { lower: [0, 0], upper: [1, 1] }, from: [0, 1], to: [0, 1] },
    {
      name: 'huge and tiny entries',
      data: { lower: [-1e-30, -1e-30], upper: [1e-30, 1e-30] },
      from: [1e30, -1e-31],
      to: [1e-30, -1e-31],
    },
  ],
});
