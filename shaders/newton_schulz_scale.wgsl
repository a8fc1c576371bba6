// scale[i] = 2^−e with 2^e ≤ ‖A[i, :]‖₂ < 2^(e+1): multiplying row i by it rounds nothing and brings its length into [1, 2).
// A: [rows, columns] read through strides; scale: f32[rows]; 1 for a row of zeros. One invocation per row.
struct Params { rows: u32, columns: u32, a_row: u32, a_column: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> scale: array<f32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn newton_schulz_scale(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.rows) { return; }
  let row = index * params.a_row;
  var largest = 0.0;
  for (var j = 0u; j < params.columns; j++) { largest = max(largest, abs(a[row + j * params.a_column])); }
  if (largest == 0.0) { scale[index] = 1.0; return; }
  var squares = 0.0; // of entries relative to the largest: no overflow
  for (var j = 0u; j < params.columns; j++) {
    let entry = a[row + j * params.a_column] / largest;
    squares = fma(entry, entry, squares);
  }
  let length = largest * sqrt(squares);
  let exponent = clamp(i32(bitcast<u32>(length) >> 23u) - 127, -126, 126);
  scale[index] = bitcast<f32>(u32(127 - exponent) << 23u);
}
