/** Outcomes of many starts from their recorded iterates. */

import code from '../../../shaders/swarm_outcome.wgsl?raw';
import { NEAREST } from '../../core/run/swarm.ts';
import { AT_REST } from '../fused/bindings.ts';
import { ceilDiv, defineKernel, read, uniform, write } from './define-kernel.ts';

const WORKGROUP_WIDTH = 64;

/** Rows of `result` before x. */
export const OUTCOME_ROWS = 4;

/**
 * result[4 + size, starts]: outcome, step from which on |x − x_end|∞ ≤ settled·(1 + |x_end|∞), violation, loss, x_end.
 * Of a start at rest (`flags`) no records lie between its last own and that of the end. The step lies between two checks (`check_steps`, at least one), where a distance that shrinks evenly has become small enough.
 */
export const swarmOutcome = defineKernel({
  name: 'swarm_outcome',
  code,
  bindings: {
    params: uniform({ starts: 'u32', size: 'u32', checks: 'u32', tolerance: 'f32', settled: 'f32' }),
    check_steps: read('u32'),
    records: read('f32'),
    graded: read('f32'),
    flags: read('u32'),
    result: write('u32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH, nearest: NEAREST, at_rest: AT_REST },
  isOfLengths: true,
  workgroups: ({ starts }) => [ceilDiv(starts, WORKGROUP_WIDTH), 1, 1],
});
