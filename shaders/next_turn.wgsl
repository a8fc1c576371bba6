// grids[i] = whole[i] at the beginning of a loop, and as long as done[0] = 0; else 0: dispatches of so many workgroups do nothing more.
// grids, whole: u32[count], three for each dispatch of a turn. One invocation per number.
struct Params { count: u32, begins: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> done: array<f32>;
@group(0) @binding(2) var<storage, read> whole: array<u32>;
@group(0) @binding(3) var<storage, read_write> grids: array<u32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn next_turn(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  grids[id.x] = select(whole[id.x], 0u, params.begins == 0u && done[0] != 0.0);
}
