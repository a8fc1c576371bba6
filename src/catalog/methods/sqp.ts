import { count, defineMethod, type MethodProblem, supported, unsupported, value } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { raised } from '../../core/tensor/elimination.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { solveQuadraticProgram } from '../../core/tensor/quadratic-program.ts';

/** Second derivatives and a dense system in every step: for small problems. */
const MOST_PARAMETERS = 16;
const MOST_ROWS = 40;

/** Share of the promised fall of the merit that a step must bring. */
const SUFFICIENT = 1e-4;
/** Rises of the merit below this share of it, or of the price of a violation of 1, are rounding in float32. */
const ROUNDING = 3e-7;
const HEAVIEST = 1e8;

/** h and g as one vector of rows, and their Jacobian. */
function rowsAt(ops: Ops, { equality, inequality }: MethodProblem, x: Tensor, t: Tensor) {
  const blocks = [equality, inequality].filter(({ rows }) => rows > 0);
  return {
    residual: () => ops.concat(blocks.map((block) => block.residual(x, t))),
    jacobian: () => {
      const flat = ops.concat(blocks.map((block) => ops.reshape(block.jacobian(x, t), [block.rows * at(x.shape, 0)])));
      return ops.reshape(flat, [equality.rows + inequality.rows, at(x.shape, 0)]);
    },
  };
}

/** 1 for each equality, then 0 for each inequality. */
const equalityMask = (ops: Ops, { equality, inequality }: MethodProblem): Tensor =>
  ops.constant(Float64Array.from({ length: equality.rows + inequality.rows }, (_, i) => Number(i < equality.rows)));

/**
 * d solves the quadratic program min ½dᵀ∇²L d + ∇f·d, h + J_h d = 0, g + J_g d ≤ 0 (rows that cannot hold cost ν a unit);
 * x ← x + α d with the first α of 1, 1 with a correction, ½, ¼, … that lowers f + ν(‖h‖₁ + ‖max(0, g)‖₁) enough; λ and μ are the
 * program's. Where ν is so low that d would leave the rows, x stays and ν grows. ∇²L is exact, stiffened along rows that are active,
 * and raised by τI where it is not positive; τ grows when no α helps. Rows are scaled to unit slopes, parameters by max(1, |x|).
 */
