import { areProjectable } from '../../core/analysis/evidence/recognize.ts';
import { type Advice, count, defineMethod, noNearestPoint, supported, unsupported } from '../../core/contracts.ts';
import { refused } from '../../core/experiment/python/contract.ts';
import { alternatingCycle } from '../../core/tensor/intersection.ts';
import { MOVING_ROWS_LIMIT } from '../../core/tensor/jacobi.ts';
import type { Tensor } from '../../core/tensor/ops.ts';

const LATE: Advice = {
  message:
    'It went where the loss alone leads, and was moved to the feasible set after the last step: the nearest feasible point to that is not the best one. A method that projects in every step gives the loss its say about where on the set it ends.',
  change: { title: 'Project in every step', method: 'projected-gradient', settings: {} },
};

/**
 * x ← opt(x, ∇f(x)) as if there were no constraint; after the last step x ← P(x), once. The end is feasible, and the optimum only
 * where the free optimum's nearest feasible point happens to be it, as for a loss that is a distance.
 */
export default defineMethod({
  id: 'impose-at-end',
  title: 'Impose at the end',
  source:
    'Bertsekas 2016, Nonlinear Programming, §3.3, for the projection; its use once, at the end, is the baseline to compare with',
  summary:
    'Trains freely and moves to the feasible set only after the last step. Simple, and seldom right: what the loss costs on the way to the set was never asked.',
  formula: 'x \\leftarrow \\mathrm{opt}\\bigl(x, \\nabla f(x)\\bigr), \\qquad x_T \\leftarrow P(x_T)',
  settings: { cycles: count('Cycles of a projection that is not exact', 50, [1, 10_000]) },
  optimizer: 'any',
  supports: (structure) => {
    const { constraints, sets, hasExactProjection, inequalityRows, equalityRows } = structure;
    if (constraints.length === 0) return unsupported('There is no constraint to impose.');
    if (hasExactProjection || areProjectable(constraints, sets)) return supported;
    if (inequalityRows > 0) return noNearestPoint(structure, sets);
    return equalityRows <= MOVING_ROWS_LIMIT
      ? supported
      : unsupported(
          `${equalityRows} equality rows are too many: their Jacobian is inverted anew in each cycle, for up to ${MOVING_ROWS_LIMIT}.`,
        );
  },
  init: (ops, { start }) => ({ x: start, moved: ops.constant(0) }),
  /** `moved`: ‖P(y) − y‖ of this step, for its chart: 0 but at the end. */
  step(ops, { structure, gradient, equality, project, sets, steps }, { x }, { t, settings, optimizer }) {
    const { next } = optimizer.apply(x, gradient(x, t));
    const repeated = (cycle: (point: Tensor) => Tensor) =>
      ops.repeat(settings.cycles, [next], ([point = next]) => [cycle(point)])[0] ?? next;
    const imposed = () => {
      if (project) return project(next, t);
      if (areProjectable(structure.constraints, structure.sets)) {
        const projections = sets.map((set) => (point: Tensor) => set.project(point, t));
        return repeated((point) => alternatingCycle(projections, point));
      }
      return repeated((point) =>
        ops.subtract(point, ops.matmul(ops.pinv(equality.jacobian(point, t)), equality.residual(point, t))),
      );
    };
    const landed = ops.where(ops.lessEqual(steps, t), imposed(), next);
    return { x: landed, moved: ops.norm(ops.subtract(landed, next)) };
  },
  adviseAtRest: () => LATE,
  adviseInMotion: () => LATE,
  torch({ python, structure, optimizer, objective, descend, onto }) {
    if (!structure.hasExactProjection) return refused('A projection by cycles is not exported to PyTorch yet.');
    return {
      definitions: python.projection('exact', onto(structure.sets, 'project')),
      setup: [python.X, python.optimizerLine(optimizer)],
      step: [
        ...descend('x', `${objective}(x, t)`),
        'if t == STEPS:',
        '    with torch.no_grad():',
        '        x.copy_(project(x, t))',
      ],
    };
  },
  examples: [
    {
      name: 'the free optimum (1, 2) moves to the nearest point of a line, which here is the optimum',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 200,
      expect: { x: [1.6, 0.8], within: 1e-9 },
    },
    {
      name: 'with a loss that is steeper one way, the end is not the optimum, which is (16/13, 8/13)',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize 3*(x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 200,
      expect: { x: [1.6, 0.8], within: 1e-9 },
    },
  ],
});
