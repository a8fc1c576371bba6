// What became of each start of a swarm: class, step at which it settled, violation, loss and x at the end. One invocation a start.
// records: f32[checks][size][starts], graded: f32[3][starts] (loss, violation, scaled KKT residual), flags as the fused
// kernel leaves them, result: u32[4 + size][starts]. A start at rest has written no records between that which its flag names and
// the last: they would all be like the last. Bits decide what is finite: comparisons do not see NaN.
struct Params { starts: u32, size: u32, checks: u32, tolerance: f32, settled: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> check_steps: array<u32>;
@group(0) @binding(2) var<storage, read> records: array<f32>;
@group(0) @binding(3) var<storage, read> graded: array<f32>;
@group(0) @binding(4) var<storage, read> flags: array<u32>;
@group(0) @binding(5) var<storage, read_write> result: array<u32>;
override workgroup_width: u32 = 64;
override nearest: f32 = 0.001; // of the distance at which an iterate has settled: nearer ones count as so far away

override at_rest: u32 = 0x80000000; // a flag of at least this, but for NO_STEP, names a record

const NO_STEP = 0xffffffffu;
const NAN = 0x7fc00000u;

fn is_finite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7fffffffu) < 0x7f800000u; }

// |x - x_end| at a check, in the maximum norm.
fn distance_at(check: u32, start: u32) -> f32 {
  let n = params.starts;
  var distance = 0.0;
  for (var i = 0u; i < params.size; i++) {
    let x_end = records[((params.checks - 1u) * params.size + i) * n + start];
    distance = max(distance, abs(records[(check * params.size + i) * n + start] - x_end));
  }
  return distance;
}

@compute @workgroup_size(workgroup_width)
fn swarm_outcome(@builtin(global_invocation_id) id: vec3u) {
  let start = id.x;
  let n = params.starts;
  if (start >= n) { return; } // the last workgroup is partly empty
  let end = (params.checks - 1u) * params.size;
  var largest = 0.0;
  for (var i = 0u; i < params.size; i++) { largest = max(largest, abs(records[(end + i) * n + start])); }
  let bound = params.settled * (1.0 + largest);

  let flag = flags[start];
  let rests = flag >= at_rest && flag != NO_STEP;
  let latest = select(params.checks - 1u, flag - at_rest, rests);
  var first = 0u; // the first check from which on all entries so far have settled: an entry is followed back no further
  for (var i = 0u; i < params.size; i++) {
    let x_end = records[(end + i) * n + start];
    var check = latest;
    for (; check > first && abs(records[((check - 1u) * params.size + i) * n + start] - x_end) <= bound; check--) {}
    first = check;
  }
  var steps = check_steps[first];
  if (first > 0u) {
    let before = check_steps[first - 1u];
    let far = distance_at(first - 1u, start);
    let near = max(distance_at(first, start), nearest * bound);
    let share = select(1.0, log(far / bound) / log(far / near), is_finite(far));
    steps = min(steps, before + max(1u, u32(ceil(share * f32(steps - before)))));
  }

  let loss = graded[start];
  let violation = graded[n + start];
  let residual = graded[2u * n + start];
  var outcome = select(0u, 1u, is_finite(residual) && residual <= params.tolerance);
  if (!is_finite(loss) || !is_finite(violation)) { outcome = 3u; }
  if (flag < at_rest) { outcome = 2u + (flag & 1u); }
  let is_lost = outcome >= 2u;
  result[start] = outcome;
  result[n + start] = select(NO_STEP, steps, outcome == 1u);
  result[2u * n + start] = select(bitcast<u32>(violation), NAN, is_lost);
  result[3u * n + start] = select(bitcast<u32>(loss), NAN, is_lost);
  for (var i = 0u; i < params.size; i++) { result[(4u + i) * n + start] = bitcast<u32>(records[(end + i) * n + start]); }
}
