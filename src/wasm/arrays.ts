/** Loops over arrays in memory: copies through views, reductions, products. Sums add in the reference's order. */
import { at } from '../core/diagnostic.ts';
import type { Code, Frame } from './encode.ts';

export const BYTES = 8;

/** Where arrays lie, in bytes. */
export type Address = number;

/** What is written into, and whether two numbers may be computed at once. */
export interface Target {
  readonly code: Code;
  readonly frame: Frame;
  readonly hasPairs: boolean;
}

/** `body` for a counter from 0 below `count`·`stride`, in steps of `stride`; nothing where the count is 0. */
export function loop({ code, frame }: Target, count: number, stride: number, body: (counter: number) => void): void {
  if (count <= 0) return;
  const counter = frame.local('i32');
  code.integer(0).set(counter).begin('loop');
  body(counter);
  code.get(counter).integer(stride).op('i32.add').set(counter);
  code
    .get(counter)
    .integer(count * stride)
    .op('i32.lt_u')
    .branch('br_if', 0)
    .op('end');
}

export interface Strided {
  readonly address: Address;
  /** In entries, one an axis. */
  readonly strides: readonly number[];
}

/** to[i, j, …] = from[i, j, …], or is increased by it. */
export function copyView(target: Target, shape: readonly number[], to: Strided, from: Strided, adds: boolean): void {
  const { code, frame } = target;
  const write = (axis: number, into: number, outOf: number): void => {
    if (axis === shape.length) {
      code.get(into);
      if (adds) code.get(into).access('f64.load', 0);
      code.get(outOf).access('f64.load', 0);
      if (adds) code.op('f64.add');
      code.access('f64.store', 0);
      return;
    }
    const [a, b] = [frame.local('i32'), frame.local('i32')];
    code.get(into).set(a).get(outOf).set(b);
    loop(target, at(shape, axis), 1, () => {
      write(axis + 1, a, b);
      code
        .get(a)
        .integer(at(to.strides, axis) * BYTES)
        .op('i32.add')
        .set(a);
      code
        .get(b)
        .integer(at(from.strides, axis) * BYTES)
        .op('i32.add')
        .set(b);
    });
  };
  const [into, outOf] = [frame.local('i32'), frame.local('i32')];
  code.integer(to.address).set(into).integer(from.address).set(outOf);
  write(0, into, outOf);
}

export function copyArray(code: Code, to: Address, from: Address, size: number): void {
  if (to !== from && size > 0)
    code
      .integer(to)
      .integer(from)
      .integer(size * BYTES)
      .op('memory.copy');
}

export function fillWithZeros(code: Code, to: Address, size: number): void {
  code
    .integer(to)
    .integer(0)
    .integer(size * BYTES)
    .op('memory.fill');
}

/** [outer, length, inner] → [outer, inner]: over the middle axis, from `initial`, entry after entry. */
export function reduce(
  target: Target,
  { outer, length, inner }: { readonly outer: number; readonly length: number; readonly inner: number },
  to: Address,
  from: Address,
  [initial, combine]: readonly [number, 'f64.add' | 'f64.max'],
): void {
  const { code, frame } = target;
  const [row, sum] = [frame.local('i32'), frame.local('f64')];
  if (inner === 1) {
    code.integer(0).set(row);
    loop(target, outer, BYTES, (out) => {
      code.number(initial).set(sum);
      loop(target, length, BYTES, (k) => {
        code.get(sum).get(row).get(k).op('i32.add').access('f64.load', from).op(combine).set(sum);
      });
      code.get(out).get(sum).access('f64.store', to);
      code
        .get(row)
        .integer(length * BYTES)
        .op('i32.add')
        .set(row);
    });
    return;
  }
  // Rows are added to the result one after the other: memory is read in order, and each entry still sums in order.
  const into = frame.local('i32');
  code.integer(0).set(row).integer(to).set(into);
  loop(target, outer, 1, () => {
    loop(target, inner, BYTES, (j) => code.get(into).get(j).op('i32.add').number(initial).access('f64.store', 0));
    loop(target, length, 1, () => {
      loop(target, inner, BYTES, (j) => {
        code.get(into).get(j).op('i32.add');
        code.get(into).get(j).op('i32.add').access('f64.load', 0);
        code.get(row).get(j).op('i32.add').access('f64.load', from);
        code.op(combine).access('f64.store', 0);
      });
      code
        .get(row)
        .integer(inner * BYTES)
        .op('i32.add')
        .set(row);
    });
    code
      .get(into)
      .integer(inner * BYTES)
      .op('i32.add')
      .set(into);
  });
}

export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Rows and columns that are computed together: independent sums hide the time that one addition takes. */
interface Tile {
  readonly rows: number;
  /** Pairs of columns; 0 for a single column. */
  readonly pairs: number;
}

const tilesOf = (hasPairs: boolean): readonly Tile[] =>
  hasPairs
    ? [
        { rows: 4, pairs: 2 },
        { rows: 4, pairs: 0 },
        { rows: 1, pairs: 4 },
        { rows: 1, pairs: 1 },
        { rows: 1, pairs: 0 },
      ]
    : [
        { rows: 4, pairs: 0 },
        { rows: 1, pairs: 0 },
      ];

