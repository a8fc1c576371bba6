// What a team of lanes, one workgroup, knows together: each lane hands in its part, and every lane gets the whole.
var<workgroup> team_parts: array<vec4f, workgroup_width>;
var<workgroup> team_whole: vec4f;

// The sums of x and y, the largest z and w.
fn of_team(part: vec4f, lane: u32) -> vec4f {
  team_parts[lane] = part;
  for (var half = workgroup_width / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      let other = team_parts[lane + half];
      let mine = team_parts[lane];
      team_parts[lane] = vec4f(mine.xy + other.xy, max(mine.zw, other.zw));
    }
  }
  if (lane == 0u) { team_whole = team_parts[0]; }
  return workgroupUniformLoad(&team_whole);
}
