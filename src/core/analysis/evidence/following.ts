/** Numbers of sets that follow the step: where they are among the rows of the set's constraints. */
import type { ConstraintFacts, Following } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';

/** side itself. */
export const rowByRow = (rows: number): Following => ({
  rows: Array.from({ length: rows }, (_, i) => i),
  factors: new Array<number>(rows).fill(1),
  fixed: new Array<number>(rows).fill(0),
});

/** For the index of a constraint, how many rows of the others of its set come before its own: constraints count in the order typed. */
export function firstRowsOf(constraints: readonly ConstraintFacts[]): ReadonlyMap<number, number> {
  let rows = 0;
  const inOrder = [...constraints].sort((a, b) => a.index - b.index);
  return new Map(
    inOrder.map(({ index, rows: own }) => {
      rows += own;
      return [index, rows - own];
    }),
  );
}

/** A row that says that a number is at most, or at least, `value`, which is factor·side[row] of its set's constraints. */
export interface Limit {
  readonly value: number;
  readonly factor: number;
  readonly row: number;
  readonly isMoving: boolean;
}

/** What limits say together, number by number. */
export interface Limits {
  readonly values: readonly number[];
  /** Null where they stay. */
  readonly following: Following | null;
}

/** Of several limits on a number the tightest; null where one of them moves beside another, which may overtake it. `none` without any. */
export function tightest(limits: readonly (readonly Limit[])[], side: 'lower' | 'upper'): Limits | null {
  const isSettled = limits.every((own) => own.length <= 1 || own.every(({ isMoving }) => !isMoving));
  if (!isSettled) return null;
  const none = side === 'lower' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const tighter = side === 'lower' ? Math.max : Math.min;
  const values = limits.map((own) => own.reduce((value, limit) => tighter(value, limit.value), none));
  const moving = limits.map(([first]) => (first?.isMoving ? first : null));
  if (moving.every((limit) => limit === null)) return { values, following: null };
  return {
    values,
    following: {
      rows: moving.map((limit) => limit?.row ?? 0),
      factors: moving.map((limit) => limit?.factor ?? 0),
      fixed: moving.map((limit, i) => (limit ? 0 : at(values, i))),
    },
  };
}

/** The numbers of a claim that follow the step, by their names. */
export function movingOf(limits: Readonly<Record<string, Limits>>): { moving?: Record<string, Following> } {
  const moving = Object.entries(limits).flatMap(([name, { following }]) =>
    following ? [[name, following] as const] : [],
  );
  return moving.length > 0 ? { moving: Object.fromEntries(moving) } : {};
}

/** What bounds on single entries say of each, from below and from above. */
export function boundsBySide(
  constraints: readonly ConstraintFacts[],
  firstRows: ReadonlyMap<number, number>,
): Map<number, { readonly lower: Limit[]; readonly upper: Limit[] }> {
  const all = new Map<number, { readonly lower: Limit[]; readonly upper: Limit[] }>();
  for (const { index, relation, bounds, isMoving } of constraints) {
    bounds?.entries.forEach((entry, i) => {
      const scale = at(bounds.scales, i);
      const limit = {
        value: at(bounds.b, i) / scale || 0, // without −0
        factor: 1 / scale,
        row: (firstRows.get(index) ?? 0) + i,
        isMoving,
      };
      const own = all.get(entry) ?? { lower: [], upper: [] };
      if (relation === 'equality' || scale < 0) own.lower.push(limit);
      if (relation === 'equality' || scale > 0) own.upper.push(limit);
      all.set(entry, own);
    });
  }
  return all;
}
