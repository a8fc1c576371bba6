// carried[i] = next[i] while the loop goes on; nothing once done[0] ≠ 0. carried, next: f32[count]. One invocation per entry.
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> done: array<f32>;
@group(0) @binding(2) var<storage, read> next: array<f32>;
@group(0) @binding(3) var<storage, read_write> carried: array<f32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn carry(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.count || done[0] != 0.0) { return; }
  carried[index] = next[index];
}
