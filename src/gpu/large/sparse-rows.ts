/** Linear equations A x = b of which most coefficients are 0, as the GPU takes them: A and Aᵀ row by row. Pure. */
import { at, fault, type Result, success } from '../../core/diagnostic.ts';

/** Rows one after the other: entries starts[i] … starts[i + 1] − 1 are the columns and values of row i. Any order of columns. */
export interface SparseRows {
  /** n. */
  readonly columns: number;
  /** m + 1 of them, from 0. */
  readonly starts: ArrayLike<number>;
  readonly indices: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** b[m]. */
  readonly targets: ArrayLike<number>;
}

/** A matrix row by row, in float32. */
export interface Compressed {
  readonly starts: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

export interface SparseSystem {
  readonly rows: number;
  readonly columns: number;
  readonly matrix: Compressed;
  readonly transpose: Compressed;
  readonly targets: Float32Array;
  /** ‖aᵢ‖² in [1, 4), and 1 for a row of zeros. */
  readonly squares: Float32Array;
  /** The largest Σᵢ aᵢⱼ² / ‖aᵢ‖² of a column: at most the square of the norm of the matrix of rows of length 1. */
  readonly steepness: number;
}

/**
 * Each row times the power of two that makes its length at least 1 and less than 2: the same solutions, without rounding.
 * Time and memory are linear in m + n + entries. Refuses what is no such system, and a row of zeros that asks for something else than 0.
 */
export function sparseSystem({ columns, starts, indices, values, targets }: SparseRows): Result<SparseSystem> {
  const rows = starts.length - 1;
  const count = indices.length;
  if (rows < 1 || columns < 1 || at(starts, 0) !== 0 || at(starts, rows) !== count)
    return fault('Sparse rows begin at entry 0, end with the last entry, and there is at least one, as of columns.');
  if (values.length !== count || targets.length !== rows)
    return fault(
      `${rows} sparse rows of ${count} entries need as many targets and values, not ${targets.length} and ${values.length}.`,
    );
  const matrix: Compressed = {
    starts: Uint32Array.from(starts),
    indices: Uint32Array.from(indices),
    values: new Float32Array(count),
  };
  const scaledTargets = new Float32Array(rows);
  const squares = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    const [first, end] = [at(starts, i), at(starts, i + 1)];
    if (!(Number.isInteger(end) && first <= end && end <= count)) return fault(`Row ${i} ends before it begins.`);
    let square = 0;
    for (let k = first; k < end; k++) {
      if (!Number.isInteger(at(indices, k))) return fault(`Entry ${k} is in no column: ${at(indices, k)}.`);
      square += Math.fround(at(values, k)) ** 2;
    }
    const target = at(targets, i);
    if (square === 0 && target !== 0) return fault(`Row ${i} has no coefficients, so it cannot be ${target}.`);
    const scale = square === 0 ? 1 : 2 ** -Math.floor(Math.log2(square) / 2);
    for (let k = first; k < end; k++) matrix.values[k] = Math.fround(at(values, k)) * scale;
    scaledTargets[i] = target * scale;
    squares[i] = square === 0 ? 1 : square * scale * scale;
    if (!Number.isFinite(square) || !Number.isFinite(at(scaledTargets, i)))
      return fault(`Row ${i} has a number that is not finite, or a target too large for its coefficients.`);
  }
  const transpose = transposed(matrix, columns);
  if (!transpose.ok) return transpose;
  const steepness = steepestColumn(transpose.value, squares);
  return success({ rows, columns, matrix, transpose: transpose.value, targets: scaledTargets, squares, steepness });
}

/** Columns become rows, in which the old rows ascend. */
function transposed({ starts, indices, values }: Compressed, columns: number): Result<Compressed> {
  const ends = new Uint32Array(columns + 1);
  for (let k = 0; k < indices.length; k++) {
    const column = at(indices, k);
    if (column >= columns) return fault(`Entry ${k} is in column ${column}, and there are ${columns}.`);
    ends[column] = at(ends, column) + 1;
  }
  let first = 0;
  for (let j = 0; j <= columns; j++) {
    const count = at(ends, j);
    ends[j] = first;
    first += count;
  }
  const begins = ends.slice();
  const rowOf = new Uint32Array(indices.length);
  const moved = new Float32Array(indices.length);
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let k = at(starts, i); k < at(starts, i + 1); k++) {
      const column = at(indices, k);
      const place = at(ends, column);
      if (place > at(begins, column) && at(rowOf, place - 1) === i)
        return fault(`Row ${i} has column ${column} twice.`);
      rowOf[place] = i;
      moved[place] = at(values, k);
      ends[column] = place + 1;
    }
  }
  return success({ starts: begins, indices: rowOf, values: moved });
}

function steepestColumn({ starts, indices, values }: Compressed, squares: Float32Array): number {
  let steepest = 0;
  for (let j = 0; j + 1 < starts.length; j++) {
    let square = 0;
    for (let k = at(starts, j); k < at(starts, j + 1); k++) square += at(values, k) ** 2 / at(squares, at(indices, k));
    steepest = Math.max(steepest, square);
  }
  return steepest;
}

/** Where rows begin, and then those of more than so many entries. */
export function extentsOf(
  { starts }: Compressed,
  longest: number,
): { readonly extents: Uint32Array; readonly long: number } {
  const long: number[] = [];
  for (let i = 0; i + 1 < starts.length; i++) if (at(starts, i + 1) - at(starts, i) > longest) long.push(i);
  const extents = new Uint32Array(starts.length + long.length);
  extents.set(starts);
  extents.set(long, starts.length);
  return { extents, long: long.length };
}
