// result[offset + i·strides] += part[i], or = part[i] where nothing is added. part: f32[count] row-major of `shape`; the view is injective, so no two invocations
// meet. result: f32. One invocation per entry of the part.
struct Params {
  shape: vec4u, // of the part, axes of length 1 in front
  strides: vec4u,
  count: u32,
  offset: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> part: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;
override adding: u32 = 1;

@compute @workgroup_size(workgroup_width)
fn scatter(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.count) { return; }
  let rows = index / params.shape.w;
  let planes = rows / params.shape.z;
  let place = vec4u(planes / params.shape.y, planes % params.shape.y, rows % params.shape.z, index % params.shape.w);
  let into = params.offset + dot(place, params.strides);
  if (adding == 0u) { result[into] = part[index]; } else { result[into] = result[into] + part[index]; }
}
