/** Directions in which one may go on for ever, and the nearest of them to a given one. */
import { at } from '../../diagnostic.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { MultiplierSolver, type Rows } from './kkt.ts';

/** {d : J d = 0, or ≤ 0}, row by row. */
export type Cone = Omit<Rows, 'residual'>;

/** Entries below this, relative to the largest, are rounding. */
const ROUNDING = 1e-9;

/** The directions of the cone with A d = 0 as well; A is row-major, n columns. */
export function levelIn(cone: Cone, A: Float64Array, n: number): Cone {
  return {
    relations: [...cone.relations, ...new Array<'equality'>(A.length / n).fill('equality')],
    jacobian: Float64Array.from([...cone.jacobian, ...A]),
  };
}

/**
 * The nearest direction of the cone, max |entry| = 1; null where that is 0, or lost in rounding. A solver may be kept for several.
 * Source: Moreau 1962, C. R. Acad. Sci. 255, 238–240 (what is left of d beside its part in the polar cone).
 */
export function nearestDirection(
  cone: Cone,
  direction: ArrayLike<number>,
  solver = new MultiplierSolver(),
): Float64Array | null {
  const n = direction.length;
  const size = maximumNorm(direction);
  if (!(size > 0) || !Number.isFinite(size)) return null;
  const unit = Float64Array.from(direction, (entry) => entry / size);
  const count = cone.relations.length;
  const rows = { ...cone, residual: new Float64Array(count) };
  const { multipliers } = solver.solve(
    unit.map((entry) => -entry),
    rows,
    0,
  );
  const d = unit.slice();
  for (let i = 0; i < count; i++)
    for (let j = 0; j < n; j++) d[j] = at(d, j) - at(multipliers, i) * at(cone.jacobian, i * n + j);
  const largest = maximumNorm(d);
  return largest > ROUNDING ? d.map((entry) => entry / largest) : null;
}

/** Whether a direction stays in the cone however far one goes. */
export const isInCone = ({ relations, jacobian }: Cone, along: ArrayLike<number>): boolean => {
  const n = along.length;
  return relations.every((relation, i) => {
    const row = jacobian.subarray(i * n, (i + 1) * n);
    const slope = row.reduce((sum, entry, j) => sum + entry * at(along, j), 0);
    return (relation === 'equality' ? Math.abs(slope) : slope) <= 1e-13 * n * maximumNorm(row);
  });
};
