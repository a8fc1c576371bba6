/**
 * The optimizers, projections and methods of the reference values written out in plain Float64 loops, as their definitions read: no
 * tensors, no derivatives by program, nothing shared with the catalogue. Test support.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { at, invariant } from '../diagnostic.ts';

export type Vector = readonly number[];
export type Rows = readonly Vector[];

export const plus = (a: Vector, b: Vector): number[] => a.map((entry, i) => entry + at(b, i));
export const minus = (a: Vector, b: Vector): number[] => a.map((entry, i) => entry - at(b, i));
export const times = (factor: number, a: Vector): number[] => a.map((entry) => factor * entry);
export const dot = (a: Vector, b: Vector): number => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);
const norm = (a: Vector): number => Math.sqrt(dot(a, a));
const product = (A: Rows, x: Vector): number[] => A.map((row) => dot(row, x));
/** Aᵀ w, of length n also where A has no rows. */
const transposed = (A: Rows, w: Vector, n: number): number[] =>
  A.reduce<number[]>((sum, row, i) => plus(sum, times(at(w, i), row)), new Array<number>(n).fill(0));
const positive = (a: Vector): number[] => a.map((entry) => Math.max(0, entry));

/** A⁺ with relative cut-off 1e-10 on the singular values. */
export function pseudoinverse(A: Rows): number[][] {
  const svd = new SingularValueDecomposition(new Matrix(A.map((row) => [...row])), { autoTranspose: true });
  const cut = 1e-10 * Math.max(...svd.diagonal);
  const inverted = svd.diagonal.map((value) => (value > cut ? 1 / value : 0));
  return svd.rightSingularVectors.mmul(Matrix.diag(inverted)).mmul(svd.leftSingularVectors.transpose()).to2DArray();
}

// ── optimizers ──

export interface OptimizerOptions {
  readonly kind: string;
  readonly learningRate: number;
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly amsgrad?: boolean;
  readonly alpha?: number;
  readonly centered?: boolean;
  readonly learningRateDecay?: number;
  readonly initialAccumulator?: number;
  readonly schedule?: 'constant' | 'step' | 'cosine' | 'warm-up' | 'inverse-root';
  readonly schedulePeriod?: number;
  readonly scheduleFactor?: number;
  readonly clipGradient?: boolean;
  readonly clipNorm?: number;
}

/** The learning rate of call t of T. */
function rateOf({ learningRate, schedule, schedulePeriod = 50, scheduleFactor = 0.5 }: OptimizerOptions, T: number) {
  return (t: number): number => {
    switch (schedule) {
      case 'step':
        return learningRate * scheduleFactor ** Math.floor((t - 1) / schedulePeriod);
      case 'cosine':
        return (learningRate * (1 + Math.cos((Math.PI * (t - 1)) / T))) / 2;
      case 'warm-up':
        return t < schedulePeriod ? (learningRate * t) / schedulePeriod : learningRate;
      case 'inverse-root':
        return learningRate / Math.sqrt(t);
      default:
        return learningRate;
    }
  };
}

/** `torch.nn.utils.clip_grad_norm_`. */
const clipped = (g: Vector, most: number): Vector => times(Math.min(1, most / (Math.sqrt(dot(g, g)) + 1e-6)), g);

export interface Optimizer {
  update(x: Vector, gradient: Vector): number[];
  /** What the last update divided each entry by, ε included. */
  denominator: Vector;
  /** The momentum buffer of `sgd`. */
  buffer: Vector | null;
}

