// total + term as a rounded sum and what is left.
fn with_term(total: vec2f, term: f32) -> vec2f {
  let sum = total.x + term;
  let taken = sum - total.x;
  let lost = (total.x - (sum - taken)) + (term - taken);
  return vec2f(sum, total.y + lost);
}
