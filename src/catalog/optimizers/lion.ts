import { automatic, defineOptimizer, value } from '../../core/contracts.ts';

/** x ← x (1 − η w) − η sign(β₁ m + (1 − β₁) g), then m ← β₂ m + (1 − β₂) g. */
export default defineOptimizer({
  id: 'lion',
  title: 'Lion',
  source: 'Chen et al. 2023, Symbolic Discovery of Optimization Algorithms, NeurIPS, algorithm 2',
  summary: 'Every coordinate moves by the same length, in the direction of the sign of a running mean of its gradient.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.01, [0, 1e3], 'log'),
    beta1: value('β₁', 'Weight of the past in the direction', 0.9, [0, 0.999999]),
    beta2: value('β₂', 'Decay of the mean', 0.99, [0, 0.999999]),
    weightDecay: value('w', 'Weight decay', 0, [0, 1e3]),
  },
  momentum: ['mean'],
  isAdaptive: true,
  hasMetric: false, // a sign is no division
  stepLength: 'sign',
  init: (ops, shape) => ({ mean: ops.zeros(shape) }),
  update(ops, { x, gradient, state: { mean }, settings }) {
    const { learningRate, beta1, beta2, weightDecay } = settings;
    const blend = (beta: typeof beta1) =>
      ops.add(ops.multiply(beta, mean), ops.multiply(ops.subtract(1, beta), gradient));
    const kept = ops.multiply(x, ops.subtract(1, ops.multiply(learningRate, weightDecay)));
    return {
      next: ops.subtract(kept, ops.multiply(learningRate, ops.sign(blend(beta1)))),
      state: { mean: blend(beta2) },
      denominator: ops.ones(x.shape),
    };
  },
});
