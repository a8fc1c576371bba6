/**
 * Functions of x → a kernel of one invocation a point, written as the kernels of runs are: the points themselves follow from their
 * number, so that no more than the places of the axes is sent.
 */
import { at } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Addresses, OF_ONE_RUN, WORKGROUP_WIDTH, withRowIfRead } from '../fused/bindings.ts';
import { Emitter, Scope, type Shared } from '../fused/emit.ts';
import { functionsCode } from '../fused/functions.ts';
import { indented } from '../fused/lines.ts';
import type { FusedPlan } from '../fused/lower.ts';
import { Packing } from '../fused/packing.ts';

/** Fields of `Chunk`, in order, each a u32: the points from `first` up to `end` of `points`, and the places of the first two axes. */
export const GRID_FIELDS = ['first', 'end', 'points', 'columns', 'rows', 'step'] as const;

/** Axes of every grid: what a plane lacks has one place, 0, and no direction. */
export const GRID_AXES = 3;

/** Storage bindings after the uniform, in order. */
export const GRID_BINDINGS = ['read', 'read', 'read', 'write'] as const;

export interface FieldPlan
  extends Pick<FusedPlan, 'wgsl' | 'lines' | 'operations' | 'constants' | 'schedule' | 'scheduleWidth'> {
  /** Numbers of one point. */
  readonly width: number;
}

const addressesOf = (size: number): Addresses => ({
  ...OF_ONE_RUN,
  bindings: `struct Chunk { ${GRID_FIELDS.map((field) => `${field}: u32`).join(', ')} }
@group(0) @binding(0) var<uniform> chunk: Chunk;
@group(0) @binding(1) var<storage, read> constants: array<f32>; // what settings and data determine
@group(0) @binding(2) var<storage, read> schedule: array<f32>; // what t determines, of this step
@group(0) @binding(3) var<storage, read> grid: array<f32>; // origin, ${GRID_AXES} directions, places of the axes, end to end
@group(0) @binding(4) var<storage, read_write> values: array<f32>; // [number][point]`,
  entry: [
    'let point = chunk.first + id.x;',
    'if (point >= chunk.end) { return; } // the last workgroup is partly empty',
    `let across = grid[${(1 + GRID_AXES) * size}u + point % chunk.columns];`,
    `let up = grid[${(1 + GRID_AXES) * size}u + chunk.columns + point / chunk.columns % chunk.rows];`,
    `let deep = grid[${(1 + GRID_AXES) * size}u + chunk.columns + chunk.rows + point / chunk.columns / chunk.rows];`,
  ],
  row: 'let row = 0u;',
  start: (k) =>
    `grid[${k}u] + across * grid[${size + k}u] + up * grid[${2 * size + k}u] + deep * grid[${3 * size + k}u]`,
  state: (k) => `values[${k}u * chunk.points + point]`,
});

/** The kernel of a program's outputs, which read no state. */
export function lowerField(program: Program): FieldPlan {
  const addresses = addressesOf(program.size);
  const shared: Shared = {
    program,
    addresses,
    constants: new Packing(),
    schedule: new Packing(),
    functions: new Set(),
  };
  const scope = new Scope();
  const emitter = new Emitter(shared, scope, scope);
  const numbers = program.outputs.flatMap(({ value }) => emitter.entries(value));
  const stores = numbers.map((text, k) => `${addresses.state(k, numbers.length)} = ${text};`);
  const body = withRowIfRead([...scope.lines, ...stores], addresses);
  const timed = body.some((line) => /\bt\b/.test(line)) ? ['let t = chunk.step;', ...body] : body;
  const functions = functionsCode(shared.functions);
  const main = `@compute @workgroup_size(${WORKGROUP_WIDTH})
fn field(@builtin(global_invocation_id) id: vec3u) {
${indented([...addresses.entry, ...timed]).join('\n')}
}`;
  return {
    wgsl: `${[addresses.bindings, ...(functions ? [functions] : []), main].join('\n\n')}\n`,
    lines: timed.length,
    operations: scope.operations + stores.length,
    constants: shared.constants.placed,
    schedule: shared.schedule.placed,
    scheduleWidth: shared.schedule.size,
    width: program.outputs.reduce((sum, { value }) => sum + sizeOf(at(program.values, value).shape), 0),
  };
}
