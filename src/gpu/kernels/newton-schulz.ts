/** What Newton–Schulz needs beside products: the scale of rows, the bound on the largest eigenvalue, the first iterate, the residual. */
import boundCode from '../../../shaders/newton_schulz_bound.wgsl?raw';
import firstCode from '../../../shaders/newton_schulz_first.wgsl?raw';
import rule from '../../../shaders/newton_schulz_rule.wgsl?raw';
import scaleCode from '../../../shaders/newton_schulz_scale.wgsl?raw';
import stepCode from '../../../shaders/newton_schulz_step.wgsl?raw';
import { ceilDiv, defineKernel, gridOf, read, uniform, write } from './define-kernel.ts';

const WORKGROUP_WIDTH = 64;

/**
 * scale[i] = 2^−⌊log₂ ‖A[i, :]‖₂⌋, a power of two: scaling rows with it rounds nothing, leaves {x : A x = b} as it is, and takes
 * away the part of the condition number that is only bad units. A: [rows, columns] through strides. A row of zeros gets 1.
 */
export const newtonSchulzScale = defineKernel({
  name: 'newton_schulz_scale',
  code: scaleCode,
  bindings: {
    params: uniform({ rows: 'u32', columns: 'u32', a_row: 'u32', a_column: 'u32' }),
    a: read('f32'),
    scale: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ rows }) => gridOf(ceilDiv(rows, WORKGROUP_WIDTH)),
});

/**
 * bound[0] = ‖G‖∞ ≥ λ_max(G) for symmetric G: [rows, rows]; X₀ = Aᵀ / ‖A Aᵀ‖∞ makes the iteration converge. With `entries` = rows²,
 * also r = I − G / ‖G‖∞, the residual of G⁻¹'s first iterate I / ‖G‖∞; with 0 it stays as it is.
 */
export const newtonSchulzBound = defineKernel({
  name: 'newton_schulz_bound',
  code: boundCode,
  bindings: {
    params: uniform({ rows: 'u32', entries: 'u32' }),
    g: read('f32'),
    bound: write('f32'),
    r: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: () => [1, 1, 1],
});

/** inverse = (f₀ R + f₁ I) / bound[0], [rows, rows]: what an iteration makes of I / bound[0], by the factors of the last decision. */
export const newtonSchulzFirst = defineKernel({
  name: 'newton_schulz_first',
  code: firstCode,
  bindings: {
    params: uniform({ rows: 'u32' }),
    r: read('f32'),
    bound: read('f32'),
    factors: read('f32'),
    inverse: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ rows }) => gridOf(ceilDiv(rows * rows, WORKGROUP_WIDTH)),
});

/**
 * Decides on the device what an iteration does: from R = I − A X (+ shift·I), [rows, rows], its residual ‖R‖_F into residuals[made],
 * the factors of `matmulScaled`, and in `state` (made, left, over) when to stop: `order` is the power that an iteration raises the
 * residual to. A residual that is not finite ends it too; going[0] is then 0, the factor of products that no turn needs any more. With
 * `is_followed` one iteration less is made, and the last is not looked at again: a direct residual follows, and a direct iteration where
 * it is needed. With `order` 0 nothing is decided: the factors
 * let a product follow where the residual is more than `enough`.
 * Source of the rule: quadratic convergence once ‖I − A X‖ < 1 (Ben-Israel & Cohen 1966); of the scaling: Pan & Schreiber 1991, here
 * by the trace and the norm of A X instead of bounds on its spectrum.
 */
export const newtonSchulzStep = defineKernel({
  name: 'newton_schulz_step',
  code: `${rule}\n${stepCode}`,
  bindings: {
    params: uniform({ rows: 'u32', order: 'u32', is_scaled: 'u32', is_followed: 'u32', shift: 'f32', enough: 'f32' }),
    r: read('f32'),
    residuals: write('f32'),
    state: write('f32'),
    factors: write('f32'),
    going: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: () => [1, 1, 1],
});
