// residuals[iteration] = ‖I − A X‖_F, from T = 2I − A X: the root of Σ (T[i, j] − δᵢⱼ)². T: f32[rows, rows]. One workgroup.
struct Params { rows: u32, iteration: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t: array<f32>;
@group(0) @binding(2) var<storage, read_write> residuals: array<f32>;
override workgroup_width: u32 = 64;
var<workgroup> shared_squares: array<f32, workgroup_width>;

@compute @workgroup_size(workgroup_width)
fn newton_schulz_residual(@builtin(local_invocation_id) id: vec3u) {
  var squares = 0.0;
  for (var i = id.x; i < params.rows * params.rows; i += workgroup_width) {
    let entry = t[i] - select(0.0, 1.0, i % (params.rows + 1u) == 0u); // the diagonal is every (rows + 1)-th entry
    squares = fma(entry, entry, squares);
  }
  shared_squares[id.x] = squares;
  workgroupBarrier();
  if (id.x != 0u) { return; }
  for (var k = 1u; k < workgroup_width; k++) { squares += shared_squares[k]; }
  residuals[params.iteration] = sqrt(squares);
}
