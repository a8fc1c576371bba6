import { type Advice, choice, defineMethod, supported, unsupported } from '../../core/contracts.ts';

const adviseAverage = ({ stepRule }: { readonly stepRule: string }): Advice => ({
  message:
    'Its points are averages of corners, which come nearer to the boundary as one over the number of steps, and stand inside until then, where no constraint holds against the slope of the loss.',
  ...(stepRule === 'classic' && { change: { title: 'Try exact steps', settings: { stepRule: 'exact' } } }),
});

/**
 * s = argmin ∇f(x)·s over the feasible set, x ← x + γ (s − x). Classic: γ = 2/(t + 1). Exact for quadratics, with d = s − x and
 * q = d·(∇f(s) − ∇f(x)): γ = 1 where q ≤ 0, else −∇f·d/q between 0 and 1. Of corners that tie, the first; where rounding alone parts
 * them, float32 and Float64 may go to different ones, and meet again only in the limit.
 */
export default defineMethod({
  id: 'frank-wolfe',
  title: 'Frank–Wolfe',
  source: 'Jaggi 2013, Revisiting Frank–Wolfe, ICML, algorithm 1; Frank & Wolfe 1956',
  summary:
    'Goes towards the point of the set that a linear model of the loss likes best, often a corner. Never projects: iterates are averages of feasible points. Needs a bounded set; there is no learning rate.',
  formula:
    's = \\arg\\min_{s\\ \\mathrm{feasible}} \\nabla f(x)^{\\top} s, \\qquad x \\leftarrow x + \\gamma\\,(s - x)',
  settings: { stepRule: choice('Step length', ['classic', 'exact'], 'classic') },
  optimizer: 'none',
  supports: ({ size, sets, unrecognized, hasExactProjection }) => {
    const isBounded = unrecognized.length === 0 && sets.every((set) => set.isBounded);
    if (!isBounded)
      return unsupported('Frank–Wolfe needs bounded sets whose lowest point in a direction has a formula.');
    if (sets.some(({ isMoving }) => isMoving))
      return unsupported('A set moves with the step, and averages of its former points stay behind it.');
    if (!hasExactProjection)
      return unsupported('The constraints share parameters: there is no formula for the lowest point.');
    const covered = sets.reduce((count, { coordinates }) => count + coordinates.length, 0);
    return covered === size
      ? supported
      : unsupported('Frank–Wolfe needs a bounded set, and one parameter is not bounded.');
  },
  init: (_, { start }) => ({ x: start }),
  step(ops, { gradient, sets }, { x }, { t, settings }) {
    const slope = gradient(x, t);
    const target = sets.reduce((point, set) => set.lowest(point, t, slope), x);
    const direction = ops.subtract(target, x);
    const classic = () => ops.divide(2, ops.add(t, 1));
    const exact = () => {
      const curvature = ops.dot(direction, ops.subtract(gradient(target, t), slope));
      const isConvex = ops.less(0, curvature);
      const best = ops.divide(ops.negate(ops.dot(slope, direction)), ops.where(isConvex, curvature, 1));
      return ops.where(isConvex, ops.minimum(ops.maximum(best, 0), 1), 1);
    };
    const rate = settings.stepRule === 'classic' ? classic() : exact();
    return { x: ops.add(x, ops.multiply(rate, direction)) };
  },
  adviseAtRest: (_, __, chosen, { isFeasible }) => (isFeasible ? adviseAverage(chosen) : null),
  adviseInMotion: adviseAverage,
  torch({ structure, objective, onto }, { stepRule }) {
    const exact = [
      `curvature = torch.dot(direction, gradient(lambda z: ${objective}(z, t), target) - slope)`,
      'rate = 1.0 if curvature <= 0 else float(torch.clamp(-torch.dot(slope, direction) / curvature, 0.0, 1.0))',
    ];
    return {
      definitions: [`LOWEST = [${onto(structure.sets, 'lowest').join(', ')}]`],
      setup: ['x = START.clone()'],
      step: [
        `slope = gradient(lambda z: ${objective}(z, t), x)`,
        'target = x',
        'for lowest in LOWEST:',
        '    target = lowest(target, t, slope)',
        'direction = target - x',
        ...(stepRule === 'exact' ? exact : ['rate = 2 / (t + 1)']),
        'x = x + rate * direction',
      ],
      iterate: 'x',
    };
  },
  examples: [
    {
      name: 'a corner of a box',
      problem: 'param a = 0.5\nparam b = 0.5\nminimize a - 2*b\nsubject to\n  0 <= a <= 1\n  0 <= b <= 1',
      steps: 1,
      expect: { x: [0, 1], within: 1e-12 },
    },
    {
      name: 'inside a simplex, by exact steps',
      problem: 'param w[2] = [1, 0]\nminimize (w[0] - 0.25)^2 + (w[1] - 0.75)^2\nsubject to w in simplex',
      settings: { stepRule: 'exact' },
      steps: 10,
      expect: { x: [0.25, 0.75], within: 1e-12 },
    },
  ],
});
