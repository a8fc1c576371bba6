import { defineMethod, supported, unsupported, value } from '../../core/contracts.ts';
import { float } from '../../core/experiment/python/literal.ts';
import { optimizerLine, X } from '../../core/experiment/python/setup.ts';
import { MOVING_ROWS_LIMIT } from '../../core/tensor/jacobi.ts';

/**
 * x ← opt(x, (I − J⁺J) ∇f) − γ J⁺ h, with J and h at the old x: a step along the set and a Gauss–Newton step towards it.
 * A curved set is left by O(η²) a step, and h shrinks by the factor 1 − γ.
 */
export default defineMethod({
  id: 'tangent-normal',
  title: 'Tangent and normal steps',
  source:
    'Absil, Mahony & Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, §4.1; Nocedal & Wright 2006, §18.5 (Byrd–Omojokun steps)',
  summary:
    'Moves along the constraints and, in the same step, back towards them. Works for curved equalities; γ is the share of the violation that each step removes.',
  formula:
    'x \\leftarrow \\mathrm{opt}\\bigl(x, (I - J^{+}J)\\, \\nabla f(x)\\bigr) - \\gamma J^{+} h(x), \\qquad J = J_h(x)',
  settings: { normalRate: value('γ', 'Share of the violation removed in a step', 1, [0, 2]) },
  optimizer: 'any',
  supports: ({ equalityRows, inequalityRows }) => {
    if (inequalityRows > 0)
      return unsupported('Tangent and normal steps keep equalities only, and there is an inequality.');
    if (equalityRows === 0) return unsupported('There is no equality to move along.');
    return equalityRows <= MOVING_ROWS_LIMIT
      ? supported
      : unsupported(
          `${equalityRows} equality rows are too many: J⁺ is made anew in each step, for up to ${MOVING_ROWS_LIMIT}.`,
        );
  },
  init: (_, { start }) => ({ x: start }),
  step(ops, { gradient, equality }, { x }, { t, settings, optimizer }) {
    const J = equality.jacobian(x, t);
    const inverse = ops.pinv(J);
    const slope = gradient(x, t);
    const tangent = ops.subtract(slope, ops.matmul(inverse, ops.matmul(J, slope)));
    const normal = ops.matmul(inverse, equality.residual(x, t));
    return { x: ops.subtract(optimizer.apply(x, tangent).next, ops.multiply(settings.normalRate, normal)) };
  },
  torch: ({ optimizer, objective }, { normalRate }) => ({
    setup: [X, optimizerLine(optimizer)],
    step: [
      'J = jacobian_of(lambda z: equalities(z, t), x)',
      'J_pinv = torch.linalg.pinv(J, rtol=1e-10)',
      'normal = J_pinv @ equalities(x, t).detach()',
      'optimizer.zero_grad()',
      `${objective}(x, t).backward()`,
      'average(x.grad)',
      'x.grad.sub_(J_pinv @ (J @ x.grad))  # along the set',
      'optimizer.step()',
      'with torch.no_grad():',
      `    x.sub_(${float(normalRate)} * normal)  # and back towards it`,
    ],
  }),
  examples: [
    {
      name: 'the lowest point of a circle',
      problem: 'param a = 1\nparam b = 0.5\nminimize a + b\nsubject to a^2 + b^2 = 2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 500,
      expect: { x: [-1, -1], within: 1e-6 },
    },
  ],
});
