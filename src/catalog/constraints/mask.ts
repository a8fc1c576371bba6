import { claimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';

/** The entries that a mask keeps at zero {x : x = 0}. Shape: x [n], without the entries that are free. */
export default defineConstraintKind<Record<never, never>>({
  id: 'mask',
  title: 'Fixed zeros',
  source: 'Hastie, Tibshirani & Wainwright 2015, Statistical Learning with Sparsity, §9.3',
  summary:
    'A fixed pattern says which entries may differ from zero: which connections there are. The nearest such point has zeros in place of the others.',
  isConvex: true,
  isManifold: true,
  claim: claimsOf('mask', () => ({})),
  recognize: () => null,
  residual: (_, x) => ({ equality: x }),
  project: (ops, x) => ops.zeros(x.shape),
  projectScaled: (ops, x) => ops.zeros(x.shape), // entry by entry: scales do not matter
  lowest: (ops, gradient) => ops.zeros(gradient.shape),
  examples: [
    { name: 'entries that must be zero', data: {}, from: [3, -1e-30], to: [0, 0] },
    { name: 'an entry that is zero', data: {}, from: [0], to: [0] },
  ],
});
