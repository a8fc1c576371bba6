/** How near a point is to the corners of a problem, and which of their entries are lifted there. */
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import { Machine } from '../../tensor/evaluate.ts';
import type { Tensor } from '../../tensor/ops.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Id } from '../../tensor/value.ts';
import { bentOf, clipEnds, excessRows, type Fold } from './corners.ts';
import type { Lift } from './replay.ts';

/** At a point: the corners' values, and how near to a corner each entry is. */
export interface Nearness {
  /** side · value of each corner, [its size]: what its variables are there. */
  readonly values: readonly Float64Array[];
  /** For each corner and entry, how far the second largest piece is below the largest. */
  readonly gaps: readonly Float64Array[];
  /** The distance of each fold to where it has no slope. */
  readonly folds: readonly number[];
}

/** x[n] ↦ how near it is to each corner of the problem, at t = 0. */
export function nearnessIn(problem: Problem): (x: ArrayLike<number>) => Nearness {
  const bent = bentOf(problem);
  const { symbols, corners, folds } = bent;
  const { ops, x, T } = symbols;
  const excess = corners.map(({ node, shape, side }) => {
    const value = at(ops.values, node);
    const args = value.args.map((id) => ({ id, shape: at(ops.values, id).shape }));
    return { ...excessRows(ops, value, side, args, { id: node, shape }), node, side, size: sizeOf(shape) };
  });
  const edges = folds.map(({ node, kind }) => {
    const value = at(ops.values, node);
    const clip = kind === 'clip' ? clipEnds(ops, value) : null;
    const tensor = (id: Id): Tensor => ({ id, shape: at(ops.values, id).shape });
    return clip ? clip.ends.map((end) => ops.subtract(tensor(clip.a), tensor(end))) : [tensor(node)];
  });
  const distances = (own: readonly Tensor[], fold: Fold): readonly number[] =>
    own.flatMap(({ id }) => {
      const numbers = machine.numbers(id);
      return fold.kind === 'length' ? [at(numbers, fold.entry)] : [...numbers];
    });
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  const run = machine.procedure([
    ...corners.map(({ node }) => node),
    ...excess.map(({ rows }) => rows.id),
    ...edges.flat().map(({ id }) => id),
  ]);
  return (point) => {
    machine.numbers(x.id).set(point);
    run();
    return {
      values: excess.map(({ node, side }) => machine.numbers(node).map((entry) => side * entry)),
      gaps: excess.map(({ rows, owners, size }) => secondLargest(machine.numbers(rows.id), owners, size)),
      folds: edges.map((own, k) => Math.min(...distances(own, at(folds, k)).map(Math.abs))),
    };
  };
}

/** For each owner, minus the second largest of its rows, whose largest is 0; Infinity where there is only one. */
function secondLargest(rows: Float64Array, owners: readonly number[], size: number): Float64Array {
  const [first, second] = [new Float64Array(size).fill(-Infinity), new Float64Array(size).fill(-Infinity)];
  rows.forEach((row, k) => {
    const owner = at(owners, k);
    if (row > at(first, owner)) {
      second[owner] = at(first, owner);
      first[owner] = row;
    } else if (row > at(second, owner)) second[owner] = row;
  });
  return second.map((entry) => -entry);
}

/** The entries of corners that are within `room`·(1 + |value|) of a corner. */
export const liftNear = ({ values, gaps }: Nearness, room: number): Lift =>
  new Map(
    gaps.flatMap((own, k): [number, number[]][] => {
      const entries = Array.from(own.keys()).filter(
        (entry) => at(own, entry) <= room * (1 + Math.abs(at(at(values, k), entry))),
      );
      return entries.length === 0 ? [] : [[k, entries]];
    }),
  );

/** x with the values of the lifted entries, in the order of the corners. */
export const liftPoint = ({ values }: Nearness, lift: Lift, x: Float64Array): Float64Array =>
  Float64Array.from([
    ...x,
    ...[...lift].sort(([a], [b]) => a - b).flatMap(([k, entries]) => entries.map((entry) => at(at(values, k), entry))),
  ]);