export function optimizerOf(options: OptimizerOptions, T = 1): Optimizer {
  const rateAt = rateOf(options, T);
  const { kind, weightDecay = kind === 'adamw' ? 0.01 : 0 } = options;
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = kind === 'adagrad' ? 1e-10 : 1e-8,
    momentum = 0,
    alpha = 0.99,
  } = options;
  let t = 0;
  let [m, v, largest, mean, sum]: (Vector | null)[] = [null, null, null, null, null];
  const optimizer: Optimizer = {
    denominator: [],
    buffer: null,
    update(given, full) {
      t += 1;
      const rate = rateAt(t);
      const gradient = options.clipGradient ? clipped(full, options.clipNorm ?? 1) : full;
      const x = kind === 'adamw' ? times(1 - rate * weightDecay, given) : given;
      const g = kind === 'adamw' ? gradient : plus(gradient, times(weightDecay, given));
      const zero = g.map(() => 0);
      const squares = g.map((entry) => entry * entry);
      const blend = (beta: number, before: Vector | null | undefined, now: Vector) =>
        plus(times(beta, before ?? zero), times(1 - beta, now));
      switch (kind) {
        case 'sgd': {
          if (momentum === 0) return minus(x, times(rate, g));
          const before = optimizer.buffer;
          const buffer = before ? plus(times(momentum, before), times(1 - (options.dampening ?? 0), g)) : g;
          optimizer.buffer = buffer;
          return minus(x, times(rate, options.nesterov ? plus(g, times(momentum, buffer)) : buffer));
        }
        case 'adam':
        case 'adamw': {
          m = blend(beta1, m, g);
          v = blend(beta2, v, squares);
          largest = (largest ?? zero).map((entry, i) => Math.max(entry, at(v as Vector, i)));
          const used = options.amsgrad ? largest : v;
          const a = used.map((entry) => Math.sqrt(entry) / Math.sqrt(1 - beta2 ** t) + epsilon);
          optimizer.denominator = a;
          return x.map((entry, i) => entry - ((rate / (1 - beta1 ** t)) * at(m as Vector, i)) / at(a, i));
        }
        case 'rmsprop': {
          v = blend(alpha, v, squares);
          if (options.centered) mean = blend(alpha, mean, g);
          const a = v.map((entry, i) => Math.sqrt(entry - (mean ? at(mean, i) ** 2 : 0)) + epsilon);
          optimizer.denominator = a;
          const step = g.map((entry, i) => entry / at(a, i));
          if (momentum === 0) return minus(x, times(rate, step));
          m = plus(times(momentum, m ?? zero), step);
          return minus(x, times(rate, m));
        }
        default: {
          sum = plus(sum ?? times(0, zero).map(() => options.initialAccumulator ?? 0), squares);
          const a = sum.map((entry) => Math.sqrt(entry) + epsilon);
          optimizer.denominator = a;
          const decayed = rate / (1 + (t - 1) * (options.learningRateDecay ?? 0));
          return x.map((entry, i) => entry - (decayed * at(g, i)) / at(a, i));
        }
      }
    },
  };
  return optimizer;
}

// ── projections ──

export type Projection = (x: Vector, t: number) => number[];

export const ontoAffine = (A: Rows, b: (t: number) => Vector): Projection => {
  const inverse = pseudoinverse(A);
  return (x, t) => minus(x, product(inverse, minus(product(A, x), b(t))));
};
export const ontoBox =
  (lo: Vector, hi: Vector): Projection =>
  (x) =>
    x.map((entry, i) => Math.min(Math.max(entry, at(lo, i)), at(hi, i)));
export const ontoSimplex =
  (total: number): Projection =>
  (x) => {
    const top = Math.max(...x);
    const u = x.map((entry) => entry - top).sort((a, b) => b - a);
    const sums = u.map((_, k) => u.slice(0, k + 1).reduce((sum, entry) => sum + entry, 0));
    const r = u.filter((entry, k) => (k + 1) * entry > at(sums, k) - total).length;
    const theta = (at(sums, r - 1) - total) / r;
    return x.map((entry) => Math.max(entry - top - theta, 0));
  };
export const ontoL1Ball =
  (radius: number): Projection =>
  (x, t) => {
    const lengths = x.map(Math.abs);
    if (lengths.reduce((sum, entry) => sum + entry, 0) <= radius) return [...x];
    return ontoSimplex(radius)(lengths, t).map((entry, i) => Math.sign(at(x, i)) * entry);
  };
export const ontoHalfSpace =
  (a: Vector, b: number): Projection =>
  (x) =>
    minus(x, times(Math.max(dot(a, x) - b, 0) / dot(a, a), a));
export const ontoBall =
  (center: Vector, radius: number, isSphere = false): Projection =>
  (x) => {
    const away = minus(x, center);
    if (!isSphere && norm(away) <= radius) return [...x];
    return plus(center, times(radius / norm(away), away));
  };
export const alternating =
  (sets: readonly Projection[], cycles: number): Projection =>
  (x, t) => {
    let y = [...x];
    for (let cycle = 0; cycle < cycles; cycle++) for (const onto of sets) y = onto(y, t);
    return y;
  };
/** `increments`, given, persist between calls. */
export const dykstra =
  (sets: readonly Projection[], cycles: number, increments?: number[][]): Projection =>
  (x, t) => {
    const p = increments ?? sets.map(() => x.map(() => 0));
    let y = [...x];
    for (let cycle = 0; cycle < cycles; cycle++)
      sets.forEach((onto, i) => {
        const moved = plus(y, at(p, i));
        y = onto(moved, t);
        p[i] = minus(moved, y);
      });
    return y;
  };

// ── methods ──

/** Constraints of one relation: residuals and Jacobian. */
export interface Block {
  value(x: Vector, t: number): number[];
  jacobian(x: Vector): Rows;
}

export interface Posed {
  readonly start: Vector;
  gradient(x: Vector): number[];
  readonly equality: Block;
  readonly inequality: Block;
  /** A and b(t), where the equalities are affine. */
  readonly affine?: { readonly A: Rows; b(t: number): Vector };
}

