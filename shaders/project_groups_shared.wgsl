enable subgroups;
// As project_groups, with one subgroup a group, which reads and writes side by side: for groups of some hundred entries and more.
// A workgroup is one subgroup: workgroup_width is the least width that the device's subgroups have.
struct Params { groups: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;
override workgroup_width: u32 = 4;
override tied: u32 = 0;

@compute @workgroup_size(workgroup_width)
fn project_groups_shared(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = min(group.x + group.y * groups.x, params.groups - 1u); // no early return: all lanes take part in the sum
  let first = extents[2u * index];
  let isThere = group.x + group.y * groups.x < params.groups;
  let count = select(0u, extents[2u * index + 1u], isThere);
  let whole = first + count / 4u;
  let rest = count % 4u;
  let step = 2u * workgroup_width;
  var sums = vec4f(0.0);
  var more = vec4f(0.0);
  var i = first + lane;
  for (; i + workgroup_width < whole; i += step) {
    sums += x[i];
    more += x[i + workgroup_width];
  }
  if (i < whole) { sums += x[i]; }
  if (rest > 0u && lane == 0u) { more += x[whole]; }
  sums += more;
  let sum = subgroupAdd((sums.x + sums.y) + (sums.z + sums.w));
  let shift = select(targets[index] - sum, sum, tied == 1u) / f32(max(count, 1u));
  i = first + lane;
  for (; i + workgroup_width < whole; i += step) {
    x[i] = select(x[i] + shift, vec4f(shift), tied == 1u);
    x[i + workgroup_width] = select(x[i + workgroup_width] + shift, vec4f(shift), tied == 1u);
  }
  if (i < whole) { x[i] = select(x[i] + shift, vec4f(shift), tied == 1u); }
  if (rest > 0u && lane == 0u) {
    let inside = vec4u(0u, 1u, 2u, 3u) < vec4u(rest);
    x[whole] = select(vec4f(0.0), select(x[whole] + shift, vec4f(shift), tied == 1u), inside);
  }
}
