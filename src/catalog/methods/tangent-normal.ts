import { defineMethod, type MethodProblem, supported, unsupported, value } from '../../core/contracts.ts';
import { opposingRows, TURNS } from '../../core/tensor/active-rows.ts';
import { isShortInverse, MOVING_ROWS_LIMIT } from '../../core/tensor/jacobi.ts';
import { lsmr, MOST_LINEARIZED_ROWS } from '../../core/tensor/lsmr.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

const column = (ops: Ops, vector: Tensor): Tensor => ops.reshape(vector, [vector.shape[0] ?? 0, 1]);

/** 1 for the rows of equalities, 0 for those of inequalities, in this order. */
const relations = (equalities: number, inequalities: number): number[] => [
  ...new Array<number>(equalities).fill(1),
  ...new Array<number>(inequalities).fill(0),
];

/**
 * ∇f along the rows that are kept, and J⁺ r of them: the way back. Of the inequalities those are near that a free step could reach,
 * g ≥ −η ‖∇f‖ ‖∇g‖. Kept are the near ones with ν > 0 in the plain step that is nearest to −η ∇f and meets them all to first order:
 * with equality, so that the way to all of them together exists. What is violated and not kept, the descent itself brings back.
 */
function withInequalities(
  ops: Ops,
  { equality, inequality }: MethodProblem,
  x: Tensor,
  t: Tensor,
  slope: Tensor,
  learningRate: Tensor,
): { tangent: Tensor; normal: Tensor } {
  const blocks = [equality, inequality].filter(({ rows }) => rows > 0);
  const rows = equality.rows + inequality.rows;
  const J = ops.reshape(
    ops.concat(blocks.map((block) => ops.reshape(block.jacobian(x, t), [block.rows * (x.shape[0] ?? 0)]))),
    [rows, x.shape[0] ?? 0],
  );
  const residual = ops.concat(blocks.map((block) => block.residual(x, t)));
  const isEquality = ops.constant(relations(equality.rows, inequality.rows));
  const lengths = ops.sqrt(ops.sum(ops.multiply(J, J), 1));
  const reach = ops.multiply(ops.multiply(learningRate, ops.norm(slope)), lengths);
  const isNear = ops.maximum(isEquality, ops.lessEqual(ops.negate(reach), residual));
  const step = ops.multiply(learningRate, slope);
  const isKept = opposingRows(ops, J, { step, residual }, isEquality, isNear);
  const kept = ops.multiply(column(ops, isKept), J);
  const away = ops.multiply(isKept, residual);
  const size = x.shape[0] ?? 0;
  if (rows < size && !isShortInverse(rows, size)) {
    const along = leastSquares(ops, kept, ops.matmul(kept, slope));
    return { tangent: ops.subtract(slope, along), normal: leastSquares(ops, kept, away) };
  }
  const inverse = ops.pinv(kept);
  // tr K⁺K = rank K: at a corner no direction is left, and what the subtraction leaves is rounding, which an adaptive step would blow up.
  const rank = ops.sum(ops.multiply(ops.transpose(inverse), kept));
  const isCorner = ops.less(size - 0.5, rank);
  return {
    tangent: ops.where(isCorner, 0, ops.subtract(slope, ops.matmul(inverse, ops.matmul(kept, slope)))),
    normal: ops.matmul(inverse, away),
  };
}

/** K⁺ b by products with K[m, n] and its transpose. */
function leastSquares(ops: Ops, K: Tensor, b: Tensor): Tensor {
  const [rows = 0, columns = 0] = K.shape;
  const transposed = ops.transpose(K);
  const products = {
    times: (v: Tensor) => ops.matmul(K, v),
    transposedTimes: (u: Tensor) => ops.matmul(transposed, u),
  };
  return lsmr(ops, { rows, columns, ...products }, b);
}

