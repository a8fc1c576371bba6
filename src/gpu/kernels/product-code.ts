/** WGSL of the product kernels. Written by loops here, because loops there would index registers. */

import type { ElementwiseRun } from './elementwise-run.ts';
import { arraysCode, functionsOf, statementsOf, type Width } from './run-code.ts';

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
 * What comes after the sums: nothing more than α and δ, of one product or of each of many, a matrix and factors of the device too, or lines that are computed of each
 * entry and stored, so that the product itself needs no memory.
 */
export type Ending = 'plain' | 'batched' | 'scaled' | ElementwiseRun;

/** What the arrays hold: entries, or four at a time. `width` is that of the results and of what is added to them. */
export interface Elements {
  readonly a: 'f32' | 'vec4f';
  readonly b: 'f32' | 'vec4f';
  readonly width: Width;
}

const ENTRIES: Elements = { a: 'f32', b: 'f32', width: 1 };

/**
 * Params, bindings, places of rows and columns, and `store`. Workgroups along z take pieces of the inner length, one after the other: of
 * many products those of the first, then those of the second, and so on.
 */
export const head = (ending: Ending, { a, b, width }: Elements = ENTRIES): string => `${
  typeof ending === 'string' ? '' : functionsOf(ending)
}
struct Params {
  rows: u32, inner: u32, columns: u32, a_offset: u32, a_row: u32, a_inner: u32,
  b_offset: u32, b_inner: u32, b_column: u32, piece: u32, result_offset: u32, alpha: f32, delta: f32,${MORE_PARAMS[typeof ending === 'string' ? ending : 'plain']}
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<${a}>;
@group(0) @binding(2) var<storage, read> b: array<${b}>;
${resultsOf(ending, width)}

${placesOf(ending)}
fn a_place(row: u32) -> u32 { return a_begin() + min(row, params.rows - 1u) * params.a_row; }
fn b_place(column: u32) -> u32 { return b_begin() + min(column, params.columns - 1u) * params.b_column; }
fn begin_of(z: u32) -> u32 { return piece_of(z) * params.piece; }
// A factor of 0 skips the product.
fn end_of(z: u32) -> u32 {
  let end = min(begin_of(z) + params.piece, params.inner);
  return ${ending === 'scaled' ? 'select(end, begin_of(z), factors[0] == 0.0)' : 'end'};
}

${storeOf(ending, width)}
`;

const MORE_PARAMS = { plain: '', scaled: ' beta: f32,', batched: ' batch: u32, a_batch: u32, b_batch: u32,' } as const;

/** Where the matrices of a product begin, and which piece of it comes z-th. */
const placesOf = (ending: Ending): string =>
  ending === 'batched'
    ? `var<private> which: u32; // of the products
fn a_begin() -> u32 { return params.a_offset + which * params.a_batch; }
fn b_begin() -> u32 { return params.b_offset + which * params.b_batch; }
fn pieces() -> u32 { return (params.inner + params.piece - 1u) / params.piece; }
fn piece_of(z: u32) -> u32 { return z % pieces(); }`
    : `fn a_begin() -> u32 { return params.a_offset; }
fn b_begin() -> u32 { return params.b_offset; }
fn piece_of(z: u32) -> u32 { return z; }`;

/** What a workgroup takes of the products: comes first. */
export const readSlice = (ending: Ending): string =>
  `  let z = group.z;${ending === 'batched' ? '\n  which = z / pieces();' : ''}`;

function resultsOf(ending: Ending, width: Width): string {
  if (typeof ending !== 'string') return arraysCode(ending, 3, width);
  const element = width === 4 ? 'vec4f' : 'f32';
  if (ending !== 'scaled') return `@group(0) @binding(3) var<storage, read_write> result: array<${element}>;`;
  return `@group(0) @binding(3) var<storage, read> addend: array<${element}>;
@group(0) @binding(4) var<storage, read> factors: array<f32>;
@group(0) @binding(5) var<storage, read_write> result: array<${element}>;`;
}

/** Comes before the first `store`. */
export const readExtent = (ending: Ending): string =>
  `  extent = vec3u(params.rows, params.columns, params.result_offset);${
    ending === 'scaled' ? '\n  scales = vec2f(params.alpha * factors[0], params.beta * factors[1]);' : ''
  }`;

/** `store` takes one sum, or four side by side. The diagonal comes last: the products may nearly cancel it. */
function storeOf(ending: Ending, width: Width): string {
  return `var<private> extent: vec3u; // rows, columns, and where the result begins: read once for all entries${
    ending === 'scaled'
      ? '\nvar<private> scales: vec2f; // of the product, and of what is added: of a factor of 0 nothing is read'
      : ''
  }
fn store(z: u32, row: u32, column: u32, sum: ${width === 4 ? 'vec4f' : 'f32'}) {
  if (row < extent.x && column < extent.y) {
  let place = row * extent.y + column;
${storing(ending, width)}
  }
}`;
}

function storing(ending: Ending, width: Width): string {
  if (typeof ending !== 'string') {
    return `  let product = sum;
  let index = extent.z + place;
${statementsOf(ending, width)}`;
  }
  const diagonal =
    width === 4
      ? 'select(vec4f(0.0), vec4f(params.delta), vec4<bool>(piece_of(z) == 0u) & (vec4u(row) == column + vec4u(0u, 1u, 2u, 3u)))'
      : 'select(0.0, params.delta, piece_of(z) == 0u && row == column)';
  const shift = width === 4 ? ' >> 2u' : '';
  const stored =
    ending !== 'scaled'
      ? `  let whole_place = extent.z + z * extent.x * extent.y + place;
  result[whole_place${shift}] = params.alpha * sum + diagonal;`
      : `  let other = place${shift};
  var rest = ${width === 4 ? 'vec4f(0.0)' : '0.0'};
  if (scales.y != 0.0) { rest = scales.y * addend[other]; }
  result[(extent.z + place)${shift}] = scales.x * sum + rest + diagonal;`;
  return `  let diagonal = ${diagonal};
${stored}`;
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
export function storeAll(
  ending: Ending,
  { rows, columns }: Block,
  rowOf: (i: string) => string,
  column: string,
  width: Width = 1,
): string {
  const vectors = columns / 4;
  const totals = upTo(rows).flatMap((i) => upTo(vectors).map((v) => `t${i}_${v}`));
  const row = rowOf(vectors === 1 ? 'e' : `(e / ${vectors}u)`);
  const first = vectors === 1 ? column : `${column} + 4u * (e % ${vectors}u)`;
  const stores =
    width === 4
      ? '    store(z, row, first, total);'
      : `    for (var j = 0u; j < 4u; j++) { store(z, row, first + j, total[j]); }`;
  return `${readExtent(ending)}
  var totals = array<vec4f, ${totals.length}>(${totals.join(', ')});
  for (var e = 0u; e < ${totals.length}u; e++) {
    let row = ${row};
    let first = ${first};
    let total = totals[e];
${stores}
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
