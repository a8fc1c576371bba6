/** What bounds on single entries say, whoever asks. */
import type { ConstraintFacts } from '../contracts.ts';
import { at } from '../diagnostic.ts';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** For each entry of x that a constraint bounds, between what; null where it does anything else. At t = 0. */
export function intervalsOf({ relation, bounds }: ConstraintFacts): Map<number, Interval> | null {
  if (!bounds) return null;
  const intervals = new Map<number, Interval>();
  bounds.entries.forEach((entry, row) => {
    const scale = at(bounds.scales, row);
    const limit = at(bounds.b, row) / scale || 0; // without −0
    const below = relation === 'equality' || scale < 0 ? limit : Number.NEGATIVE_INFINITY;
    const above = relation === 'equality' || scale > 0 ? limit : Number.POSITIVE_INFINITY;
    const { lower, upper } = intervals.get(entry) ?? { lower: below, upper: above };
    intervals.set(entry, { lower: Math.max(lower, below), upper: Math.min(upper, above) });
  });
  return intervals;
}

/** Whether a constraint says x ≥ 0 of some entries, and nothing else. */
export function isNonnegativity({ relation, isMoving, bounds }: ConstraintFacts): boolean {
  if (relation !== 'inequality' || isMoving || !bounds) return false;
  return bounds.scales.every((scale) => scale < 0) && bounds.b.every((b) => b === 0);
}
