// As project_affine; a workgroup of 16 × 16 lanes makes 16 entries at a time, and reads P side by side whichever way it lies. With
// `tile_sum`. What rounding takes from one entry, the next of the same lane gets.
struct Params {
  rows: u32, inner: u32, p_offset: u32, p_row: u32, p_inner: u32,
  x_offset: u32, x_stride: u32, r_offset: u32, r_stride: u32, turns: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> r: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

fn term(row: u32, k: u32) -> f32 { return p[row + k * params.p_inner] * r[params.r_offset + k * params.r_stride]; }

// (x - y) - difference, exactly, where difference is x - y rounded (Knuth, The Art of Computer Programming 2, section 4.2.2).
fn rounding(x: f32, y: f32, difference: f32) -> f32 {
  let taken = rounded(difference - x);
  return rounded(x - rounded(difference - taken)) - (y + taken);
}

fn unseen_zero() -> u32 { return params.rows >> 31u; }

@compute @workgroup_size(256)
fn project_affine_tile(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = SIDE * (group.x + group.y * groups.x);
  let stride = (params.rows + params.turns - 1u) / params.turns;
  let along = params.p_inner == 1u;
  let row = first + tile_row(lane, along);
  let part = tile_part(lane, along);
  var owed = 0.0;
  for (var turn = 0u; turn < params.turns; turn++) {
    let wanted = min(row + turn * stride, params.rows - 1u);
    tile_keep(0u, lane, along, tile_product(params.p_offset + wanted * params.p_row, 0u, params.inner, part));
    workgroupBarrier();
    let i = first + lane + turn * stride;
    if (lane < SIDE && first + lane < stride && i < params.rows) {
      let x_i = x[params.x_offset + i * params.x_stride];
      let shift = tile_total(0u, lane);
      let near = rounded(x_i - shift);
      owed += rounding(x_i, shift, near);
      let entry = rounded(near + owed);
      owed -= rounded(entry - near);
      result[i] = entry;
    }
    workgroupBarrier();
  }
}
