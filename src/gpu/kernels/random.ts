/** Random numbers of (seed, start, t, stream, element), bit for bit those of core/tensor/threefry.ts. */
import code from '../../../shaders/random.wgsl?raw';
import functions from '../../../shaders/random_functions.wgsl?raw';
import { ceilDiv, defineKernel, gridOf, read, uniform, write } from './define-kernel.ts';

const WORKGROUP_WIDTH = 64;

/** Numbers of the kinds in the shader. */
export const RANDOM_KIND = { uniform: 0, shuffled: 1 } as const;

/** result[count] of one kind; `rows` are what a shuffle goes over, `count` of them a step. */
export const random = defineKernel({
  name: 'random',
  code: `${functions}\n${code}`,
  bindings: {
    params: uniform({
      count: 'u32',
      stream: 'u32',
      rows: 'u32',
      seed_offset: 'u32',
      start_offset: 'u32',
      t_offset: 'u32',
    }),
    seed: read('f32'),
    start: read('f32'),
    t: read('f32'),
    result: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH, kind: RANDOM_KIND.uniform },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});
