/** Constraints by their rows: where each is 0, and the text in which it passes through another point. */
import { at } from '../../core/diagnostic.ts';
import { expressionValue, residualOf } from '../../core/problem/elaborate.ts';
import type { Constraint, Problem } from '../../core/problem/problem.ts';
import { Machine } from '../../core/tensor/evaluate.ts';
import { Ops } from '../../core/tensor/ops.ts';
import { levelOf, levelThrough, withLevel } from './constraint-level.ts';
import type { Moment } from './grid.ts';

/** One scalar row of a hard constraint, by the positions of both. */
export interface RowPlace {
  readonly constraint: number;
  readonly row: number;
}

export interface MovableRow extends RowPlace {
  /** As typed. */
  readonly text: string;
  readonly line: number;
}

export interface ConstraintRows {
  readonly rows: readonly MovableRow[];
  /** Of every movable row, at x[n]. The array is written anew by the next call. */
  residuals(x: ArrayLike<number>): Float64Array;
  /** The text in which a row is 0 at x, read to within `resolution` of each shown entry; null where it would stay as it is. */
  through(
    place: RowPlace,
    x: readonly number[],
    resolution: readonly { readonly entry: number; readonly by: number }[],
  ): string | null;
}

/** The rows that `isWanted` and that a number of the text moves, at a step. `text` is that of the problem. */
export function constraintRows(
  text: string,
  problem: Problem,
  isWanted: (constraint: Constraint) => boolean,
): (moment: Moment) => ConstraintRows {
  const found = problem.constraints
    .filter(isWanted)
    .flatMap((constraint) =>
      Array.from({ length: constraint.rows }, (_, row) => ({ constraint, row, level: levelOf(text, constraint, row) })),
    );
  const movable = found.flatMap(({ level, ...rest }) => (level ? [{ ...rest, level }] : []));
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const residuals = movable.map(({ constraint, row }) => {
    const all = ops.reshape(residualOf(ops, problem, constraint, x, t, T), [constraint.rows]);
    return ops.slice(all, { offset: row, strides: [1], shape: [1] });
  });
  const values = movable.map(({ level }) => ops.reshape(expressionValue(ops, problem, level.expr, x, t, T), [1]));
  const [residual, value] = [residuals, values].map((parts) => (parts.length === 0 ? ops.zeros(0) : ops.concat(parts)));
  const machine = new Machine(ops);
  const ids = [residual, value].flatMap((tensor) => tensor?.id ?? []);
  const compute = machine.procedure(ids);
  const read = (i: number): Float64Array => machine.numbers(at(ids, i));
  const rows = movable.map(({ constraint: { index, text: typed, line }, row }) => ({
    constraint: index,
    row,
    text: typed,
    line,
  }));
  const evaluateAt = (moment: Moment) => (point: ArrayLike<number>) => {
    machine.numbers(t.id)[0] = moment.step;
    machine.numbers(T.id)[0] = Math.max(1, moment.steps);
    machine.numbers(x.id).set(point);
    compute();
  };
  return (moment) => ({ rows, ...functionsOf(evaluateAt(moment)) });

  function functionsOf(evaluate: (point: ArrayLike<number>) => void): Omit<ConstraintRows, 'rows'> {
    return {
      residuals(point) {
        evaluate(point);
        return read(0);
      },
      through(place, point, resolution) {
        const i = movable.findIndex(
          ({ constraint, row }) => constraint.index === place.constraint && row === place.row,
        );
        const own = movable[i];
        if (!own) return null;
        evaluate(point);
        const [here, before] = [at(read(0), i), at(read(1), i)];
        if (!Number.isFinite(here) || !Number.isFinite(before)) return null;
        const step = Math.max(
          ...resolution.map(({ entry, by }) => {
            evaluate(point.map((each, k) => (k === entry ? each + by : each)));
            return Math.abs(at(read(0), i) - here);
          }),
        );
        const moved = levelThrough(own.level, before, here, step);
        return Number.isFinite(moved) && moved !== before ? withLevel(text, own.level, moved) : null;
      },
    };
  }
}
