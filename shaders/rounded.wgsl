// x, but no compiler sees where it comes from. Some reckon as if sums were associative (those of Mesa and of Metal): a + b - a is b
// to them, and what rounding has lost is 0. For kernels that say what `unseen_zero` is: 0, as only the running kernel knows.
fn rounded(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ unseen_zero()); }

fn rounded_block(x: vec4f) -> vec4f { return bitcast<vec4f>(bitcast<vec4u>(x) ^ vec4u(unseen_zero())); }
