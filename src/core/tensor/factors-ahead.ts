/** Factors of large matrices before they are asked for: an operation is computed at once, and these would take seconds of silence. */
import { at } from '../diagnostic.ts';
import type { Stages } from '../stages.ts';
import { reachable, type ValueTable } from './evaluate.ts';
import { isLarge, type Matrix, nullSpaceStages, pseudoinverseStages, rowSpaceStages } from './matrix.ts';
import type { Id } from './value.ts';

/** Makes what the targets need of large constant matrices, with pauses. It is remembered: whoever asks next has it. */
export function* factorsAhead(table: ValueTable, targets: Iterable<Id>): Stages<void> {
  for (const id of reachable(table, targets)) {
    const value = at(table.values, id);
    if (value.op !== 'pinv' && value.op !== 'rowSpace' && value.op !== 'nullSpace') continue;
    const { op, attributes, shape } = at(table.values, value.args[0]);
    if (op !== 'constant') continue;
    const matrix: Matrix = { rows: at(shape, 0), columns: at(shape, 1), data: attributes.data };
    if (!isLarge(matrix)) continue;
    if (value.op === 'pinv') yield* pseudoinverseStages(matrix, value.attributes.cutoff);
    else yield* value.op === 'rowSpace' ? rowSpaceStages(matrix) : nullSpaceStages(matrix);
  }
}
