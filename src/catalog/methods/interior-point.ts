import { automatic, count, defineMethod, supported, unsupported, value } from '../../core/contracts.ts';
import { centralBarrier } from '../../core/experiment/automatic/central-barrier.ts';
import { invertPositive, raised } from '../../core/tensor/elimination.ts';
import type { Tensor } from '../../core/tensor/ops.ts';
import { room, smallest } from '../../core/tensor/step-length.ts';

/** Second derivatives and a dense system in every step: for small problems. */
const MOST_PARAMETERS = 16;
const MOST_ROWS = 40;
/** Share of the way to the boundary that a step may go. */
const FRACTION = 0.995;
/**
 * Share of a slack that a trial has to leave. A straight row that blocks is left exactly 1 − FRACTION of its slack by the longest step:
 * to ask for as much again would leave the length to rounding.
 */
const LEAST_LEFT = (1 - FRACTION) / 2;
const ROUNDING = 3e-7;

/**
 * Newton steps on f − β_t Σ log s with g + s = 0, s > 0, and h = 0; β_t = max(β_min, β γ^(t−1)). s = −g wherever g < 0, and a step
 * goes at most 99.5 % of the way to a straight g = 0: a row that holds strictly holds strictly for ever. Others have a slack of their own until
 * they do. β left out: the start is as near to the central path as it can be. Equalities by multipliers with a stiff quadratic term, so that rows may repeat each other. L = f + λᵀh + μᵀg, μ = β/s ≥ 0.
 * In float32 s is known to about 1e-7 of the terms of g: where β_min/μ is less, x is at the optimum, and μ itself is not told well.
 */
