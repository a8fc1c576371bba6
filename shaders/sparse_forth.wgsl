// The first half of a turn of conjugate gradients on Aᵀ D A d = Aᵀ D (A x − b), D = 1 / ‖aᵢ‖²: whether to go on, and q = D A p with
// p = s + β p. extents, columns, values, squares: as in sparse_residual; pairs: f32[columns][2], s = Aᵀ r and the p of the turn before;
// rows: f32[rows][2], r and q, both with D; back: eight numbers of state, then Σ s² of each team; forth: likewise, then Σ q² / D and Σ r² / D.
// State: 0 why it has stopped (0: it has not), 1 turns, 2 Σ s², 3 β here and α in `back`, 4 Σ r² / D, 5 the least of it that can be told
// from rounding, 6 the largest of `steepness` and Σ s² / (Σ r² / D), bounds from below on ‖√D A‖². Entries are read in pairs: s + β p and r − α q are made
// where they are needed, the same way each time, so that a turn takes two dispatches.
// Source: Björck 1996, Numerical Methods for Least Squares Problems, §7.4 (CGLS); where it stops: Paige & Saunders 1982, ACM TOMS 8(1), §6.
struct Params { rows: u32, long_rows: u32, longest: u32, teams: u32, most_turns: u32, tolerance: f32, steepness: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> columns: array<u32>;
@group(0) @binding(3) var<storage, read> values: array<f32>;
@group(0) @binding(4) var<storage, read> pairs: array<f32>;
@group(0) @binding(5) var<storage, read_write> rows: array<f32>;
@group(0) @binding(6) var<storage, read> squares: array<f32>;
@group(0) @binding(7) var<storage, read> back: array<f32>;
@group(0) @binding(8) var<storage, read_write> forth: array<f32>;
override workgroup_width: u32 = 128;
override most_teams: u32 = 256;

fn part_of(first: u32, end: u32, step: u32, beta: f32) -> f32 {
  var sum = 0.0;
  for (var k = first; k < end; k += step) {
    let place = 2u * columns[k];
    sum += values[k] * (pairs[place] + beta * pairs[place + 1u]);
  }
  return sum;
}

// Carries a row on by a turn; what it adds to Σ q² / D and Σ r² / D.
fn carried(row: u32, product: f32, alpha: f32) -> vec2f {
  let square = squares[row];
  let residual = rows[2u * row] - alpha * rows[2u * row + 1u];
  let after = product / square;
  rows[2u * row] = residual;
  rows[2u * row + 1u] = after;
  return vec2f(after * after, residual * residual) * square;
}

@compute @workgroup_size(workgroup_width)
fn sparse_forth(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (back[0] != 0.0) { return; }
  let team = group.x;
  var slopes = 0.0;
  for (var k = lane; k < params.teams; k += workgroup_width) { slopes += back[8u + k]; }
  let slope = of_team(vec4f(slopes, 0.0, 0.0, 0.0), lane).x;
  let turns = back[1];
  let alpha = back[3];
  let distances = back[4];
  let beta = select(0.0, slope / back[2], back[2] > 0.0);
  let steepest = max(max(params.steepness, back[6]), select(0.0, slope / distances, distances > 0.0));
  let is_met = !(distances > back[5]);
  let is_least = !(slope > params.tolerance * params.tolerance * steepest * distances);
  let is_spent = turns >= f32(params.most_turns);
  if (is_met || is_least || is_spent) {
    if (team == 0u && lane == 0u) {
      forth[0] = select(select(3.0, 2.0, is_least), 1.0, is_met);
      forth[1] = turns;
    }
    return;
  }
  var sums = vec2f(0.0);
  for (var row = team * workgroup_width + lane; row < params.rows; row += params.teams * workgroup_width) {
    let first = extents[row];
    let end = extents[row + 1u];
    if (end - first > params.longest) { continue; }
    sums += carried(row, part_of(first, end, 1u, beta), alpha);
  }
  for (var l = team; l < params.long_rows; l += params.teams) {
    let row = extents[params.rows + 1u + l];
    let part = part_of(extents[row] + lane, extents[row + 1u], workgroup_width, beta);
    let product = of_team(vec4f(part, 0.0, 0.0, 0.0), lane).x;
    if (lane == 0u) { sums += carried(row, product, alpha); }
  }
  let whole = of_team(vec4f(sums, 0.0, 0.0), lane);
  if (lane > 0u) { return; }
  forth[8u + team] = whole.x;
  forth[8u + most_teams + team] = whole.y;
  if (team == 0u) {
    forth[0] = 0.0;
    forth[1] = turns;
    forth[2] = slope;
    forth[3] = beta;
    forth[6] = steepest;
  }
}
