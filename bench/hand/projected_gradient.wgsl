// Written by hand for one problem: x <- x - 2 rate (x - c), then onto x1 + x2 = 1, x2 + x3 = 0.5. One invocation a start.
// x: f32[3][starts], in place.
struct Params { starts: u32, steps: u32, rate: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn projected_gradient(@builtin(global_invocation_id) id: vec3u) {
  let start = id.x;
  let n = params.starts;
  if (start >= n) { return; }
  let twice = 2.0 * params.rate;
  var a = x[start];
  var b = x[n + start];
  var c = x[2u * n + start];
  for (var t = 0u; t < params.steps; t++) {
    a = fma(-twice, a - 2.0, a);
    b = fma(-twice, b + 1.0, b);
    c = fma(-twice, c, c);
    let r = a + b - 1.0;
    let s = b + c - 0.5;
    a -= fma(0.6666667, r, -0.33333334 * s);
    b -= fma(0.33333334, r, 0.33333334 * s);
    c -= fma(-0.33333334, r, 0.6666667 * s);
  }
  x[start] = a;
  x[n + start] = b;
  x[2u * n + start] = c;
}
