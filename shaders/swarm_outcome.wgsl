// What became of each start of a swarm: class, first settled check, violation, loss and x at the end. One invocation a start.
// records: f32[checks][size][starts], graded: f32[3][starts] (loss, violation, scaled KKT residual), flags as the fused
// kernel leaves them, result: u32[4 + size][starts]. Bits decide what is finite: comparisons do not see NaN.
struct Params { starts: u32, size: u32, checks: u32, tolerance: f32, settled: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> check_steps: array<u32>;
@group(0) @binding(2) var<storage, read> records: array<f32>;
@group(0) @binding(3) var<storage, read> graded: array<f32>;
@group(0) @binding(4) var<storage, read> flags: array<u32>;
@group(0) @binding(5) var<storage, read_write> result: array<u32>;
override workgroup_width: u32 = 64;

const NO_STEP = 0xffffffffu;
const NAN = 0x7fc00000u;

fn is_finite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7fffffffu) < 0x7f800000u; }

@compute @workgroup_size(workgroup_width)
fn swarm_outcome(@builtin(global_invocation_id) id: vec3u) {
  let start = id.x;
  let n = params.starts;
  if (start >= n) { return; } // the last workgroup is partly empty
  let end = (params.checks - 1u) * params.size;
  var largest = 0.0;
  for (var i = 0u; i < params.size; i++) { largest = max(largest, abs(records[(end + i) * n + start])); }
  let bound = params.settled * (1.0 + largest);

  var first = params.checks - 1u;
  var is_near = true;
  for (var back = 1u; back < params.checks && is_near; back++) {
    let check = params.checks - 1u - back;
    for (var i = 0u; i < params.size; i++) {
      is_near = is_near && abs(records[(check * params.size + i) * n + start] - records[(end + i) * n + start]) <= bound;
    }
    first = select(first, check, is_near);
  }

  let loss = graded[start];
  let violation = graded[n + start];
  let residual = graded[2u * n + start];
  var outcome = select(0u, 1u, is_finite(residual) && residual <= params.tolerance);
  if (!is_finite(loss) || !is_finite(violation)) { outcome = 3u; }
  let flag = flags[start];
  if (flag != NO_STEP) { outcome = 2u + (flag & 1u); }
  let is_lost = outcome >= 2u;
  result[start] = outcome;
  result[n + start] = select(NO_STEP, check_steps[first], outcome == 1u);
  result[2u * n + start] = select(bitcast<u32>(violation), NAN, is_lost);
  result[3u * n + start] = select(bitcast<u32>(loss), NAN, is_lost);
  for (var i = 0u; i < params.size; i++) { result[(4u + i) * n + start] = bitcast<u32>(records[(end + i) * n + start]); }
}