const OPPOSING_ROWS = `def opposing_rows(J, step, residual, is_near):
    """Of the near rows the equalities, and the inequalities with mu > 0 in argmin |step + J' mu|^2 / 2 - mu residual, mu >= 0."""
    lengths = J.norm(dim=1)
    is_used = is_near & (lengths > 0)
    scale = torch.where(is_used, 1 / torch.where(is_used, lengths, torch.ones_like(lengths)), torch.zeros_like(lengths))
    unit = scale[:, None] * J
    gram, pull = unit @ unit.T, unit @ step - scale * residual
    steepest = max(1.0, gram.abs().sum(1).max().item())
    mu = ahead = torch.zeros_like(pull)
    age = 1.0
    for _ in range(${TURNS}):
        free = ahead - (gram @ ahead + pull) / steepest
        following = torch.where(IS_EQUALITY, free, torch.clamp(free, min=0.0))
        change = following - mu
        older = 0.5 * (1 + (1 + 4 * age * age) ** 0.5)
        is_uphill = torch.dot(ahead - following, change).item() > 0  # momentum is dropped
        mu, ahead = following, following + (0.0 if is_uphill else (age - 1) / older) * change
        age = 1.0 if is_uphill else older
        if change.abs().max() <= 1e-7 * mu.abs().max():
            break
    return is_used & (IS_EQUALITY | (mu > 1e-6 * mu.abs().max()))`;

/**
 * x ← opt(x, (I − J⁺J) ∇f) − γ J⁺ h, with J and h at the old x: a step along the set and a Gauss–Newton step towards it.
 * A curved set is left by O(η²) a step, and h shrinks by the factor 1 − γ. Of the inequalities J holds those that the descent
 * would leave, so that x slides along them, and lets go where descent points inward.
 */
