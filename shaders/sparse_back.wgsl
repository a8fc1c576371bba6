// The second half of a turn of conjugate gradients, column by column: p = s + β p, d += α p, s = Aᵀ (r − α q) with α = Σ s² / (Σ q² / D).
// With begins 1 what comes before the first turn: s = Aᵀ r, p = d = 0. extents, row_of, values: of Aᵀ, as in sparse_residual;
// rows: f32[rows][2], r and q; pairs: f32[columns][2], s and p; forth and back: state and sums of teams, as in sparse_forth.
struct Params { columns: u32, long_columns: u32, longest: u32, teams: u32, begins: u32, least_share: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> row_of: array<u32>;
@group(0) @binding(3) var<storage, read> values: array<f32>;
@group(0) @binding(4) var<storage, read> rows: array<f32>;
@group(0) @binding(5) var<storage, read_write> pairs: array<f32>;
@group(0) @binding(6) var<storage, read_write> d: array<f32>;
@group(0) @binding(7) var<storage, read> forth: array<f32>;
@group(0) @binding(8) var<storage, read_write> back: array<f32>;
override workgroup_width: u32 = 128;
override most_teams: u32 = 256;

fn part_of(first: u32, end: u32, step: u32, alpha: f32) -> f32 {
  var sum = 0.0;
  for (var k = first; k < end; k += step) {
    let place = 2u * row_of[k];
    sum += values[k] * (rows[place] - alpha * rows[place + 1u]);
  }
  return sum;
}

// Carries a column on by a turn; what it adds to Σ s².
fn carried(column: u32, product: f32, alpha: f32, beta: f32) -> f32 {
  let place = 2u * column;
  if (params.begins == 1u) {
    pairs[place + 1u] = 0.0;
    d[column] = 0.0;
  } else {
    let direction = pairs[place] + beta * pairs[place + 1u];
    pairs[place + 1u] = direction;
    d[column] += alpha * direction;
  }
  pairs[place] = product;
  return product * product;
}

@compute @workgroup_size(workgroup_width)
fn sparse_back(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let team = group.x;
  if (forth[0] != 0.0) {
    if (team == 0u && lane == 0u) {
      back[0] = forth[0];
      back[1] = forth[1];
    }
    return;
  }
  var parts = vec4f(0.0);
  for (var k = lane; k < params.teams; k += workgroup_width) {
    parts += vec4f(forth[8u + k], forth[8u + most_teams + k], 0.0, 0.0);
  }
  let totals = of_team(parts, lane);
  let alpha = select(0.0, forth[2] / totals.x, params.begins == 0u && totals.x > 0.0);
  let beta = forth[3];
  var sum = 0.0;
  for (var column = team * workgroup_width + lane; column < params.columns; column += params.teams * workgroup_width) {
    let first = extents[column];
    let end = extents[column + 1u];
    if (end - first > params.longest) { continue; }
    sum += carried(column, part_of(first, end, 1u, alpha), alpha, beta);
  }
  for (var l = team; l < params.long_columns; l += params.teams) {
    let column = extents[params.columns + 1u + l];
    let part = part_of(extents[column] + lane, extents[column + 1u], workgroup_width, alpha);
    let product = of_team(vec4f(part, 0.0, 0.0, 0.0), lane).x;
    if (lane == 0u) { sum += carried(column, product, alpha, beta); }
  }
  let whole = of_team(vec4f(sum, 0.0, 0.0, 0.0), lane);
  if (lane > 0u) { return; }
  back[8u + team] = whole.x;
  if (team > 0u) { return; }
  back[0] = 0.0;
  back[4] = totals.y;
  back[6] = forth[6];
  if (params.begins == 1u) {
    for (var i = 1u; i < 4u; i++) { back[i] = 0.0; }
    back[5] = params.least_share * params.least_share * totals.x;
  } else {
    back[1] = forth[1] + 1.0;
    back[2] = forth[2];
    back[3] = alpha;
  }
}
