/** A small convex quadratic program that changes from step to step, as a program of plain operations. */
import { at } from '../diagnostic.ts';
import { invertPositive } from './elimination.ts';
import type { Ops, Tensor } from './ops.ts';
import { room } from './step-length.ts';

/** Interior-point turns at most; most programs take about ten. */
const TURNS = 30;
/** Share by which a turn aims to lower the barrier. */
const CENTERING = 0.1;
/** Share of the way to the boundary that a turn may go. */
const FRACTION = 0.99;
/** The barrier, relative to its first value, at which the active rows are told from the others. */
const LAST_BARRIER = 1e-8;
/** A row is at most a million times as stiff as the curvature, also in the limit: else elimination loses the directions along it. */
const LEAST_GIVE = 1e-6;
/** Stiffness of active rows relative to the curvature, and how often multipliers take up what is left. */
const STIFFNESS = 100;
const REFINEMENTS = 20;

export type QuadraticProgram = {
  /** H[n, n], positive definite, and q[n]. */
  readonly H: Tensor;
  readonly q: Tensor;
  /** J[m, n] and c[m], m ≥ 1: rows J d + c = 0 or ≤ 0. */
  readonly J: Tensor;
  readonly c: Tensor;
  /** 1 for a row = 0, else 0: [m]. */
  readonly isEquality: Tensor;
  /** ν > 0: what a unit of violation of a row costs. */
  readonly weight: Tensor;
};

export interface QuadraticSolution {
  readonly d: Tensor;
  /** m[m] of ½dᵀHd + q·d + mᵀ(J d + c): 0 ≤ m ≤ ν, or |m| ≤ ν for equalities. */
  readonly multipliers: Tensor;
  /** A short way back to the active rows from a point where they have these residuals: about −J_A⁺ r. */
  correction(residual: Tensor): Tensor;
}

/**
 * argmin ½dᵀHd + q·d + ν Σ|J d + c|, or ν Σ max(J d + c, 0) for inequalities: there is always a solution, also where the rows
 * contradict or repeat each other. An interior-point method (J d + c + s − e = 0 with s, e > 0 and multipliers between their
 * bounds) finds the active rows; on these the solution is made exact by a few steps of the method of multipliers.
 * Source: Fletcher 1987, Practical Methods of Optimization, §12.4 (Sℓ₁QP); Nocedal & Wright 2006, §16.6 and §17.4.
 */
export function solveQuadraticProgram(ops: Ops, program: QuadraticProgram): QuadraticSolution {
  const { d, multipliers, inverse, weights } = ops.named('quadratic_program', program, solved);
  const Jt = ops.transpose(program.J);
  return {
    d,
    multipliers,
    correction: (residual) => ops.negate(ops.matmul(inverse, ops.matmul(Jt, ops.multiply(weights, residual)))),
  };
}

/** The solution, and what leads back to its active rows. */
function solved(ops: Ops, program: QuadraticProgram) {
  const { H, q, J, c, isEquality, weight } = program;
  const curvature = ops.max(ops.abs(H));
  const interior = interiorPoint(ops, program);
  const { s, e, above, below } = interior;
  // s·(m − lower) and e·(ν − m) are about the barrier: their ratios are the stiffness with which a row holds.
  const holds = ops.less(ops.multiply(curvature, s), above);
  const gives = ops.lessEqual(below, ops.multiply(curvature, e));
  const active = ops.multiply(holds, ops.subtract(1, gives));
  const stiffness = ops.multiply(STIFFNESS, curvature);
  const weights = ops.multiply(stiffness, active);
  const Jt = ops.transpose(J);
  const column = (v: Tensor) => ops.reshape(v, [at(J.shape, 0), 1]);
  const { inverse } = invertPositive(ops, ops.add(H, ops.matmul(Jt, ops.multiply(column(weights), J))));
  const fixed = ops.where(gives, weight, ops.where(isEquality, ops.negate(weight), 0)); // at one bound or the other
  const kept = ops.where(active, interior.m, fixed);
  const [d = q, m = kept] = ops.repeat(REFINEMENTS, [q, kept], ([d = q, m = kept]) => {
    ops.label({ d, m });
    const pull = ops.add(m, ops.multiply(weights, c));
    const point = ops.negate(ops.matmul(inverse, ops.add(q, ops.matmul(Jt, pull))));
    ops.label({ point });
    return [point, ops.add(m, ops.multiply(weights, ops.add(ops.matmul(J, point), c)))];
  });
  // The guess is right if active rows are met, no active inequality pulls, and the other rows hold.
  const slack = ops.add(ops.matmul(J, d), c);
  const scale = ops.add(ops.max(ops.abs(c)), ops.max(ops.abs(ops.matmul(J, d))));
  const isWithin = ops.lessEqual(slack, ops.add(ops.multiply(1e-5, scale), 1e-30));
  const isPushing = ops.less(ops.multiply(-1e-4, ops.max(ops.abs(m))), ops.add(m, 1e-30));
  const isRight = (row: Tensor) => ops.equal(ops.max(ops.subtract(1, row)), 0);
  const isMet = ops.lessEqual(ops.abs(slack), ops.add(ops.multiply(1e-3, scale), 1e-30));
  const ofActive = ops.multiply(isMet, ops.maximum(isEquality, isPushing));
  const ofOthers = ops.maximum(isEquality, ops.maximum(gives, isWithin));
  ops.label({ curvature, gives, active, stiffness, weights, slack, scale });
  const rowsAreRight = ops.where(active, ofActive, ofOthers);
  const isExact = isRight(rowsAreRight);
  return {
    d: ops.where(isExact, d, interior.d),
    multipliers: ops.where(isExact, ops.where(isEquality, m, ops.maximum(m, 0)), interior.m),
    inverse,
    weights,
  };
}

