struct Chunk { @align(16) starts: u32, first_step: u32, steps: u32, cursor: u32, last_cursor: u32, first_record: u32, last_record: u32, runs: u32, schedule_at: u32, record_steps_at: u32, records_at: u32 }
@group(0) @binding(0) var<uniform> chunks: array<Chunk, 64>; // [run]
@group(0) @binding(1) var<storage, read> constants: array<f32>; // what settings and data determine
@group(0) @binding(2) var<storage, read> schedule: array<f32>; // [step - first_step][value]: what t determines
@group(0) @binding(3) var<storage, read> starts: array<f32>; // [element][start]
@group(0) @binding(4) var<storage, read> record_steps: array<u32>; // ascending, ends with 4294967295
@group(0) @binding(5) var<storage, read_write> state: array<f32>; // [element][start]
@group(0) @binding(6) var<storage, read_write> records: array<f32>; // [record][element][start]
@group(0) @binding(7) var<storage, read_write> flags: array<u32>; // [start]: 2 * step + 1 if the state was not finite, 2 * step if it had left its bound

@compute @workgroup_size(64)
fn start(@builtin(global_invocation_id) id: vec3u) {
  let run = id.x / chunks[0].starts;
  if (run >= chunks[0].runs) { return; } // the last workgroup is partly empty
  let chunk = chunks[run];
  let start = id.x % chunk.starts;
  let x0_0 = starts[(run * 3u + 0u) * chunk.starts + start];
  let x0_1 = starts[(run * 3u + 1u) * chunk.starts + start];
  let x0_2 = starts[(run * 3u + 2u) * chunk.starts + start];
  state[(run * 3u + 0u) * chunk.starts + start] = x0_0;
  state[(run * 3u + 1u) * chunk.starts + start] = x0_1;
  state[(run * 3u + 2u) * chunk.starts + start] = x0_2;
  flags[id.x] = 4294967295u;
}

