// The residual of each row, r[i] = (Σₖ aᵢₖ xₖ − bᵢ) / ‖aᵢ‖², with which conjugate gradients begin, and how far x is from the rows.
// extents: u32[rows + 1 + long_rows], where each row begins, and then the rows of more than `longest` entries, each summed by a team;
// columns, values: of the entries; targets: b; squares: ‖a‖²; rows: f32[rows][2], r and, here 0, q; forth: eight numbers of state, then `most_teams` of each of
// Σ sizes², Σ distances², the largest distance, and the largest size so far; size: Σₖ |aᵢₖ xₖ| + |bᵢ|, distance: |Σₖ aᵢₖ xₖ − bᵢ|, both / ‖aᵢ‖.
struct Params { rows: u32, long_rows: u32, longest: u32, teams: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> columns: array<u32>;
@group(0) @binding(3) var<storage, read> values: array<f32>;
@group(0) @binding(4) var<storage, read> x: array<f32>;
@group(0) @binding(5) var<storage, read> targets: array<f32>;
@group(0) @binding(6) var<storage, read> squares: array<f32>;
@group(0) @binding(7) var<storage, read_write> rows: array<f32>;
@group(0) @binding(8) var<storage, read_write> forth: array<f32>;
override workgroup_width: u32 = 128;
override most_teams: u32 = 256;

// Every `step`-th term of a row as a sum, what it has lost in rounding, and the sum of the sizes.
fn part_of(first: u32, end: u32, step: u32) -> vec3f {
  var total = vec2f(0.0);
  var size = 0.0;
  for (var k = first; k < end; k += step) {
    let term = values[k] * x[columns[k]];
    total = with_term(total, term);
    size += abs(term);
  }
  return vec3f(total, size);
}

// Writes the residual of a row, and returns what it adds to the sums and the largest.
fn kept(row: u32, total: vec2f, size: f32) -> vec4f {
  let square = squares[row];
  let difference = with_term(total, -targets[row]);
  let residual = difference.x + difference.y;
  let sizes = size + abs(targets[row]);
  rows[2u * row] = residual / square;
  rows[2u * row + 1u] = 0.0;
  let far = vec2f(sizes, abs(residual)) / sqrt(square);
  return vec4f(far * far, far.y, far.x);
}

fn unseen_zero() -> u32 { return params.rows >> 31u; }

@compute @workgroup_size(workgroup_width)
fn sparse_residual(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let team = group.x;
  var found = vec4f(0.0);
  for (var row = team * workgroup_width + lane; row < params.rows; row += params.teams * workgroup_width) {
    let first = extents[row];
    let end = extents[row + 1u];
    if (end - first > params.longest) { continue; }
    let part = part_of(first, end, 1u);
    let one = kept(row, part.xy, part.z);
    found = vec4f(found.xy + one.xy, max(found.zw, one.zw));
  }
  for (var l = team; l < params.long_rows; l += params.teams) {
    let row = extents[params.rows + 1u + l];
    let part = part_of(extents[row] + lane, extents[row + 1u], workgroup_width);
    let whole = of_team(vec4f(part.x + part.y, part.z, 0.0, 0.0), lane);
    if (lane == 0u) {
      let one = kept(row, vec2f(whole.x, 0.0), whole.y);
      found = vec4f(found.xy + one.xy, max(found.zw, one.zw));
    }
  }
  let whole = of_team(found, lane);
  if (lane > 0u) { return; }
  let place = 8u + team;
  forth[place] = whole.x;
  forth[place + most_teams] = whole.y;
  forth[place + 2u * most_teams] = whole.z;
  forth[place + 3u * most_teams] = max(forth[place + 3u * most_teams], whole.w);
  if (team == 0u) {
    for (var i = 0u; i < 8u; i++) { forth[i] = 0.0; }
  }
}
