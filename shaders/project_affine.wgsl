// result = x − P r: the point of {x : A x = b} nearest to x, for r = A x − b and P = A⁺ (or Qᵀ, for r = Q x − c).
// P: [rows, inner] read through strides; x, r: read with strides. result: f32[rows]. One invocation per `turns` entries, which lie a
// stride apart. Where all entries move alike, all would round alike: what one loses, the invocation's next entry gets.
struct Params {
  rows: u32, inner: u32, p_offset: u32, p_row: u32, p_inner: u32,
  x_offset: u32, x_stride: u32, r_offset: u32, r_stride: u32, turns: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> r: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;

fn term(row: u32, k: u32) -> f32 { return p[row + k * params.p_inner] * r[params.r_offset + k * params.r_stride]; }

// (x - y) - difference, exactly, where difference is x - y rounded (Knuth, The Art of Computer Programming 2, section 4.2.2).
fn rounding(x: f32, y: f32, difference: f32) -> f32 {
  let taken = rounded(difference - x);
  return rounded(x - rounded(difference - taken)) - (y + taken);
}

fn unseen_zero() -> u32 { return params.rows >> 31u; }

@compute @workgroup_size(workgroup_width)
fn project_affine(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  let stride = (params.rows + params.turns - 1u) / params.turns;
  if (index >= stride) { return; }
  var owed = 0.0;
  for (var i = index; i < params.rows; i += stride) {
    let x_i = x[params.x_offset + i * params.x_stride];
    let shift = product(params.p_offset + i * params.p_row, 0u, params.inner);
    let near = rounded(x_i - shift);
    owed += rounding(x_i, shift, near);
    let entry = rounded(near + owed);
    owed -= rounded(entry - near);
    result[i] = entry;
  }
}
