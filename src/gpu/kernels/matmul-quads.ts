/** The product for adapters with subgroups of four lanes: the lanes of a quad share what they load of A. */
import { ceilDiv, defineKernel, gridOf } from './define-kernel.ts';
import { PRODUCT_BINDINGS } from './product-bindings.ts';

/** Sums that one invocation keeps; a quad has ROWS rows of four times as many columns. */
const [ROWS, COLUMNS] = [16, 8] as const;
const LANES = 4;
/** Terms of one running sum: sums of sums round less (Higham 2002, §4.2). */
const PIECE = 64;

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const lines = (count: number, line: (i: number) => string): string => upTo(count).map(line).join('\n');

/** sums += a row · b, for the rows in `a` and the columns in `b`, both as text. */
const accumulate = (a: (row: number) => string): string =>
  lines(
    ROWS,
    (i) => `      { let s = vec4f(${a(i)}); low${i} = fma(s, b_low, low${i}); high${i} = fma(s, b_high, high${i}); }`,
  );

const LOAD_B = `      let b_low = vec4f(b[b0 + kb], b[b1 + kb], b[b2 + kb], b[b3 + kb]);
      let b_high = vec4f(b[b4 + kb], b[b5 + kb], b[b6 + kb], b[b7 + kb]);`;

/** One quad a workgroup. Written by a loop here, because a loop there would index registers. Control flow is uniform: no invocation returns early. */
const code = `enable subgroups;
struct Params {
  rows: u32, inner: u32, columns: u32, a_offset: u32, a_row: u32, a_inner: u32,
  b_offset: u32, b_inner: u32, b_column: u32, alpha: f32, delta: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = ${LANES};

fn a_place(row: u32) -> u32 { return params.a_offset + min(row, params.rows - 1u) * params.a_row; }
fn b_place(column: u32) -> u32 { return params.b_offset + min(column, params.columns - 1u) * params.b_column; }

fn add(row: u32, column: u32, sums: vec4f, is_first: bool, is_last: bool) {
  if (row >= params.rows) { return; }
  for (var j = 0u; j < 4u; j++) {
    if (column + j < params.columns) {
      let place = row * params.columns + column + j;
      var value = params.alpha * sums[j];
      if (!is_first) { value += result[place]; }
      result[place] = value + select(0.0, params.delta, is_last && row == column + j);
    }
  }
}

@compute @workgroup_size(workgroup_width)
fn matmul_quads(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let lane = index % ${LANES}u;
  let across = (params.columns + ${LANES * COLUMNS - 1}u) / ${LANES * COLUMNS}u;
  let block = group.x + group.y * groups.x;
  let row = (block / across) * ${ROWS}u;
  let column = ((block % across) * ${LANES}u + lane) * ${COLUMNS}u;
${lines(ROWS, (i) => `  let a${i} = a_place(row + ${i}u);`)}
${lines(COLUMNS, (j) => `  let b${j} = b_place(column + ${j}u);`)}
  for (var first = 0u; first < params.inner; first += ${PIECE}u) {
    let last = min(first + ${PIECE}u, params.inner);
    let whole = first + ((last - first) & ~3u);
${lines(ROWS, (i) => `    var low${i} = vec4f(0.0); var high${i} = vec4f(0.0);`)}
    for (var k = first; k < whole; k += ${LANES}u) {
      let ka = (k + lane) * params.a_inner;
${lines(ROWS, (i) => `      let own${i} = a[a${i} + ka];`)}
${lines(
  LANES,
  (q) => `      {
      let kb = (k + ${q}u) * params.b_inner;
${LOAD_B}
${accumulate((i) => `quadBroadcast(own${i}, ${q}u)`)}
      }`,
)}
    }
    for (var k = whole; k < last; k++) {
      let ka = k * params.a_inner;
      let kb = k * params.b_inner;
${LOAD_B}
${accumulate((i) => `a[a${i} + ka]`)}
    }
    let is_first = first == 0u;
    let is_last = last == params.inner;
${lines(
  ROWS,
  (i) =>
    `    add(row + ${i}u, column, low${i}, is_first, is_last); add(row + ${i}u, column + 4u, high${i}, is_first, is_last);`,
)}
  }
}
`;

/** As `matmul`, of the same parameters and with the same bound on the error. */
export const matmulQuads = defineKernel({
  name: 'matmul_quads',
  code,
  bindings: PRODUCT_BINDINGS,
  constants: { workgroup_width: LANES },
  workgroups: ({ rows, columns }) => gridOf(ceilDiv(rows, ROWS) * ceilDiv(columns, LANES * COLUMNS)),
});
