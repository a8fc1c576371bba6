// flag[0] = 2 if any of state[0 … count − 1] is infinite or NaN (found by its exponent bits), else 1 if any is beyond ±bound, else
// what it was; never less than it was. One invocation per entry.
struct Params { count: u32, bound: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> state: array<f32>;
@group(0) @binding(2) var<storage, read_write> flag: array<atomic<u32>>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn check_state(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.count) { return; }
  let entry = state[index];
  if ((bitcast<u32>(entry) & 0x7f800000u) == 0x7f800000u) {
    atomicMax(&flag[0], 2u);
  } else if (abs(entry) > params.bound) {
    atomicMax(&flag[0], 1u);
  }
}
