/** Float64 matrices of which most entries are 0, row by row. */
import { at } from '../diagnostic.ts';

export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Row i is the entries starts[i] … starts[i + 1] − 1. [rows + 1] */
  readonly starts: Int32Array;
  /** The column of each entry, ascending in a row. */
  readonly indices: Int32Array;
  /** None is 0. */
  readonly values: Float64Array;
}

/** A sum of rows of other matrices. */
export type RowTerms = Iterable<readonly [of: SparseMatrix, row: number, weight: number]>;

/** A matrix whose rows are made one after the other. Null as soon as it has more than `most` entries. */
export function sparseFrom(
  rows: number,
  columns: number,
  most: number,
  termsOf: (row: number) => RowTerms,
): SparseMatrix | null {
  const sums = new Float64Array(columns);
  const ownerOf = new Int32Array(columns).fill(-1);
  const starts = new Int32Array(rows + 1);
  let [indices, values] = [new Int32Array(1024), new Float64Array(1024)];
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const touched: number[] = [];
    let isAscending = true;
    for (const [of, source, weight] of termsOf(row)) {
      for (let k = at(of.starts, source); k < at(of.starts, source + 1); k++) {
        const j = at(of.indices, k);
        if (ownerOf[j] !== row) {
          ownerOf[j] = row;
          sums[j] = 0;
          isAscending &&= touched.length === 0 || at(touched, touched.length - 1) < j;
          touched.push(j);
        }
        sums[j] = at(sums, j) + weight * at(of.values, k);
      }
      if (count + touched.length > most) return null;
    }
    if (!isAscending) touched.sort((a, b) => a - b);
    while (count + touched.length > indices.length) {
      indices = grown(indices, new Int32Array(2 * indices.length));
      values = grown(values, new Float64Array(2 * values.length));
    }
    for (const j of touched) {
      if (sums[j] === 0) continue;
      indices[count] = j;
      values[count++] = at(sums, j);
    }
    starts[row + 1] = count;
  }
  return { rows, columns, starts, indices: indices.slice(0, count), values: values.slice(0, count) };
}

function grown<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/** The rows of matrices with equally many columns, one matrix after the other. */
export function stackedRows(columns: number, parts: readonly SparseMatrix[]): SparseMatrix {
  const total = (of: (part: SparseMatrix) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  const [rows, count] = [total((part) => part.rows), total(({ values }) => values.length)];
  const starts = new Int32Array(rows + 1);
  const [indices, values] = [new Int32Array(count), new Float64Array(count)];
  let [row, entry] = [0, 0];
  for (const part of parts) {
    for (let i = 0; i < part.rows; i++) starts[row + i + 1] = entry + at(part.starts, i + 1);
    indices.set(part.indices, entry);
    values.set(part.values, entry);
    row += part.rows;
    entry += part.values.length;
  }
  return { rows, columns, starts, indices, values };
}

/** Rows of it: row i is its row order[i]. */
export function permutedRows(A: SparseMatrix, order: ArrayLike<number>): SparseMatrix {
  const rows = order.length;
  const starts = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++)
    starts[i + 1] = at(starts, i) + at(A.starts, at(order, i) + 1) - at(A.starts, at(order, i));
  const [indices, values] = [new Int32Array(at(starts, rows)), new Float64Array(at(starts, rows))];
  for (let i = 0; i < rows; i++) {
    const [from, end] = [at(A.starts, at(order, i)), at(A.starts, at(order, i) + 1)];
    indices.set(A.indices.subarray(from, end), at(starts, i));
    values.set(A.values.subarray(from, end), at(starts, i));
  }
  return { ...A, rows, starts, indices, values };
}

/** Of a row-major array [rows, columns]. */
export function toSparse(rows: number, columns: number, data: ArrayLike<number>): SparseMatrix {
  const starts = new Int32Array(rows + 1);
  const [indices, values]: [number[], number[]] = [[], []];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = at(data, i * columns + j);
      if (value === 0) continue;
      indices.push(j);
      values.push(value);
    }
    starts[i + 1] = indices.length;
  }
  return { rows, columns, starts, indices: Int32Array.from(indices), values: Float64Array.from(values) };
}

/** Aᵀ. */
export function sparseTransposed({ rows, columns, starts, indices, values }: SparseMatrix): SparseMatrix {
  const ends = new Int32Array(columns + 1);
  for (const j of indices) ends[j + 1] = at(ends, j + 1) + 1;
  for (let j = 0; j < columns; j++) ends[j + 1] = at(ends, j + 1) + at(ends, j);
  const next = ends.slice();
  const [own, entries] = [new Int32Array(indices.length), new Float64Array(indices.length)];
  for (let i = 0; i < rows; i++) {
    for (let k = at(starts, i); k < at(starts, i + 1); k++) {
      const place = at(next, at(indices, k));
      next[at(indices, k)] = place + 1;
      own[place] = i;
      entries[place] = at(values, k);
    }
  }
  return { rows: columns, columns: rows, starts: ends, indices: own, values: entries };
}

/** ‖aᵢ‖₂ of each row. */
export function rowLengths({ rows, starts, values }: SparseMatrix): Float64Array {
  const lengths = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let k = at(starts, i); k < at(starts, i + 1); k++) squares += at(values, k) ** 2;
    lengths[i] = Math.sqrt(squares);
  }
  return lengths;
}
