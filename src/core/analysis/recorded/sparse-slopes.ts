/** The Jacobian of an affine recorded value by its entries that are not 0: carried along from x, operation by operation. */
import { at } from '../../diagnostic.ts';
import { degreesIn } from '../../tensor/degree.ts';
import { Machine, type ValueTable } from '../../tensor/evaluate.ts';
import { broadcastIndices, reductionExtents, viewIndices } from '../../tensor/reference.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import { type RowTerms, type SparseMatrix, sparseFrom } from '../../tensor/sparse.ts';
import type { Id, Value } from '../../tensor/value.ts';

/** Of values on the way to y, too. */
const MOST_ENTRIES = 8_000_000;

/**
 * A[y, x] of y = A x + b; null where y is not affine in x, A depends on anything, or is not finite, or where a value on the way has
 * more than 8 million slopes that are not 0. Time and memory go with their number, not with rows × columns.
 * Source: Griewank & Walther 2008, Evaluating Derivatives, §7.3 (sparse forward mode, in values instead of patterns).
 */
export function sparseSlopes(table: ValueTable, y: Id, x: Id): SparseMatrix | null {
  const degrees = degreesIn(table, y, x);
  if ((degrees.get(y) ?? 0) > 1) return null;
  const machine = new Machine(table);
  const slopes = new Map<Id, SparseMatrix>();
  const columns = sizeOf(at(table.values, x).shape);
  for (const id of [...degrees.keys()].sort((a, b) => a - b)) {
    if (id === x) slopes.set(x, identityOf(columns));
    if (id === x || degrees.get(id) === 0) continue;
    const found = slopesOf(table, machine, at(table.values, id), slopes, columns);
    if (!found) return null;
    slopes.set(id, found);
  }
  const found = slopes.get(y) ?? sparseFrom(sizeOf(at(table.values, y).shape), columns, 0, () => []);
  return found?.values.every(Number.isFinite) ? found : null;
}

const identityOf = (size: number): SparseMatrix => ({
  rows: size,
  columns: size,
  starts: Int32Array.from({ length: size + 1 }, (_, i) => i),
  indices: Int32Array.from({ length: size }, (_, i) => i),
  values: new Float64Array(size).fill(1),
});

/** For an operation that only moves entries: where each entry of the result comes from. */
function origin(value: Value, from: Shape): Int32Array | null {
  if (value.op === 'slice') return viewIndices(value.attributes, value.shape);
  if (value.op === 'broadcast') return broadcastIndices(from, value.shape);
  return value.op === 'transpose' ? viewIndices({ offset: 0, strides: [1, at(value.shape, 0)] }, value.shape) : null;
}

function slopesOf(
  table: ValueTable,
  machine: Machine,
  value: Value,
  slopes: ReadonlyMap<Id, SparseMatrix>,
  columns: number,
): SparseMatrix | null {
  const { args } = value;
  const known = args.map((id) => slopes.get(id) ?? null);
  const [first = null, second = null] = known;
  const shapes = args.map((id) => at(table.values, id).shape);
  const made = (termsOf: (row: number) => RowTerms) => sparseFrom(sizeOf(value.shape), columns, MOST_ENTRIES, termsOf);
  /** Null where they depend on settings or the step. */
  const numbersOf = (id: Id | undefined): Float64Array | null => {
    if (id === undefined || at(table.values, id).uses !== 0) return null;
    machine.procedure([id])();
    return machine.numbers(id);
  };
  const scaled = (of: SparseMatrix | null, factors: ArrayLike<number> | null) =>
    of && factors && made((row) => [[of, row, at(factors, row)]]);
  switch (value.op) {
    case 'identity':
    case 'reshape':
      return first;
    case 'negate':
      return first && made((row) => [[first, row, -1]]);
    case 'add':
    case 'subtract': {
      const sign = value.op === 'add' ? 1 : -1;
      if (second === null) return first;
      if (first === null) return made((row) => [[second, row, sign]]);
      return made((row) => [
        [first, row, 1],
        [second, row, sign],
      ]);
    }
    case 'multiply':
      return first ? scaled(first, numbersOf(args[1])) : scaled(second, numbersOf(args[0]));
    case 'divide':
      return scaled(first, numbersOf(args[1])?.map((entry) => 1 / entry) ?? null);
    case 'where': {
      const choices = numbersOf(args[0]);
      const [, chosen = null, other = null] = known;
      const branch = (row: number) => (choices?.[row] === 0 ? other : chosen);
      return choices && made((row) => [branch(row)].flatMap((of) => (of ? [[of, row, 1] as const] : [])));
    }
    case 'slice':
    case 'transpose':
    case 'broadcast': {
      const from = origin(value, shapes[0] ?? []);
      return first && from && made((row) => [[first, at(from, row), 1]]);
    }
    case 'assemble': {
      const terms = Array.from({ length: sizeOf(value.shape) }, (): [SparseMatrix, number, number][] => []);
      args.forEach((_, i) => {
        const part = known[i];
        if (!part) return;
        viewIndices(at(value.attributes.parts, i), at(shapes, i)).forEach((target, k) => {
          at(terms, target).push([part, k, 1]);
        });
      });
      return made((row) => at(terms, row));
    }
    case 'sum': {
      const { length, inner } = reductionExtents(at(shapes, 0), value.attributes.axis);
      const start = (row: number) => Math.floor(row / inner) * length * inner + (row % inner);
      return first && made((row) => counted(length, (k) => [first, start(row) + k * inner, 1]));
    }
    case 'matmul': {
      const depth = at(at(shapes, 1), 0);
      const width = sizeOf(at(shapes, 1)) / depth;
      const numbers = numbersOf(first ? args[1] : args[0]);
      const place = (row: number) => [Math.floor(row / width), row % width] as const;
      if (!numbers) return null;
      return made((row) => {
        const [i, j] = place(row);
        if (first) return counted(depth, (k) => [first, i * depth + k, at(numbers, k * width + j)]);
        return second ? counted(depth, (k) => [second, k * width + j, at(numbers, i * depth + k)]) : [];
      });
    }
    default:
      return null;
  }
}

/** Terms without those of weight 0. */
function* counted(length: number, term: (k: number) => readonly [SparseMatrix, number, number]): RowTerms {
  for (let k = 0; k < length; k++) {
    const found = term(k);
    if (found[2] !== 0) yield found;
  }
}