export default defineMethod({
  id: 'tangent-normal',
  title: 'Tangent and normal steps',
  source:
    'Absil, Mahony & Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, §4.1; Nocedal & Wright 2006, §18.5 (Byrd–Omojokun steps); Feppon, Allaire & Dapogny 2020, ESAIM: COCV 26, 90 (which inequalities are kept)',
  summary:
    'Moves along the constraints and, in the same step, back towards them. Works for curved constraints. It slides along an inequality only while the descent would leave it. γ is the share of the violation that each step removes.',
  formula:
    'x \\leftarrow \\mathrm{opt}\\bigl(x, (I - J^{+}J)\\, \\nabla f(x)\\bigr) - \\gamma J^{+} h(x), \\qquad J = J_h(x)',
  settings: { normalRate: value('γ', 'Share of the violation removed in a step', 1, [0, 2]) },
  optimizer: 'any',
  supports: ({ equalityRows, inequalityRows }) => {
    const rows = equalityRows + inequalityRows;
    if (rows === 0) return unsupported('There is no constraint to move along.');
    const most = inequalityRows > 0 ? MOVING_ROWS_LIMIT : MOST_LINEARIZED_ROWS;
    return rows <= most
      ? supported
      : unsupported(
          `${rows} rows are too many: least squares with their Jacobian are solved in each step, for up to ${MOVING_ROWS_LIMIT} with inequalities and ${MOST_LINEARIZED_ROWS} without.`,
        );
  },
  takesRowsAsPlanes: true,
  init: (_, { start }) => ({ x: start }),
  step(ops, problem, { x }, { t, settings, optimizer }) {
    const { gradient, equality, inequality, affine } = problem;
    const slope = gradient(x, t);
    const along = () => {
      const J = equality.linearization(x, t);
      const isPoint = affine?.rank === problem.size;
      return {
        tangent: isPoint ? affine.tangent(slope) : ops.subtract(slope, J.leastSquares(J.times(slope))),
        normal: J.leastSquares(equality.residual(x, t)),
      };
    };
    const { tangent, normal } =
      inequality.rows === 0 ? along() : withInequalities(ops, problem, x, t, slope, optimizer.learningRate);
    return { x: ops.subtract(optimizer.apply(x, tangent).next, ops.multiply(settings.normalRate, normal)) };
  },
  torch({ python, structure, optimizer, objective, learningRate }, { normalRate }) {
    const { equalityRows, inequalityRows } = structure;
    const back = [
      'with torch.no_grad():',
      `    x.sub_(${python.float(normalRate)} * normal)  # and back towards the set`,
    ];
    const setup = [python.X, python.optimizerLine(optimizer)];
    if (inequalityRows === 0)
      return {
        setup,
        step: [
          'J = jacobian_of(lambda z: equalities(z, t), x)',
          'J_pinv = torch.linalg.pinv(J, rtol=1e-10)',
          'normal = J_pinv @ equalities(x, t).detach()',
          'optimizer.zero_grad()',
          `${objective}(x, t).backward()`,
          'average(x.grad)',
          'x.grad.sub_(J_pinv @ (J @ x.grad))  # along the set',
          'optimizer.step()',
          ...back,
        ],
      };
    return {
      definitions: [
        `IS_EQUALITY = ${python.tensor(relations(equalityRows, inequalityRows))} > 0`,
        OPPOSING_ROWS,
        equalityRows > 0
          ? 'def rows_of(z, t):\n    return torch.cat([equalities(z, t), inequalities(z, t)])'
          : 'def rows_of(z, t):\n    return inequalities(z, t)',
      ],
      setup,
      step: [
        'J = jacobian_of(lambda z: rows_of(z, t), x)',
        'residual = rows_of(x, t).detach()',
        'optimizer.zero_grad()',
        `${objective}(x, t).backward()`,
        'average(x.grad)',
        `reach = ${learningRate} * x.grad.norm() * J.norm(dim=1)  # as far as a free step could go`,
        `is_kept = opposing_rows(J, ${learningRate} * x.grad, residual, IS_EQUALITY | (residual >= -reach))`,
        'kept = is_kept[:, None] * J',
        'K_pinv = torch.linalg.pinv(kept, rtol=1e-10)',
        'normal = K_pinv @ (is_kept * residual)',
        'is_corner = torch.sum(K_pinv.T * kept) > x.numel() - 0.5  # as many directions are kept as there are',
        'x.grad.sub_(x.grad.clone() if is_corner else K_pinv @ (kept @ x.grad))  # along the set',
        'optimizer.step()',
        ...back,
      ],
    };
  },
  examples: [
    {
      name: 'the lowest point of a circle',
      problem: 'param a = 1\nparam b = 0.5\nminimize a + b\nsubject to a^2 + b^2 = 2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 500,
      expect: { x: [-1, -1], within: 1e-6 },
    },
    {
      name: 'two of three inequalities in the way',
      problem:
        'param x = 1\nparam y = -0.5\nminimize (x + 1)^2 + (y + 1)^2\nsubject to\n  x^2 + y^2 <= 1\n  x + y <= 1\n  y >= -0.7',
      optimizer: { kind: 'sgd', learningRate: 0.25 },
      steps: 100,
      expect: { x: [-0.714142842854285, -0.7], within: 1e-6 },
    },
    {
      name: 'along a bound, and away from it where the descent turns inward',
      problem: 'param x = -2\nparam y = 0.5\nminimize (x - 1)^2 + 4*(y - x^2 + 0.25)^2\nsubject to y >= 0',
      optimizer: { kind: 'sgd', learningRate: 0.01 },
      steps: 2000,
      expect: { x: [1, 0.75], within: 1e-3 },
    },
    {
      name: 'more rows in reach than there are directions: two simplexes',
      problem:
        'param w[4]\nminimize sum((w - [1, 2, -1, 0.5])**2)\nsubject to\n  w[0:2] in simplex\n  w[2:4] in simplex',
      optimizer: { kind: 'sgd', learningRate: 0.5 },
      steps: 60,
      expect: { x: [0, 1, 0, 1], within: 1e-9 },
    },
    {
      name: 'a ball and a box, both in reach of the first step',
      problem: 'param x[3]\nminimize sum((x - [2, 1, -3])**2)\nsubject to\n  x in ball(1)\n  x in box(-0.5, 0.6)',
      optimizer: { kind: 'sgd', learningRate: 0.5 },
      steps: 60,
      expect: { x: [0.6, 0.6, -0.5], within: 1e-9 },
    },
  ],
});
