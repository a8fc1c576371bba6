// Looks at R = I − A X before an iteration, and decides what the iteration does: its residual ‖R‖_F, its factors, and whether all is over.
// r: f32[rows, rows], R + shift·I; residuals: one a decision; state: how many iterations were made, how many are left (−1: unknown),
// and whether it is over; factors: c² and 2c − c² of X ← X(2cI − c²A X), which is c² X R + (2c − c²) X; 0 and 1 once it is over.
// One workgroup.
struct Params { rows: u32, order: u32, is_scaled: u32, is_followed: u32, shift: f32, enough: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> r: array<f32>;
@group(0) @binding(2) var<storage, read_write> residuals: array<f32>;
@group(0) @binding(3) var<storage, read_write> state: array<f32>;
@group(0) @binding(4) var<storage, read_write> factors: array<f32>;
@group(0) @binding(5) var<storage, read_write> going: array<f32>; // 0 once it is over
override workgroup_width: u32 = 64;
var<workgroup> shared_sums: array<vec3f, workgroup_width>;

@compute @workgroup_size(workgroup_width)
fn newton_schulz_step(@builtin(local_invocation_id) id: vec3u) {
  var sums = vec3f(0.0); // ‖R‖², ‖A X‖², trace of A X
  let is_measured = params.order == 0u; // no decision, the residual alone
  let is_over_already = state[2] != 0.0 && !is_measured;
  let count = select(params.rows * params.rows, 0u, is_over_already);
  for (var i = id.x; i < count; i += workgroup_width) {
    let diagonal = select(0.0, 1.0, i % (params.rows + 1u) == 0u);
    let entry = r[i] - params.shift * diagonal;
    let product = diagonal - entry;
    sums += vec3f(entry * entry, product * product, diagonal * product);
  }
  shared_sums[id.x] = sums;
  workgroupBarrier();
  if (id.x != 0u) { return; }
  factors[0] = 0.0;
  factors[1] = 1.0;
  if (is_over_already) { return; }
  for (var k = 1u; k < workgroup_width; k++) { sums += shared_sums[k]; }
  let made = u32(state[0]);
  let residual = sqrt(sums.x);
  residuals[made] = residual;
  if (is_measured) {
    factors[0] = select(0.0, 1.0, residual > params.enough);
    return;
  }
  var left = state[1];
  if (left < 0.0 && residual < SETTLED) {
    left = iterations_left(residual, f32(params.order));
    if (params.is_followed != 0u) { left = max(left - 1.0, 0.0); } // the direct iteration squares the residual, too
  }
  if (left == 0.0 || !is_finite(residual)) {
    state[2] = 1.0;
    going[0] = 0.0;
    state[1] = left;
    return;
  }
  let scaled = select(1.0, best_scale(sums.z, sums.y), params.is_scaled != 0u && left < 0.0);
  factors[0] = scaled * scaled;
  factors[1] = scaled * (2.0 - scaled);
  state[0] = f32(made + 1u);
  left = select(left, left - 1.0, left > 0.0);
  state[1] = left;
  if (left == 0.0 && params.is_followed != 0u) { // the iteration that follows is the last; what comes of it is measured later
    state[2] = 1.0;
    going[0] = 0.0;
  }
}
