// product(row, begin, end) = Σₖ term(row, k), begin ≤ k < end, for kernels that say what a term is; `row` is where the row begins.
// In blocks of 32 of four sums each: less rounding error than one running sum (Higham 2002, §4.2), and faster.
fn product(row: u32, begin: u32, end: u32) -> f32 {
  var total = 0.0;
  for (var first = begin; first < end; first += 32u) {
    let last = min(first + 32u, end);
    let whole = first + ((last - first) & ~3u);
    var sums = vec4f(0.0);
    for (var k = first; k < whole; k += 4u) {
      sums += vec4f(term(row, k), term(row, k + 1u), term(row, k + 2u), term(row, k + 3u));
    }
    for (var k = whole; k < last; k++) { sums.x += term(row, k); }
    total += (sums.x + sums.y) + (sums.z + sums.w);
  }
  return total;
}
