/** What Newton–Schulz needs beside products: the scale of rows, the bound on the largest eigenvalue, the residual. */
import boundCode from '../../../shaders/newton_schulz_bound.wgsl?raw';
import residualCode from '../../../shaders/newton_schulz_residual.wgsl?raw';
import scaleCode from '../../../shaders/newton_schulz_scale.wgsl?raw';
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

/** bound[0] = ‖G‖∞ ≥ λ_max(G) for symmetric G: [rows, rows]; X₀ = Aᵀ / ‖A Aᵀ‖∞ makes the iteration converge. */
export const newtonSchulzBound = defineKernel({
  name: 'newton_schulz_bound',
  code: boundCode,
  bindings: { params: uniform({ rows: 'u32' }), g: read('f32'), bound: write('f32') },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: () => [1, 1, 1],
});

/** residuals[iteration] = ‖I − A X‖_F from T = 2I − A X: [rows, rows]. A NaN or infinite residual says that X has blown up. */
export const newtonSchulzResidual = defineKernel({
  name: 'newton_schulz_residual',
  code: residualCode,
  bindings: { params: uniform({ rows: 'u32', iteration: 'u32' }), t: read('f32'), residuals: write('f32') },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: () => [1, 1, 1],
});
