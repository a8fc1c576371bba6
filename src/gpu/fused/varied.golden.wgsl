struct Chunk { @align(16) starts: u32, first_step: u32, steps: u32, cursor: u32, last_cursor: u32, first_record: u32, last_record: u32, runs: u32, schedule_at: u32, record_steps_at: u32, records_at: u32 }
@group(0) @binding(0) var<uniform> chunks: array<Chunk, 64>; // [run]
@group(0) @binding(1) var<storage, read> constants: array<f32>; // what settings and data determine
@group(0) @binding(2) var<storage, read> schedule: array<f32>; // [step - first_step][value]: what t determines
@group(0) @binding(3) var<storage, read> starts: array<f32>; // [element][start]
@group(0) @binding(4) var<storage, read> record_steps: array<u32>; // ascending, ends with 4294967295
@group(0) @binding(5) var<storage, read_write> state: array<f32>; // [element][start]
@group(0) @binding(6) var<storage, read_write> records: array<f32>; // [record][element][start]
@group(0) @binding(7) var<storage, read_write> flags: array<u32>; // [start]: 2 * step + 1 if the state was not finite, 2 * step if it had left its bound

fn quadrant_sine(x: f32, ahead: u32) -> f32 {
  let turns = round(x * 0.63661977);
  let rest = fma(-turns, 7.5497899548e-8, fma(-turns, 4.837512969970703e-4, fma(-turns, 1.5703125, x)));
  let r = select(rest, 0.0, (bitcast<u32>(rest) & 0x7fffffffu) - 0x3f800000u < 0x40000000u); // at least 1, and no NaN
  let r2 = r * r;
  let sine = fma(r * r2, fma(r2, fma(r2, -1.9515295891e-4, 8.3321608736e-3), -1.6666654611e-1), r);
  let cosine = fma(r2 * r2, fma(r2, fma(r2, 2.443315711809948e-5, -1.388731625493765e-3), 4.166664568298827e-2), fma(r2, -0.5, 1.0));
  let quadrant = bitcast<u32>(i32(turns)) + ahead;
  let value = select(sine, cosine, (quadrant & 1u) == 1u);
  return select(value, -value, (quadrant & 2u) == 2u);
}

fn sine(x: f32) -> f32 {
  return quadrant_sine(x, 0u);
}

fn square_root(x: f32) -> f32 {
  return select(sqrt(x), bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u), x < 0.0);
}

@compute @workgroup_size(64)
fn start(@builtin(global_invocation_id) id: vec3u) {
  let run = id.x / chunks[0].starts;
  if (run >= chunks[0].runs) { return; } // the last workgroup is partly empty
  let chunk = chunks[run];
  let start = id.x % chunk.starts;
  let x0_0 = starts[(run * 2u + 0u) * chunk.starts + start];
  let x0_1 = starts[(run * 2u + 1u) * chunk.starts + start];
  state[(run * 2u + 0u) * chunk.starts + start] = x0_0;
  state[(run * 2u + 1u) * chunk.starts + start] = x0_1;
  flags[id.x] = 4294967295u;
}

@compute @workgroup_size(64)
fn steps(@builtin(global_invocation_id) id: vec3u) {
  let run = id.x / chunks[0].starts;
  if (run >= chunks[0].runs) { return; } // the last workgroup is partly empty
  let chunk = chunks[run];
  let start = id.x % chunk.starts;
  let x0_0 = starts[(run * 2u + 0u) * chunk.starts + start];
  let x0_1 = starts[(run * 2u + 1u) * chunk.starts + start];
  var s0_0 = state[(run * 2u + 0u) * chunk.starts + start];
  var s0_1 = state[(run * 2u + 1u) * chunk.starts + start];
  var flag = flags[id.x];
  let last = chunk.first_step + chunk.steps;
  let count = chunk.starts;
  var t = chunk.first_step;
  var wanted = record_steps[chunk.record_steps_at + chunk.cursor];
  for (var ahead = chunk.last_cursor - chunk.cursor + 1u; ahead > 0u; ahead--) { // one turn per recorded step, one for the rest
    let cursor = chunk.last_cursor + 1u - ahead;
    let end = min(wanted, last);
    let single = end - t;
    for (var left = single; left > 0u; left--) {
      let t = end - left + 1u;
      let row = chunk.schedule_at + (t - chunk.first_step) * 1u;
      let v27 = s0_0 < 0.0;
      let q7 = schedule[row + 0u];
      let v29_0 = s0_0 + q7;
      let v30_0 = sine(s0_0);
      let v31_0 = q7 * v30_0;
      let v32_0 = s0_0 - v31_0;
      let v34_0 = select(v32_0, v29_0, v27);
      var c0_0_0: f32 = s0_0;
      var c0_0_1: f32 = s0_1;
      for (var turn0 = 0u; turn0 < 8u; turn0++) {
        let v15_0 = c0_0_0 * c0_0_0;
        let v15_1 = c0_0_1 * c0_0_1;
        let v16 = v15_0 + v15_1;
        let v18 = 0.0 < v16;
        let v19 = select(1.0, v16, v18);
        let v20 = square_root(v19);
        let v21 = select(0.0, v20, v18);
        let v23 = v21 < 0.1;
        if (v23) { break; }
        let v11 = f32(turn0) + 2.0;
        let v12 = 1.0 / v11;
        let v14_0 = c0_0_0 * v12;
        let v14_1 = c0_0_1 * v12;
        c0_0_0 = v14_0;
        c0_0_1 = v14_1;
      }
      let v35_0 = x0_0 - c0_0_0;
      let v38_0 = 0.01 * v35_0;
      let v39_0 = v34_0 + v38_0;
      let v29_1 = s0_1 + q7;
      let v30_1 = sine(s0_1);
      let v31_1 = q7 * v30_1;
      let v32_1 = s0_1 - v31_1;
      let v34_1 = select(v32_1, v29_1, v27);
      let v35_1 = x0_1 - c0_0_1;
      let v38_1 = 0.01 * v35_1;
      let v39_1 = v34_1 + v38_1;
      s0_0 = v39_0;
      s0_1 = v39_1;
    }
    t = end;
    var largest = 0u;
    largest = max(largest, bitcast<u32>(s0_0) & 0x7fffffffu);
    largest = max(largest, bitcast<u32>(s0_1) & 0x7fffffffu);
    var any = largest;
    flag = min(flag, select(4294967295u, 2u * t + u32(any >= 0x7f800000u), (largest > 1315859240u) | (any >= 0x7f800000u)));
    if (wanted <= last) {
      let v40_0 = s0_0 * s0_0;
      let v40_1 = s0_1 * s0_1;
      let v41 = v40_0 + v40_1;
      let v42 = 0.0 < v41;
      let v43 = select(1.0, v41, v42);
      let v44 = square_root(v43);
      let v45 = select(0.0, v44, v42);
      let at = (chunk.records_at + cursor - chunk.first_record) * 3u * count + start;
      records[at + 0u * count] = s0_0;
      records[at + 1u * count] = s0_1;
      records[at + 2u * count] = v45;
      wanted = record_steps[chunk.record_steps_at + cursor + 1u];
    }
  }
  state[(run * 2u + 0u) * chunk.starts + start] = s0_0;
  state[(run * 2u + 1u) * chunk.starts + start] = s0_1;
  flags[id.x] = flag;
}
