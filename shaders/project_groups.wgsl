// Each group of entries moves to the nearest point at which its sum is its target, or at which its entries are equal (tied 1).
// extents: u32[groups][2], first block of four and number of entries; targets: f32[groups]; x: blocks of four, a group begins with
// a block and its last block is filled up with zeros, which stay. One invocation a group: for short groups.
struct Params { groups: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;
override workgroup_width: u32 = 64;
override tied: u32 = 0;

@compute @workgroup_size(workgroup_width)
fn project_groups(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.groups) { return; }
  let first = extents[2u * index];
  let count = extents[2u * index + 1u];
  let whole = first + count / 4u;
  let rest = count % 4u;
  var sums = vec4f(0.0);
  var i = first;
  for (; i + 3u < whole; i += 4u) { sums += (x[i] + x[i + 1u]) + (x[i + 2u] + x[i + 3u]); } // fewer turns, and shorter sums
  for (; i < whole; i++) { sums += x[i]; }
  if (rest > 0u) { sums += x[whole]; }
  let sum = (sums.x + sums.y) + (sums.z + sums.w);
  let shift = select(targets[index] - sum, sum, tied == 1u) / f32(count);
  if (tied == 1u) {
    for (i = first; i + 1u < whole; i += 2u) {
      x[i] = vec4f(shift);
      x[i + 1u] = vec4f(shift);
    }
    for (; i < whole; i++) { x[i] = vec4f(shift); }
  } else {
    for (i = first; i + 1u < whole; i += 2u) {
      let block = &x[i]; // the place is found once, not for reading and again for writing
      let next = &x[i + 1u];
      *block += shift;
      *next += shift;
    }
    for (; i < whole; i++) { x[i] += shift; }
  }
  if (rest > 0u) {
    let inside = vec4u(0u, 1u, 2u, 3u) < vec4u(rest);
    x[whole] = select(vec4f(0.0), select(x[whole] + shift, vec4f(shift), tied == 1u), inside);
  }
}
