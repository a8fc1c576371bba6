// What a lane adds of Σₖ term(row, k), begin ≤ k < end: every 16th term from its own on, in four sums. With `tile_sum`, for kernels
// that say what a term is; `row` is where the row begins.
fn tile_product(row: u32, begin: u32, end: u32, part: u32) -> f32 {
  var sums = vec4f(0.0);
  var k = begin + part;
  for (; k + 3u * SIDE < end; k += 4u * SIDE) {
    sums += vec4f(term(row, k), term(row, k + SIDE), term(row, k + 2u * SIDE), term(row, k + 3u * SIDE));
  }
  for (; k < end; k += SIDE) { sums.x += term(row, k); }
  return (sums.x + sums.y) + (sums.z + sums.w);
}
