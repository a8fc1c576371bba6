import { areProjectable } from '../../core/analysis/evidence/recognize.ts';
import type { Structure } from '../../core/analysis/structure.ts';
import {
  type Advice,
  choice,
  count,
  defineMethod,
  type FeasibleSet,
  type MethodProblem,
  noNearestPoint,
  type Support,
  supported,
  toggle,
  unsupported,
} from '../../core/contracts.ts';
import { invariant } from '../../core/diagnostic.ts';
import { alternatingCycle, dykstraCycle } from '../../core/tensor/intersection.ts';
import { MOVING_ROWS_LIMIT } from '../../core/tensor/jacobi.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

type Projection = 'exact' | 'newton' | 'alternating' | 'dykstra' | 'dykstra-warm';
type Sets = 'combined' | 'lines';

/** What `auto` stands for: the nearest point if a formula gives it, else by cycles over sets, else by linearisation. */
function chosenProjection(structure: Structure, projection: Projection | 'auto', sets: Sets): Projection {
  if (projection !== 'auto') return projection;
  if (structure.hasExactProjection) return 'exact';
  if (!hasCycles(structure, sets) && structure.inequalityRows === 0) return 'newton';
  return isConvexCycle(structure, sets) ? 'dykstra-warm' : 'dykstra';
}

/**
 * Of Dykstra's cycles, `dykstra` begins at increments 0 in each step, and `dykstra-warm` at those of the last one. They are multipliers:
 * from any of them, cycles over convex sets tend to the same nearest point, and from those of a point nearby they are soon there.
 * Source: Gaffke & Mathar 1989, Metrika 36, 29–54, on Dykstra's algorithm as ascent in blocks of multipliers.
 */
const isConvexCycle = (structure: Structure, sets: Sets): boolean =>
  setsOfCycle(structure, sets).every(({ isConvex }) => isConvex);

const setsOfCycle = <T>(
  { lines, parts }: { readonly lines: readonly T[]; readonly parts: readonly T[] },
  sets: Sets,
) => (sets === 'lines' ? lines : parts);

const hasCycles = (structure: Structure, sets: Sets): boolean =>
  areProjectable(structure.constraints, setsOfCycle(structure, sets));

const supportOf: Readonly<Record<Projection, (structure: Structure, sets: Sets) => Support>> = {
  exact: (structure) => (structure.hasExactProjection ? supported : noNearestPoint(structure, structure.sets)),
  newton: ({ equalityRows, inequalityRows }) => {
    if (inequalityRows > 0) return unsupported('Newton steps reach equalities only, and there is an inequality.');
    return equalityRows <= MOVING_ROWS_LIMIT
      ? supported
      : unsupported(
          `${equalityRows} equality rows are too many: their Jacobian is inverted anew in each cycle, for up to ${MOVING_ROWS_LIMIT}.`,
        );
  },
  alternating: cyclesSupport,
  dykstra: cyclesSupport,
  'dykstra-warm': (structure, sets) =>
    isConvexCycle(structure, sets)
      ? cyclesSupport(structure, sets)
      : unsupported('Cycles go on where those of the last step ended for convex sets only.'),
};

function cyclesSupport(structure: Structure, sets: Sets): Support {
  return hasCycles(structure, sets) ? supported : noNearestPoint(structure, setsOfCycle(structure, sets));
}

/** Whether the nearest point of an entry depends on other entries. */
const isCoupled = ({ sets }: Structure): boolean => sets.some(({ kind }) => kind !== 'box' && kind !== 'nonnegativity');

/** Cycles that are worth a try where so many were too few. */
const MORE_CYCLES = 10;

const adviceOnCycles = (cycles: number, mayGoOn: boolean): Advice => ({
  message: `It is brought back set by set, in ${cycles} cycles a step, and they end near the constraints, not on them.`,
  change: mayGoOn
    ? { title: 'Let cycles go on where those of the last step ended', settings: { projection: 'dykstra-warm' } }
    : { title: `Try ${MORE_CYCLES * cycles} cycles`, settings: { cycles: MORE_CYCLES * cycles } },
});

const EACH_STEP = { title: 'Project after each step', settings: { projectEvery: 1 } };
const ADVICE_ON_FREE_STEPS: Advice = {
  message:
    'It rests, and not at the optimum: the steps between two projections go on as if there were no constraint, farther where the loss is steeper, and one projection does not take that back.',
  change: EACH_STEP,
};
const ADVICE_ON_LAST_STEPS: Advice = {
  message: 'Its last steps came after the last projection, and left the constraints again.',
  change: EACH_STEP,
};

