// What each entry of a long group is moved by, in two parts whose sum has twice the digits: (target - Σ) / count, or Σ / count (tied 1).
// extents: u32[groups][2], first block of four and number of blocks in `sums`; rules: f32[groups][3], target and 1 / count in two
// parts, the first of 12 bits; shifts: f32[groups][2]. One invocation a group. Sums of few terms, each rounding kept
// (Knuth, The Art of Computer Programming 2, section 4.2.2; Dekker 1971 for the product).
struct Params { groups: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> rules: array<f32>;
@group(0) @binding(3) var<storage, read> sums: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> shifts: array<f32>;
override workgroup_width: u32 = 64;
override tied: u32 = 0;

fn unseen_zero() -> u32 { return params.groups >> 31u; }

@compute @workgroup_size(workgroup_width)
fn group_shifts(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.groups) { return; }
  let first = extents[2u * index];
  let end = first + extents[2u * index + 1u];
  var total = vec2f(0.0);
  for (var i = first; i < end; i++) {
    let block = sums[i];
    total = with_term(with_term(with_term(with_term(total, block.x), block.y), block.z), block.w);
  }
  var wanted = total;
  if (tied == 0u) {
    wanted = with_term(vec2f(rules[3u * index], 0.0), -total.x);
    wanted.y -= total.y;
  }
  let share = vec2f(rules[3u * index + 1u], rules[3u * index + 2u]);
  let head = bitcast<f32>(bitcast<u32>(wanted.x) & 0xfffff000u);
  shifts[2u * index] = head * share.x; // exact: 12 bits each
  shifts[2u * index + 1u] = ((wanted.x - head) + wanted.y) * share.x + wanted.x * share.y;
}
