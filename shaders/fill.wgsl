// result[i] = value, or result[i] + value where `step` is 1. result: f32[count]. One invocation per entry.
struct Params { count: u32, step: u32, value: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn fill(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.count) { return; }
  result[index] = params.value + select(0.0, result[index], params.step == 1u);
}