/** C[rows, columns] = A[rows, inner] B[inner, columns]; each entry is summed over the inner index in order. */
export function multiply(target: Target, size: Product, to: Address, a: Address, b: Address): void {
  const tiles = tilesOf(target.hasPairs);
  let row = 0;
  for (const height of [4, 1]) {
    const bands = Math.floor((size.rows - row) / height);
    if (bands === 0) continue;
    const first = row;
    loop(target, bands, 1, (band) => {
      let column = 0;
      for (const tile of tiles.filter(({ rows }) => rows === height)) {
        const width = Math.max(1, 2 * tile.pairs);
        const count = Math.floor((size.columns - column) / width);
        if (count === 0) continue;
        const start = { row: first, column };
        loop(target, count, width * BYTES, (across) => multiplyTile(target, size, tile, start, band, across, to, a, b));
        column += count * width;
      }
    });
    row += bands * height;
  }
}

function multiplyTile(
  target: Target,
  { inner, columns }: Product,
  { rows, pairs }: Tile,
  first: { readonly row: number; readonly column: number },
  band: number,
  across: number,
  to: Address,
  a: Address,
  b: Address,
): void {
  const { code, frame } = target;
  const type = pairs > 0 ? 'v128' : 'f64';
  const width = Math.max(1, pairs);
  const step = pairs > 0 ? 2 * BYTES : BYTES;
  const sums = Array.from({ length: rows * width }, () => frame.local(type));
  const right = Array.from({ length: width }, () => frame.local(type));
  const left = frame.local(type);
  const [fromA, fromB, into] = [frame.local('i32'), frame.local('i32'), frame.local('i32')];
  code
    .get(band)
    .integer(rows * inner * BYTES)
    .op('i32.mul')
    .set(fromA)
    .get(across)
    .set(fromB);
  for (const sum of sums) {
    code.number(0);
    if (pairs > 0) code.op('f64x2.splat');
    code.set(sum);
  }
  loop(target, inner, 1, () => {
    for (let j = 0; j < width; j++)
      code
        .get(fromB)
        .access(pairs > 0 ? 'v128.load' : 'f64.load', b + first.column * BYTES + j * step)
        .set(at(right, j));
    for (let i = 0; i < rows; i++) {
      code
        .get(fromA)
        .access(pairs > 0 ? 'v128.load64_splat' : 'f64.load', a + (first.row + i) * inner * BYTES)
        .set(left);
      for (let j = 0; j < width; j++) {
        const sum = at(sums, i * width + j);
        code.get(sum).get(left).get(at(right, j));
        if (pairs > 0) code.op('f64x2.mul', 'f64x2.add').set(sum);
        else code.op('f64.mul', 'f64.add').set(sum);
      }
    }
    code.get(fromA).integer(BYTES).op('i32.add').set(fromA);
    code
      .get(fromB)
      .integer(columns * BYTES)
      .op('i32.add')
      .set(fromB);
  });
  code
    .get(band)
    .integer(rows * columns * BYTES)
    .op('i32.mul')
    .get(across)
    .op('i32.add')
    .set(into);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) {
      const offset = to + ((first.row + i) * columns + first.column) * BYTES + j * step;
      code
        .get(into)
        .get(at(sums, i * width + j))
        .access(pairs > 0 ? 'v128.store' : 'f64.store', offset);
    }
  }
}

/** to[i, …] = table[rows[i], …]; NaN where there is no such row, as in the reference. `pushRow` puts the number of the row on the stack. */
export function gatherRows(
  target: Target,
  { tableRows, width, count }: { readonly tableRows: number; readonly width: number; readonly count: number },
  to: Address,
  table: Address,
  rows: Address,
): void {
  const { code, frame } = target;
  const [row, index, from, into] = [frame.local('f64'), frame.local('i32'), frame.local('i32'), frame.local('i32')];
  const missing = frame.local('f64');
  code.integer(0).set(into);
  loop(target, count, BYTES, (i) => {
    code.get(i).access('f64.load', rows).set(row);
    pushMissing(code, row, index, tableRows, missing);
    code
      .get(index)
      .integer(width * BYTES)
      .op('i32.mul')
      .set(from);
    loop(target, width, BYTES, (k) => {
      code.get(into);
      code.get(from).get(k).op('i32.add').access('f64.load', table).get(missing).op('f64.add');
      code.access('f64.store', to);
      code.get(into).integer(BYTES).op('i32.add').set(into);
    });
  });
}

/** Sets `index` to a row of the table, and `missing` to −0, or to row 0 and NaN where `row` is none: x + −0 = x for every x. */
export function pushMissing(code: Code, row: number, index: number, tableRows: number, missing: number): void {
  code.get(row).op('i32.trunc_sat_f64_u').set(index);
  code.number(-0).number(Number.NaN);
  code.get(index).op('f64.convert_i32_u').get(row).op('f64.eq');
  code.get(index).integer(tableRows).op('i32.lt_u', 'i32.and', 'select').set(missing);
  code.get(index).integer(0).get(index).integer(tableRows).op('i32.lt_u', 'select').set(index);
}