const ADVICE_ON_NEWTON: Advice = {
  message:
    'It rests here, and this is not the optimum: Newton steps lead back to curved constraints, but not to their nearest point. The shorter the steps, the nearer it rests.',
  change: { title: 'Move along the constraints instead', method: 'tangent-normal', settings: {} },
};

interface Choice {
  readonly projection: Projection | 'auto';
  readonly sets: Sets;
  readonly cycles: number;
}

/** y − Σ pᵢ, where cycles towards the point nearest to y begin, and their pᵢ; increments [k, n], 0 where none are kept. */
function dykstra(ops: Ops, projections: readonly ProjectionOn[], y: Tensor, cycles: number, kept: Tensor | null) {
  const before = projections.map((_, i) => (kept ? ops.row(kept, i) : ops.zeros(y.shape)));
  const begin = kept ? ops.subtract(y, ops.sum(kept, 0)) : y;
  const [point = y, ...increments] = ops.repeat(cycles, [begin, ...before], ([x = y, ...increments]) => {
    const next = dykstraCycle(ops, projections, { x, increments });
    return [next.x, ...next.increments];
  });
  return { point, ...(kept && { increments: ops.reshape(ops.concat(increments), kept.shape) }) };
}

type ProjectionOn = (point: Tensor) => Tensor;

/** x ↦ a feasible point near x, and the increments that led to it, where they are kept. */
function nearby(
  ops: Ops,
  problem: MethodProblem,
  x: Tensor,
  t: Tensor,
  { projection, sets, cycles }: Choice,
  kept: Tensor | null,
): { readonly point: Tensor; readonly increments?: Tensor } {
  const projections = setsOfCycle<FeasibleSet>(problem, sets).map(
    (set): ProjectionOn =>
      (point) =>
        set.project(point, t),
  );
  const repeated = (cycle: (point: Tensor) => Tensor) =>
    ops.repeat(cycles, [x], ([point = x]) => [cycle(point)])[0] ?? x;
  switch (chosenProjection(problem.structure, projection, sets)) {
    case 'exact':
      invariant(problem.project, 'supports promised a projection');
      return { point: problem.project(x, t) };
    case 'newton':
      return {
        point: repeated((point) => {
          const { equality } = problem;
          const correction = ops.matmul(ops.pinv(equality.jacobian(point, t)), equality.residual(point, t));
          return ops.subtract(point, correction);
        }),
      };
    case 'alternating':
      return { point: repeated((point) => alternatingCycle(projections, point)) };
    case 'dykstra':
    case 'dykstra-warm':
      return dykstra(ops, projections, x, cycles, kept);
  }
}

type Kept = { x: Tensor; moved: Tensor; increments?: Tensor };

/**
 * x ← opt(x, ∇f(x)); at every k-th step x ← P(x), the nearest feasible point, or one near x by cycles. The momentum may be
 * projected onto the tangent space. An adaptive optimizer divides its step by a_i: the limit with a Euclidean P solves
 * P(m/a) = 0 instead of P(∇f) = 0. With `metric: optimizer`, P is nearest in Σ aᵢ (yᵢ − xᵢ)², and the limit is the optimum.
 */
