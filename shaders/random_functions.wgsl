// Random numbers as functions of whole numbers: the same operations on 32-bit integers as core/tensor/threefry.ts, bit for bit.
// No kernel: `random` and the generated kernels put this text before their own.

// Threefry-2x32, 20 rounds (Salmon, Moraes, Dror & Shaw 2011, 4.2)
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  var turns = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var keys = array<u32, 3>(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
  var x = counter.x + keys[0];
  var y = counter.y + keys[1];
  for (var injection = 1u; injection <= 5u; injection++) {
    let first = ((injection - 1u) & 1u) * 4u;
    for (var round = first; round < first + 4u; round++) {
      let turn = turns[round];
      x = x + y;
      y = ((y << turn) | (y >> (32u - turn))) ^ x;
    }
    x = x + keys[injection % 3u];
    y = y + keys[(injection + 1u) % 3u] + injection;
  }
  return vec2u(x, y);
}

// seed: low and high part; start and t: whole numbers below 2^24 as f32
fn random_key(seed: vec2f, start: f32, stream: u32) -> vec2u {
  return vec2u(u32(seed.x) + (u32(seed.y) << 16u), (stream << 24u) | u32(start));
}

// in (0, 1), an odd multiple of 2^-24
fn random_uniform(seed: vec2f, start: f32, t: f32, stream: u32, element: u32) -> f32 {
  let bits = threefry(random_key(seed, start, stream), vec2u(u32(t), element)).x;
  return (f32(bits >> 9u) + 0.5) * 1.1920928955078125e-7;
}

// lowbias32 (Wellons 2018)
fn mixed(value: u32) -> u32 {
  var bits = value;
  bits = (bits ^ (bits >> 16u)) * 0x7feb352du;
  bits = (bits ^ (bits >> 15u)) * 0x846ca68bu;
  return bits ^ (bits >> 16u);
}

// entry `element` of the draw of `size` at step t from 0 ... count - 1: one shuffle of all after the other, each by swapping
// the pairs x, K - x or not, in 16 rounds (Hoang, Morris & Rogaway 2012)
fn random_index(seed: vec2f, start: f32, t: f32, stream: u32, element: u32, size: u32, count: u32) -> f32 {
  let position = u32(t) * size + element;
  let keys = threefry(random_key(seed, start, stream), vec2u(position / count, 0xffffffffu));
  var value = position % count;
  for (var round = 0u; round < 16u; round++) {
    let step = round * 0x9e3779b9u;
    let partner = (mixed(keys.x + step) % count + count - value) % count;
    let swaps = mixed((max(value, partner) + step) ^ keys.y) >> 31u;
    value = select(value, partner, swaps == 1u);
  }
  return f32(value);
}
