/** Kernels that put numbers into arrays: scatter, gather, fill, carry, next_row, next_turn; and one that looks at them: check_state. */
import carryCode from '../../../shaders/carry.wgsl?raw';
import checkStateCode from '../../../shaders/check_state.wgsl?raw';
import fillCode from '../../../shaders/fill.wgsl?raw';
import gatherCode from '../../../shaders/gather.wgsl?raw';
import nextRowCode from '../../../shaders/next_row.wgsl?raw';
import nextTurnCode from '../../../shaders/next_turn.wgsl?raw';
import scatterCode from '../../../shaders/scatter.wgsl?raw';
import { ceilDiv, defineKernel, gridOf, read, uniform, write } from './define-kernel.ts';

const WORKGROUP_WIDTH = 64;

/**
 * result[offset + i·strides] += part[i], or = part[i] with `adding` 0, for a part[count] of `shape` (four axes, those of length 1 in front).
 * The view must be injective: two entries on one place would race. Places outside `result` are a bug of the caller.
 */
export const scatter = defineKernel({
  name: 'scatter',
  code: scatterCode,
  bindings: {
    params: uniform({ shape: 'vec4u', strides: 'vec4u', count: 'u32', offset: 'u32' }),
    part: read('f32'),
    result: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH, adding: 1 },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});

/** result[i, j] = table[rows[i], j], j < width, for `count` entries in all; rows hold whole numbers, in range. */
export const gather = defineKernel({
  name: 'gather',
  code: gatherCode,
  bindings: {
    params: uniform({ count: 'u32', width: 'u32', table_offset: 'u32', rows_offset: 'u32' }),
    table: read('f32'),
    rows: read('f32'),
    result: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});

/** result[i] = value for i < count; with `step` 1, result[i] + value instead. Any value, NaN too. */
export const fill = defineKernel({
  name: 'fill',
  code: fillCode,
  bindings: { params: uniform({ count: 'u32', step: 'u32', value: 'f32' }), result: write('f32') },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});

/** carried[i] = next[i] for i < count where done[0] is 0; else nothing moves: a turn of a finished loop. */
export const carry = defineKernel({
  name: 'carry',
  code: carryCode,
  bindings: { params: uniform({ count: 'u32' }), done: read('f32'), next: read('f32'), carried: write('f32') },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});

/** row[width] = schedule[cursor[0], :], then cursor[0] + 1. A cursor past the last row reads the end of the table again. */
export const nextRow = defineKernel({
  name: 'next_row',
  code: nextRowCode,
  bindings: { params: uniform({ width: 'u32' }), schedule: read('f32'), cursor: write('u32'), row: write('f32') },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: () => [1, 1, 1],
});

/** grids[count] = whole[count] with `begins` 1 or where done[0] is 0, else 0: sizes of the dispatches of a loop's next turn. */
export const nextTurn = defineKernel({
  name: 'next_turn',
  code: nextTurnCode,
  bindings: {
    params: uniform({ count: 'u32', begins: 'u32' }),
    done: read('f32'),
    whole: read('u32'),
    grids: write('u32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});

/** What `checkState` leaves in its flag. */
export const TROUBLE = { none: 0, diverged: 1, nonFinite: 2 } as const;

/** flag[0] = max(flag[0], 2 if any of state[count] is infinite or NaN, 1 if any is beyond ±bound); see TROUBLE. */
export const checkState = defineKernel({
  name: 'check_state',
  code: checkStateCode,
  bindings: { params: uniform({ count: 'u32', bound: 'f32' }), state: read('f32'), flag: write('atomic<u32>') },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});
