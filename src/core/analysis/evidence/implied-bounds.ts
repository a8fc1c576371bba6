/** Bounds on single entries that a constraint says, or that follow from what it is: no entry of a point in a ball is farther off. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { Structure } from '../structure.ts';
import { asBall } from './balls.ts';
import { type Interval, intervalsOf, UNBOUNDED } from './bounds.ts';

/** Sets of matrices with no singular value, and so no entry, above their radius. */
const BOUND_BY_RADIUS: ReadonlySet<string> = new Set(['spectralball', 'nuclearball']);

type Bounded = readonly [entry: number, Interval];

/** The bounds that a constraint puts on single entries, typed or implied, at t = 0; null where it puts none. */
export function impliedIntervals(line: ConstraintFacts): readonly Bounded[] | null {
  const typed = line.relation === 'inequality' ? intervalsOf(line) : null;
  if (typed || line.isMoving) return typed;
  const { absolute, coordinates, relation, member } = line;
  const ball = asBall(line);
  if (ball) return coordinates.map((entry, k) => [entry, around(at(ball.center, k), ball.radius)]);
  const isLength = absolute?.weights.every((weight) => weight > 0) && absolute.radius >= 0;
  if (absolute && isLength)
    return coordinates.map((entry, k) => [
      entry,
      around(at(absolute.center, k), absolute.radius / at(absolute.weights, k)),
    ]);
  if (member?.set === 'orthogonal') return member.entries.map((entry) => [entry, around(0, 1)]);
  const radius = member?.args[0]?.[0]?.[0];
  if (member && BOUND_BY_RADIUS.has(member.set) && radius !== undefined && radius >= 0)
    return member.entries.map((entry) => [entry, around(0, radius)]);
  if (member?.set === 'psd' && relation === 'inequality') return diagonalOf(member.entries, at(member.shape, 0));
  return null;
}

/** Between what each entry is by what some constraints say. */
export function impliedBounds(lines: readonly ConstraintFacts[]): Map<number, Interval> {
  const all = new Map<number, Interval>();
  for (const line of lines)
    for (const [entry, { lower, upper }] of impliedIntervals(line) ?? []) {
      const known = all.get(entry) ?? UNBOUNDED;
      all.set(entry, { lower: Math.max(lower, known.lower), upper: Math.min(upper, known.upper) });
    }
  return all;
}

/** n numbers each. */
export interface Extents {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The bounds of all constraints together, entry by entry, and what they leave of rows of sums: Σ x = 1 and x ≥ 0 keep each entry
 * below 1. ±∞ where nothing is said. One round of bound tightening: Savelsbergh 1994, Preprocessing and Probing, §1.
 */
export function extentsOf({ size, constraints }: Pick<Structure, 'size' | 'constraints'>): Extents {
  const lower = new Float64Array(size).fill(UNBOUNDED.lower);
  const upper = new Float64Array(size).fill(UNBOUNDED.upper);
  for (const [entry, interval] of impliedBounds(constraints)) {
    lower[entry] = interval.lower;
    upper[entry] = interval.upper;
  }
  const extents = { lower, upper };
  for (const { affine, relation, isMoving } of constraints) {
    if (!affine || isMoving) continue;
    affine.A.forEach((row, i) => {
      const b = at(affine.b, i);
      tighten(extents, row, b);
      if (relation === 'equality') {
        const opposite = row.map((a) => -a);
        tighten(extents, opposite, -b);
      }
    });
  }
  return extents;
}

/** What row · x ≤ b leaves to each entry: aⱼ xⱼ ≤ b − Σ_{k≠j} min aₖ xₖ. */
function tighten({ lower, upper }: Extents, row: readonly number[], b: number): void {
  const least = row.map((a, k) => (a === 0 ? 0 : a * (a > 0 ? at(lower, k) : at(upper, k))));
  const unbounded = least.filter((value) => value === Number.NEGATIVE_INFINITY).length;
  if (unbounded > 1) return;
  const known = least.reduce((sum, value) => (value === Number.NEGATIVE_INFINITY ? sum : sum + value), 0);
  row.forEach((a, j) => {
    if (a === 0 || (unbounded === 1 && Number.isFinite(least[j]))) return;
    const bound = (b - known + (unbounded === 1 ? 0 : at(least, j))) / a;
    if (a > 0) upper[j] = Math.min(at(upper, j), bound);
    else lower[j] = Math.max(at(lower, j), bound);
  });
}

const around = (center: number, radius: number): Interval => ({ lower: center - radius, upper: center + radius });

const diagonalOf = (entries: readonly number[], size: number): Bounded[] =>
  Array.from({ length: size }, (_, i) => [at(entries, i * size + i), { ...UNBOUNDED, lower: 0 }]);