export interface Map {
  value(theta: Vector): number[];
  /** dx/dθ, a row each entry of x. */
  jacobian(theta: Vector): Rows;
}

export type Definition =
  | { readonly method: 'unconstrained' }
  | { readonly method: 'pgd'; readonly every: number; readonly onto: Projection; readonly projectMomentum?: boolean }
  | { readonly method: 'newton'; readonly every: number; readonly iterations: number }
  | { readonly method: 'pgd_metric' }
  | { readonly method: 'update_projection'; readonly projectStart: boolean }
  | { readonly method: 'grad_projection'; readonly projectStart: boolean; readonly projectAfter: boolean }
  | { readonly method: 'nullspace_reparam'; readonly particular: Vector; readonly basis: Rows; readonly start: Vector }
  | { readonly method: 'reparam'; readonly map: Map; readonly start: Vector }
  | {
      readonly method: 'penalty';
      readonly rho: number;
      readonly growth?: number;
      readonly every: number;
      readonly most: number;
    }
  | {
      readonly method: 'gda';
      readonly order: 'simultaneous' | 'alternating' | 'extragradient';
      readonly dualRate: number;
      readonly rho: number;
      readonly multipliers: { readonly equality: Vector };
    }
  | {
      readonly method: 'alm';
      readonly rho: number;
      readonly growth: number;
      readonly most: number;
      readonly inner: number;
    }
  | { readonly method: 'mirror_descent'; readonly on?: 'orthant' }
  | { readonly method: 'frank_wolfe'; readonly step: 'classic' | 'exact_quadratic' }
  | { readonly method: 'nullspace_nonlinear'; readonly gamma: number }
  | { readonly method: 'nearest'; readonly onto: Projection };

/** x after 0, 1, …, `steps` steps. */
export function trajectory(posed: Posed, definition: Definition, options: OptimizerOptions, steps: number): number[][] {
  const walk = stepper(posed, definition, options, steps);
  const iterates = [walk.start];
  for (let t = 1; t <= steps; t++) iterates.push(walk.step(t));
  return iterates;
}

interface Walk {
  readonly start: number[];
  step(t: number): number[];
}

