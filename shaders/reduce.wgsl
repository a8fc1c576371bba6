// Sum or largest entry along the middle axis of a[outer, length, inner], in pieces of `piece` entries:
// result[outer, pieces, inner] with pieces = ⌈length / piece⌉. Two calls reduce a long axis with short sums, which is both
// faster and more accurate than one. One invocation per entry of the result.
struct Params { outer: u32, length: u32, inner: u32, piece: u32, offset: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;
override operation: u32 = 0; // 0 sum, 1 max

fn larger(x: f32, y: f32) -> f32 { // NaN wins, as in the reference
  let hasNaN = (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u || (bitcast<u32>(y) & 0x7fffffffu) > 0x7f800000u;
  return select(max(x, y), x + y, hasNaN);
}

fn together(x: f32, y: f32) -> f32 {
  if (operation == 0u) { return x + y; }
  return larger(x, y);
}

const BLOCK = 32u; // sums of sums: less rounding error than one running sum (Higham 2002, §4.2)

fn block_of(start: u32, first: u32, last: u32) -> f32 {
  var value = a[start + first * params.inner];
  for (var k = first + 1u; k < last; k++) { value = together(value, a[start + k * params.inner]); }
  return value;
}

@compute @workgroup_size(workgroup_width)
fn reduce(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  let pieces = (params.length + params.piece - 1u) / params.piece;
  if (index >= params.outer * pieces * params.inner) { return; }
  let column = index % params.inner;
  let place = index / params.inner;
  let first = (place % pieces) * params.piece;
  let start = params.offset + (place / pieces) * params.length * params.inner + column;
  let last = min(first + params.piece, params.length);
  var value = block_of(start, first, min(first + BLOCK, last));
  for (var k = first + BLOCK; k < last; k += BLOCK) {
    value = together(value, block_of(start, k, min(k + BLOCK, last)));
  }
  result[index] = value;
}