export default defineMethod({
  id: 'sqp',
  title: 'Sequential quadratic programming',
  source: 'Nocedal & Wright 2006, Numerical Optimization, §18.1–18.5; Fletcher 1987, §12.4 for rows that cannot hold',
  summary:
    'Newton’s method with constraints: in each step the loss is replaced by a parabola and the constraints by planes, and that problem is solved exactly. Few steps, each costly; it has no learning rate.',
  merit: {
    place: 4,
    reason:
      'It makes the fewest steps: each solves a quadratic model of the problem. A step costs more than one of the others.',
    isSingular: true,
  },
  formula:
    'x \\leftarrow x + \\alpha d, \\qquad d = \\arg\\min_{h + J_h d = 0,\\; g + J_g d \\le 0} \\tfrac12 d^{\\top} \\nabla^2_{xx} L\\, d + \\nabla f^{\\top} d',
  settings: {
    weight: value('ν', 'What a unit of violation costs at first, relative to the slope', 10, [1, 1e6], 'log'),
    trials: count('Step lengths tried', 12, [2, 60]),
  },
  optimizer: 'none',
  supports: ({ size, equalityRows, inequalityRows }) => {
    const rows = equalityRows + inequalityRows;
    if (rows === 0) return unsupported('There is no constraint: this would be Newton’s method alone.');
    return size <= MOST_PARAMETERS && rows <= MOST_ROWS
      ? supported
      : unsupported(
          `Each step solves dense systems with second derivatives: here for up to ${MOST_PARAMETERS} parameters and ${MOST_ROWS} constraint rows, not ${size} and ${rows}.`,
        );
  },
  init(ops, { start, gradient, lagrangianHessian, equality, inequality }, { weight }) {
    const [t, lambda, mu] = [ops.constant(0), ops.zeros(equality.rows), ops.zeros(inequality.rows)];
    const most = (entries: Tensor) => ops.max(ops.abs(entries));
    const unit = ops.maximum(1, ops.abs(start)); // as in each step
    const hessian = ops.multiply(ops.outer(unit, unit), lagrangianHessian(start, t, lambda, mu));
    const steepness = ops.maximum(most(ops.multiply(unit, gradient(start, t))), most(hessian));
    return {
      x: start,
      lambda,
      mu,
      weight: ops.multiply(weight, ops.maximum(1e-3, steepness)),
      damping: ops.constant(0),
    };
  },
  step(ops, problem, { x, lambda, mu, weight, damping }, { t, settings }) {
    const { equality, inequality, gradient, lagrangianHessian, loss, size } = problem;
    const rows = equality.rows + inequality.rows;
    const isEquality = equalityMask(ops, problem);
    const [asColumn, asRow] = [(v: Tensor) => ops.reshape(v, [rows, 1]), (v: Tensor) => ops.reshape(v, [1, size])];
    const unit = ops.maximum(1, ops.abs(x)); // parameters in units of their own size
    const slope = ops.multiply(unit, gradient(x, t));
    const here = rowsAt(ops, problem, x, t);
    const wide = ops.multiply(asRow(unit), here.jacobian());
    const length = ops.sqrt(ops.sum(ops.multiply(wide, wide), 1));
    const rowScale = ops.divide(1, ops.maximum(length, 1e-4));
    const J = ops.multiply(asColumn(rowScale), wide);
    const c = ops.multiply(rowScale, here.residual());

    const W = ops.multiply(ops.outer(unit, unit), lagrangianHessian(x, t, lambda, mu));
    const scale = ops.maximum(ops.max(ops.abs(W)), ops.multiply(1e-2, ops.max(ops.abs(slope))));
    const safeScale = ops.add(scale, 1e-6);
    const stiff = ops.multiply(
      safeScale,
      ops.concat([ops.ones(equality.rows), ops.less(0, mu)].filter(({ shape }) => at(shape, 0) > 0)),
    );
    const stiffened = ops.add(W, ops.matmul(ops.transpose(J), ops.multiply(asColumn(stiff), J)));
    const H = raised(ops, stiffened, ops.multiply(damping, safeScale), safeScale);
    const q = ops.add(slope, ops.matmul(ops.transpose(J), ops.multiply(stiff, c)));
    const found = solveQuadraticProgram(ops, { H, q, J, c, isEquality, weight });

    ops.label({ unit, slope, wide, rowScale, J, c, W, scale: safeScale, stiff, H, q });
    const violation = (residual: Tensor) => ops.sum(ops.where(isEquality, ops.abs(residual), ops.maximum(residual, 0)));
    const merit = (point: Tensor) => {
      const residual = ops.multiply(rowScale, rowsAt(ops, problem, point, t).residual());
      return ops.add(loss(point, t), ops.multiply(weight, violation(residual)));
    };
    const { d } = found;
    const linear = ops.add(c, ops.matmul(J, d));
    const squares = (residual: Tensor) => ops.dot(ops.multiply(stiff, residual), residual);
    // The change of ½dᵀ(∇²L + τI)d + ∇f·d: the program's own, without what stiffens it.
    const stiffness = ops.multiply(0.5, ops.subtract(squares(c), squares(linear)));
    const own = ops.add(ops.dot(q, d), ops.multiply(0.5, ops.dot(d, ops.matmul(H, d))));
    const gain = ops.multiply(weight, ops.subtract(violation(c), violation(linear)));
    const promised = ops.maximum(0, ops.subtract(gain, ops.add(own, stiffness)));
    const full = ops.multiply(unit, d);
    const beyond = ops.multiply(rowScale, rowsAt(ops, problem, ops.add(x, full), t).residual());
    const bend = ops.multiply(unit, found.correction(beyond));
    const before = merit(x);
    const noise = ops.multiply(ROUNDING, ops.add(ops.add(ops.abs(loss(x, t)), ops.abs(before)), weight));
    ops.label({ linear, promised, full, bend, before });
    const shift = (alpha: Tensor, bent: Tensor) =>
      ops.add(x, ops.add(ops.multiply(alpha, full), ops.multiply(bent, bend)));
    const none = ops.constant(0);
    const most = ops.max(ops.abs(found.multipliers));
    ops.label({ most });
    const isShort = ops.less(ops.multiply(0.9, weight), most);
    // So low a price that leaving the rows pays: the step is left out, and the price raised.
    const [off, offBefore] = [violation(linear), violation(c)];
    const isFarther = ops.less(ops.add(ops.multiply(1 + ROUNDING, offBefore), ROUNDING), off);
    const strays = ops.multiply(ops.multiply(isShort, isFarther), ops.less(weight, HEAVIEST));
    const [alpha = none, bent = none, isGoodStep = none] = ops.repeat(
      settings.trials,
      [none, none, none],
      ([alpha = none, bent = none, isTaken = none], turn) => {
        ops.label({ alpha, bent, isTaken });
        const withBend = ops.equal(turn, 1);
        const tried = ops.power(2, ops.minimum(0, ops.subtract(1, turn)));
        const after = merit(shift(tried, withBend));
        const wanted = ops.subtract(ops.add(before, noise), ops.multiply(ops.multiply(SUFFICIENT, tried), promised));
        const isGood = ops.multiply(ops.lessEqual(after, wanted), ops.less(ops.abs(after), 1e30));
        ops.label({ withBend, tried, after, isGood });
        const takes = ops.multiply(isGood, ops.subtract(1, isTaken));
        return [ops.where(takes, tried, alpha), ops.where(takes, withBend, bent), ops.maximum(isTaken, isGood)];
      },
      ([, , isTaken = none]) => ops.less(0, isTaken),
    );
    const isTaken = ops.multiply(isGoodStep, ops.subtract(1, strays));
    const m = ops.multiply(rowScale, found.multipliers);
    const part = (offset: number, length: number) =>
      length === 0 ? ops.zeros(0) : ops.slice(m, { offset, strides: [1], shape: [length] });
    const enough = ops.maximum(ops.multiply(30, most), ops.multiply(10, safeScale));
    const isLoose = ops.multiply(isTaken, ops.less(enough, weight)); // so high a price hides the loss
    const heavier = ops.minimum(HEAVIEST, ops.multiply(10, weight));
    const isLong = ops.less(0.4, alpha);
    const eased = ops.where(ops.less(damping, 1e-5), 0, ops.multiply(0.2, damping));
    return {
      x: ops.where(isTaken, shift(alpha, bent), x),
      lambda: ops.where(isTaken, part(0, equality.rows), lambda),
      mu: ops.where(isTaken, part(equality.rows, inequality.rows), mu),
      weight: ops.where(isShort, heavier, ops.where(isLoose, ops.multiply(0.3, weight), weight)),
      damping: ops.where(
        ops.maximum(isLong, strays),
        eased,
        ops.minimum(1e4, ops.maximum(1e-3, ops.multiply(4, damping))),
      ),
    };
  },
  examples: [
    {
      name: 'a loss that falls without bound off the line, with multipliers that the first price does not pay',
      problem: 'param x = 1\nparam y = 1\nminimize -x*y\nsubject to\n  x + y = 10\n  x >= 0\n  y >= 0',
      steps: 10,
      expect: { x: [5, 5], within: 1e-7 },
    },
    {
      name: 'the lowest point of a circle, in few steps',
      problem: 'param a = 1\nparam b = 0.5\nminimize a + b\nsubject to a^2 + b^2 = 2',
      steps: 20,
      expect: { x: [-1, -1], within: 1e-7 },
    },
    {
      name: 'a curved inequality and bounds (Hock & Schittkowski 71)',
      problem:
        'param x1 = 1\nparam x2 = 5\nparam x3 = 5\nparam x4 = 1\nminimize x1*x4*(x1 + x2 + x3) + x3\nsubject to\n  x1*x2*x3*x4 >= 25\n  x1^2 + x2^2 + x3^2 + x4^2 = 40\n  1 <= x1 <= 5\n  1 <= x2 <= 5\n  1 <= x3 <= 5\n  1 <= x4 <= 5',
      steps: 30,
      expect: { x: [1, 4.7429994, 3.8211503, 1.3794082], within: 1e-6 },
    },
  ],
});
