/**
 * Methods, optimizers and their settings, combined at random, against their definitions in plain loops
 * (`core/reference/defined-methods.ts`): the same problem as text and as closed forms, step by step.
 */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import type { RunJson, SettingsJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { draws } from '../core/problem/draws.ts';
import { interpret } from '../core/program/interpret.ts';
import {
  type Block,
  type Definition,
  type Map as ParameterMap,
  type Posed,
  trajectory,
} from '../core/reference/defined-methods.ts';
import type { OptimizerOptions } from '../core/reference/defined-optimizers.ts';
import {
  alternating,
  dykstra,
  ontoAffine,
  ontoBall,
  ontoBox,
  ontoHalfSpace,
  ontoL1Ball,
  ontoSimplex,
  type Projection,
} from '../core/reference/defined-projections.ts';
import { dot, minus, plus, pseudoinverse, type Rows, times, type Vector } from '../core/reference/vectors.ts';
import { catalog } from './registry.ts';

const STEPS = 14;
const SEEDS = import.meta.env.FEASIBLE_FULL === '1' ? 60 : 6;
const TOLERANCE = 1e-9;

/** Numbers of one seed, exact in binary. */
function source(seed: number) {
  const { uniform } = draws(seed);
  const whole = (from: number, to: number) => from + Math.floor(uniform() * (to - from + 1));
  const eighth = (from: number, to: number) => whole(8 * from, 8 * to) / 8;
  return {
    whole,
    eighth,
    vector: (size: number, from: number, to: number) => Array.from({ length: size }, () => eighth(from, to)),
    pick: <T>(options: readonly T[]): T => at(options, whole(0, options.length - 1)),
    isHeads: () => uniform() < 0.5,
  };
}
type Source = ReturnType<typeof source>;

const names = (n: number) => Array.from({ length: n }, (_, i) => `x${i + 1}`);
const linear = (a: Vector) => a.map((entry, i) => `${entry}*x${i + 1}`).join(' + ');

/** f(x) = ½ xᵀQx + c·x + ¼ Σ x⁴/8, with Q = BᵀB + I. */
function lossOf({ vector }: Source, n: number) {
  const B = Array.from({ length: n }, () => vector(n, -1, 1));
  const Q = names(n).map((_, i) =>
    names(n).map((__, j) => B.reduce((sum, row) => sum + at(row, i) * at(row, j), 0) + (i === j ? 1 : 0)),
  );
  const c = vector(n, -3, 3);
  const text = [
    ...Q.flatMap((row, i) => row.map((entry, j) => `${entry / 2}*x${i + 1}*x${j + 1}`)),
    linear(c),
    ...names(n).map((name) => `${name}^4/32`),
  ].join(' + ');
  const gradient = (x: Vector) =>
    plus(
      plus(
        Q.map((row) => dot(row, x)),
        c,
      ),
      x.map((entry) => entry ** 3 / 8),
    );
  return { text, gradient };
}

const NONE: Block = { value: () => [], jacobian: () => [] };
const affineBlock = (A: Rows, b: (t: number) => Vector): Block => ({
  value: (x, t) =>
    minus(
      A.map((row) => dot(row, x)),
      b(t),
    ),
  jacobian: () => A,
});

interface Case {
  readonly name: string;
  readonly lines: readonly string[];
  readonly posed: Omit<Posed, 'gradient' | 'start'>;
  readonly n: number;
  readonly start: Vector;
  readonly definition: Definition;
  readonly method: string;
  readonly settings: SettingsJson;
  /** Kinds of optimizers that it is tried with; left out: all. */
  readonly kinds?: readonly string[];
}

const KINDS = ['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad'];

/** Every third time a schedule, every fourth a gradient that is clipped. */
function trainingFor({ pick, whole }: Source): Partial<OptimizerOptions> {
  const schedule = whole(0, 2) === 0 ? pick(['step', 'cosine', 'warm-up', 'inverse-root'] as const) : 'constant';
  const hasPeriod = schedule === 'step' || schedule === 'warm-up';
  return {
    schedule,
    ...(hasPeriod && { schedulePeriod: whole(2, 5) }),
    ...(schedule === 'step' && { scheduleFactor: 0.75 }),
    ...(whole(0, 3) === 0 && { clipGradient: true, clipNorm: pick([0.5, 2]) }),
  };
}

function optimizerFor({ pick, isHeads }: Source, kind: string): OptimizerOptions {
  const learningRate = kind === 'sgd' ? pick([1 / 64, 1 / 32]) : pick([1 / 32, 1 / 16]);
  const weightDecay = isHeads() ? {} : { weightDecay: 0.125 };
  const epsilon = isHeads() ? {} : { epsilon: pick([1e-6, 1e-3]) };
  switch (kind) {
    case 'sgd': {
      const momentum = pick([0, 0.5, 0.875]);
      const nesterov = momentum > 0 && isHeads();
      const dampening = nesterov ? 0 : pick([0, 0.25]);
      return { kind, learningRate, momentum, dampening, nesterov, ...weightDecay };
    }
    case 'rmsprop':
      return {
        kind,
        learningRate,
        alpha: pick([0.5, 0.99]),
        momentum: pick([0, 0.75]),
        centered: isHeads(),
        epsilon: 1e-3,
        ...weightDecay,
      };
    case 'adagrad':
      return {
        kind,
        learningRate: pick([0.125, 0.25]),
        learningRateDecay: pick([0, 0.0625]),
        initialAccumulator: pick([0, 0.5]),
        ...weightDecay,
        ...epsilon,
      };
    default:
      return {
        kind,
        learningRate,
        beta1: pick([0.5, 0.9]),
        beta2: pick([0.875, 0.999]),
        amsgrad: isHeads(),
        ...weightDecay,
        ...epsilon,
      };
  }
}

/** Equalities with m rows, one of them twice now and then; b moves with the step now and then. */
function equalities(from: Source, n: number, mayMove: boolean) {
  const A = Array.from({ length: from.whole(1, n - 1) }, () => {
    const row = from.vector(n, -2, 2);
    return row.every((entry) => entry === 0) ? row.map(() => 1) : row;
  });
  const point = from.vector(n, -1, 1);
  const isMoving = mayMove && from.isHeads();
  if (!isMoving && from.whole(0, 3) === 0) A.push(times(2, at(A, 0)));
  const b0 = A.map((row) => dot(row, point));
  const b = (t: number) => (isMoving ? b0.map((entry, i) => entry + (i === 0 ? 0.25 * Math.sin(0.125 * t) : 0)) : b0);
  const lines = A.map((row, i) => `${linear(row)} = ${at(b0, i)}${isMoving && i === 0 ? ' + 0.25*sin(0.125*t)' : ''}`);
  return { A, b, lines, block: affineBlock(A, b) };
}

const affineCases: readonly ((from: Source) => Case)[] = [
  (from) => {
    const n = from.whole(2, 4);
    const { A, b, lines, block } = equalities(from, n, true);
    const projectEvery = from.whole(1, 3);
    const projectMomentum = from.isHeads();
    return {
      name: 'projected gradient onto affine equalities',
      lines,
      n,
      start: from.vector(n, -2, 2),
      posed: { equality: block, inequality: NONE, affine: { A, b } },
      definition: { method: 'pgd', every: projectEvery, onto: ontoAffine(A, b), projectMomentum },
      method: 'projected-gradient',
      settings: { projectEvery, projectMomentum, projection: 'exact' },
      ...(projectMomentum && { kinds: ['sgd'] }),
    };
  },
  (from) => {
    const n = from.whole(2, 4);
    const { A, b, lines, block } = equalities(from, n, true);
    return {
      name: 'projection in the optimizer’s metric',
      lines,
      n,
      start: from.vector(n, -2, 2),
      posed: { equality: block, inequality: NONE, affine: { A, b } },
      definition: { method: 'pgd_metric' },
      method: 'projected-gradient',
      settings: { metric: 'optimizer' },
      kinds: ['adam', 'adamw', 'rmsprop', 'adagrad'],
    };
  },
  (from) => {
    const n = from.whole(2, 4);
    const { A, b, lines, block } = equalities(from, n, false);
    const projectStart = from.isHeads();
    return {
      name: 'projected update',
      lines,
      n,
      start: from.vector(n, -2, 2),
      posed: { equality: block, inequality: NONE, affine: { A, b } },
      definition: { method: 'update_projection', projectStart },
      method: 'projected-update',
      settings: { projectStart },
    };
  },
  (from) => {
    const n = from.whole(2, 4);
    const { A, b, lines, block } = equalities(from, n, true);
    const [projectStart, projectAfter] = [from.isHeads(), from.isHeads()];
    return {
      name: 'projected direction',
      lines,
      n,
      start: from.vector(n, -2, 2),
      posed: { equality: block, inequality: NONE, affine: { A, b } },
      definition: { method: 'grad_projection', projectStart, projectAfter },
      method: 'projected-direction',
      settings: { projectStart, projectAfter },
    };
  },
  (from) => {
    // A = [I | −M], so that Z = [M; I] spans its null space.
    const [m, k] = [from.whole(1, 2), from.whole(1, 2)];
    const n = m + k;
    const M = Array.from({ length: m }, () => from.vector(k, -1, 1));
    const A = M.map((row, i) => [...M.map((_, j) => (i === j ? 1 : 0)), ...times(-1, row)]);
    const rest = [...from.vector(m, -1, 1), ...new Array<number>(k).fill(0)];
    const b = A.map((row) => dot(row, rest));
    const basis = [
      ...M,
      ...Array.from({ length: k }, (_, i) => Array.from({ length: k }, (__, j) => (i === j ? 1 : 0))),
    ];
    const start = from.vector(k, -1, 1);
    return {
      name: 'null space with a given basis',
      lines: A.map((row, i) => `${linear(row)} = ${at(b, i)}`),
      n,
      start: rest,
      posed: { equality: affineBlock(A, () => b), inequality: NONE },
      definition: { method: 'nullspace_reparam', particular: rest, basis, start },
      method: 'null-space',
      settings: { particular: rest, basis, start },
    };
  },
];

/** Equalities and inequalities, straight and curved, from anywhere. */
function mixed(from: Source) {
  const n = from.whole(2, 3);
  const { A, b, lines, block } = equalities(from, n, true);
  const G = Array.from({ length: from.whole(1, 2) }, () => from.vector(n, -2, 2));
  const bound = from.vector(G.length, -1, 1);
  const radius = from.pick([1, 1.5, 2]);
  const isCurved = from.isHeads();
  const inequality: Block = {
    value: (x) => [
      ...minus(
        G.map((row) => dot(row, x)),
        bound,
      ),
      ...(isCurved ? [dot(x, x) - radius] : []),
    ],
    jacobian: (x) => [...G, ...(isCurved ? [times(2, x)] : [])],
  };
  const squares = names(n)
    .map((name) => `${name}^2`)
    .join(' + ');
  return {
    n,
    A,
    start: from.vector(n, -2, 2),
    lines: [
      ...lines,
      ...G.map((row, i) =>
        from.isHeads() ? `${linear(row)} <= ${at(bound, i)}` : `${at(bound, i)} >= ${linear(row)}`,
      ),
      ...(isCurved ? [`${squares} <= ${radius}`] : []),
    ],
    posed: { equality: block, inequality, affine: { A, b } },
  };
}

const weightedCases: readonly ((from: Source) => Case)[] = [
  (from) => {
    const problem = mixed(from);
    const growth = from.pick([null, 1.5, 2]);
    const [penalty, every, penaltyMax] = [from.pick([1, 2, 4]), from.whole(2, 5), from.pick([6, 1e9])];
    return {
      name: 'penalty',
      ...problem,
      definition: { method: 'penalty', rho: penalty, every, most: penaltyMax, ...(growth !== null && { growth }) },
      method: 'penalty',
      settings: { penalty, ...(growth !== null && { growth, every, penaltyMax }) },
    };
  },
  (from) => {
    const problem = mixed(from);
    const order = from.pick(['simultaneous', 'alternating', 'extragradient'] as const);
    const [dualRate, rho] = [from.pick([0.0625, 0.25]), order === 'extragradient' ? 0 : from.pick([0, 0.5, 2])];
    const given = from.isHeads() ? from.vector(problem.A.length, -1, 1) : null;
    // Of all rows, or of the equalities alone.
    const none = new Array<number>(problem.lines.length - (given?.length ?? 0)).fill(0);
    const all = given && [...given, ...(from.isHeads() ? none : [])];
    return {
      name: `multipliers, ${order}`,
      ...problem,
      definition: { method: 'gda', order, dualRate, rho, multipliers: { equality: given ?? problem.A.map(() => 0) } },
      method: 'lagrangian',
      settings: { order, dualLearningRate: dualRate, penalty: rho, ...(all && { multipliers: all }) },
      ...(order === 'extragradient' && { kinds: ['sgd-plain'] }),
    };
  },
  (from) => {
    const problem = mixed(from);
    const [penalty, growth, penaltyMax, inner] = [
      from.pick([1, 4]),
      from.pick([1, 1.5, 2]),
      from.pick([5, 1e9]),
      from.whole(1, 4),
    ];
    return {
      name: 'augmented Lagrangian',
      ...problem,
      definition: { method: 'alm', rho: penalty, growth, most: penaltyMax, inner },
      method: 'augmented-lagrangian',
      settings: { penalty, growth, penaltyMax, inner },
    };
  },
  (from) => ({
    name: 'no constraint is kept',
    ...mixed(from),
    definition: { method: 'unconstrained' },
    method: 'unconstrained',
    settings: {},
  }),
];

/** x1² + … + xₙ² = r, and a plane now and then. */
function curved(from: Source) {
  const n = from.whole(2, 3);
  const radius = from.pick([1, 2]);
  const plane = n === 3 && from.isHeads() ? [1, 0.5, -0.25] : null;
  const equality: Block = {
    value: (x) => [dot(x, x) - radius, ...(plane ? [dot(plane, x) - 0.25] : [])],
    jacobian: (x) => [times(2, x), ...(plane ? [plane] : [])],
  };
  const squares = names(n)
    .map((name) => `${name}^2`)
    .join(' + ');
  return {
    n,
    start: from.vector(n, 0, 1).map((entry) => entry + 0.5),
    lines: [`${squares} = ${radius}`, ...(plane ? [`${linear(plane)} = 0.25`] : [])],
    posed: { equality, inequality: NONE },
  };
}

const curvedCases: readonly ((from: Source) => Case)[] = [
  (from) => {
    const normalRate = from.pick([0.5, 1, 1.25]);
    return {
      name: 'tangent and normal steps',
      ...curved(from),
      definition: { method: 'nullspace_nonlinear', gamma: normalRate },
      method: 'tangent-normal',
      settings: { normalRate },
    };
  },
  (from) => {
    const [projectEvery, cycles] = [from.whole(1, 3), from.whole(1, 4)];
    return {
      name: 'Newton’s projection',
      ...curved(from),
      definition: { method: 'newton', every: projectEvery, iterations: cycles },
      method: 'projected-gradient',
      settings: { projectEvery, projection: 'newton', cycles },
    };
  },
];

/** Sets with a nearest point in closed form, as a person types them. */
function simpleSet(from: Source, n: number) {
  const a = from.vector(n, 1, 2).map((entry, i) => (i % 2 ? -entry : entry));
  const center = from.vector(n, -1, 1);
  const [lo, hi] = [from.vector(n, -1, 0), from.vector(n, 0, 1)];
  const away = names(n)
    .map((name, i) => `(${name} - (${at(center, i)}))^2`)
    .join(' + ');
  const sum = names(n).join(' + ');
  const b = from.eighth(-1, 1);
  return from.pick([
    { kind: 'box', lines: names(n).map((name, i) => `${at(lo, i)} <= ${name} <= ${at(hi, i)}`), onto: ontoBox(lo, hi) },
    {
      kind: 'nonneg',
      lines: names(n).map((name) => `${name} >= 0`),
      onto: ontoBox(
        a.map(() => 0),
        a.map(() => Number.POSITIVE_INFINITY),
      ),
    },
    {
      kind: 'simplex',
      lines: [...names(n).map((name) => `${name} >= 0`), `${sum} = 1.5`],
      onto: ontoSimplex(1.5),
    },
    {
      kind: 'l1ball',
      lines: [
        `${names(n)
          .map((name) => `abs(${name})`)
          .join(' + ')} <= 0.75`,
      ],
      onto: ontoL1Ball(0.75),
    },
    { kind: 'halfspace', lines: [`${linear(a)} <= ${b}`], onto: ontoHalfSpace(a, b) },
    { kind: 'hyperplane', lines: [`${linear(a)} = ${b}`], onto: ontoAffine([a], () => [b]) },
    { kind: 'ball', lines: [`${away} <= 0.5625`], onto: ontoBall(center, 0.75) },
    { kind: 'sphere', lines: [`${away} = 0.5625`], onto: ontoBall(center, 0.75, true) },
  ]);
}

/** Two sets that are no common kind, in two lines. */
function twoSets(from: Source, n: number) {
  const [a, c] = [from.vector(n, 1, 2), from.vector(n, 1, 2).map((entry, i) => (i === 0 ? -entry : entry))];
  const [b, d] = [from.eighth(-1, 0), from.eighth(-1, 0)];
  const squares = names(n)
    .map((name) => `${name}^2`)
    .join(' + ');
  return from.pick([
    {
      lines: [`${linear(a)} <= ${b}`, `${linear(c)} <= ${d}`],
      sets: [ontoHalfSpace(a, b), ontoHalfSpace(c, d)],
    },
    {
      lines: [`${squares} <= 1`, `${linear(a)} <= ${b}`],
      sets: [
        ontoBall(
          a.map(() => 0),
          1,
        ),
        ontoHalfSpace(a, b),
      ],
    },
    {
      lines: [`${linear(a)} = ${b}`, `${linear(c)} <= ${d}`],
      sets: [ontoAffine([a], () => [b]), ontoHalfSpace(c, d)],
    },
  ]);
}

const EMPTY = { equality: NONE, inequality: NONE };

const setCases: readonly ((from: Source) => Case)[] = [
  (from) => {
    const n = from.whole(2, 4);
    const { kind, lines, onto } = simpleSet(from, n);
    const projectEvery = from.whole(1, 3);
    return {
      name: `projected gradient, ${kind}`,
      lines,
      n,
      start: from.vector(n, -2, 2),
      posed: EMPTY,
      definition: { method: 'pgd', every: projectEvery, onto },
      method: 'projected-gradient',
      settings: { projectEvery, projection: 'exact' },
    };
  },
  (from) => {
    const n = from.whole(2, 3);
    const { lines, sets } = twoSets(from, n);
    const [projection, cycles, projectEvery] = [
      from.pick(['alternating', 'dykstra', 'dykstra-warm'] as const),
      from.whole(1, 4),
      from.whole(1, 2),
    ];
    const increments = sets.map(() => new Array<number>(n).fill(0));
    const begun = (x: Vector) => increments.reduce<Vector>((point, increment) => minus(point, increment), x);
    const ways: Readonly<Record<typeof projection, Projection>> = {
      alternating: alternating(sets, cycles),
      dykstra: dykstra(sets, cycles),
      'dykstra-warm': (x, t) => dykstra(sets, cycles, increments)(begun(x), t),
    };
    const onto = ways[projection];
    return {
      name: `projected gradient, ${projection}`,
      lines,
      n,
      start: from.vector(n, -2, 2),
      posed: EMPTY,
      definition: { method: 'pgd', every: projectEvery, onto },
      method: 'projected-gradient',
      settings: { projectEvery, projection, cycles, sets: 'lines' },
    };
  },
  (from) => {
    const n = from.whole(2, 3);
    const { lines, sets } = twoSets(from, n);
    const algorithm = from.pick(['alternating', 'dykstra'] as const);
    const increments = sets.map(() => new Array<number>(n).fill(0));
    const onto = algorithm === 'dykstra' ? dykstra(sets, 1, increments) : alternating(sets, 1);
    return {
      name: `nearest point, ${algorithm}`,
      lines,
      n,
      start: from.vector(n, -2, 2),
      posed: EMPTY,
      definition: { method: 'nearest', onto },
      method: 'nearest-point',
      settings: { algorithm, sets: 'lines' },
      kinds: ['sgd-plain'],
    };
  },
  (from) => {
    const n = from.whole(2, 4);
    const hasZero = from.isHeads(); // a share of 0 stays 0
    const weights = from.vector(n, 1, 3).map((entry, i) => (hasZero && i === 0 ? 0 : entry));
    const total = weights.reduce((sum, entry) => sum + entry, 0);
    const [isMirror, step] = [from.isHeads(), from.pick(['classic', 'exact_quadratic'] as const)];
    return {
      name: isMirror ? 'mirror descent' : `Frank–Wolfe, ${step}`,
      lines: [...names(n).map((name) => `${name} >= 0`), `${names(n).join(' + ')} = 1`],
      n,
      start: from.isHeads() ? weights : weights.map((entry) => entry / total), // the first step may be from off the simplex
      posed: EMPTY,
      definition: isMirror ? { method: 'mirror_descent' } : { method: 'frank_wolfe', step },
      method: isMirror ? 'mirror-descent' : 'frank-wolfe',
      settings: isMirror ? {} : { stepRule: step === 'classic' ? 'classic' : 'exact' },
      kinds: ['sgd-plain'],
    };
  },
  (from) => {
    const n = from.whole(1, 4);
    return {
      name: 'mirror descent on x ≥ 0',
      lines: names(n).map((name) => `${name} >= 0`),
      n,
      start: from.vector(n, 1, 3),
      posed: EMPTY,
      definition: { method: 'mirror_descent', on: 'orthant' },
      method: 'mirror-descent',
      settings: {},
      kinds: ['sgd-plain'],
    };
  },
];

const elementwise = (
  value: (x: number, i: number) => number,
  slope: (x: number, i: number) => number,
): ParameterMap => ({
  value: (theta) => theta.map(value),
  jacobian: (theta) => theta.map((entry, i) => theta.map((_, j) => (i === j ? slope(entry, i) : 0))),
});

const mapCases: readonly ((from: Source) => Case)[] = [
  (from) => {
    const n = from.whole(2, 3);
    const [lo, hi] = [
      from.vector(n, -1, 0).map((entry) => entry - 0.5),
      from.vector(n, 0, 1).map((entry) => entry + 0.5),
    ];
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const T = Array.from({ length: n }, (_, i) => [i === 0 ? 1 : from.whole(1, 2)]);
    const radius = from.pick([1, 1.5]);
    const soft = (theta: Vector) => {
      const powers = theta.map((entry) => Math.exp(entry));
      const total = powers.reduce((sum, entry) => sum + entry, 0);
      return powers.map((entry) => entry / total);
    };
    const length = (theta: Vector) => Math.sqrt(dot(theta, theta));
    const nonnegative = names(n).map((name) => `${name} >= 0`);
    const chosen = from.pick<{
      map: string;
      lines: string[];
      use: ParameterMap;
      settings?: SettingsJson;
      size?: number;
    }>([
      { map: 'exp', lines: nonnegative, use: elementwise(Math.exp, Math.exp) },
      { map: 'softplus', lines: nonnegative, use: elementwise((x) => Math.log1p(Math.exp(x)), sigmoid) },
      {
        map: 'square',
        lines: nonnegative,
        use: elementwise(
          (x) => x * x,
          (x) => 2 * x,
        ),
      },
      {
        map: 'sigmoid',
        lines: names(n).map((name, i) => `${at(lo, i)} <= ${name} <= ${at(hi, i)}`),
        use: elementwise(
          (x, i) => at(lo, i) + (at(hi, i) - at(lo, i)) * sigmoid(x),
          (x, i) => (at(hi, i) - at(lo, i)) * sigmoid(x) * (1 - sigmoid(x)),
        ),
        settings: from.isHeads() ? { lo, hi } : {},
      },
      {
        map: 'softmax',
        lines: [...nonnegative, `${names(n).join(' + ')} = 1`],
        use: {
          value: soft,
          jacobian: (theta) => {
            const s = soft(theta);
            return s.map((entry, i) => s.map((other, j) => (i === j ? entry : 0) - entry * other));
          },
        },
      },
      {
        map: 'sphere',
        lines: [
          `${names(n)
            .map((name) => `${name}^2`)
            .join(' + ')} = ${radius * radius}`,
        ],
        use: {
          value: (theta) => times(radius / length(theta), theta),
          jacobian: (theta) =>
            theta.map((entry, i) =>
              theta.map(
                (other, j) => radius * ((i === j ? 1 : 0) / length(theta) - (entry * other) / length(theta) ** 3),
              ),
            ),
        },
        settings: from.isHeads() ? { radius } : {},
      },
      {
        map: 'tie',
        lines: names(n)
          .slice(1)
          .map((name, i) => `${name} = ${at(at(T, i + 1), 0)}*x1`),
        use: { value: (theta) => T.map((row) => dot(row, theta)), jacobian: () => T },
        settings: from.isHeads() ? { matrix: T } : {},
        size: 1,
      },
    ]);
    const start = from.vector(chosen.size ?? n, 0, 1).map((entry) => entry + 0.125);
    return {
      name: `reparameterisation, ${chosen.map}`,
      lines: chosen.lines,
      n,
      start: chosen.use.value(start),
      posed: EMPTY,
      definition: { method: 'reparam', map: chosen.use, start },
      method: 'reparameterization',
      settings: { map: chosen.map, start, ...chosen.settings },
    };
  },
];

const ALL = [...affineCases, ...weightedCases, ...curvedCases, ...setCases, ...mapCases, ...setCases, ...mapCases];

/** What the catalogue's entries make of the text. */
function computed({ lines, n, start, method, settings }: Case, loss: string, optimizer: OptimizerOptions): number[][] {
  const text = [
    ...names(n).map((name, i) => `param ${name} = ${at(start, i)}`),
    `minimize ${loss}`,
    ...(lines.length > 0 ? ['subject to', ...lines.map((line) => `  ${line}`)] : []),
  ].join('\n');
  const studied = studyStructure(text, 0, catalog);
  if (!studied.ok) throw new Error(`${text}\n${studied.diagnostics.map(({ message }) => message).join('\n')}`);
  const run: RunJson = { method, settings, optimizer: { ...optimizer }, steps: STEPS };
  const job = prepareRun(studied.value, run, 1, catalog);
  if (!job.ok)
    throw new Error(`${text}\n${JSON.stringify(run)}\n${job.diagnostics.map(({ message }) => message).join('\n')}`);
  const walk = interpret(job.value.program, job.value.starts, job.value.settings);
  const iterates = [[...at(walk.outputs(), 0)]];
  for (let t = 1; t <= STEPS; t++) {
    walk.step(1e9);
    iterates.push([...at(walk.outputs(), 0)]);
  }
  return iterates;
}

describe('combinations of methods, optimizers and settings', () => {
  const drawn = Array.from({ length: SEEDS }, (_, seed) =>
    ALL.map((make, k) => ({ seed: 1000 * seed + k, make })),
  ).flat();
  it.each(drawn)('seed $seed', ({ seed, make }) => {
    const from = source(seed);
    const problem = make(from);
    const loss = lossOf(from, problem.n);
    const posed: Posed = { ...problem.posed, start: problem.start, gradient: loss.gradient };
    for (const kind of problem.kinds ?? KINDS) {
      const optimizer: OptimizerOptions =
        kind === 'sgd-plain'
          ? { kind: 'sgd', learningRate: 1 / 32 }
          : { ...optimizerFor(from, kind), ...trainingFor(from) };
      const expected = trajectory(posed, make(source(seed)).definition, optimizer, STEPS);
      const found = computed(problem, loss.text, optimizer);
      const said = `${problem.name}\n${problem.lines.join('\n')}\n${JSON.stringify([problem.start, problem.settings, optimizer])}`;
      for (const [t, x] of expected.entries()) {
        const largest = Math.max(1, ...x.map(Math.abs));
        if (!(largest < 1e3)) break; // it diverges: rounding grows without bound
        const error = Math.max(...minus(x, at(found, t)).map(Math.abs));
        expect(error / largest, `step ${t} of ${said}`).toBeLessThan(TOLERANCE);
      }
    }
  });
});

describe('the definitions themselves', () => {
  it('have pseudoinverses that keep Penrose’s conditions', () => {
    const { vector } = source(7);
    const A = [vector(4, -2, 2), vector(4, -2, 2)];
    A.push(plus(at(A, 0), at(A, 1)));
    const X = pseudoinverse(A);
    const product = (P: Rows, Q: Rows) =>
      P.map((row) =>
        at(Q, 0).map((_, j) =>
          dot(
            row,
            Q.map((other) => at(other, j)),
          ),
        ),
      );
    for (const [found, wanted] of [
      [product(product(A, X), A), A],
      [product(product(X, A), X), X],
    ] as const)
      found.forEach((row, i) => {
        expect(Math.max(...minus(row, at(wanted, i)).map(Math.abs))).toBeLessThan(1e-12);
      });
  });
});