function stepper(posed: Posed, definition: Definition, options: OptimizerOptions, steps: number): Walk {
  const { gradient: slope, equality, inequality, affine } = posed;
  const n = posed.start.length;
  const rate = options.learningRate;
  const optimizer = optimizerOf(options, steps);
  const inverse = affine && affine.A.length > 0 ? pseudoinverse(affine.A) : null;
  const onto: Projection = (x, t) => {
    invariant(affine && inverse, 'the method projects on affine equalities');
    return minus(x, product(inverse, minus(product(affine.A, x), affine.b(t))));
  };
  const tangent = (v: Vector): number[] => {
    invariant(affine && inverse, 'the method projects on affine equalities');
    return minus(v, product(inverse, product(affine.A, v)));
  };
  const ofRows = (block: Block, x: Vector, weights: Vector) => transposed(block.jacobian(x), weights, n);
  let x = [...posed.start];
  const walk = (step: (t: number) => number[]): Walk => ({
    start: [...x],
    step: (t) => {
      x = step(t);
      return x;
    },
  });
  switch (definition.method) {
    case 'unconstrained':
      return walk(() => optimizer.update(x, slope(x)));
    case 'pgd':
      return walk((t) => {
        const free = optimizer.update(x, slope(x));
        if (t % definition.every !== 0) return free;
        if (definition.projectMomentum && optimizer.buffer) optimizer.buffer = tangent(optimizer.buffer);
        return definition.onto(free, t);
      });
    case 'newton':
      return walk((t) => {
        let y = optimizer.update(x, slope(x));
        if (t % definition.every !== 0) return y;
        for (let k = 0; k < definition.iterations; k++)
          y = minus(y, product(pseudoinverse(equality.jacobian(y)), equality.value(y, t)));
        return y;
      });
    case 'pgd_metric':
      return walk((t) => {
        invariant(affine, 'the metric is for affine equalities');
        const free = optimizer.update(x, slope(x));
        const D = optimizer.denominator.map((entry) => 1 / entry);
        const scaled = affine.A.map((row) => row.map((entry, i) => entry * at(D, i)));
        const gram = affine.A.map((row) => product(scaled, row));
        const w = product(pseudoinverse(gram), minus(product(affine.A, free), affine.b(t)));
        return minus(free, transposed(scaled, w, n));
      });
    case 'update_projection':
      if (definition.projectStart) x = onto(x, 0);
      return walk(() => plus(x, tangent(minus(optimizer.update(x, slope(x)), x))));
    case 'grad_projection':
      if (definition.projectStart) x = onto(x, 0);
      return walk((t) => {
        const moved = optimizer.update(x, tangent(slope(x)));
        return definition.projectAfter ? onto(moved, t) : moved;
      });
    case 'nullspace_reparam': {
      let v = [...definition.start];
      const point = () => plus(definition.particular, product(definition.basis, v));
      x = point();
      return walk(() => {
        v = optimizer.update(v, transposed(definition.basis, slope(x), v.length));
        return point();
      });
    }
    case 'reparam': {
      let theta = [...definition.start];
      x = definition.map.value(theta);
      return walk(() => {
        theta = optimizer.update(theta, transposed(definition.map.jacobian(theta), slope(x), theta.length));
        return definition.map.value(theta);
      });
    }
    case 'penalty': {
      const { rho, growth, every, most } = definition;
      return walk((t) => {
        const now = growth === undefined ? rho : Math.min(most, rho * growth ** Math.floor((t - 1) / every));
        const pull = plus(
          ofRows(equality, x, equality.value(x, t)),
          ofRows(inequality, x, positive(inequality.value(x, t))),
        );
        return optimizer.update(x, plus(slope(x), times(now, pull)));
      });
    }
    case 'gda': {
      const { order, dualRate, rho } = definition;
      let lambda = [...definition.multipliers.equality];
      let mu = inequality.value(x, 0).map(() => 0);
      const lagrangian = (y: Vector, l: Vector, m: Vector) =>
        plus(slope(y), plus(ofRows(equality, y, l), ofRows(inequality, y, m)));
      const climbed = (from: Vector, y: Vector, t: number) => plus(from, times(dualRate, equality.value(y, t)));
      const climbedAbove = (from: Vector, y: Vector, t: number) =>
        positive(plus(from, times(dualRate, inequality.value(y, t))));
      return walk((t) => {
        if (order === 'extragradient') {
          const half = minus(x, times(rate, lagrangian(x, lambda, mu)));
          const [l, m] = [climbed(lambda, x, t), climbedAbove(mu, x, t)];
          const next = minus(x, times(rate, lagrangian(half, l, m)));
          [lambda, mu] = [climbed(lambda, half, t), climbedAbove(mu, half, t)];
          return next;
        }
        const l = plus(lambda, times(rho, equality.value(x, t)));
        const m = plus(mu, times(rho, positive(inequality.value(x, t))));
        const next = optimizer.update(x, lagrangian(x, l, m));
        const seen = order === 'simultaneous' ? x : next;
        [lambda, mu] = [climbed(lambda, seen, t), climbedAbove(mu, seen, t)];
        return next;
      });
    }
    case 'alm': {
      const { growth, most, inner } = definition;
      let { rho } = definition;
      let lambda = equality.value(x, 0).map(() => 0);
      let mu = inequality.value(x, 0).map(() => 0);
      return walk((t) => {
        const l = plus(lambda, times(rho, equality.value(x, t)));
        const m = positive(plus(mu, times(rho, inequality.value(x, t))));
        const next = optimizer.update(x, plus(slope(x), plus(ofRows(equality, x, l), ofRows(inequality, x, m))));
        if (t % inner === 0) {
          lambda = plus(lambda, times(rho, equality.value(next, t)));
          mu = positive(plus(mu, times(rho, inequality.value(next, t))));
          rho = Math.min(rho * growth, most);
        }
        return next;
      });
    }
    case 'mirror_descent':
      return walk(() => {
        const g = slope(x);
        if (definition.on === 'orthant') return x.map((entry, i) => entry * Math.exp(-rate * at(g, i)));
        const least = Math.min(...g);
        const grown = x.map((entry, i) => entry * Math.exp(-rate * (at(g, i) - least)));
        const total = grown.reduce((sum, entry) => sum + entry, 0);
        return grown.map((entry) => entry / total);
      });
    case 'frank_wolfe':
      return walk((t) => {
        const g = slope(x);
        const vertex = x.map((_, i) => (i === g.indexOf(Math.min(...g)) ? 1 : 0));
        const d = minus(vertex, x);
        const q = dot(d, minus(slope(vertex), g));
        const exact = q <= 0 ? 1 : Math.min(Math.max(-dot(g, d) / q, 0), 1);
        return plus(x, times(definition.step === 'classic' ? 2 / (t + 1) : exact, d));
      });
    case 'nullspace_nonlinear':
      return walk((t) => {
        const J = equality.jacobian(x);
        const back = pseudoinverse(J);
        const g = slope(x);
        const moved = minus(optimizer.update(x, minus(g, product(back, product(J, g)))), x);
        return minus(plus(x, moved), times(definition.gamma, product(back, equality.value(x, t))));
      });
    case 'nearest':
      return walk((t) => definition.onto(x, t));
  }
}
