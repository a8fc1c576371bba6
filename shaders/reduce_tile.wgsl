// As reduce, entry by entry of the result; a workgroup of 16 × 16 lanes makes 16 entries, and reads side by side along whichever axis
// lies so. With `tile_sum`, whose sums are largest entries where the operation is `max`.
struct Params { outer: u32, length: u32, inner: u32, piece: u32, offset: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
override operation: u32 = 0; // 0 sum, 1 max

fn larger(x: f32, y: f32) -> f32 { // NaN wins, as in the reference
  let hasNaN = (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u || (bitcast<u32>(y) & 0x7fffffffu) > 0x7f800000u;
  return select(max(x, y), x + y, hasNaN);
}

@compute @workgroup_size(256)
fn reduce_tile(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let base = SIDE * (group.x + group.y * groups.x);
  let pieces = (params.length + params.piece - 1u) / params.piece;
  let count = params.outer * pieces * params.inner;
  let along = params.inner == 1u;
  let index = min(base + tile_row(lane, along), count - 1u);
  let column = index % params.inner;
  let place = index / params.inner;
  let first = (place % pieces) * params.piece;
  let start = params.offset + (place / pieces) * params.length * params.inner + column;
  let last = min(first + params.piece, params.length);
  let own = first + tile_part(lane, along);
  var value = 0.0;
  if (operation == 0u) {
    for (var k = own; k < last; k += SIDE) { value += a[start + k * params.inner]; }
  } else {
    value = a[start + min(own, last - 1u) * params.inner]; // a lane without an entry takes another's
    for (var k = own + SIDE; k < last; k += SIDE) { value = larger(value, a[start + k * params.inner]); }
  }
  tile_keep(0u, lane, along, value);
  workgroupBarrier();
  if (lane >= SIDE || base + lane >= count) { return; }
  if (operation == 0u) {
    result[base + lane] = tile_total(0u, lane);
    return;
  }
  let parts = lane * (SIDE + 1u);
  value = tile_parts[parts];
  for (var k = 1u; k < SIDE; k++) { value = larger(value, tile_parts[parts + k]); }
  result[base + lane] = value;
}
