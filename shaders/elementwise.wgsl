// result[i] = f(a, b, c) entry by entry. a, b, c: f32 arrays read through strided views, so that broadcast, transposed and
// sliced operands need no copy; operations of fewer arguments ignore the rest. result: f32[count], row-major.
// One invocation per entry. The functions of numbers (exponential, …) are those of the fused kernels, put before this text.
struct Params {
  shape: vec4u,     // of the result, axes of length 1 in front
  a_strides: vec4u, // distance in `a` between neighbours along each axis; 0 repeats
  b_strides: vec4u,
  c_strides: vec4u,
  count: u32,
  a_offset: u32,
  b_offset: u32,
  c_offset: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> c: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;
override operation: u32 = 0; // position in the list of elementwise.ts
override rank: u32 = 4;      // 1, 2 or 4: number of axes longer than 1, rounded up

fn coordinates(index: u32) -> vec4u {
  if (rank == 1u) { return vec4u(0u, 0u, 0u, index); }
  let rows = index / params.shape.w;
  let last = index - rows * params.shape.w;
  if (rank == 2u) { return vec4u(0u, 0u, rows, last); }
  let planes = rows / params.shape.z;
  return vec4u(planes / params.shape.y, planes % params.shape.y, rows - planes * params.shape.z, last);
}

fn apply(x: f32, y: f32, z: f32) -> f32 {
  switch (operation) {
    case 0u: { return x; }
    case 1u: { return -x; }
    case 2u: { return abs(x); }
    case 3u: { return select(sign(x), x, not_a_number(x)); }
    case 4u: { return exponential(x); }
    case 5u: { return logarithm(x); }
    case 6u: { return square_root(x); }
    case 7u: { return sine(x); }
    case 8u: { return cosine(x); }
    case 9u: { return sine(x) / cosine(x); }
    case 10u: { return hyperbolic_tangent(x); }
    case 11u: { return floor(x); }
    case 12u: { return x + y; }
    case 13u: { return x - y; }
    case 14u: { return x * y; }
    case 15u: { return x / y; }
    case 16u: { return real_power(x, y); }
    case 17u: { return larger(x, y); }
    case 18u: { return smaller(x, y); }
    case 19u: { return select(0.0, 1.0, x < y); }
    case 20u: { return select(0.0, 1.0, x <= y); }
    case 21u: { return select(0.0, 1.0, x == y); }
    default: { return select(z, y, x != 0.0); }
  }
}

@compute @workgroup_size(workgroup_width)
fn elementwise(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.count) { return; } // the last workgroup is partly empty
  let place = coordinates(index);
  let x = a[params.a_offset + dot(place, params.a_strides)];
  let y = b[params.b_offset + dot(place, params.b_strides)];
  let z = c[params.c_offset + dot(place, params.c_strides)];
  result[index] = apply(x, y, z);
}
