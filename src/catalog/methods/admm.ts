import { automatic, count, defineMethod, noNearestPoint, supported, unsupported } from '../../core/contracts.ts';

/**
 * f(x) and the set are told apart: x goes down f, a copy z is kept in the set, and u adds up how far they are from each other.
 * x ← opt(x, ∇f(x) + ρ(x − z + u)); at every k-th step z ← P(x + u), u ← u + x − z. The iterate shown is z, which is feasible.
 * The minimisation over x is k steps of the optimizer, not exact. ρ left out: √(λ_min λ_max) of ∇²f, for which exact steps contract
 * most, λ_min not below λ_max/100; with an adaptive optimizer 1.
 */
export default defineMethod({
  id: 'admm',
  title: 'Alternating directions (ADMM)',
  source:
    'Boyd et al. 2011, Distributed Optimization and Statistical Learning via ADMM, §5 (constrained convex optimization), §3.4.4 for inexact steps; Giselsson & Boyd 2017, IEEE Transactions on Automatic Control 62, 532–544 (the automatic ρ)',
  summary:
    'Two copies of the parameters: one follows the loss, one stays in the feasible set, and a running sum of their difference pulls them together. Finds the optimum also with an adaptive optimizer.',
  formula:
    'x \\leftarrow \\mathrm{opt}\\bigl(x, \\nabla f(x) + \\rho (x - z + u)\\bigr), \\qquad z \\leftarrow P(x + u), \\qquad u \\leftarrow u + x - z',
  settings: {
    penalty: automatic('ρ', 'How strongly the copies attract each other', 1, [1e-6, 1e6], 'log'),
    inner: count('Steps between projections', 5, [1, 10_000]),
  },
  optimizer: 'any',
  supports: (structure) => {
    if (structure.constraints.length === 0) return unsupported('Without constraints there is nothing to split.');
    return structure.hasExactProjection ? supported : noNearestPoint(structure, structure.sets);
  },
  caveat: (_, { stepLength, title }) =>
    stepLength === 'sign'
      ? `The steps of ${title} have one length in all entries: they swing about the copy, which moves with them.`
      : null,
  init: (ops, { start, project, size }) => ({
    train: start,
    copy: project ? project(start, ops.constant(0)) : start,
    gap: ops.zeros(size),
    moved: ops.constant(0),
  }),
  /** `moved`: ‖P(x + u) − (x + u)‖, where it is projected, for its chart. */
  step(ops, { gradient, project }, { train, copy, gap }, { t, settings, optimizer }) {
    const apart = ops.add(ops.subtract(train, copy), gap);
    const { next } = optimizer.apply(train, ops.add(gradient(train, t), ops.multiply(settings.penalty, apart)));
    const projected = ops.every(settings.inner, t, { copy, gap, moved: ops.constant(0) }, () => {
      const sum = ops.add(next, gap);
      const nearest = project ? project(sum, t) : sum;
      const away = ops.subtract(sum, nearest);
      return { copy: nearest, gap: away, moved: ops.norm(away) };
    });
    return { train: next, ...projected };
  },
  iterate: (_, __, { copy }) => copy,
  automatic({ curvature, leastCurvature, slope, scale, step, isPlain, isStepNamed }) {
    if (!isPlain) return {};
    if (curvature === 0) return { penalty: slope / scale };
    const best = Math.sqrt(curvature * Math.max(leastCurvature, curvature / 100));
    const room = isStepNamed ? 1 / step - curvature : best; // steps of η stay stable on a curvature of λ_max + ρ up to 1/η
    return { penalty: room > 0 ? Math.min(best, room) : best };
  },
  addedCurvature: ({ penalty }) => penalty,
  torch: ({ python, structure, optimizer, objective, descend, onto }, { penalty, inner }) => ({
    definitions: python.projection('exact', onto(structure.sets, 'project')),
    setup: [
      python.X,
      python.optimizerLine(optimizer),
      'z = project(START.clone(), 0)  # the copy in the set',
      'u = torch.zeros_like(z)  # the sum of the differences',
    ],
    step: [
      ...descend('x', `(${objective}(x, t) + ${python.float(penalty)} / 2 * torch.sum((x - z + u) ** 2))`),
      `if t % ${inner} == 0:`,
      '    with torch.no_grad():',
      '        total = x + u',
      '        z = project(total, t)',
      '        u = total - z',
    ],
    iterate: 'z',
  }),
  examples: [
    {
      name: 'one parameter is twice another',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 500,
      expect: { x: [1.6, 0.8], within: 1e-6 },
    },
    {
      name: 'Adam on a simplex reaches the optimum',
      problem:
        'param w[3] = [0.2, 0.2, 0.6]\nminimize (w[0] - 0.2)^2 + 4*(w[1] - 0.5)^2 + (w[2] + 1)^2\nsubject to w in simplex',
      optimizer: { kind: 'adam', learningRate: 0.02 },
      steps: 3000,
      expect: { x: [0.44, 0.56, 0], within: 1e-3 },
    },
  ],
});
