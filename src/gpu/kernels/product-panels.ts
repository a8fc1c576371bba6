/**
 * Products for subgroups of four lanes that keep a panel of B: of 64 terms and the columns of a tile, each lane has those entries that
 * it multiplies with what the lanes load of a row of A together, and goes down the rows with them. A loop over terms keeps its sums from
 * turn to turn instead, and processors that stand in for a GPU merge each of them at the end of a turn; here only the row changes, so
 * that sums stay in registers, B is loaded once for many rows, and a row of A once for sixteen columns.
 */
import { type Ending, lines, readExtent, upTo } from './product-code.ts';
import type { Extents } from './product-families.ts';
import { exchanged, type Lies, QUAD_COLUMNS, quadKernel } from './product-quads.ts';

/** Terms of a panel: four lanes of four, four times. The last terms, which do not fill one, come in panels of 16, filled up with zeros. */
const [DEPTH, REST] = [64, 16] as const;
/** Rows of a tile; its sums take memory for the most. */
const [LEAST_ROWS, MOST_ROWS] = [16, 128] as const;
/** Fewer tiles would leave threads idle; SwiftShader hands workgroups out in so many batches. */
const LEAST_TILES = 16;

/** Tiles of a product, as many of which as there are `slices` run side by side. The kernel finds their rows by the same formula. */
export function panelTiles({ rows, columns }: Extents, slices: number): number {
  const across = Math.ceil(columns / QUAD_COLUMNS);
  const height = Math.min(MOST_ROWS, Math.max(LEAST_ROWS, Math.ceil((rows * across * slices) / LEAST_TILES)));
  return across * Math.ceil(rows / height);
}

/** Whether a piece of the inner length ends within a panel. */
export const hasRest = ({ inner, piece }: Extents): boolean =>
  (Math.min(piece, inner) | (inner % Math.max(1, piece))) % DEPTH !== 0;

/** What is read as four-vectors: A where its rows lie, B where its columns do not. */
export const panelLies = ({ a, b, width }: Lies): Lies => ({
  a: a === 'deep' ? a : 'any',
  b: b === 'wide' ? b : 'any',
  width,
});

const DECLARATIONS = `override has_rest: u32 = 1; // whether there are pieces of the inner length that end within a panel
// Zeros are written to them once; to variables of a function twice, which took as long to compile as all the rest.
var<private> panel: array<vec4f, ${DEPTH}>;
var<private> sums: array<vec4f, ${MOST_ROWS}>;
`;

/** Control flow is uniform, none returns early. */
export const panelsCode = (name: string, ending: Ending, { a, b, width }: Lies): string =>
  quadKernel(
    name,
    ending,
    { a: a === 'deep' ? 'vec4f' : 'f32', b: b === 'wide' ? 'vec4f' : 'f32', width },
    `  let height = clamp((params.rows * across * groups.z + ${LEAST_TILES - 1}u) / ${LEAST_TILES}u, ${LEAST_ROWS}u, ${MOST_ROWS}u);
  let tile_row = min((tile / across) * height, params.rows);
  let rows = min(height, params.rows - tile_row); // none for workgroups that only fill the grid
  let begin = begin_of(z);
  let end = end_of(z);
  let whole = end - (end - begin) % ${DEPTH}u;
${b === 'wide' ? '  let b0 = b_begin() + column;' : lines(4, (j) => `  let b${j} = b_place(column + ${j}u);`)}
  for (var first = begin; first < whole; first += ${DEPTH}u) {
${downTheRows(DEPTH, a, b, (entries) => entries)}
  }
  if (has_rest == 1u) {
  for (var first = whole; first < end; first += ${REST}u) {
${downTheRows(REST, a, b, (entries, k) => `select(vec4f(0.0), ${entries}, ${k} < vec4u(end))`)}
  }
  }
${readExtent(ending)}
  for (var row = 0u; row < rows; row++) {
    let total = sums[row];
${
  width === 4
    ? '    store(z, tile_row + row, column, total);'
    : '    for (var j = 0u; j < 4u; j++) { store(z, tile_row + row, column + j, total[j]); }'
}
  }`,
    DECLARATIONS,
  );

/**
 * Adds the terms from `first` on to the sums of each row. Panel entry 16 g + 4 q + d of lane l is that of term 16 g + 4 (l ^ d) + q: of
 * what lane l ^ d loads of A the q-th of four. `inside` takes four entries and their terms.
 */
const downTheRows = (
  depth: number,
  a: Lies['a'],
  b: Lies['b'],
  inside: (entries: string, k: string) => string,
): string => `    for (var p = 0u; p < ${depth}u; p++) {
      let k = first + (p & ~15u) + 4u * (lane ^ (p & 3u)) + ((p >> 2u) & 3u);
      panel[p] = ${inside(
        b === 'wide'
          ? 'b[(b0 + k * params.b_inner) >> 2u]'
          : `vec4f(${upTo(4).map((j) => `b[b${j} + k * params.b_inner]`)})`,
        'vec4u(k)',
      )};
    }
    for (var row = 0u; row < rows; row++) {
      let k = first + 4u * lane;
      let place = a_begin() + (tile_row + row) * params.a_row + k${a === 'deep' ? '' : ' * params.a_inner'};
${lines(4, (j) => `      var sum${j} = 0.0;`)}
${lines(depth / 16, (g) => {
  const own =
    a === 'deep'
      ? `a[(place + ${16 * g}u) >> 2u]`
      : `vec4f(${upTo(4).map((q) => `a[place + ${16 * g + q}u * params.a_inner]`)})`;
  return `      let own${g} = ${inside(own, `k + vec4u(${upTo(4).map((q) => `${16 * g + q}u`)})`)};
${lines(
  16,
  (p) =>
    `      { let s = ${exchanged(p & 3, `own${g}[${p >> 2}]`)}; ${upTo(4)
      .map((j) => `sum${j} = fma(s, panel[${16 * g + p}][${j}], sum${j});`)
      .join(' ')} }`,
)}`;
})}
      sums[row] += vec4f(sum0, sum1, sum2, sum3);
    }`;
