// x[i] stays where bit i of `keeps` is set, else it is 0. x: f32[4 blocks] in blocks of four; keeps: bit i % 32 of word i / 32.
// A workgroup goes over TURNS rows of blocks, one block an invocation and turn: neighbours read and write side by side.
struct Params { blocks: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keeps: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4f>;
override workgroup_width: u32 = 64;
const TURNS = 16u;

@compute @workgroup_size(workgroup_width)
fn mask_entries(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group.x + group.y * groups.x) * workgroup_width * TURNS + lane;
  for (var turn = 0u; turn < TURNS; turn++) {
    let i = first + turn * workgroup_width;
    if (i >= params.blocks) { return; }
    let bits = vec4u(keeps[i >> 3u] >> (4u * (i & 7u)));
    x[i] = select(vec4f(0.0), x[i], (bits & vec4u(1u, 2u, 4u, 8u)) != vec4u(0u));
  }
}
