/** What Newton–Schulz needs beside products: the scale of rows, the bound on the largest eigenvalue, the residual. */
import boundCode from '../../../shaders/newton_schulz_bound.wgsl?raw';
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
 * also inverse = I / ‖G‖∞, from which G⁻¹ is iterated; with 0 it stays as it is.
 */
export const newtonSchulzBound = defineKernel({
  name: 'newton_schulz_bound',
  code: boundCode,
  bindings: {
    params: uniform({ rows: 'u32', entries: 'u32' }),
    g: read('f32'),
    bound: write('f32'),
    inverse: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: () => [1, 1, 1],
});

/**
 * Decides on the device what an iteration does: from R = I − A X (+ shift·I), [rows, rows], its residual ‖R‖_F into residuals[made],
 * the factors of `matmulScaled`, and in `state` (made, left, over) when to stop: `order` is the power that an iteration raises the
 * residual to. A residual that is not finite ends it too; going[0] is then 0, the factor of products that no turn needs any more. With `order` 0 nothing is decided: the residual goes into residuals[made + 1], and
 * the factors let a product follow where it is more than `enough`.
 * Source of the rule: quadratic convergence once ‖I − A X‖ < 1 (Ben-Israel & Cohen 1966); of the scaling: Pan & Schreiber 1991, here
 * by the trace and the norm of A X instead of bounds on its spectrum.
 */
export const newtonSchulzStep = defineKernel({
  name: 'newton_schulz_step',
  code: stepCode,
  bindings: {
    params: uniform({ rows: 'u32', order: 'u32', is_scaled: 'u32', shift: 'f32', enough: 'f32' }),
    r: read('f32'),
    residuals: write('f32'),
    state: write('f32'),
    factors: write('f32'),
    going: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: () => [1, 1, 1],
});
