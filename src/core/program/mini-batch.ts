/** Mini-batches: at every step another part of the data, each row once before any comes again. */
import { at, fault, type Result, success } from '../diagnostic.ts';
import { objectiveOf } from '../problem/elaborate.ts';
import type { Problem } from '../problem/problem.ts';
import type { Resolved } from '../settings.ts';
import { reachable } from '../tensor/evaluate.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import type { Id } from '../tensor/value.ts';
import type { TRAINING } from '../training.ts';
import { randomSource, STREAMS } from './random-source.ts';
import { estimated, NO_SUM } from './row-sums.ts';

/** B of N rows of data. */
export interface Batch {
  readonly size: number;
  readonly rows: number;
}

/** The loss of a problem with its data marked: each array is an `identity` of its own. */
function markedObjective(ops: Ops, problem: Problem, x: Tensor, t: Tensor, T: Tensor) {
  const marks = new Set<Id>();
  const loss = objectiveOf(ops, problem, x, t, T, (value) => {
    if (value.shape.length === 0 || ops.valueOf(value).uses !== 0) return value;
    const marked = ops.identity(value);
    marks.add(marked.id);
    return marked;
  });
  return { loss, marks };
}

/**
 * How many rows the data of the loss have: the longest arrays that it sums over. Fails with a sentence where no part of the
 * rows estimates the loss without bias.
 */
export function rowsOfData(problem: Problem): Result<number> {
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const { loss, marks } = markedObjective(ops, problem, x, t, T);
  const read = [...reachable(ops, [loss.id])].filter((id) => marks.has(id));
  const lengths = [...new Set(read.map((id) => at(at(ops.values, id).shape, 0)))].filter((length) => length > 1);
  let reason = NO_SUM;
  for (const rows of lengths.sort((a, b) => b - a)) {
    const found = estimated(ops, loss, marks, { rows, drawn: ops.input('setting', 'rows', [1]) });
    if ('estimate' in found) return success(rows);
    if (reason === NO_SUM) reason = found.reason;
  }
  return fault(`Mini-batches do not apply: ${reason}`);
}

/** The rows of the batch of step t = 1, 2, …: `size` of the numbers 0 … rows − 1, in an order drawn anew once all have come. */
export function drawnRows(
  ops: Ops,
  { size, rows }: Batch,
  { batchSeed }: Pick<Resolved<typeof TRAINING>, 'batchSeed'>,
  t: Tensor,
): Tensor {
  const past = ops.maximum(0, ops.subtract(t, 1));
  return ops.randomIndex(size, rows, randomSource(ops, batchSeed, past, STREAMS.batches));
}

/** The loss estimated from the drawn rows, as a function of (x, t). The problem has such rows. */
export function batchLoss(ops: Ops, problem: Problem, rows: number, drawn: Tensor, T: Tensor) {
  return (x: Tensor, t: Tensor): Tensor => {
    const { loss, marks } = markedObjective(ops, problem, x, t, T);
    const found = estimated(ops, loss, marks, { rows, drawn });
    if ('reason' in found) throw new Error(`Invariant broken: ${found.reason}`);
    return found.estimate;
  };
}
