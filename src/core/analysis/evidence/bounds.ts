/** What bounds on single entries say, whoever asks. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export const UNBOUNDED: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** For each row of a constraint that bounds single entries of x: which, and between what. Null where it does anything else. At t = 0. */
export function intervalsOf({ relation, bounds }: ConstraintFacts): (readonly [entry: number, Interval])[] | null {
  if (!bounds) return null;
  return bounds.entries.map((entry, row) => {
    const scale = at(bounds.scales, row);
    const limit = at(bounds.b, row) / scale || 0; // without −0
    if (relation === 'equality') return [entry, { lower: limit, upper: limit }];
    return [entry, scale < 0 ? { ...UNBOUNDED, lower: limit } : { ...UNBOUNDED, upper: limit }];
  });
}

/** Between what each entry is that some of the constraints bound. */
export function intersectionOf(constraints: readonly ConstraintFacts[]): Map<number, Interval> {
  const all = new Map<number, Interval>();
  for (const constraint of constraints) {
    for (const [entry, { lower, upper }] of intervalsOf(constraint) ?? []) {
      const known = all.get(entry) ?? UNBOUNDED;
      all.set(entry, { lower: Math.max(lower, known.lower), upper: Math.min(upper, known.upper) });
    }
  }
  return all;
}

/** Whether a constraint says x ≥ 0 of some entries, and nothing else. */
export function isNonnegativity({ relation, isMoving, bounds }: ConstraintFacts): boolean {
  if (relation !== 'inequality' || isMoving || !bounds) return false;
  return bounds.scales.every((scale) => scale < 0) && bounds.b.every((b) => b === 0);
}
