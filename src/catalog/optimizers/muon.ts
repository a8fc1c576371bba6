import type { ParameterBlock } from '../../core/contracts.ts';
import { automatic, choice, count, defineOptimizer, toggle, value } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { momentStep } from '../../core/tensor/moments.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { towardsOrthonormal } from '../../core/tensor/polar.ts';
import { sizeOf } from '../../core/tensor/shape.ts';

/** Added to the denominator of the entries that step as in AdamW. */
const EPSILON = 1e-10;

const entriesOf = (ops: Ops, vector: Tensor, { offset, shape }: ParameterBlock): Tensor =>
  ops.slice(vector, { offset, strides: [1], shape: [sizeOf(shape)] });

/**
 * For each matrix: m ← μ m + (1 − μ) G, D = m, or with Nesterov (1 − μ) G + μ m, and W ← W (1 − η w) − η s O(D), where O(D) is five turns
 * of Newton–Schulz towards U Vᵀ of D = U Σ Vᵀ. s = √max(1, rows/columns), or 0.2 √max(rows, columns). Vectors and scalars step as in
 * AdamW, with the same η and w. The form of PyTorch 2.9, which takes matrices alone.
 */
export default defineOptimizer({
  id: 'muon',
  title: 'Muon',
  source:
    'Jordan et al. 2024, Muon: an optimizer for hidden layers; Liu et al. 2025, Muon is scalable for LLM training, for the second scale',
  summary:
    'For matrices: all directions of the gradient are made equally long before the step. Vectors and single numbers step as in AdamW.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.02, [0, 1e3], 'log'),
    momentum: value('μ', 'Momentum', 0.95, [0, 0.999999]),
    nesterov: toggle('Nesterov momentum', true),
    turns: count('Turns of Newton–Schulz', 5, [1, 20]),
    scaling: choice('Length of a step', ['by shape', 'as AdamW'], 'by shape'),
    weightDecay: value('w', 'Weight decay', 0, [0, 1e3]),
    beta1: value('β₁', 'Vectors: decay of the mean', 0.9, [0, 0.999999]),
    beta2: value('β₂', 'Vectors: decay of the squares', 0.95, [0, 0.999999]),
  },
  momentum: ['momentum'],
  isAdaptive: true,
  hasMetric: false, // a matrix is turned as a whole: no coordinate has a divisor of its own
  stepLength: 'unsteady', // β₂ forgets the sizes of gradients soon
  init: (ops, shape) => ({ momentum: ops.zeros(shape), square: ops.zeros(shape) }),
  update(ops, { x, gradient, state, settings, blocks, t }) {
    const { learningRate, weightDecay, scaling } = settings;
    const stepped = blocks.map((block) => {
      const [g, momentum, square] = [gradient, state.momentum, state.square].map((vector) =>
        entriesOf(ops, vector, block),
      ) as [Tensor, Tensor, Tensor];
      const [rows, columns] = block.shape;
      if (rows === undefined || columns === undefined || block.shape.length !== 2) {
        const before = { mean: momentum, square, largest: square };
        const { step, moments } = momentStep(
          ops,
          g,
          before,
          { ...settings, epsilon: ops.constant(EPSILON), amsgrad: false },
          t,
        );
        return { step, momentum: moments.mean, square: moments.square };
      }
      const { momentum: decay, nesterov, turns } = settings;
      const blend = (kept: Tensor) => ops.add(ops.multiply(decay, kept), ops.multiply(ops.subtract(1, decay), g));
      const mean = blend(momentum);
      const turned = towardsOrthonormal(ops, ops.reshape(nesterov ? blend(mean) : mean, block.shape), turns);
      const length =
        scaling === 'by shape' ? Math.sqrt(Math.max(1, rows / columns)) : 0.2 * Math.sqrt(Math.max(rows, columns));
      const step = ops.multiply(ops.multiply(learningRate, length), ops.reshape(turned, [rows * columns]));
      return { step, momentum: mean, square };
    });
    const whole = (part: (block: (typeof stepped)[number]) => Tensor): Tensor =>
      stepped.length === 1 ? part(at(stepped, 0)) : ops.concat(stepped.map(part));
    const kept = ops.multiply(x, ops.subtract(1, ops.multiply(learningRate, weightDecay)));
    return {
      next: ops.subtract(
        kept,
        whole(({ step }) => step),
      ),
      state: { momentum: whole(({ momentum }) => momentum), square: whole(({ square }) => square) },
      denominator: ops.ones(x.shape),
    };
  },
  torch: () => ({ refused: 'PyTorch has Muon from version 2.9 on, and the script must run on earlier ones.' }),
});
