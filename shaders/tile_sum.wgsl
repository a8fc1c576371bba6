// Sums by a workgroup of 16 × 16 lanes, of 16 rows at a time, for kernels that say how many at once (`tile_slots`). Lanes side by side
// read side by side: terms of a row where those are neighbours in memory (`along`), else the same term of neighbouring rows.
// Each lane keeps what it has added; after a barrier tile_total(slot, row) is the sum of a row.
const SIDE = 16u;
// A row of parts is one number longer than it needs to be: neither order of lanes then meets a bank of the memory twice.
var<workgroup> tile_parts: array<f32, tile_slots * SIDE * (SIDE + 1u)>;

fn tile_row(lane: u32, along: bool) -> u32 { return select(lane % SIDE, lane / SIDE, along); }
fn tile_part(lane: u32, along: bool) -> u32 { return select(lane / SIDE, lane % SIDE, along); }

fn tile_keep(slot: u32, lane: u32, along: bool, value: f32) {
  tile_parts[(slot * SIDE + tile_row(lane, along)) * (SIDE + 1u) + tile_part(lane, along)] = value;
}

// Four sums of four: six roundings.
fn tile_total(slot: u32, row: u32) -> f32 {
  let first = (slot * SIDE + row) * (SIDE + 1u);
  var sums = vec4f(0.0);
  for (var k = first; k < first + SIDE; k += 4u) {
    sums += vec4f(tile_parts[k], tile_parts[k + 1u], tile_parts[k + 2u], tile_parts[k + 3u]);
  }
  return (sums.x + sums.y) + (sums.z + sums.w);
}
