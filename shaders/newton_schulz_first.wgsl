// inverse = (f₀ R + f₁ I) / bound[0] with R = I − G / bound[0]: the iteration Y ← f₀ Y R + f₁ Y from Y₀ = I / bound[0], which needs no product.
// r, inverse: f32[rows, rows]. One invocation per entry.
struct Params { rows: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> r: array<f32>;
@group(0) @binding(2) var<storage, read> bound: array<f32>;
@group(0) @binding(3) var<storage, read> factors: array<f32>;
@group(0) @binding(4) var<storage, read_write> inverse: array<f32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn newton_schulz_first(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.rows * params.rows) { return; }
  let diagonal = select(0.0, 1.0, index % (params.rows + 1u) == 0u);
  inverse[index] = (factors[0] * r[index] + factors[1] * diagonal) / bound[0];
}
