// sums[p, lane] = Σ of the entries that a lane meets in piece p: every workgroup_width-th block of four.
// pieces: u32[pieces][4], first block of four, blocks, entries, group, of which the last two are not read here; x: blocks of four;
// sums: f32[result_from + pieces][workgroup_width], written from row result_from on; with keeps_rounding 1, rows are twice as long and
// what each sum has lost follows the sums. One workgroup a piece; no lane waits for another.
struct Params { pieces: u32, result_from: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pieces: array<u32>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;
override workgroup_width: u32 = 64;
override keeps_rounding: u32 = 0;

fn unseen_zero() -> u32 { return params.pieces >> 31u; }

@compute @workgroup_size(workgroup_width)
fn piece_sums(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let piece = group.x + group.y * groups.x;
  if (piece >= params.pieces) { return; }
  let first = pieces[4u * piece];
  let end = first + pieces[4u * piece + 1u];
  var sum = vec4f(0.0);
  let row = (params.result_from + piece) * workgroup_width * (1u + keeps_rounding);
  if (keeps_rounding == 0u) {
    for (var i = first + lane; i < end; i += workgroup_width) { sum += x[i]; }
    sums[row + lane] = (sum.x + sum.y) + (sum.z + sum.w);
    return;
  }
  var total = vec2f(0.0);
  for (var i = first + lane; i < end; i += workgroup_width) {
    let block = x[i];
    total = with_term(with_term(with_term(with_term(total, block.x), block.y), block.z), block.w);
  }
  sums[row + lane] = total.x;
  sums[row + workgroup_width + lane] = total.y;
}