export default defineMethod({
  id: 'interior-point',
  title: 'Interior point (log barrier)',
  source:
    'Nocedal & Wright 2006, Numerical Optimization, §19.2–19.6; signs of λ and μ are opposite there; Boyd & Vandenberghe 2004, Convex Optimization, §11.3.1 (the automatic β)',
  summary:
    'Adds a wall at every inequality that rises without bound, and lowers the wall step by step. The iterates stay strictly inside and come to the boundary only in the limit. Few steps, each costly; it has no learning rate.',
  formula:
    'x \\leftarrow x + \\alpha d, \\qquad d = \\text{Newton step on } f(x) - \\beta_t \\sum_j \\log\\bigl(-g_j(x)\\bigr), \\quad h(x) = 0',
  settings: {
    barrier: automatic('β', 'Barrier at first', 1, [1e-9, 1e9], 'log'),
    decay: value('γ', 'Factor of the barrier in a step', 0.5, [0.01, 1]),
    barrierMin: value('β_min', 'Least barrier', 1e-8, [1e-12, 1], 'log'),
    trials: count('Step lengths tried', 25, [2, 60]),
  },
  optimizer: 'none',
  supports: ({ size, equalityRows, inequalityRows }) => {
    if (inequalityRows === 0) return unsupported('There is no inequality to put a wall at.');
    return size <= MOST_PARAMETERS && equalityRows + inequalityRows <= MOST_ROWS
      ? supported
      : unsupported(
          `Each step solves dense systems with second derivatives: here for up to ${MOST_PARAMETERS} parameters and ${MOST_ROWS} constraint rows, not ${size} and ${equalityRows + inequalityRows}.`,
        );
  },
  automatic: (start) => ({ barrier: centralBarrier(start) }),
  init(ops, { start, equality, inequality }, { barrier }) {
    const g = inequality.residual(start, ops.constant(0));
    const slack = ops.where(ops.less(g, 0), ops.negate(g), ops.add(1, ops.abs(g)));
    return { x: start, lambda: ops.zeros(equality.rows), mu: ops.divide(barrier, slack), slack };
  },
  step(ops, problem, { x, lambda, mu, slack }, { t, settings }) {
    const { equality, inequality, loss, gradient, lagrangianHessian } = problem;
    const beta = ops.maximum(
      settings.barrierMin,
      ops.multiply(settings.barrier, ops.power(settings.decay, ops.subtract(t, 1))),
    );
    const g = inequality.residual(x, t);
    const isInside = ops.less(g, 0);
    const s = ops.where(isInside, ops.negate(g), slack);
    const J = inequality.jacobian(x, t);
    const D = ops.divide(mu, s);
    const scaled = (rows: Tensor, by: Tensor) => ops.multiply(ops.reshape(by, [inequality.rows, 1]), rows);
    const W = lagrangianHessian(x, t, lambda, mu);
    const scale = ops.add(ops.max(ops.abs(W)), 1e-3);
    const toS = ops.subtract(ops.divide(beta, mu), s);
    const push = ops.multiply(D, ops.add(ops.add(g, s), toS));
    let M = ops.add(W, ops.matmul(ops.transpose(J), scaled(J, D)));
    let slope = ops.add(gradient(x, t), ops.matmul(ops.transpose(J), ops.add(mu, push)));
    const stiffness = ops.multiply(1e4, scale);
    const isBound = equality.rows > 0;
    const h = equality.residual(x, t);
    if (isBound) {
      const Jh = equality.jacobian(x, t);
      M = ops.add(M, ops.multiply(stiffness, ops.matmul(ops.transpose(Jh), Jh)));
      slope = ops.add(slope, ops.matmul(ops.transpose(Jh), ops.add(lambda, ops.multiply(stiffness, h))));
    }
    const lifted = raised(ops, M, ops.constant(0), scale);
    const { inverse } = invertPositive(ops, lifted);
    const rough = ops.negate(ops.matmul(inverse, slope));
    // One step of refinement: λ takes up what d misses along ∇h times the stiffness (Higham 2002, §12.1).
    const d = ops.subtract(rough, ops.matmul(inverse, ops.add(slope, ops.matmul(lifted, rough))));
    const dmu = ops.add(push, ops.multiply(D, ops.matmul(J, d)));
    const ds = ops.subtract(toS, ops.divide(dmu, D));
    const dlambda = isBound ? ops.multiply(stiffness, ops.add(equality.jvp(x, t, d), h)) : lambda;

    const most = (v: Tensor) => ops.max(ops.abs(v));
    const rest = isBound ? ops.maximum(most(ops.add(lambda, dlambda)), most(ops.add(mu, dmu))) : most(ops.add(mu, dmu));
    const weight = ops.add(1, ops.multiply(2, rest));
    const slackAt = (alpha: Tensor, there: Tensor) =>
      ops.where(isInside, ops.negate(there), ops.add(s, ops.multiply(alpha, ops.where(isInside, 0, ds))));
    const merit = (point: Tensor, there: Tensor, slacks: Tensor) => {
      const walls = ops.multiply(beta, ops.sum(ops.log(ops.maximum(slacks, 1e-30))));
      const misses = ops.sum(ops.abs(ops.add(there, slacks)));
      const bound = isBound ? ops.sum(ops.abs(equality.residual(point, t))) : ops.constant(0);
      return ops.add(ops.subtract(loss(point, t), walls), ops.multiply(weight, ops.add(misses, bound)));
    };
    const before = merit(x, g, s);
    const allowed = ops.add(before, ops.multiply(ROUNDING, ops.add(ops.abs(before), weight)));
    const reach = (v: Tensor, change: Tensor) => ops.minimum(1, room(ops, v, change, FRACTION));
    const longest = reach(s, ds);
    ops.label({ beta, isInside, s, D, scale, toS, push, M, d, dmu, ds, weight, before, allowed, longest });
    const none = ops.constant(0);
    const [alpha = none] = ops.repeat(
      settings.trials,
      [none, none],
      ([alpha = none, isTaken = none], turn) => {
        ops.label({ alpha, isTaken });
        const tried = ops.multiply(longest, ops.power(2, ops.negate(turn)));
        const point = ops.add(x, ops.multiply(tried, d));
        const there = inequality.residual(point, t);
        const slacks = slackAt(tried, there);
        const staysIn = ops.lessEqual(0, smallest(ops, ops.subtract(slacks, ops.multiply(LEAST_LEFT, s))));
        const after = merit(point, there, slacks);
        const isGood = ops.multiply(
          ops.multiply(staysIn, ops.lessEqual(after, allowed)),
          ops.less(ops.abs(after), 1e30),
        );
        ops.label({ tried, point, slacks, after, isGood });
        const takes = ops.multiply(isGood, ops.subtract(1, isTaken));
        return [ops.where(takes, tried, alpha), ops.maximum(isTaken, isGood)];
      },
      ([, isTaken = none]) => ops.less(0, isTaken),
    );
    const next = ops.add(x, ops.multiply(alpha, d));
    const nextSlack = slackAt(alpha, inequality.residual(next, t));
    // μ stays within a factor of β/s, so that it neither dies nor explodes.
    const centered = ops.divide(beta, nextSlack);
    const pushed = ops.add(mu, ops.multiply(reach(mu, dmu), dmu));
    const nextMu = ops.maximum(ops.minimum(pushed, ops.multiply(1e6, centered)), ops.multiply(1e-6, centered));
    return {
      x: next,
      lambda: isBound ? ops.add(lambda, ops.multiply(alpha, dlambda)) : lambda,
      mu: nextMu,
      slack: nextSlack,
    };
  },
  examples: [
    {
      name: 'the corner of a half-plane and a bound',
      problem: 'param a = 0.25\nparam b = 0.25\nminimize (a - 2)^2 + (b - 1)^2\nsubject to\n  a + b <= 1\n  b >= 0.125',
      steps: 60,
      expect: { x: [0.875, 0.125], within: 1e-6 },
    },
    {
      name: 'an equality, bounds and a start outside (Hock & Schittkowski 71)',
      problem:
        'param x1 = 1\nparam x2 = 5\nparam x3 = 5\nparam x4 = 1\nminimize x1*x4*(x1 + x2 + x3) + x3\nsubject to\n  x1*x2*x3*x4 >= 25\n  x1^2 + x2^2 + x3^2 + x4^2 = 40\n  1 <= x1 <= 5\n  1 <= x2 <= 5\n  1 <= x3 <= 5\n  1 <= x4 <= 5',
      steps: 100,
      expect: { x: [1, 4.7429994, 3.8211503, 1.3794082], within: 1e-5 },
    },
  ],
});
