import { chainsOf } from '../../core/analysis/evidence/chains.ts';
import { areOrthogonal, dot } from '../../core/analysis/evidence/half-spaces.ts';
import { localAffine } from '../../core/analysis/evidence/local-affine.ts';
import { type Claim, type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { evaluator } from '../../core/tensor/evaluate.ts';
import { DEPENDENT, nearestInPolyhedron } from '../../core/tensor/polyhedron.ts';

/** Rows a·x = b where `equal` is 1, else a·x ≤ b. */
type Polyhedron = { A: readonly (readonly number[])[]; b: readonly number[]; equal: readonly number[] };

/** A turn of its projection costs the square of the rows: one line may have so many, lines that are joined together so many. */
const MOST_OF_A_LINE = 64;
const MOST_JOINED = 20;
const MOST_ENTRIES = 200;

/** Two rows are equally directed or clearly not: between, float32 could not tell. */
function areDistinct(A: Polyhedron['A']): boolean {
  const units = A.map((row) => row.map((entry) => entry / Math.sqrt(dot(row, row))));
  return units.every((row, i) =>
    units.slice(0, i).every((other) => {
      const apart = 1 - dot(row, other) ** 2;
      return Math.abs(apart) < 1e-12 || apart > 100 * DEPENDENT;
    }),
  );
}

/** Points from which rows are met one by one, and as many beyond them along each row: where a row is nearly in the span of others. */
const DISTANCES = [0, 1, -10];
const MOST_TRIED = 48;

/** Whether the nearest points of some points are found: an empty set has none, and a set with rows too near to others wrong ones. */
function hasPoints(data: Polyhedron): boolean {
  const { A, b, equal } = data;
  const size = at(A, 0).length;
  const nearest = evaluator(size, (ops, x) => {
    const tensors = {
      A: ops.constant(A.flat(), [A.length, size]),
      b: ops.constant([...b]),
      equal: ops.constant([...equal]),
    };
    return nearestInPolyhedron(ops, x, tensors);
  });
  const around = DISTANCES.map((distance) => Array.from({ length: size }, (_, i) => distance * Math.sin(1 + 2 * i)));
  const along = A.flatMap((row) =>
    [8, -8].map((distance) => row.map((entry) => (distance * entry) / Math.sqrt(dot(row, row)))),
  );
  return [...around, ...along.slice(0, MOST_TRIED)].every((from) => {
    const point = [...nearest(from)];
    const room = 1e-9 * (1 + Math.hypot(...point));
    return A.every((row, i) => {
      const off = dot(row, point) - at(b, i);
      return (equal[i] === 1 ? Math.abs(off) : off) <= room * Math.sqrt(dot(row, row));
    });
  });
}

/** As typed, or two for each |a·x − c| ≤ r. */
const rowsOf = ({ affine, halfSpaces }: ConstraintFacts) => affine ?? halfSpaces;

function polyhedronOf(
  lines: readonly ConstraintFacts[],
  coordinates: readonly number[],
  most: number,
): Polyhedron | null {
  const rows = lines.flatMap((line) => {
    const { A, b } = rowsOf(line) ?? { A: [], b: [] };
    return A.map((row, i) => ({
      a: coordinates.map((entry) => at(row, entry)),
      b: at(b, i),
      equal: line.relation === 'equality' ? 1 : 0,
    }));
  });
  if (rows.length > most || coordinates.length > MOST_ENTRIES || rows.some(({ a }) => dot(a, a) === 0)) return null;
  const data = { A: rows.map(({ a }) => a), b: rows.map(({ b }) => b), equal: rows.map(({ equal }) => equal) };
  return areDistinct(data.A) && hasPoints(data) ? data : null;
}

/** Affine lines with an inequality among them. */
function join(lines: readonly ConstraintFacts[]): Claim<Polyhedron> | null {
  const areRows = lines.every((line) => rowsOf(line) !== null);
  if (!areRows || lines.every(({ relation }) => relation === 'equality')) return null;
  const coordinates = [...new Set(lines.flatMap((line) => line.coordinates))].sort((a, b) => a - b);
  const data = polyhedronOf(lines, coordinates, MOST_JOINED);
  return data && { data, constraints: lines.map(({ index }) => index), coordinates };
}

const ROW_BY_ROW = `def nearest_in_polyhedron(x, A, b, equal, scale):
    """The z with A z <= b, or = where equal is 1, and least sum (z - x)^2 / scale: rows are met, and let go, one by one."""
    lengths = ((A * A) @ scale).sqrt()
    A, b = A / lengths[:, None], b / lengths
    held, multipliers, entering = [], torch.zeros_like(b), None
    for _ in range(4 * len(b) + 6):
        off = A @ (x - scale * (A.T @ multipliers)) - b
        if entering is None:
            size = torch.where(equal > 0, off.abs(), off.clamp(min=0.0))
            size[held] = 0.0
            if size.max() <= 1e-13 * (1 + x.abs().max()):
                break
            entering = int(size.argmax())
        side, rows = torch.sign(off[entering]) if equal[entering] > 0 else torch.ones_like(off[entering]), A[held]
        pull = torch.linalg.solve((rows * scale) @ rows.T, (rows * scale) @ A[entering])
        rest = (scale * (A[entering] - pull @ rows) ** 2).sum()
        ratios = [float(multipliers[i] / (side * pull[k])) if side * pull[k] > ${DEPENDENT} and equal[i] == 0 else math.inf for k, i in enumerate(held)]
        fall, reach = min(ratios, default=math.inf), float((side * off[entering]).clamp(min=0.0) / rest) if rest > ${DEPENDENT} else math.inf
        if min(fall, reach) == math.inf:
            break
        multipliers[held] -= min(fall, reach) * side * pull
        multipliers[entering] += min(fall, reach) * side
        if reach <= fall:
            held, entering = held + [entering], None
        else:
            gone = held.pop(ratios.index(fall))
            multipliers[gone] = 0.0
    return x - scale * (A.T @ multipliers)`;

/** Polyhedron {x : A x ≤ b}, with = in some rows. Shapes: A [m, n], x [n], b, equal [m]. */
export default defineConstraintKind<Polyhedron>({
  id: 'polyhedron',
  title: 'Polyhedron',
  source: 'Goldfarb & Idnani 1983, Mathematical Programming 27, 1–33',
  summary:
    'Every point that is on the right side of several planes at once. The nearest point is found plane by plane: those that are crossed most come first, and those that no longer press are let go.',
  isConvex: true,
  recognize(facts) {
    const isBound = facts.bounds !== null && !facts.isMoving;
    if (facts.halfSpaces && facts.relation === 'inequality')
      return polyhedronOf([facts], facts.coordinates, MOST_OF_A_LINE);
    const rows = facts.relation === 'inequality' && !isBound ? localAffine(facts) : null;
    return rows && !areOrthogonal(rows) && !chainsOf([facts])
      ? polyhedronOf([facts], facts.coordinates, MOST_OF_A_LINE)
      : null;
  },
  join,
  residual: (ops, x, { A, b, equal }) => {
    const off = ops.subtract(ops.matmul(A, x), b);
    return { equality: ops.multiply(equal, off), inequality: ops.multiply(ops.subtract(1, equal), off) };
  },
  moving: 'b',
  project: (ops, x, data) => nearestInPolyhedron(ops, x, data),
  projectScaled: (ops, x, data, scale) => nearestInPolyhedron(ops, x, data, scale),
  torch: {
    data: ['A', 'b', 'equal'],
    project: `${ROW_BY_ROW}


def project_polyhedron(x, A, b, equal):
    """Nearest point of A x <= b, with = where equal is 1."""
    return nearest_in_polyhedron(x, A, b, equal, torch.ones_like(x))`,
    scaled: `${ROW_BY_ROW}


def project_polyhedron_scaled(x, A, b, equal, scale):
    """The point of A x <= b, with = where equal is 1, that has least sum (y - x)^2 / scale."""
    return nearest_in_polyhedron(x, A, b, equal, scale)`,
  },
  examples: [
    {
      name: 'a point beyond two planes at an acute angle',
      data: {
        A: [
          [1, 0],
          [1, 1],
        ],
        b: [1, 1],
        equal: [0, 0],
      },
      from: [3, 0],
      to: [1, 0],
    },
    {
      name: 'a point beyond one plane and, once there, beyond another',
      data: {
        A: [
          [1, 0],
          [-1, 2],
          [-1, -2],
        ],
        b: [2, 0, 0],
        equal: [0, 0, 0],
      },
      from: [-1, 3],
      to: [0.4, 0.2],
    },
    {
      name: 'a triangle and one of its sides once more',
      data: {
        A: [
          [-1, 0],
          [0, -1],
          [1, 1],
          [2, 2],
        ],
        b: [0, 0, 1, 2],
        equal: [0, 0, 0, 0],
      },
      from: [2, 0.5],
      to: [1, 0],
    },
    {
      name: 'a slice: an equality and three inequalities',
      data: {
        A: [
          [1, 1, 1],
          [-1, 0, 0],
          [0, -1, 0],
          [0, 1, -1],
        ],
        b: [1, 0, 0, 0.25],
        equal: [1, 0, 0, 0],
      },
      from: [0, 2, 0],
      to: [0, 0.625, 0.375],
    },
    {
      name: 'only one point is left',
      data: {
        A: [
          [1, 1],
          [-1, 0],
          [0, -1],
        ],
        b: [0, 0, 0],
        equal: [0, 0, 0],
      },
      from: [3, -2],
      to: [0, 0],
    },
  ],
});
