// result = x − P r: the point of {x : A x = b} nearest to x, for r = A x − b and P = A⁺ (or Qᵀ, for r = Q x − c).
// P: [rows, inner] read through strides; x, r: read with strides. result: f32[rows]. One invocation per entry.
struct Params {
  rows: u32, inner: u32, p_offset: u32, p_row: u32, p_inner: u32,
  x_offset: u32, x_stride: u32, r_offset: u32, r_stride: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> r: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;

fn term(row: u32, k: u32) -> f32 { return p[row + k * params.p_inner] * r[params.r_offset + k * params.r_stride]; }

@compute @workgroup_size(workgroup_width)
fn project_affine(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.rows) { return; }
  let row = params.p_offset + index * params.p_row;
  result[index] = x[params.x_offset + index * params.x_stride] - product(row);
}
