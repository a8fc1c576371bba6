import { isNonnegativity } from '../../core/analysis/evidence/bounds.ts';
import { defineConstraintKind } from '../../core/contracts.ts';

/** Non-negative orthant {x : x ≥ 0}. Shape: x [n]. */
export default defineConstraintKind<Record<never, never>>({
  id: 'nonnegativity',
  title: 'Non-negativity',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.3',
  summary: 'No entry is negative. The nearest point has zeros in place of the negative entries.',
  isConvex: true,
  recognize: (facts) => (isNonnegativity(facts) ? {} : null),
  combine: () => ({}),
  residual: (ops, x) => ({ inequality: ops.negate(x) }),
  project: (ops, x) => ops.maximum(x, 0),
  projectScaled: (ops, x) => ops.maximum(x, 0), // entry by entry: scales do not matter
  torch: {
    data: [],
    project: `def project_nonnegativity(x):
    """Nearest point of x >= 0."""
    return torch.clamp(x, min=0.0)`,
    scaled: `def project_nonnegativity_scaled(x, scale):
    """Nearest point of x >= 0: entry by entry, so scales do not matter."""
    return torch.clamp(x, min=0.0)`,
  },
  examples: [
    { name: 'a point with one negative entry', data: {}, from: [1, -2, 0.5], to: [1, 0, 0.5] },
    { name: 'a point on the boundary', data: {}, from: [0, 3], to: [0, 3] },
    { name: 'huge and tiny entries', data: {}, from: [-1e30, 1e-30, 1e30, -1e-30], to: [0, 1e-30, 1e30, 0] },
  ],
});
