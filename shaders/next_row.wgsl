// row = schedule[cursor], then cursor + 1. schedule: f32[rows, width], row: f32[width], cursor: u32[1]. One workgroup, so that
// all invocations have read the cursor before the first moves it.
struct Params { width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> schedule: array<f32>;
@group(0) @binding(2) var<storage, read_write> cursor: array<u32>;
@group(0) @binding(3) var<storage, read_write> row: array<f32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn next_row(@builtin(local_invocation_id) id: vec3u) {
  let current = cursor[0];
  for (var i = id.x; i < params.width; i += workgroup_width) { row[i] = schedule[current * params.width + i]; }
  storageBarrier();
  if (id.x == 0u) { cursor[0] = current + 1u; }
}
