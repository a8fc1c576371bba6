// As project_groups, with `team` lanes for a group, a power of two, which read and write side by side: for groups of some entries a lane
// and more. Their sum goes through the memory of the workgroup, so that no adapter has to have subgroups, nor any width of them.
struct Params { groups: u32, team: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;
override workgroup_width: u32 = 64;
override tied: u32 = 0;
var<workgroup> parts: array<f32, workgroup_width>;

@compute @workgroup_size(workgroup_width)
fn project_groups_shared(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let team = params.team;
  let wanted = (group.x + group.y * groups.x) * (workgroup_width / team) + lane / team;
  let index = min(wanted, params.groups - 1u); // no early return: all lanes meet at the barriers
  let own = lane % team;
  let first = extents[2u * index];
  let count = select(0u, extents[2u * index + 1u], wanted < params.groups);
  let whole = first + count / 4u;
  let rest = count % 4u;
  let step = 2u * team;
  var sums = vec4f(0.0);
  var more = vec4f(0.0);
  var i = first + own;
  for (; i + team < whole; i += step) {
    sums += x[i];
    more += x[i + team];
  }
  if (i < whole) { sums += x[i]; }
  if (rest > 0u && own == 0u) { more += x[whole]; }
  sums += more;
  parts[lane] = (sums.x + sums.y) + (sums.z + sums.w);
  for (var half = team / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (own < half) { parts[lane] += parts[lane + half]; }
  }
  workgroupBarrier();
  let sum = parts[lane - own];
  let shift = select(targets[index] - sum, sum, tied == 1u) / f32(max(count, 1u));
  i = first + own;
  for (; i + team < whole; i += step) {
    x[i] = select(x[i] + shift, vec4f(shift), tied == 1u);
    x[i + team] = select(x[i + team] + shift, vec4f(shift), tied == 1u);
  }
  if (i < whole) { x[i] = select(x[i] + shift, vec4f(shift), tied == 1u); }
  if (rest > 0u && own == 0u) {
    let inside = vec4u(0u, 1u, 2u, 3u) < vec4u(rest);
    x[whole] = select(vec4f(0.0), select(x[whole] + shift, vec4f(shift), tied == 1u), inside);
  }
}
