// result[i, j] = table[rows[i], j]. table: f32[any, width], rows: f32[count / width] of whole numbers in range, result: f32[count].
// One invocation per entry of the result.
struct Params { count: u32, width: u32, table_offset: u32, rows_offset: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<f32>;
@group(0) @binding(2) var<storage, read> rows: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
override workgroup_width: u32 = 64;

@compute @workgroup_size(workgroup_width)
fn gather(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * workgroup_width;
  if (index >= params.count) { return; }
  let row = u32(rows[params.rows_offset + index / params.width]);
  result[index] = table[params.table_offset + row * params.width + index % params.width];
}
