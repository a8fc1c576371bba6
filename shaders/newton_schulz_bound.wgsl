// bound[0] = ‖G‖∞ = maxᵢ Σⱼ |G[i, j]|, at least the largest eigenvalue of G = A Aᵀ. G: f32[rows, rows], symmetric: rows are summed as
// columns, which lanes side by side read side by side. One workgroup.
// r: the first `entries` of I − G / ‖G‖∞, row-major.
struct Params { rows: u32, entries: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> bound: array<f32>;
@group(0) @binding(3) var<storage, read_write> r: array<f32>;
override workgroup_width: u32 = 64;
var<workgroup> shared_largest: array<f32, workgroup_width>;

@compute @workgroup_size(workgroup_width)
fn newton_schulz_bound(@builtin(local_invocation_id) id: vec3u) {
  var largest = 0.0;
  for (var i = id.x; i < params.rows; i += workgroup_width) {
    var sum = 0.0;
    for (var j = 0u; j < params.rows; j++) { sum += abs(g[j * params.rows + i]); }
    largest = max(largest, sum);
  }
  shared_largest[id.x] = largest;
  workgroupBarrier();
  for (var k = 0u; k < workgroup_width; k++) { largest = max(largest, shared_largest[k]); }
  let first = 1.0 / largest;
  for (var i = id.x; i < params.entries; i += workgroup_width) {
    r[i] = select(0.0, 1.0, i % (params.rows + 1u) == 0u) - first * g[i];
  }
  if (id.x == 0u) { bound[0] = largest; }
}
