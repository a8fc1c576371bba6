// The rule by which Newton–Schulz ends, and its scale; for kernels that decide.
const SETTLED = 0.3; // ‖I − A X‖_F below which convergence is certain
const ROUNDING = -17.3; // ln 2⁻²⁵: what float32 cannot tell from 0

// How many iterations bring a residual below SETTLED under rounding, each of which raises it to the power `order`.
fn iterations_left(residual: f32, order: f32) -> f32 {
  let powers = log2(max(1.0, ROUNDING / log(max(residual, 1e-30)))) / log2(order);
  return ceil(powers - 1e-3);
}

// The c ≤ 1.9 that brings c·A X nearest to I, by trace and ‖A X‖²_F. Least singular values grow by up to 2c instead of 2. Near 2 they
// could vanish.
fn best_scale(trace: f32, squares: f32) -> f32 { return clamp(trace / squares, 1.0, 1.9); }

// By its bits: compilers of shaders may take it that no number is infinite or NaN, and leave out comparisons that ask.
fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }
