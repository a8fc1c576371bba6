// result = A x − b. A: [rows, inner] read through strides (Q of a row basis likewise); x, b: read with strides; 0 repeats.
// result: f32[rows]. One invocation per row.
struct Params {
  rows: u32, inner: u32, a_offset: u32, a_row: u32, a_inner: u32,
  x_offset: u32, x_stride: u32, b_offset: u32, b_stride: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;

fn term(row: u32, k: u32) -> f32 { return a[row + k * params.a_inner] * x[params.x_offset + k * params.x_stride]; }

@compute @workgroup_size(workgroup_width)
fn affine_residual(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.rows) { return; }
  let row = params.a_offset + index * params.a_row;
  result[index] = product(row, 0u, params.inner) - b[params.b_offset + index * params.b_stride];
}