@compute @workgroup_size(64)
fn steps(@builtin(global_invocation_id) id: vec3u) {
  let run = id.x / chunks[0].starts;
  if (run >= chunks[0].runs) { return; } // the last workgroup is partly empty
  let chunk = chunks[run];
  let start = id.x % chunk.starts;
  let k4 = constants[run * 4u + 0u];
  let k16_0 = constants[run * 4u + 1u];
  let k16_1 = constants[run * 4u + 2u];
  let k16_2 = constants[run * 4u + 3u];
  var s0_0 = state[(run * 3u + 0u) * chunk.starts + start];
  var s0_1 = state[(run * 3u + 1u) * chunk.starts + start];
  var s0_2 = state[(run * 3u + 2u) * chunk.starts + start];
  var flag = flags[id.x];
  let last = chunk.first_step + chunk.steps;
  let count = chunk.starts;
  var t = chunk.first_step;
  var wanted = record_steps[chunk.record_steps_at + chunk.cursor];
  for (var ahead = chunk.last_cursor - chunk.cursor + 1u; ahead > 0u; ahead--) { // one turn per recorded step, one for the rest
    let cursor = chunk.last_cursor + 1u - ahead;
    let end = min(wanted, last);
    let several = (end - t) / 4u;
    let single = end - t - several * 4u;
    for (var turns = several; turns > 0u; turns--) { // 4 steps a turn
      var end_s0_0: f32;
      var end_s0_1: f32;
      var end_s0_2: f32;
      let v6_0 = s0_0 - 1.0;
      let v9_0 = 2.0 * v6_0;
      let v11_0 = k4 * v9_0;
      let v12_0 = s0_0 - v11_0;
      let v6_1 = s0_1 - 2.0;
      let v9_1 = 2.0 * v6_1;
      let v11_1 = k4 * v9_1;
      let v12_1 = s0_1 - v11_1;
      let v6_2 = s0_2 - 3.0;
      let v9_2 = 2.0 * v6_2;
      let v11_2 = k4 * v9_2;
      let v12_2 = s0_2 - v11_2;
      let v13_0 = v12_0 + v12_1 + v12_2;
      let v15_0 = v13_0 - 1.0;
      let v17_0 = k16_0 * v15_0;
      let v18_0 = v12_0 - v17_0;
      let v17_1 = k16_1 * v15_0;
      let v18_1 = v12_1 - v17_1;
      let v17_2 = k16_2 * v15_0;
      let v18_2 = v12_2 - v17_2;
      {
        let s0_0 = v18_0;
        let s0_1 = v18_1;
        let s0_2 = v18_2;
        let v6_0 = s0_0 - 1.0;
        let v9_0 = 2.0 * v6_0;
        let v11_0 = k4 * v9_0;
        let v12_0 = s0_0 - v11_0;
        let v6_1 = s0_1 - 2.0;
        let v9_1 = 2.0 * v6_1;
        let v11_1 = k4 * v9_1;
        let v12_1 = s0_1 - v11_1;
        let v6_2 = s0_2 - 3.0;
        let v9_2 = 2.0 * v6_2;
        let v11_2 = k4 * v9_2;
        let v12_2 = s0_2 - v11_2;
        let v13_0 = v12_0 + v12_1 + v12_2;
        let v15_0 = v13_0 - 1.0;
        let v17_0 = k16_0 * v15_0;
        let v18_0 = v12_0 - v17_0;
        let v17_1 = k16_1 * v15_0;
        let v18_1 = v12_1 - v17_1;
        let v17_2 = k16_2 * v15_0;
        let v18_2 = v12_2 - v17_2;
        {
          let s0_0 = v18_0;
          let s0_1 = v18_1;
          let s0_2 = v18_2;
          let v6_0 = s0_0 - 1.0;
          let v9_0 = 2.0 * v6_0;
          let v11_0 = k4 * v9_0;
          let v12_0 = s0_0 - v11_0;
          let v6_1 = s0_1 - 2.0;
          let v9_1 = 2.0 * v6_1;
          let v11_1 = k4 * v9_1;
          let v12_1 = s0_1 - v11_1;
          let v6_2 = s0_2 - 3.0;
          let v9_2 = 2.0 * v6_2;
          let v11_2 = k4 * v9_2;
          let v12_2 = s0_2 - v11_2;
          let v13_0 = v12_0 + v12_1 + v12_2;
          let v15_0 = v13_0 - 1.0;
          let v17_0 = k16_0 * v15_0;
          let v18_0 = v12_0 - v17_0;
          let v17_1 = k16_1 * v15_0;
          let v18_1 = v12_1 - v17_1;
          let v17_2 = k16_2 * v15_0;
          let v18_2 = v12_2 - v17_2;
          {
            let s0_0 = v18_0;
            let s0_1 = v18_1;
            let s0_2 = v18_2;
            let v6_0 = s0_0 - 1.0;
            let v9_0 = 2.0 * v6_0;
            let v11_0 = k4 * v9_0;
            let v12_0 = s0_0 - v11_0;
            let v6_1 = s0_1 - 2.0;
            let v9_1 = 2.0 * v6_1;
            let v11_1 = k4 * v9_1;
            let v12_1 = s0_1 - v11_1;
            let v6_2 = s0_2 - 3.0;
            let v9_2 = 2.0 * v6_2;
            let v11_2 = k4 * v9_2;
            let v12_2 = s0_2 - v11_2;
            let v13_0 = v12_0 + v12_1 + v12_2;
            let v15_0 = v13_0 - 1.0;
            let v17_0 = k16_0 * v15_0;
            let v18_0 = v12_0 - v17_0;
            let v17_1 = k16_1 * v15_0;
            let v18_1 = v12_1 - v17_1;
            let v17_2 = k16_2 * v15_0;
            let v18_2 = v12_2 - v17_2;
            end_s0_0 = v18_0;
            end_s0_1 = v18_1;
            end_s0_2 = v18_2;
          }
        }
      }
      s0_0 = end_s0_0;
      s0_1 = end_s0_1;
      s0_2 = end_s0_2;
    }
    for (var left = single; left > 0u; left--) {
      let v6_0 = s0_0 - 1.0;
      let v9_0 = 2.0 * v6_0;
      let v11_0 = k4 * v9_0;
      let v12_0 = s0_0 - v11_0;
      let v6_1 = s0_1 - 2.0;
      let v9_1 = 2.0 * v6_1;
      let v11_1 = k4 * v9_1;
      let v12_1 = s0_1 - v11_1;
      let v6_2 = s0_2 - 3.0;
      let v9_2 = 2.0 * v6_2;
      let v11_2 = k4 * v9_2;
      let v12_2 = s0_2 - v11_2;
      let v13_0 = v12_0 + v12_1 + v12_2;
      let v15_0 = v13_0 - 1.0;
      let v17_0 = k16_0 * v15_0;
      let v18_0 = v12_0 - v17_0;
      let v17_1 = k16_1 * v15_0;
      let v18_1 = v12_1 - v17_1;
      let v17_2 = k16_2 * v15_0;
      let v18_2 = v12_2 - v17_2;
      s0_0 = v18_0;
      s0_1 = v18_1;
      s0_2 = v18_2;
    }
    t = end;
    var largest = 0u;
    largest = max(largest, bitcast<u32>(s0_0) & 0x7fffffffu);
    largest = max(largest, bitcast<u32>(s0_1) & 0x7fffffffu);
    largest = max(largest, bitcast<u32>(s0_2) & 0x7fffffffu);
    var any = largest;
    flag = min(flag, select(4294967295u, 2u * t + u32(any >= 0x7f800000u), (largest > 1315859240u) | (any >= 0x7f800000u)));
    if (wanted <= last) {
      let at = (chunk.records_at + cursor - chunk.first_record) * 3u * count + start;
      records[at + 0u * count] = s0_0;
      records[at + 1u * count] = s0_1;
      records[at + 2u * count] = s0_2;
      wanted = record_steps[chunk.record_steps_at + cursor + 1u];
    }
  }
  state[(run * 3u + 0u) * chunk.starts + start] = s0_0;
  state[(run * 3u + 1u) * chunk.starts + start] = s0_1;
  state[(run * 3u + 2u) * chunk.starts + start] = s0_2;
  flags[id.x] = flag;
}