/**
 * d, multipliers m, the slacks s and e of both sides, and how far m is above its lower and below its upper bound: carried by
 * themselves, because a difference of nearly equal numbers would be 0 in float32 long before it should.
 */
function interiorPoint(ops: Ops, { H, q, J, c, isEquality, weight }: QuadraticProgram) {
  const Jt = ops.transpose(J);
  const rows = at(J.shape, 0);
  const column = (v: Tensor) => ops.reshape(v, [rows, 1]);
  const size = ops.maximum(ops.max(ops.abs(c)), ops.divide(ops.max(ops.abs(q)), ops.max(ops.abs(H))));
  const first = ops.add(ops.multiply(0.1, size), 1e-12);
  const push = ops.add(ops.max(ops.abs(q)), ops.multiply(1e-6, weight));
  const s0 = ops.add(ops.maximum(ops.negate(c), 0), first);
  const e0 = ops.add(ops.maximum(c, 0), first);
  ops.label({ size, first, s: s0, e: e0 });
  const share = ops.divide(ops.multiply(first, push), s0);
  const above0 = ops.where(isEquality, weight, ops.minimum(ops.multiply(0.5, weight), share));
  const below0 = ops.where(isEquality, weight, ops.subtract(weight, above0));
  const multipliers = (above: Tensor, below: Tensor) =>
    ops.where(isEquality, ops.multiply(0.5, ops.subtract(above, below)), above);
  const barrierOf = (s: Tensor, e: Tensor, above: Tensor, below: Tensor) =>
    ops.divide(ops.add(ops.dot(s, above), ops.dot(e, below)), 2 * rows);
  const leastGive = ops.divide(LEAST_GIVE, ops.max(ops.abs(H)));
  const firstBarrier = barrierOf(s0, e0, above0, below0);
  const reach = (v: Tensor, change: Tensor) => room(ops, v, change, FRACTION);
  const [d = q, s = s0, e = e0, above = above0, below = below0] = ops.repeat(
    TURNS,
    [ops.zeros(q.shape), s0, e0, above0, below0],
    ([d = q, s = s0, e = e0, above = above0, below = below0]) => {
      ops.label({ d, s, e, above, below });
      const barrier = ops.multiply(CENTERING, barrierOf(s, e, above, below));
      const residual = ops.subtract(ops.add(ops.add(ops.matmul(J, d), c), s), e);
      const slope = ops.add(ops.add(ops.matmul(H, d), q), ops.matmul(Jt, multipliers(above, below)));
      const give = ops.add(ops.divide(s, above), ops.divide(e, below));
      const stiffness = ops.divide(1, ops.add(give, leastGive));
      const toS = ops.subtract(ops.divide(barrier, above), s);
      const toE = ops.subtract(ops.divide(barrier, below), e);
      const pull = ops.multiply(stiffness, ops.subtract(ops.add(residual, toS), toE));
      const { inverse } = invertPositive(ops, ops.add(H, ops.matmul(Jt, ops.multiply(column(stiffness), J))));
      const dd = ops.negate(ops.matmul(inverse, ops.add(slope, ops.matmul(Jt, pull))));
      const dm = ops.add(pull, ops.multiply(stiffness, ops.matmul(J, dd)));
      const ds = ops.subtract(toS, ops.multiply(ops.divide(s, above), dm));
      const de = ops.add(toE, ops.multiply(ops.divide(e, below), dm));
      ops.label({ barrier, stiffness, toS, toE, pull, dd, dm, ds, de });
      const lengths = [reach(s, ds), reach(e, de), reach(above, dm), reach(below, ops.negate(dm))];
      const length = lengths.reduce((a, b) => ops.minimum(a, b));
      const moved = (from: Tensor, by: Tensor) => ops.add(from, ops.multiply(length, by));
      return [moved(d, dd), moved(s, ds), moved(e, de), moved(above, dm), moved(below, ops.negate(dm))];
    },
    ([, s = s0, e = e0, above = above0, below = below0]) =>
      ops.less(barrierOf(s, e, above, below), ops.multiply(LAST_BARRIER, firstBarrier)),
  );
  return { d, m: multipliers(above, below), s, e, above, below };
}
