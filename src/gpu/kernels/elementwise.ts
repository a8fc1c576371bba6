/** f(a, b, c) entry by entry, through strided views. */
import elementwiseCode from '../../../shaders/elementwise.wgsl?raw';
import { ENTRYWISE } from '../../core/tensor/entrywise.ts';
import { FUNCTIONS, type FunctionName, functionsCode } from '../fused/functions.ts';
import { ceilDiv, defineKernel, gridOf, read, uniform, write } from './define-kernel.ts';

const WORKGROUP_WIDTH = 64;

/** The position of a name is its number in the shader. `identity` gathers a view into a row-major array. */
export const ELEMENTWISE = ['identity', ...ENTRYWISE] as const;
export type ElementwiseName = (typeof ELEMENTWISE)[number];

/**
 * result[i] = f(a[i], b[i], c[i]), f chosen by `operation`; truth values are 1 and 0, `where` takes b where a ≠ 0, else c.
 *
 * Shapes: up to four axes, of `shape` with axes of length 1 in front; result row-major, `count` entries. Each operand is a view:
 * offset and strides in entries, stride 0 repeating. `rank` (1, 2 or 4) must cover the axes longer than 1.
 * Bad input: NaN in gives NaN out (also in `maximum`); outside their domain log and sqrt give NaN, log 0 is −∞; nothing traps.
 * Source of the functions: Moshier, Cephes Math Library 2.2 (single precision); Cody & Waite 1980 for the range reduction.
 */
export const elementwise = defineKernel({
  name: 'elementwise',
  code: `${functionsCode(Object.keys(FUNCTIONS) as FunctionName[])}\n\n${elementwiseCode}`,
  bindings: {
    params: uniform({
      shape: 'vec4u',
      a_strides: 'vec4u',
      b_strides: 'vec4u',
      c_strides: 'vec4u',
      count: 'u32',
      a_offset: 'u32',
      b_offset: 'u32',
      c_offset: 'u32',
    }),
    a: read('f32'),
    b: read('f32'),
    c: read('f32'),
    result: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH, operation: 0, rank: 4 },
  workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
});
