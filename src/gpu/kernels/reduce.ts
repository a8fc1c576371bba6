/** Sums and largest entries along an axis. */
import code from '../../../shaders/reduce.wgsl?raw';
import { ceilDiv, defineKernel, gridOf, read, uniform, write } from './define-kernel.ts';

const WORKGROUP_WIDTH = 64;

/** Numbers of the operations in the shader. */
export const REDUCTION = { sum: 0, max: 1 } as const;

/**
 * result[o, p, i] = Σ or max over k in piece p of a[offset + (o, k, i)], a: [outer, length, inner], piece p the entries
 * p·piece … (p+1)·piece − 1; result: [outer, ⌈length/piece⌉, inner]. `length` and `piece` are at least 1. NaN in gives NaN out.
 * Error of a sum of one piece: ≤ (32 + piece / 32) · 2⁻²⁴ · Σ|aₖ| (Higham 2002, §4.2).
 */
export const reduce = defineKernel({
  name: 'reduce',
  code,
  bindings: {
    params: uniform({ outer: 'u32', length: 'u32', inner: 'u32', piece: 'u32', offset: 'u32' }),
    a: read('f32'),
    result: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH, operation: REDUCTION.sum },
  workgroups: ({ outer, length, inner, piece }) =>
    gridOf(ceilDiv(outer * ceilDiv(length, piece) * inner, WORKGROUP_WIDTH)),
});
