// As matvec, entry by entry of the result; a workgroup of 16 × 16 lanes makes 16 entries, and reads the matrix side by side whichever way
// it lies. With `tile_sum`.
struct Params {
  rows: u32, inner: u32, a_offset: u32, a_row: u32, a_inner: u32, x_offset: u32, x_stride: u32, piece: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

fn term(row: u32, k: u32) -> f32 { return a[row + k * params.a_inner] * x[params.x_offset + k * params.x_stride]; }

@compute @workgroup_size(256)
fn matvec_tile(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = SIDE * (group.x + group.y * groups.x);
  let count = params.rows * ((params.inner + params.piece - 1u) / params.piece);
  let along = params.a_inner == 1u;
  let index = min(first + tile_row(lane, along), count - 1u);
  let row = params.a_offset + (index % params.rows) * params.a_row;
  let begin = index / params.rows * params.piece;
  let end = min(begin + params.piece, params.inner);
  tile_keep(0u, lane, along, tile_product(row, begin, end, tile_part(lane, along)));
  workgroupBarrier();
  if (lane >= SIDE || first + lane >= count) { return; }
  result[first + lane] = tile_total(0u, lane);
}
