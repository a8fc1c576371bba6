import type { ConeEvidence, ConstraintFacts } from '../../core/contracts.ts';
import { type Claim, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { polar } from '../../core/tensor/direction.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

/** `inside` holds 1 at the entries under the norm, `apex` their center and `slope` the factors of the others; 0 elsewhere. */
type Cone = { inside: readonly number[]; apex: readonly number[]; slope: readonly number[]; offset: number };

const asCone = ({ inside, apex, slope, offset }: ConeEvidence): Cone => ({ inside, apex, slope, offset });

/** h ‖x[inside] − apex‖² ≤ k (s − d)² beside s ≥ d: two lines that are one cone. */
function claim(facts: readonly ConstraintFacts[]): Claim<Cone>[] {
  return facts.flatMap(({ index, relation, quadratic, coordinates, isMoving }) => {
    if (relation !== 'inequality' || isMoving || !quadratic?.isDiagonal) return [];
    const { diagonal, q, c } = quadratic;
    const below = diagonal.findIndex((entry) => entry < 0);
    const h = Math.max(...diagonal);
    const isCone = below >= 0 && h > 0 && diagonal.every((entry, k) => k === below || entry === h);
    const middle = q.map((entry, k) => -entry / at(diagonal, k) || 0);
    const rest = middle.reduce((sum, entry, k) => sum - (at(diagonal, k) * entry ** 2) / 2, c);
    if (!isCone || Math.abs(rest) > 1e-14 * Math.abs(c)) return [];
    const side = facts.find(
      ({ bounds, isMoving: moves, ...line }) =>
        line.relation === 'inequality' &&
        !moves &&
        bounds?.entries.length === 1 &&
        bounds.entries[0] === coordinates[below] &&
        at(bounds.scales, 0) < 0 &&
        at(bounds.b, 0) / at(bounds.scales, 0) === at(middle, below),
    );
    const steepness = Math.sqrt(-at(diagonal, below) / h);
    const data = {
      inside: diagonal.map((_, k) => (k === below ? 0 : 1)),
      apex: middle.map((entry, k) => (k === below ? 0 : entry)),
      slope: diagonal.map((_, k) => (k === below ? steepness : 0)),
      offset: -steepness * at(middle, below) || 0,
    };
    return side ? [{ data, constraints: [index, side.index].sort((a, b) => a - b), coordinates }] : [];
  });
}

/** z = x[inside] − apex with 0 elsewhere, and how long it may be at x. */
function parts(ops: Ops, x: Tensor, { inside, apex, slope, offset }: { readonly [name in keyof Cone]: Tensor }) {
  return {
    z: ops.multiply(inside, ops.subtract(x, apex)),
    room: ops.add(ops.dot(slope, x), offset),
  };
}

/** Cone {x : ‖x[inside] − apex‖₂ ≤ slope·x + offset}. Shapes: x, inside, apex, slope [n], offset a number; inside · slope = 0. */
export default defineConstraintKind<Cone>({
  id: 'second-order-cone',
  title: 'Second-order cone',
  source:
    'Parikh & Boyd 2014, Proximal Algorithms, §6.3.2; Alizadeh & Goldfarb 2003, Mathematical Programming 95, 3–51',
  summary:
    'A length that is at most another quantity, which may grow with it: a cone. A point outside moves to the nearest point of its side, or to its tip.',
  isConvex: true,
  claim,
  recognize: ({ relation, cone }) => (relation === 'inequality' && cone ? asCone(cone) : null),
  residual(ops, x, data) {
    const { z, room } = parts(ops, x, data);
    return { inequality: ops.reshape(ops.subtract(polar(ops, z).length, room), [1]) };
  },
  // With α = ‖slope‖ and s = room/α along slope/α: (z, s) → 0 where α‖z‖ ≤ −s, else to s' = (s + α‖z‖)/(1 + α²) and z' = α s' z/‖z‖.
  project(ops, x, data) {
    const { z, room } = parts(ops, x, data);
    const { length, unit } = polar(ops, z);
    const square = ops.dot(data.slope, data.slope);
    const reached = ops.maximum(ops.divide(ops.add(room, ops.multiply(square, length)), ops.add(1, square)), 0);
    const along = ops.multiply(data.slope, ops.divide(ops.subtract(reached, room), square));
    const moved = ops.add(ops.add(ops.subtract(x, z), ops.multiply(reached, unit)), along);
    return ops.where(ops.lessEqual(length, room), x, moved);
  },
  torch: {
    data: ['inside', 'apex', 'slope', 'offset'],
    project: `def project_second_order_cone(x, inside, apex, slope, offset):
    """Nearest point of |inside * (x - apex)| <= slope . x + offset."""
    z, room, square = inside * (x - apex), slope @ x + offset, slope @ slope
    length = torch.linalg.vector_norm(z)
    reached = ((room + square * length) / (1 + square)).clamp(min=0.0)
    moved = x - z + slope * (reached - room) / square
    if length <= room:
        return x
    return moved + reached * z / length if length > 0 else moved`,
  },
  examples: [
    {
      name: 'a point beside the cone of slope 1',
      data: { inside: [1, 1, 0], apex: [0, 0, 0], slope: [0, 0, 1], offset: 0 },
      from: [3, 4, 1],
      to: [1.8, 2.4, 3],
    },
    {
      name: 'a point under the tip',
      data: { inside: [1, 1, 0], apex: [0, 0, 0], slope: [0, 0, 1], offset: 0 },
      from: [0.6, 0.8, -2],
      to: [0, 0, 0],
    },
    {
      name: 'a point inside',
      data: { inside: [1, 1, 0], apex: [0, 0, 0], slope: [0, 0, 1], offset: 0 },
      from: [0.3, 0.4, 2],
      to: [0.3, 0.4, 2],
    },
    {
      name: 'on the axis, under the tip',
      data: { inside: [1, 0], apex: [0, 0], slope: [0, 1], offset: 0 },
      from: [0, -1],
      to: [0, 0],
    },
    {
      name: 'a steeper cone with its tip elsewhere: |x − 1| ≤ 2 y + 2',
      data: { inside: [1, 0], apex: [1, 0], slope: [0, 2], offset: 2 },
      from: [6, -1],
      to: [5, 1],
    },
    {
      name: 'a length below a sum: |x| ≤ 3 y + 4 z',
      data: { inside: [1, 0, 0], apex: [0, 0, 0], slope: [0, 3, 4], offset: 0 },
      from: [26, 0, 0],
      to: [25, 3, 4],
    },
    {
      name: 'huge entries',
      data: { inside: [1, 1, 0], apex: [0, 0, 0], slope: [0, 0, 1], offset: 0 },
      from: [3e200, 4e200, 1e200],
      to: [1.8e200, 2.4e200, 3e200],
    },
  ],
});
