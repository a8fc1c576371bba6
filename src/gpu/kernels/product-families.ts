/** The families of product kernels. Each is best somewhere: which one runs is chosen by shape and device, in `choose-product.ts`. */
import { ceilDiv, type Grid } from './define-kernel.ts';
import {
  accumulate,
  type Block,
  type Ending,
  head,
  inPieces,
  lines,
  loadColumns,
  places,
  readExtent,
  readSlice,
  storeAll,
} from './product-code.ts';
import { hasRest, panelLies, panelsCode, panelTiles } from './product-panels.ts';
import { ANYHOW, type Lies, QUAD, QUAD_COLUMNS, quadsCode } from './product-quads.ts';

export interface Extents {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly piece: number;
  /** Products at once; one where it is not said. */
  readonly batch?: number;
}

export interface Family {
  /** `lies` are those of `reads`. */
  readonly code: (name: string, ending: Ending, lies: Lies) => string;
  /** How it reads matrices that lie so: where nothing is said, entry by entry. */
  readonly reads?: (found: Lies) => Lies;
  /** Whether it runs only where all subgroups are of four lanes. */
  readonly needsQuads?: true;
  readonly constants: Readonly<Record<string, number>>;
  /** Constants of certain lengths. */
  readonly constantsOf?: (extents: Extents) => Readonly<Record<string, number>>;
  readonly workgroups: (extents: Extents) => Grid;
}

/** Workgroups along one dimension: the least that every adapter takes. */
const GRID_LIMIT = 65_535;
const piecesOf = ({ inner, piece, batch = 1 }: Extents): number => batch * Math.max(1, ceilDiv(inner, piece));

/** `count` workgroups for each piece of each product: one after the other along x, in rows along y, pieces along z. */
function gridOf(count: number, extents: Extents): Grid {
  const rows = ceilDiv(count, GRID_LIMIT);
  return [ceilDiv(count, rows), rows, piecesOf(extents)];
}

const ARGUMENTS = `  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,`;

/** One entry of the result for an invocation: for products so small that a block would leave most of the device idle. */
const SINGLE_WIDTH = 64;
const single: Family = {
  constants: { workgroup_width: SINGLE_WIDTH },
  workgroups: (extents) => gridOf(ceilDiv(extents.rows * extents.columns, SINGLE_WIDTH), extents),
  code: (name, ending) => `${head(ending)}
override workgroup_width: u32 = ${SINGLE_WIDTH};

@compute @workgroup_size(workgroup_width)
fn ${name}(
${ARGUMENTS}
) {
${readSlice(ending)}
  let entry = (group.x + group.y * groups.x) * workgroup_width + index;
  if (entry >= params.rows * params.columns) { return; }
  let row = entry / params.columns;
  let column = entry % params.columns;
  let a0 = a_place(row);
  let b0 = b_place(column);
  let end = end_of(z);
  var total = 0.0;
  for (var first = begin_of(z); first < end; first += 64u) {
    var sum = 0.0;
    for (var k = first; k < min(first + 64u, end); k++) {
      sum = fma(a[a0 + k * params.a_inner], b[b0 + k * params.b_inner], sum);
    }
    total += sum;
  }
${readExtent(ending)}
  store(z, row, column, total);
}
`,
};

/** A block of sums in the registers of every invocation; the block at the edge reads its last row or column again. */
const SIDE = 8;
const BLOCK: Block = { rows: 8, columns: 8 };
const block: Family = {
  constants: { workgroup_width: SIDE * SIDE },
  workgroups: (extents) =>
    gridOf(ceilDiv(extents.rows, SIDE * BLOCK.rows) * ceilDiv(extents.columns, SIDE * BLOCK.columns), extents),
  code: (name, ending) => `${head(ending)}
override workgroup_width: u32 = ${SIDE * SIDE};

@compute @workgroup_size(workgroup_width)
fn ${name}(
${ARGUMENTS}
) {
${readSlice(ending)}
  let across = (params.columns + ${SIDE * BLOCK.columns - 1}u) / ${SIDE * BLOCK.columns}u;
  let tile = group.x + group.y * groups.x;
  let row = ((tile / across) * ${SIDE}u + index / ${SIDE}u) * ${BLOCK.rows}u;
  let column = ((tile % across) * ${SIDE}u + index % ${SIDE}u) * ${BLOCK.columns}u;
  if (row >= params.rows || column >= params.columns) { return; }
${places(BLOCK)}
${inPieces(
  BLOCK,
  lines(4, (q) => `      {\n${one(`k + ${q}u`)}\n      }`),
  one('k'),
  storeAll(ending, BLOCK, (i) => `row + ${i}`, 'column'),
)}
}
`,
};

function one(k: string): string {
  return `      let ka = (${k}) * params.a_inner;
${loadColumns(BLOCK, k)}
${accumulate(BLOCK, (i) => `a[a${i} + ka]`)}`;
}

