// result[i] = random number i of (seed, start, t, stream); see random_functions.wgsl. seed: f32[2], start: f32[1], t: f32[1],
// result: f32[count]. One invocation per entry.
struct Params { count: u32, stream: u32, rows: u32, seed_offset: u32, start_offset: u32, t_offset: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> seed: array<f32>;
@group(0) @binding(2) var<storage, read> start: array<f32>;
@group(0) @binding(3) var<storage, read> t: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;
override kind: u32 = 0; // 0: uniform in (0, 1); 1: shuffled 0 ... rows - 1

@compute @workgroup_size(workgroup_width)
fn random(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.count) { return; }
  let parts = vec2f(seed[params.seed_offset], seed[params.seed_offset + 1u]);
  let number = start[params.start_offset];
  let step = t[params.t_offset];
  if (kind == 0u) {
    result[index] = random_uniform(parts, number, step, params.stream, index);
  } else {
    result[index] = random_index(parts, number, step, params.stream, index, params.count, params.rows);
  }
}
