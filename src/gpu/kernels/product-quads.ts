/**
 * Products for subgroups of four lanes, as processors have them that stand in for a GPU. Of what such a kernel does there, loads take
 * most: each entry is fetched by itself, with its own checks. So the lanes share what they load of A by exchanges, which cost one
 * instruction where a broadcast costs twenty, and sums are few enough for the code to stay in the caches.
 */
import {
  accumulate,
  type Block,
  type Elements,
  type Ending,
  head,
  inPieces,
  lines,
  readSlice,
  storeAll,
  upTo,
} from './product-code.ts';
import type { Width } from './run-code.ts';

/** Whether four terms of the inner length lie side by side (deep), four rows of A or columns of B (wide), or neither is known. */
export type Lie = 'deep' | 'wide' | 'any';
export interface Lies {
  readonly a: Lie;
  readonly b: Lie;
  /** Whether four entries of the result are stored at once, and what comes after the product is computed of four. */
  readonly width: Width;
}

/** For families that read entry by entry. */
export const ANYHOW: Lies = { a: 'any', b: 'any', width: 1 };

/** All but wide A with deep B, where each lane would need another entry of what it loaded. */
export const LIES: readonly Lies[] = (['any', 'deep', 'wide'] as const).flatMap((a) =>
  (['any', 'deep', 'wide'] as const).flatMap((b) =>
    a === 'wide' && b === 'deep' ? [] : ([1, 4] as const).map((width) => ({ a, b, width })),
  ),
);

/** Places and strides in entries. */
export interface Strides {
  readonly a_offset: number;
  readonly a_row: number;
  readonly a_inner: number;
  readonly b_offset: number;
  readonly b_inner: number;
  readonly b_column: number;
  readonly inner: number;
  readonly piece: number;
  readonly columns: number;
  readonly result_offset: number;
  readonly a_batch?: number;
  readonly b_batch?: number;
}

const isFourfold = (...lengths: readonly number[]): boolean => lengths.every((length) => length % 4 === 0);

/** How the matrices lie, as far as four-vectors can be read from them. */
export function liesOf(strides: Strides): Lies {
  const {
    a_offset,
    a_row,
    a_inner,
    b_offset,
    b_inner,
    b_column,
    inner,
    piece,
    columns,
    result_offset,
    a_batch = 0,
    b_batch = 0,
  } = strides;
  const isWhole = piece >= inner || isFourfold(piece); // else a piece begins within a four-vector
  const lie = (begins: readonly number[], across: number, along: number): Lie => {
    if (along === 1 && isFourfold(...begins, across) && isWhole) return 'deep';
    return across === 1 && isFourfold(...begins, along) ? 'wide' : 'any';
  };
  const a = lie([a_offset, a_batch], a_row, a_inner);
  const b = lie([b_offset, b_batch], b_column, b_inner);
  const width = isFourfold(columns, result_offset) ? 4 : 1;
  return { a: a === 'wide' && b === 'deep' ? 'any' : a, b, width };
}

const LANES = 4;
export const QUAD: Block = { rows: 16, columns: 4 };
export const QUAD_COLUMNS = LANES * QUAD.columns;
/** What lane l gets is what lane l ^ d has. */
const EXCHANGES = ['', 'quadSwapX', 'quadSwapY', 'quadSwapDiagonal'] as const;
export const exchanged = (d: number, own: string): string => (d === 0 ? own : `${EXCHANGES[d]}(${own})`);

/**
 * A kernel with one quad a workgroup: `lane` of four, `tile` of `across` side by side, and the first `column` of those that the lane
 * sums. `declarations` stand before it, in the module.
 */
export const quadKernel = (
  name: string,
  ending: Ending,
  elements: Elements,
  body: string,
  declarations = '',
): string => `enable subgroups;
${head(ending, elements)}
override workgroup_width: u32 = ${LANES};
${declarations}
@compute @workgroup_size(workgroup_width)
fn ${name}(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
${readSlice(ending)}
  let lane = index % ${LANES}u;
  let across = (params.columns + ${QUAD_COLUMNS - 1}u) / ${QUAD_COLUMNS}u;
  let tile = group.x + group.y * groups.x;
  let column = ((tile % across) * ${LANES}u + lane) * ${QUAD.columns}u;
${body}
}
`;

