// result = x, in blocks of four, each lane going over the vector in strides: what reading and writing it once costs.
struct Params { blocks: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;

@compute @workgroup_size(64)
fn copy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.blocks; i += groups.x * 64u) { result[i] = x[i]; }
}
