// result[p, i] = Σₖ A[i, k] x[k] over the k of piece p. A: [rows, inner] read through strides (swapped for Aᵀ x); x: read with a
// stride. result: f32[⌈inner / piece⌉, rows]. One invocation per entry of the result.
struct Params {
  rows: u32, inner: u32, a_offset: u32, a_row: u32, a_inner: u32, x_offset: u32, x_stride: u32, piece: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;

fn term(row: u32, k: u32) -> f32 { return a[row + k * params.a_inner] * x[params.x_offset + k * params.x_stride]; }

@compute @workgroup_size(workgroup_width)
fn matvec(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.rows * ((params.inner + params.piece - 1u) / params.piece)) { return; }
  let row = params.a_offset + (index % params.rows) * params.a_row;
  let begin = index / params.rows * params.piece;
  result[index] = product(row, begin, min(begin + params.piece, params.inner));
}
