/** WGSL of the product kernels. Written by loops here, because loops there would index registers. */

import { arraysCode, type ElementwiseRun, functionsOf, statementsOf } from './elementwise-run.ts';

/** Sums that one invocation keeps, and how many invocations share what they load. */
export interface Block {
  readonly rows: number;
  readonly columns: number;
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
export const lines = (count: number, line: (i: number) => string): string => upTo(count).map(line).join('\n');

/** Terms of one running sum: sums of sums round less (Higham 2002, §4.2). Shorter ones cost a tenth of the time of a product. */
const PIECE = 256;

/**
 * What comes after the sums: nothing more than α and δ, a matrix and factors of the device too, or lines that are computed of each
 * entry and stored, so that the product itself needs no memory.
 */
export type Ending = 'plain' | 'scaled' | ElementwiseRun;

/** What the arrays of the matrices hold: entries, or four at a time. */
export interface Elements {
  readonly a: 'f32' | 'vec4f';
  readonly b: 'f32' | 'vec4f';
}

/** Params, bindings, places of rows and columns, and `store`. Workgroups along z take pieces of the inner length, one after the other. */
export const head = (ending: Ending, { a, b }: Elements = { a: 'f32', b: 'f32' }): string => `${
  typeof ending === 'string' ? '' : functionsOf(ending)
}
struct Params {
  rows: u32, inner: u32, columns: u32, a_offset: u32, a_row: u32, a_inner: u32,
  b_offset: u32, b_inner: u32, b_column: u32, piece: u32, result_offset: u32, alpha: f32, delta: f32,${ending === 'scaled' ? ' beta: f32,' : ''}
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<${a}>;
@group(0) @binding(2) var<storage, read> b: array<${b}>;
${resultsOf(ending)}

fn a_place(row: u32) -> u32 { return params.a_offset + min(row, params.rows - 1u) * params.a_row; }
fn b_place(column: u32) -> u32 { return params.b_offset + min(column, params.columns - 1u) * params.b_column; }
fn begin_of(z: u32) -> u32 { return z * params.piece; }
// A factor of 0 skips the product.
fn end_of(z: u32) -> u32 {
  let end = min(z * params.piece + params.piece, params.inner);
  return ${ending === 'scaled' ? 'select(end, z * params.piece, factors[0] == 0.0)' : 'end'};
}

fn store(z: u32, row: u32, column: u32, sum: f32) {
  if (row >= params.rows || column >= params.columns) { return; }
  let place = row * params.columns + column;
  let diagonal = select(0.0, params.delta, z == 0u && row == column); // last: the products may nearly cancel it
${storing(ending)}
}
`;

function resultsOf(ending: Ending): string {
  if (typeof ending !== 'string') return arraysCode(ending, 3);
  if (ending === 'plain') return '@group(0) @binding(3) var<storage, read_write> result: array<f32>;';
  return `@group(0) @binding(3) var<storage, read> addend: array<f32>;
@group(0) @binding(4) var<storage, read> factors: array<f32>;
@group(0) @binding(5) var<storage, read_write> result: array<f32>;`;
}

function storing(ending: Ending): string {
  if (typeof ending !== 'string') {
    return `  let product = params.alpha * sum + diagonal;
  let index = params.result_offset + place;
${statementsOf(ending)}`;
  }
  return ending === 'plain'
    ? '  result[params.result_offset + z * params.rows * params.columns + place] = params.alpha * sum + diagonal;'
    : '  result[params.result_offset + place] = fma(params.alpha * factors[0], sum, params.beta * factors[1] * addend[place]) + diagonal;';
}

/**
 * A loop over the inner length in pieces: totals t and sums c of `rows` × `columns` entries as four-vectors, b as vectors v0, v1, …
 * `quad` adds four terms at k, `one` one, and `ending` takes the totals; all as text.
 */
export function inPieces({ rows, columns }: Block, quad: string, one: string, ending: string): string {
  const vectors = columns / 4;
  const each = (text: (row: number, vector: number) => string) =>
    lines(
      rows,
      (i) =>
        `    ${upTo(vectors)
          .map((v) => text(i, v))
          .join(' ')}`,
    );
  return `${each((i, v) => `var t${i}_${v} = vec4f(0.0);`)}
  for (var first = begin; first < end; first += ${PIECE}u) {
    let last = min(first + ${PIECE}u, end);
    let whole = first + ((last - first) & ~3u);
${each((i, v) => `var c${i}_${v} = vec4f(0.0);`)}
    for (var k = first; k < whole; k += 4u) {
${quad}
    }
    for (var k = whole; k < last; k++) {
${one}
    }
${each((i, v) => `t${i}_${v} += c${i}_${v};`)}
  }
${ending}`;
}

/** Stores the totals, in a loop: written out, it would be most of the kernel, and most of its compile time. */
export function storeAll({ rows, columns }: Block, rowOf: (i: string) => string, column: string): string {
  const vectors = columns / 4;
  const totals = upTo(rows).flatMap((i) => upTo(vectors).map((v) => `t${i}_${v}`));
  return `  var totals = array<vec4f, ${totals.length}>(${totals.join(', ')});
  for (var e = 0u; e < ${rows * columns}u; e++) {
    store(z, ${rowOf(`(e / ${columns}u)`)}, ${column} + e % ${columns}u, totals[e / 4u][e % 4u]);
  }`;
}

/** b[k] of all columns of the block, k as text. */
export const loadColumns = ({ columns }: Block, k: string): string =>
  `      let kb = (${k}) * params.b_inner;
${lines(
  columns / 4,
  (v) =>
    `      let v${v} = vec4f(${upTo(4)
      .map((j) => `b[b${4 * v + j} + kb]`)
      .join(', ')});`,
)}`;

/** sums += a[row] · b for all rows of the block; what a row's entry is, as text. */
export const accumulate = ({ rows, columns }: Block, entry: (row: number) => string): string =>
  lines(
    rows,
    (i) =>
      `      { let s = vec4f(${entry(i)}); ${upTo(columns / 4)
        .map((v) => `c${i}_${v} = fma(s, v${v}, c${i}_${v});`)
        .join(' ')} }`,
  );

export const places = ({ rows, columns }: Block): string =>
  `${lines(rows, (i) => `  let a${i} = a_place(row + ${i}u);`)}
${lines(columns, (j) => `  let b${j} = b_place(column + ${j}u);`)}
  let begin = begin_of(z);
  let end = end_of(z);`;
