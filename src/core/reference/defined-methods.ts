/**
 * The methods of the reference values written out in plain Float64 loops, as their definitions read: no tensors, no derivatives by
 * program, nothing shared with the catalogue. Test support.
 */
import { at, invariant } from '../diagnostic.ts';
import { type OptimizerOptions, optimizerOf } from './defined-optimizers.ts';
import type { Projection } from './defined-projections.ts';
import {
  dot,
  minus,
  plus,
  positive,
  product,
  pseudoinverse,
  type Rows,
  times,
  transposed,
  type Vector,
} from './vectors.ts';

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
