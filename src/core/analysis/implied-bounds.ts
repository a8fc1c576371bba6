/** Bounds on single entries that a constraint says, or that follow from what it is: no entry of a point in a ball is farther off. */
import type { ConstraintFacts } from '../contracts.ts';
import { at } from '../diagnostic.ts';
import { asBall } from './balls.ts';
import { type Interval, intervalsOf, UNBOUNDED } from './bounds.ts';
import type { Structure } from './structure.ts';

type Bounded = readonly [entry: number, Interval];

/** Null where nothing follows. At t = 0. */
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
  if (member?.set === 'spectralball' && radius !== undefined && radius >= 0)
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

/** The bounds of all constraints together, entry by entry; ±∞ where none says anything. */
export function extentsOf({ size, constraints }: Pick<Structure, 'size' | 'constraints'>): Extents {
  const lower = new Float64Array(size).fill(UNBOUNDED.lower);
  const upper = new Float64Array(size).fill(UNBOUNDED.upper);
  for (const [entry, interval] of impliedBounds(constraints)) {
    lower[entry] = interval.lower;
    upper[entry] = interval.upper;
  }
  return { lower, upper };
}

const around = (center: number, radius: number): Interval => ({ lower: center - radius, upper: center + radius });

const diagonalOf = (entries: readonly number[], size: number): Bounded[] =>
  Array.from({ length: size }, (_, i) => [at(entries, i * size + i), { ...UNBOUNDED, lower: 0 }]);
