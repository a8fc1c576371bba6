// A⁺ of a small A by Newton–Schulz on G = A Aᵀ, all of it in one workgroup: rows scaled by powers of two, Y₀ = I / ‖G‖∞,
// Y ← Y(2cI − c²G Y) until the rule ends it, X = Aᵀ Y, and one direct iteration X ← X + X(I − A X) where the residual is more than `enough`.
// a: f32 through strides, rows ≤ columns; result: A⁺ through strides; figures: iterations, 0, whether the rule ended it, then ‖I − G Y‖_F of
// Y₀, Y₁, … and as the last ‖I − A X‖_F. arena: matrices of four-vectors, their sides padded to multiples of 16 with zeros.
struct Params {
  rows: u32, columns: u32, a_row: u32, a_column: u32, result_row: u32, result_column: u32, limit: u32, enough: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> arena: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> figures: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 4;
var<workgroup> shared_sums: array<vec4f, workgroup_width>;
var<workgroup> shared_order: vec4f; // c², c(2 − c), whether to go on, whether it is the last

// What the product under way is for: G = S Sᵀ, I − G Y, the next Y, X = Sᵀ Y, I − S X, X + X (I − S X).
const GRAM = 0u;
const RESIDUAL = 1u;
const IMPROVE = 2u;
const CLOSE = 3u;
const DIRECT = 4u;
const MEND = 5u;
const DONE = 6u;

// Places of matrices in four-vectors, and lengths of their rows.
struct Place { at: u32, width: u32 }

// 2^−e with 2^e ≤ ‖A[row, :]‖₂ < 2^(e + 1), as newton_schulz_scale has it.
fn scale_of(row: u32) -> f32 {
  let first = row * params.a_row;
  var squares = 0.0;
  for (var j = 0u; j < params.columns; j++) {
    let entry = a[first + j * params.a_column];
    squares = fma(entry, entry, squares);
  }
  let is_rare = !(squares > 1e-30 && squares < 1e30); // too large or small to be squared: once more, relative to the largest
  let again = select(0u, params.columns, is_rare);
  var largest = select(1.0, 0.0, is_rare);
  for (var j = 0u; j < again; j++) { largest = max(largest, abs(a[first + j * params.a_column])); }
  if (largest == 0.0) { return 1.0; }
  squares = select(squares, 0.0, is_rare);
  for (var j = 0u; j < again; j++) {
    let entry = a[first + j * params.a_column] / largest;
    squares = fma(entry, entry, squares);
  }
  let exponent = clamp(i32(bitcast<u32>(largest * sqrt(squares)) >> 23u) - 127, -126, 126);
  return bitcast<f32>(u32(127 - exponent) << 23u);
}

fn entry(row: u32, column: u32) -> f32 {
  let is_there = row < params.rows && column < params.columns;
  let place = min(row, params.rows - 1u) * params.a_row + min(column, params.columns - 1u) * params.a_column;
  return select(0.0, a[place], is_there);
}

fn unit(row: u32, vector: u32) -> vec4f {
  return select(vec4f(0.0), vec4f(1.0), vec4u(row) == 4u * vector + vec4u(0u, 1u, 2u, 3u));
}

// ‖R‖²_F, ‖I − R‖²_F and the trace of I − R, of the rows that are not padding: the same for all lanes.
fn look(r: Place, lane: u32) -> vec3f {
  var sums = vec3f(0.0);
  for (var row = lane; row < params.rows; row += workgroup_width) {
    for (var k = 0u; k < r.width; k++) {
      let one = unit(row, k);
      let here = arena[r.at + row * r.width + k];
      let product = one - here;
      sums += vec3f(dot(here, here), dot(product, product), dot(one, product));
    }
  }
  workgroupBarrier();
  shared_sums[lane] = vec4f(sums, 0.0);
  workgroupBarrier();
  sums = vec3f(0.0);
  for (var k = 0u; k < workgroup_width; k++) { sums += shared_sums[k].xyz; }
  return sums;
}

// ‖G‖∞, the same for all lanes.
fn bound_of(g: Place, lane: u32) -> f32 {
  var largest = 0.0;
  for (var row = lane; row < params.rows; row += workgroup_width) {
    var sum = 0.0;
    for (var k = 0u; k < g.width; k++) { sum += dot(abs(arena[g.at + row * g.width + k]), vec4f(1.0)); }
    largest = max(largest, sum);
  }
  workgroupBarrier();
  shared_sums[lane] = vec4f(largest);
  workgroupBarrier();
  for (var k = 0u; k < workgroup_width; k++) { largest = max(largest, shared_sums[k].x); }
  return largest;
}

@compute @workgroup_size(workgroup_width)
fn newton_schulz_small(@builtin(local_invocation_index) lane: u32) {
  let side = ((params.rows + 15u) >> 4u) << 2u; // a row of m entries, in four-vectors
  let length = ((params.columns + 15u) >> 4u) << 2u;
  let rows = 4u * side;
  let columns = 4u * length;
  let S = Place(0u, length); // the scaled matrix, [m, n]
  let T = Place(S.at + rows * length, side); // its transpose
  let X = Place(T.at + columns * side, side);
  let V = Place(X.at + columns * side, side);
  let G = Place(V.at + columns * side, side);
  let R = Place(G.at + rows * side, side);
  let scales = R.at + 3u * rows * side; // each in a four-vector of its own
  var inverse = Place(R.at + rows * side, side);
  var next = Place(R.at + 2u * rows * side, side);

  for (var row = lane; row < rows; row += workgroup_width) {
    var scale = 1.0;
    if (row < params.rows) { scale = scale_of(row); }
    arena[scales + row] = vec4f(scale);
    for (var k = 0u; k < length; k++) {
      arena[S.at + row * length + k] =
        scale * vec4f(entry(row, 4u * k), entry(row, 4u * k + 1u), entry(row, 4u * k + 2u), entry(row, 4u * k + 3u));
    }
  }
  storageBarrier();
  for (var j = lane; j < length; j += workgroup_width) { // four of its columns, of four rows at a time
    for (var k = 0u; k < side; k++) {
      let p = arena[S.at + 4u * k * length + j];
      let q = arena[S.at + (4u * k + 1u) * length + j];
      let r = arena[S.at + (4u * k + 2u) * length + j];
      let s = arena[S.at + (4u * k + 3u) * length + j];
      let place = T.at + 4u * j * side + k;
      arena[place] = vec4f(p.x, q.x, r.x, s.x);
      arena[place + side] = vec4f(p.y, q.y, r.y, s.y);
      arena[place + 2u * side] = vec4f(p.z, q.z, r.z, s.z);
      arena[place + 3u * side] = vec4f(p.w, q.w, r.w, s.w);
    }
  }
  storageBarrier();

  // One product after the other, all from one place in the code, which compilers write out for each call.
  var made = 0u;
  var left = -1.0;
  var last = X;
  var phase = GRAM;
  var factors = Factors(1.0, 0.0, 0.0);
  while (phase != DONE) {
    var A = S;
    var height = rows;
    var B = T;
    var C = G;
    if (phase == RESIDUAL) { A = G; B = inverse; C = R; }
    if (phase == IMPROVE) { A = inverse; B = R; C = next; }
    if (phase == CLOSE) { A = T; height = columns; B = inverse; C = X; }
    if (phase == DIRECT) { B = X; C = R; }
    if (phase == MEND) { A = X; height = columns; B = R; C = V; }
    multiply(A, height, B, C, factors, A, lane);
    storageBarrier();

    if (phase == IMPROVE) {
      let other = inverse;
      inverse = next;
      next = other;
      made++;
      phase = RESIDUAL;
      factors = Factors(-1.0, 0.0, 1.0);
      if (workgroupUniformLoad(&shared_order).w != 0.0) {
        phase = CLOSE;
        factors = Factors(1.0, 0.0, 0.0);
      }
      continue;
    }
    if (phase == CLOSE) {
      phase = DIRECT;
      factors = Factors(-1.0, 0.0, 1.0);
      continue;
    }
    if (phase == MEND) {
      last = V;
      phase = DONE;
      continue;
    }
    var first = 1.0;
    if (phase == GRAM) { // Y₀ = I / ‖G‖∞: its residual needs no product, nor what is made of it
      first = 1.0 / bound_of(G, lane);
      for (var row = lane; row < params.rows; row += workgroup_width) {
        for (var k = 0u; k < side; k++) {
          arena[R.at + row * side + k] = unit(row, k) - first * arena[G.at + row * side + k];
        }
      }
      storageBarrier();
    }
    let sums = look(R, lane);
    if (lane == 0u) {
      let residual = sqrt(sums.x);
      figures[3u + made] = residual;
      if (left < 0.0 && residual < SETTLED) { left = iterations_left(residual, 2.0); }
      if (made == 0u && left == 0.0) { left = 1.0; } // there is no iterate yet
      let scale = select(1.0, best_scale(sums.z, sums.y), left < 0.0);
      let is_over = !is_finite(residual) || left == 0.0 || made == params.limit;
      if (phase != DIRECT) { left = select(left, left - 1.0, left > 0.0); }
      let goes_on = select(select(1.0, 0.0, is_over), select(0.0, 1.0, residual > params.enough), phase == DIRECT);
      shared_order = vec4f(scale * scale, scale * (2.0 - scale), goes_on, select(0.0, 1.0, left == 0.0));
    }
    let order = workgroupUniformLoad(&shared_order);
    if (phase == DIRECT) {
      phase = select(DONE, MEND, order.z != 0.0);
      factors = Factors(1.0, 1.0, 0.0);
      continue;
    }
    if (order.z == 0.0) {
      phase = CLOSE;
      factors = Factors(1.0, 0.0, 0.0);
    } else if (phase == RESIDUAL) {
      phase = IMPROVE;
      factors = Factors(order.x, order.y, 0.0);
    } else {
      for (var row = lane; row < rows; row += workgroup_width) {
        for (var k = 0u; k < side; k++) {
          let value = first * (order.x * arena[R.at + row * side + k] + order.y * unit(row, k));
          arena[inverse.at + row * side + k] = select(vec4f(0.0), value, row < params.rows); // padding stays 0
        }
      }
      storageBarrier();
      made = 1u;
      phase = RESIDUAL;
      factors = Factors(-1.0, 0.0, 1.0);
      if (order.w != 0.0) {
        phase = CLOSE;
        factors = Factors(1.0, 0.0, 0.0);
      }
    }
  }
  if (lane == 0u) {
    figures[0] = f32(made);
    figures[1] = left;
    figures[2] = select(0.0, 1.0, left == 0.0);
  }
  for (var k = 0u; 4u * k < params.rows; k++) {
    let scale = vec4f(
      arena[scales + 4u * k].x, arena[scales + 4u * k + 1u].x, arena[scales + 4u * k + 2u].x, arena[scales + 4u * k + 3u].x,
    );
    for (var row = lane; row < params.columns; row += workgroup_width) {
      let value = scale * arena[last.at + row * side + k];
      let place = row * params.result_row + 4u * k * params.result_column;
      result[place] = value.x;
      if (4u * k + 1u < params.rows) { result[place + params.result_column] = value.y; }
      if (4u * k + 2u < params.rows) { result[place + 2u * params.result_column] = value.z; }
      if (4u * k + 3u < params.rows) { result[place + 3u * params.result_column] = value.w; }
    }
  }
}
