// Every entry of a piece is moved by the shift of its group, or replaced by it (tied 1). What rounding takes from one block, the lane's
// next block gets: where all entries move alike, all would round alike.
// pieces: u32[pieces][4], first block of four, blocks, entries, group; shifts: f32[groups][2], in two parts; x: blocks of four, of which
// the last of a group is filled up with zeros, which stay. One workgroup a piece.
struct Params { pieces: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pieces: array<u32>;
@group(0) @binding(2) var<storage, read> shifts: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;
override workgroup_width: u32 = 64;
override tied: u32 = 0;

fn unseen_zero() -> u32 { return params.pieces >> 31u; }

@compute @workgroup_size(workgroup_width)
fn shift_pieces(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let piece = group.x + group.y * groups.x;
  if (piece >= params.pieces) { return; }
  let first = pieces[4u * piece];
  let count = pieces[4u * piece + 2u];
  let index = pieces[4u * piece + 3u];
  let head = vec4f(shifts[2u * index]);
  let tail = vec4f(shifts[2u * index + 1u]);
  let whole = first + count / 4u;
  let rest = count % 4u;
  var owed = vec4f(0.0);
  for (var i = first + lane; i < whole; i += workgroup_width) {
    if (tied == 1u) { x[i] = head + tail; continue; }
    let entry = x[i];
    let near = rounded_block(entry + head);
    let taken = rounded_block(near - entry);
    owed += (rounded_block(entry - rounded_block(near - taken)) + (head - taken)) + tail;
    let moved = rounded_block(near + owed);
    owed -= rounded_block(moved - near);
    x[i] = moved;
  }
  if (rest > 0u && lane == 0u) {
    let inside = vec4u(0u, 1u, 2u, 3u) < vec4u(rest);
    x[whole] = select(vec4f(0.0), select(x[whole], vec4f(0.0), vec4<bool>(tied == 1u)) + (head + tail), inside);
  }
}