/**
 * Control flow is uniform, none returns early. Where A is not wide, lane l loads rows 4i + l, and sum 4i + d of
 * lane l is that of row 4i + (l ^ d). Where it is wide, lane l loads terms k + l, and adds those of k + (l ^ d) as the d-th.
 */
export function quadsCode(name: string, ending: Ending, lies: Lies): string {
  const { a, b, width } = lies;
  const rowOf =
    a === 'wide' ? (i: string) => `tile_row + ${i}` : (i: string) => `tile_row + (${i} & ~3u) + (lane ^ (${i} & 3u))`;
  const elements: Elements = { a: a === 'any' ? 'f32' : 'vec4f', b: b === 'any' ? 'f32' : 'vec4f', width };
  const body = `  let tile_row = (tile / across) * ${QUAD.rows}u;
${placesOf(lies)}
  // Compilers of processors keep nothing between turns of a loop that is not kept here, and divide four-vectors entry by entry.
  let a_inner = params.a_inner;
  let b_inner = params.b_inner;
  let begin = begin_of(z);
  let end = end_of(z);
${inPieces(QUAD, fourTerms(lies), oneTerm(lies), storeAll(ending, QUAD, rowOf, 'column', width))}`;
  return quadKernel(name, ending, elements, body);
}

/** Where the rows of A and the columns of B begin; of wide ones the first alone, as what lies beyond the edge is never stored. */
const placesOf = ({ a, b }: Lies): string => `${
  a === 'wide'
    ? '  let a0 = a_begin() + tile_row;'
    : lines(QUAD.rows / 4, (i) => `  let a${i} = a_place(tile_row + ${4 * i}u + lane);`)
}
${
  b === 'wide' ? '  let b0 = b_begin() + column;' : lines(QUAD.columns, (j) => `  let b${j} = b_place(column + ${j}u);`)
}`;

/** Terms k to k + 3. */
function fourTerms({ a, b }: Lies): string {
  const own = lines(QUAD.rows / 4, (i) => {
    if (a === 'wide') return `      let own${i} = a[(a0 + ${4 * i}u + (k + lane) * a_inner) >> 2u];`;
    if (a === 'deep') return `      let own${i} = a[(a${i} + k) >> 2u];`;
    return `      let own${i} = vec4f(${upTo(4).map((q) => `a[a${i} + (k + ${q}u) * a_inner]`)});`;
  });
  const deep = b === 'deep' ? lines(4, (j) => `      let u${j} = b[(b${j} + k) >> 2u];`) : '';
  const term = (d: number) => {
    const k = a === 'wide' ? `(k + (lane ^ ${d}u))` : `(k + ${d}u)`;
    const loaded = b === 'deep' ? `vec4f(${upTo(4).map((j) => `u${j}[${d}]`)})` : columnsAt(b, k);
    const entry = (i: number) =>
      a === 'wide' ? exchanged(d, `own${i >> 2}[${i % 4}]`) : exchanged(i % 4, `own${i >> 2}[${d}]`);
    return `      {
      let v0 = ${loaded};
${accumulate(QUAD, entry)}
      }`;
  };
  return `${own}\n${deep}\n${lines(4, term)}`;
}

/** Four entries of B in its row k. */
const columnsAt = (b: Lie, k: string): string =>
  b === 'wide'
    ? `b[(b0 + ${k} * b_inner) >> 2u]`
    : `vec4f(${upTo(4).map((j) => `${entryOf('b', b, `b${j} + ${k} * b_inner`)}`)})`;

/** Term k, entry by entry: the last of a length that is no multiple of four. */
function oneTerm({ a, b }: Lies): string {
  const own =
    a === 'wide'
      ? lines(QUAD.rows, (i) => `      let own${i} = ${entryOf('a', a, `a0 + ${i}u + k * a_inner`)};`)
      : lines(QUAD.rows / 4, (i) => `      let own${i} = ${entryOf('a', a, `a${i} + k * a_inner`)};`);
  const entry = (i: number) => (a === 'wide' ? `own${i}` : exchanged(i % 4, `own${i >> 2}`));
  return `${own}
      let v0 = ${columnsAt(b, 'k')};
${accumulate(QUAD, entry)}`;
}

const entryOf = (array: string, lie: Lie, place: string): string =>
  lie === 'any' ? `${array}[${place}]` : `${array}[(${place}) >> 2u][(${place}) & 3u]`;
