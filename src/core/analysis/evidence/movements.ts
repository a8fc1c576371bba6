/** Right-hand sides that move with the step along few directions: which of their entries tell where all of them are. */
import { at } from '../../diagnostic.ts';
import { reachable, type ValueTable } from '../../tensor/evaluate.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { type Id, USES, type Value } from '../../tensor/value.ts';
import { sparseSlopes } from '../recorded/sparse-slopes.ts';

/** b(t) − b(0) = Σₖ (b(t) − b(0))[rows[k]]·shapes[k], at every step. */
export interface Movement {
  readonly rows: readonly number[];
  /** [rows.length][m]. */
  readonly shapes: readonly Float64Array[];
}

/** More directions than this are not looked at. */
const MOST_SHAPES = 8;
/** A share of the largest number that is taken for the rounding of 0. */
const ROUNDING = 1e-12;

/**
 * The movement of y = A x − b(t), affine in x, where b is affine in numbers that alone depend on t or on settings: 0.1·t, data·sin(t). Null where
 * single entries go through a function of t each, and where there are more than eight such directions.
 */
export function movementOf(table: ValueTable, y: Id): Movement | null {
  const follows = ({ uses }: Value) => (uses & (USES.time | USES.setting)) !== 0;
  const numbers = new Set<Id>();
  for (const id of reachable(table, [y])) {
    const { op, args, shape } = at(table.values, id);
    if (op === 'repeat' || op === 'pick') return null;
    if (sizeOf(shape) === 1 && id !== y) continue;
    for (const argument of args) {
      const value = at(table.values, argument);
      if (sizeOf(value.shape) === 1 && follows(value)) numbers.add(argument);
    }
  }
  // Those numbers as variables, whatever they are made from.
  const cut: ValueTable = {
    ...table,
    values: table.values.map((value, id): Value => (numbers.has(id) ? asVariable(value, id) : value)),
  };
  const isCut = [...reachable(cut, [y])].every(
    (id) => numbers.has(id) || at(cut.values, id).op !== 'input' || !follows(at(cut.values, id)),
  );
  if (!isCut) return null;
  const rows = sizeOf(at(table.values, y).shape);
  const slopes: Float64Array[] = [];
  for (const id of numbers) {
    const found = sparseSlopes(cut, y, id);
    if (!found) return null;
    slopes.push(
      Float64Array.from({ length: rows }, (_, i) =>
        at(found.starts, i) < at(found.starts, i + 1) ? at(found.values, at(found.starts, i)) : 0,
      ),
    );
  }
  return tellingRows(slopes);
}

const asVariable = ({ shape }: Value, id: Id): Value => ({
  op: 'input',
  args: [],
  attributes: { source: 'setting', name: `number ${id}` },
  shape,
  uses: USES.setting,
  region: null,
});

/** Gauss–Jordan elimination with complete pivoting: of each column one row is left in which it alone is not 0. */
function tellingRows(columns: readonly Float64Array[]): Movement | null {
  const left = columns.map((column) => column.slice());
  const largest = (column: Float64Array) =>
    column.reduce((best, entry, i) => (Math.abs(entry) > Math.abs(at(column, best)) ? i : best), 0);
  const least = ROUNDING * Math.max(0, ...left.map((column) => Math.abs(column[largest(column)] ?? 0)));
  const found: { readonly row: number; readonly shape: Float64Array }[] = [];
  for (;;) {
    const pivots = left.map((column) => ({ column, row: largest(column) }));
    const sizeOfPivot = ({ column, row }: (typeof pivots)[number]) => Math.abs(column[row] ?? 0);
    const next = pivots.toSorted((p, q) => sizeOfPivot(q) - sizeOfPivot(p))[0];
    if (!next || sizeOfPivot(next) <= least) break;
    const { column, row } = next;
    const pivot = at(column, row);
    const shape = column.map((entry) => entry / pivot);
    left.splice(left.indexOf(column), 1);
    for (const other of [...left, ...found.map((one) => one.shape)]) {
      const factor = at(other, row);
      if (factor !== 0) for (let i = 0; i < other.length; i++) other[i] = at(other, i) - factor * at(shape, i);
      other[row] = 0;
    }
    found.push({ row, shape });
    if (found.length > MOST_SHAPES) return null;
  }
  return found.length === 0 ? null : { rows: found.map(({ row }) => row), shapes: found.map(({ shape }) => shape) };
}
