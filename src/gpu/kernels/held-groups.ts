/**
 * Projections of groups so short that the invocation which sums one keeps its entries until the sum is known: each is loaded once, and no
 * loop has to begin. The kernel is written out for groups of a given number of blocks. What it keeps are values, not an array: places in
 * an array that only the running kernel knows cost a processor that stands in for a GPU as much as loads.
 */
import { ceilDiv, defineKernel, gridOf, type Kernel } from './define-kernel.ts';
import { GROUPS, LANES } from './large.ts';

/** As `projectGroups`, for groups of at least one entry that all take so many blocks: 4 (blocks − 1) < |g| ≤ 4 blocks. */
export function projectGroupsHeld(blocks: number): Kernel<typeof GROUPS> {
  const name = `project_groups_held_${blocks}`;
  return defineKernel({
    name,
    code: codeOf(name, blocks),
    bindings: GROUPS,
    constants: { tied: 0 },
    workgroups: ({ groups }) => gridOf(ceilDiv(groups, LANES)),
  });
}

function codeOf(name: string, blocks: number): string {
  const eachOf = (count: number, line: (k: number) => string) =>
    Array.from({ length: count }, (_, k) => `  ${line(k)}`).join('\n');
  const moved = (k: number) => `select(block${k} + shift, vec4f(shift), tied == 1u)`;
  const last = blocks - 1; // filled up with zeros, which stay
  return `struct Params { groups: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> extents: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;
override tied: u32 = 0;

@compute @workgroup_size(${LANES})
fn ${name}(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * ${LANES}u;
  if (index >= params.groups) { return; }
  let first = extents[2u * index];
  let count = extents[2u * index + 1u];
${eachOf(blocks, (k) => `let place${k} = &x[first + ${k}u]; let block${k} = *place${k};`)}
  let sums = ${Array.from({ length: blocks }, (_, k) => `block${k}`).join(' + ')};
  let sum = (sums.x + sums.y) + (sums.z + sums.w);
  let shift = select(targets[index] - sum, sum, tied == 1u) / f32(count);
${eachOf(last, (k) => `*place${k} = ${moved(k)};`)}
  let inside = vec4u(0u, 1u, 2u, 3u) < vec4u(count - ${4 * last}u);
  *place${last} = select(vec4f(0.0), ${moved(last)}, inside);
}`;
}