/** For subgroups of four lanes; see `product-quads.ts`. */
const quads: Family = {
  constants: { workgroup_width: 4 },
  needsQuads: true,
  reads: (found) => found,
  workgroups: (extents) => gridOf(ceilDiv(extents.rows, QUAD.rows) * ceilDiv(extents.columns, QUAD_COLUMNS), extents),
  code: quadsCode,
};

/** For them, too, and for as many rows as pay for its panels; see `product-panels.ts`. */
const panels: Family = {
  constants: { workgroup_width: 4, has_rest: 1 },
  constantsOf: (extents) => ({ has_rest: hasRest(extents) ? 1 : 0 }),
  needsQuads: true,
  reads: panelLies,
  workgroups: (extents) => gridOf(panelTiles(extents, piecesOf(extents)), extents),
  code: panelsCode,
};

/** 64 × 64 entries a workgroup, 16 terms at a time in its memory: what GPUs want for large products (performance was measured by others). */
const TILE = 64;
const DEPTH = 16;
/** From one term to the next in that memory: two numbers more, so that lanes that store 16 terms of two rows meet each bank once. */
const PITCH = TILE + 2;
const EACH: Block = { rows: 8, columns: 8 };
const tile: Family = {
  constants: { workgroup_width: SIDE * SIDE },
  workgroups: (extents) => gridOf(ceilDiv(extents.rows, TILE) * ceilDiv(extents.columns, TILE), extents),
  code: (name, ending) => `${head(ending)}
override workgroup_width: u32 = ${SIDE * SIDE};
var<workgroup> a_tile: array<f32, ${DEPTH * PITCH}>; // [k][row]
var<workgroup> b_tile: array<f32, ${DEPTH * PITCH}>; // [k][column]

@compute @workgroup_size(workgroup_width)
fn ${name}(
${ARGUMENTS}
) {
${readSlice(ending)}
  let across = (params.columns + ${TILE - 1}u) / ${TILE}u;
  let tile = group.x + group.y * groups.x;
  let down = (tile / across) * ${TILE}u; // past the last row for workgroups that only fill the grid
  let right = (tile % across) * ${TILE}u;
  let own_row = (index / ${SIDE}u) * ${EACH.rows}u;
  let own_column = (index % ${SIDE}u) * ${EACH.columns}u;
  let begin = begin_of(z);
  let end = end_of(z);
${lines(EACH.rows, (i) => `  var t${i}_0 = vec4f(0.0); var t${i}_1 = vec4f(0.0);`)}
  for (var first = begin; first < end; first += ${DEPTH}u) {
    // Neighbours load neighbours where the strides allow it. What lies beyond the edge counts as 0.
    for (var e = index; e < ${DEPTH * TILE}u; e += workgroup_width) {
      let is_deep = params.a_inner == 1u;
      let ak = select(e / ${TILE}u, e % ${DEPTH}u, is_deep);
      let row = select(e % ${TILE}u, e / ${DEPTH}u, is_deep);
      let a_entry = a[a_place(down + row) + min(first + ak, end - 1u) * params.a_inner];
      a_tile[ak * ${PITCH}u + row] = select(0.0, a_entry, first + ak < end && down + row < params.rows);
      let is_tall = params.b_inner == 1u;
      let bk = select(e / ${TILE}u, e % ${DEPTH}u, is_tall);
      let column = select(e % ${TILE}u, e / ${DEPTH}u, is_tall);
      let b_entry = b[b_place(right + column) + min(first + bk, end - 1u) * params.b_inner];
      b_tile[bk * ${PITCH}u + column] = select(0.0, b_entry, first + bk < end && right + column < params.columns);
    }
    workgroupBarrier();
${lines(EACH.rows, (i) => `    var c${i}_0 = vec4f(0.0); var c${i}_1 = vec4f(0.0);`)}
    for (var k = 0u; k < ${DEPTH}u; k++) {
      let place = k * ${PITCH}u;
${lines(2, (v) => `      let v${v} = vec4f(${[0, 1, 2, 3].map((j) => `b_tile[place + own_column + ${4 * v + j}u]`).join(', ')});`)}
${accumulate(EACH, (i) => `a_tile[place + own_row + ${i}u]`)}
    }
${lines(EACH.rows, (i) => `    t${i}_0 += c${i}_0; t${i}_1 += c${i}_1;`)}
    workgroupBarrier();
  }
${storeAll(ending, EACH, (i) => `down + own_row + ${i}`, 'right + own_column')}
}
`,
};

const families = { single, block, quads, panels, tile } as const;
export type FamilyName = keyof typeof families;
export const FAMILIES: Readonly<Record<FamilyName, Family>> = families;
export const FAMILY_NAMES = Object.keys(FAMILIES) as readonly FamilyName[];

/** How a family reads matrices that lie so. */
export const readsOf = (family: FamilyName, found: Lies): Lies => FAMILIES[family].reads?.(found) ?? ANYHOW;
