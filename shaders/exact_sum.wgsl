// total + term as a rounded sum and what is left. With `rounded`.
fn with_term(total: vec2f, term: f32) -> vec2f {
  let sum = rounded(total.x + term);
  let taken = rounded(sum - total.x);
  let lost = rounded(total.x - rounded(sum - taken)) + (term - taken);
  return vec2f(sum, total.y + lost);
}
