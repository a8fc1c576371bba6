// x −= d. x, d: f32[count].
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> d: array<f32>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn take_step(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * workgroup_width;
  if (i >= params.count) { return; }
  x[i] -= d[i];
}
