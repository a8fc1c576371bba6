// result = α·A·B + δ·I. A: [rows, inner] and B: [inner, columns], read through strides (a transpose swaps two of them);
// result: f32[rows, columns], row-major. Each invocation keeps a block of 8 × 8 sums in registers; the block at the edge
// reads its last row or column again and stores nothing for it.
struct Params {
  rows: u32,
  inner: u32,
  columns: u32,
  a_offset: u32,
  a_row: u32,   // distance between rows of A
  a_inner: u32, // distance between columns of A
  b_offset: u32,
  b_inner: u32,
  b_column: u32,
  alpha: f32,
  delta: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 8;
override piece: u32 = 64; // terms of one running sum: sums of sums round less (Higham 2002, §4.2)

fn a_place(row: u32) -> u32 { return params.a_offset + min(row, params.rows - 1u) * params.a_row; }
fn b_place(column: u32) -> u32 { return params.b_offset + min(column, params.columns - 1u) * params.b_column; }

// Adds to the result what a piece of the inner length gives; δ comes last, where the products may nearly cancel it.
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

@compute @workgroup_size(workgroup_width, workgroup_width)
fn matmul(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = (id.y + id.z * groups.y * workgroup_width) * 8u;
  let column = id.x * 8u;
  if (row >= params.rows || column >= params.columns) { return; }
  let a_row0 = a_place(row + 0u);
  let a_row1 = a_place(row + 1u);
  let a_row2 = a_place(row + 2u);
  let a_row3 = a_place(row + 3u);
  let a_row4 = a_place(row + 4u);
  let a_row5 = a_place(row + 5u);
  let a_row6 = a_place(row + 6u);
  let a_row7 = a_place(row + 7u);
  let b_column0 = b_place(column + 0u);
  let b_column1 = b_place(column + 1u);
  let b_column2 = b_place(column + 2u);
  let b_column3 = b_place(column + 3u);
  let b_column4 = b_place(column + 4u);
  let b_column5 = b_place(column + 5u);
  let b_column6 = b_place(column + 6u);
  let b_column7 = b_place(column + 7u);
  for (var first = 0u; first < params.inner; first += piece) {
    let last = min(first + piece, params.inner);
    var low0 = vec4f(0.0);
    var high0 = vec4f(0.0);
    var low1 = vec4f(0.0);
    var high1 = vec4f(0.0);
    var low2 = vec4f(0.0);
    var high2 = vec4f(0.0);
    var low3 = vec4f(0.0);
    var high3 = vec4f(0.0);
    var low4 = vec4f(0.0);
    var high4 = vec4f(0.0);
    var low5 = vec4f(0.0);
    var high5 = vec4f(0.0);
    var low6 = vec4f(0.0);
    var high6 = vec4f(0.0);
    var low7 = vec4f(0.0);
    var high7 = vec4f(0.0);
    for (var k = first; k < last; k++) {
      let ka = k * params.a_inner;
      let kb = k * params.b_inner;
      let a0 = a[a_row0 + ka];
      let a1 = a[a_row1 + ka];
      let a2 = a[a_row2 + ka];
      let a3 = a[a_row3 + ka];
      let a4 = a[a_row4 + ka];
      let a5 = a[a_row5 + ka];
      let a6 = a[a_row6 + ka];
      let a7 = a[a_row7 + ka];
      let b_low = vec4f(b[b_column0 + kb], b[b_column1 + kb], b[b_column2 + kb], b[b_column3 + kb]);
      let b_high = vec4f(b[b_column4 + kb], b[b_column5 + kb], b[b_column6 + kb], b[b_column7 + kb]);
      low0 = fma(vec4f(a0), b_low, low0);
      high0 = fma(vec4f(a0), b_high, high0);
      low1 = fma(vec4f(a1), b_low, low1);
      high1 = fma(vec4f(a1), b_high, high1);
      low2 = fma(vec4f(a2), b_low, low2);
      high2 = fma(vec4f(a2), b_high, high2);
      low3 = fma(vec4f(a3), b_low, low3);
      high3 = fma(vec4f(a3), b_high, high3);
      low4 = fma(vec4f(a4), b_low, low4);
      high4 = fma(vec4f(a4), b_high, high4);
      low5 = fma(vec4f(a5), b_low, low5);
      high5 = fma(vec4f(a5), b_high, high5);
      low6 = fma(vec4f(a6), b_low, low6);
      high6 = fma(vec4f(a6), b_high, high6);
      low7 = fma(vec4f(a7), b_low, low7);
      high7 = fma(vec4f(a7), b_high, high7);
    }
    let is_first = first == 0u;
    let is_last = last == params.inner;
    add(row + 0u, column, low0, is_first, is_last);
    add(row + 0u, column + 4u, high0, is_first, is_last);
    add(row + 1u, column, low1, is_first, is_last);
    add(row + 1u, column + 4u, high1, is_first, is_last);
    add(row + 2u, column, low2, is_first, is_last);
    add(row + 2u, column + 4u, high2, is_first, is_last);
    add(row + 3u, column, low3, is_first, is_last);
    add(row + 3u, column + 4u, high3, is_first, is_last);
    add(row + 4u, column, low4, is_first, is_last);
    add(row + 4u, column + 4u, high4, is_first, is_last);
    add(row + 5u, column, low5, is_first, is_last);
    add(row + 5u, column + 4u, high5, is_first, is_last);
    add(row + 6u, column, low6, is_first, is_last);
    add(row + 6u, column + 4u, high6, is_first, is_last);
    add(row + 7u, column, low7, is_first, is_last);
    add(row + 7u, column + 4u, high7, is_first, is_last);
  }
}