export default defineMethod({
  id: 'projected-gradient',
  title: 'Projected gradient',
  source:
    'Bertsekas 2016, Nonlinear Programming, §3.3; Parikh & Boyd 2014, Proximal Algorithms, §4.2; Duchi, Hazan & Singer 2011, JMLR 12, §1.1 for the metric',
  summary:
    'Takes the free step, then goes to the nearest feasible point. With an adaptive optimizer and Euclidean distance the limit is not the optimum when the set couples coordinates: measure distance as the optimizer does, or use another method.',
  merit: {
    place: 1,
    reason: ({ hasExactProjection }) =>
      hasExactProjection
        ? 'After each step it goes to the nearest feasible point, which is known for this set: every point it makes is feasible.'
        : 'After each step it goes back to the feasible set, part by part: its points stay on the set or near it.',
  },
  formula:
    'x \\leftarrow P\\bigl(\\mathrm{opt}(x, \\nabla f(x))\\bigr), \\qquad P(y) = \\arg\\min_{z\\ \\mathrm{feasible}} \\lVert z - y \\rVert_2',
  settings: {
    projectEvery: count('Project every … steps', 1, [1, 1_000_000]),
    metric: choice('Distance', ['euclidean', 'optimizer'], 'euclidean'),
    projection: choice('Projection', ['auto', 'exact', 'newton', 'alternating', 'dykstra', 'dykstra-warm'], 'auto'),
    projectMomentum: toggle('Project the momentum too'),
    cycles: count('Cycles of a projection that is not exact', 20, [1, 10_000]),
    sets: choice('Sets of a cycle', ['combined', 'lines'], 'combined'),
  },
  optimizer: 'any',
  supports: (structure, { projection = 'auto', sets = 'combined', metric = 'euclidean', projectMomentum } = {}) => {
    if (structure.constraints.length === 0) return supported;
    if (projectMomentum && !structure.affine && !structure.straight)
      return unsupported('Momentum is projected along affine equalities, and there is none.');
    const way = chosenProjection(structure, projection, sets);
    if (metric === 'euclidean') return supportOf[way](structure, sets);
    if (way !== 'exact')
      return unsupported('The optimizer’s distance needs constraints whose nearest point has a formula.');
    const support = supportOf.exact(structure, sets);
    const isKnown = structure.sets.every(({ hasScaledProjection }) => hasScaledProjection);
    return support.supported && !isKnown
      ? unsupported('No nearest point in the optimizer’s distance is known here for one of the constraints.')
      : support;
  },
  init(ops, { start, size, structure }, settings): Kept {
    const isWarm = chosenProjection(structure, settings.projection, settings.sets) === 'dykstra-warm';
    const count = setsOfCycle(structure, settings.sets).length;
    return { x: start, moved: ops.constant(0), ...(isWarm && { increments: ops.zeros([count, size]) }) };
  },
  /** `moved`: ‖P(y) − y‖ of this step, for its chart. `increments`: p₁, …, p_k of Dykstra's algorithm, [k, n]. */
  step(ops, problem, { x, increments }, { t, settings, optimizer }): Kept {
    const { gradient, straight, affine, sets } = problem;
    const { next, denominator } = optimizer.apply(x, gradient(x, t));
    const flat = straight ?? affine; // beside curved equalities those that are affine
    if (settings.projectMomentum && flat) {
      optimizer.mapState(
        (momentum) =>
          ops.every(settings.projectEvery, t, { momentum }, () => ({ momentum: flat.tangent(momentum) })).momentum,
      );
    }
    const projected = () => {
      if (settings.metric === 'euclidean') return nearby(ops, problem, next, t, settings, increments ?? null);
      const scale = ops.divide(1, denominator);
      return { point: sets.reduce((point, set) => set.projectScaled(point, t, scale), next) };
    };
    const held = { x: next, moved: ops.constant(0), ...(increments && { increments }) };
    return ops.every(settings.projectEvery, t, held, () => {
      const { point, ...kept } = projected();
      return { x: point, moved: ops.norm(ops.subtract(point, next)), ...kept };
    });
  },
  caveat(structure, { title, isAdaptive }, { metric }) {
    const isBent = isAdaptive && metric === 'euclidean' && isCoupled(structure);
    return isBent
      ? `The set couples coordinates: steps of ${title} and the Euclidean projection cancel before the gradient vanishes along the set.`
      : null;
  },
  cycle: ({ projectEvery }) => projectEvery,
  adviseAtRest(structure, { title, isAdaptive, hasMetric = isAdaptive }, settings, end) {
    const { isFeasible, isStationary, endsWithin } = end;
    const { metric, cycles, projectEvery } = settings;
    const way = chosenProjection(structure, settings.projection, settings.sets);
    const mayGoOn = way === 'dykstra' && isConvexCycle(structure, settings.sets);
    if (!isFeasible) return way === 'exact' ? null : adviceOnCycles(cycles, mayGoOn);
    if (projectEvery > 1) return endsWithin && isStationary ? ADVICE_ON_LAST_STEPS : ADVICE_ON_FREE_STEPS;
    if (way === 'newton' && !isAdaptive) return ADVICE_ON_NEWTON;
    if (!isAdaptive || metric !== 'euclidean' || !isCoupled(structure)) return null;
    const message = `${title} with Euclidean projection stops here, and this is not the optimum: ${title} gives each coordinate a step length of its own, so its step and the projection cancel where the gradient does not vanish along the set.`;
    const isMendable = hasMetric && structure.sets.every(({ hasScaledProjection }) => hasScaledProjection);
    return isMendable
      ? { message, change: { title: 'Project in the optimizer’s own distance', settings: { metric: 'optimizer' } } }
      : { message: `${message} Gradient descent, or another method, does not have this defect.` };
  },
  torch({ python, structure, optimizer, objective, descend, onto }, settings) {
    const { projectEvery, projectMomentum, cycles, metric } = settings;
    const setup = [python.X, python.optimizerLine(optimizer)];
    const descent = descend('x', `${objective}(x, t)`);
    if (structure.constraints.length === 0) return { setup, step: descent };
    const isScaled = metric === 'optimizer';
    const way = isScaled ? 'exact' : chosenProjection(structure, settings.projection, settings.sets);
    const sets = way === 'exact' ? structure.sets : setsOfCycle(structure, settings.sets);
    const isKept = way === 'dykstra-warm';
    const more = isScaled ? ', scale' : isKept ? ', increments' : '';
    const names = way === 'newton' ? [] : onto(sets, isScaled ? 'scaled' : 'project');
    const momentum = projectMomentum && optimizer.momentum;
    const projected = [
      'with torch.no_grad():',
      ...(isScaled ? python.scaleLines(optimizer).map((line) => `    ${line}`) : []),
      `    x.copy_(project(x, t${more}))`,
      ...(momentum ? [`    buffer = optimizer.state[x]["${momentum}"]`, '    buffer.copy_(tangent(buffer))'] : []),
    ];
    return {
      definitions: [
        ...python.projection(isScaled ? 'scaled' : way, names, cycles),
        ...(momentum ? python.alongSets({ structure, onto }) : []),
      ],
      setup: [...setup, ...(isKept ? ['increments = [torch.zeros_like(x) for _ in SETS]'] : [])],
      step: [
        ...descent,
        ...(projectEvery === 1
          ? projected
          : [`if t % ${projectEvery} == 0:`, ...projected.map((line) => `    ${line}`)]),
      ],
    };
  },
  examples: [
    {
      name: 'a vertex of a polyhedron',
      problem:
        'param w[2] = [0.25, 0.25]\ndata A = [[1, 1], [2, -1], [-1, 3]]\nminimize sum((w - [3, 0.5])**2)\nsubject to A @ w <= [1, 1, 1]',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 100,
      expect: { x: [2 / 3, 1 / 3], within: 1e-9 },
    },
    {
      name: 'a vertex of a polyhedron, in the distance of Adam',
      problem:
        'param w[2] = [0.25, 0.25]\ndata A = [[1, 1], [2, -1], [-1, 3]]\nminimize sum((w - [3, 0.5])**2)\nsubject to A @ w <= [1, 1, 1]',
      optimizer: { kind: 'adam', learningRate: 0.1 },
      settings: { metric: 'optimizer' },
      steps: 100,
      expect: { x: [2 / 3, 1 / 3], within: 1e-6 },
    },
    {
      name: 'one parameter is twice another',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 100,
      expect: { x: [1.6, 0.8], within: 1e-6 },
    },
    {
      name: 'Adam with Euclidean distance stops elsewhere than at the optimum (1.6, 0.8)',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'adam', learningRate: 0.1 },
      steps: 2000,
      expect: { x: [1, 0.5], within: 1e-2 },
    },
    {
      name: 'Adam with the optimizer’s distance arrives',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'adam', learningRate: 0.05 },
      settings: { metric: 'optimizer' },
      steps: 2000,
      expect: { x: [1.6, 0.8], within: 1e-5 },
    },
    {
      name: 'Adam on a simplex, with the optimizer’s distance',
      problem:
        'param w[3] = [0.2, 0.2, 0.6]\nminimize (w[0] - 0.2)^2 + 4*(w[1] - 0.5)^2 + (w[2] + 1)^2\nsubject to w in simplex',
      optimizer: { kind: 'adam', learningRate: 0.02 },
      settings: { metric: 'optimizer' },
      steps: 2000,
      // 2 (w₀ − 0.2) = 8 (w₁ − 0.5) on w₀ + w₁ = 1
      expect: { x: [0.44, 0.56, 0], within: 1e-5 },
    },
    {
      name: 'a curve, by Newton steps',
      problem: 'param a = 1\nparam b = 0.5\nminimize a + b\nsubject to a^2 + b^2 = 2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      settings: { projection: 'newton', cycles: 4 },
      steps: 500,
      expect: { x: [-1, -1], within: 1e-6 },
    },
    {
      name: 'a wedge of two half-planes, by Dykstra’s cycles',
      problem: 'param a = 0.5\nparam b = 0.5\nminimize (a - 1)^2 + (b - 0.5)^2\nsubject to\n  b <= 0\n  a + b <= 0',
      optimizer: { kind: 'sgd', learningRate: 0.25 },
      settings: { projection: 'dykstra', cycles: 30, sets: 'lines' },
      steps: 100,
      expect: { x: [0.25, -0.25], within: 1e-6 },
    },
    {
      name: 'where two discs overlap, by a few cycles that go on in the next step',
      problem:
        'param a = 0\nparam b = 0\nminimize (a - 1)^2 + 5*(b + 1)^2\nsubject to\n  a^2 + b^2 <= 1\n  (a - 1.5)^2 + b^2 <= 1',
      optimizer: { kind: 'sgd', learningRate: 0.05 },
      settings: { cycles: 5 },
      steps: 200,
      // the lower of the two points where the circles cross
      expect: { x: [0.75, -Math.sqrt(7) / 4], within: 1e-6 },
    },
  ],
});
