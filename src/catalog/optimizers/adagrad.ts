import { automatic, defineOptimizer, value } from '../../core/contracts.ts';
import { options } from '../../core/experiment/python/options.ts';

/** s ← s + g², x ← x − η/(1 + (t − 1) δ) · g/(√s + ε), with s starting at s₀. Weight decay adds w x to g. PyTorch's definition. */
export default defineOptimizer({
  id: 'adagrad',
  title: 'Adagrad',
  source: 'Duchi, Hazan & Singer 2011, JMLR 12, figure 1; the form of PyTorch',
  summary: 'Each coordinate is divided by the root of all its squared gradients so far: steps only shrink.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.3, [0, 1e3], 'log'),
    learningRateDecay: value('δ', 'Decay of the learning rate', 0, [0, 1e3]),
    initialAccumulator: value('s₀', 'Initial sum of squares', 0, [0, 1e6]),
    epsilon: value('ε', 'Added to the denominator', 1e-10, [0, 1], 'log'),
    weightDecay: value('w', 'Weight decay', 0, [0, 1e3]),
  },
  momentum: [],
  isAdaptive: true,
  hasShrinkingSteps: true,
  init: (ops, shape, { initialAccumulator }) => ({ sum: ops.broadcast(initialAccumulator, shape) }),
  update(ops, { x, gradient, state, settings, t }) {
    const { learningRate, learningRateDecay, epsilon, weightDecay } = settings;
    const g = ops.add(gradient, ops.multiply(weightDecay, x));
    const sum = ops.add(state.sum, ops.multiply(g, g));
    const denominator = ops.add(ops.sqrt(sum), epsilon);
    const rate = ops.divide(learningRate, ops.add(1, ops.multiply(ops.subtract(t, 1), learningRateDecay)));
    return { next: ops.subtract(x, ops.multiply(rate, ops.divide(g, denominator))), state: { sum }, denominator };
  },
  torch: ({ learningRate, learningRateDecay, initialAccumulator, epsilon, weightDecay }) => ({
    name: 'Adagrad',
    options: options({
      lr: learningRate,
      lr_decay: learningRateDecay,
      initial_accumulator_value: initialAccumulator,
      eps: epsilon,
      weight_decay: weightDecay,
    }),
    denominator: `state["sum"].sqrt() + ${epsilon}`,
    momentum: null,
  }),
});
