// The adapter's rate of multiplications and additions in registers: 8 chains of four lanes, `turns` turns. out: f32[invocations].
struct Params { turns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn peak(@builtin(global_invocation_id) id: vec3u) {
  let m = vec4f(0.999);
  let d = vec4f(f32(id.x) * 1e-9);
  var a0 = d; var a1 = d + 1.0; var a2 = d + 2.0; var a3 = d + 3.0;
  var a4 = d + 4.0; var a5 = d + 5.0; var a6 = d + 6.0; var a7 = d + 7.0;
  for (var t = 0u; t < params.turns; t++) {
    a0 = fma(a0, m, d); a1 = fma(a1, m, d); a2 = fma(a2, m, d); a3 = fma(a3, m, d);
    a4 = fma(a4, m, d); a5 = fma(a5, m, d); a6 = fma(a6, m, d); a7 = fma(a7, m, d);
  }
  let s = a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7;
  out[id.x] = s.x + s.y + s.z + s.w;
}
