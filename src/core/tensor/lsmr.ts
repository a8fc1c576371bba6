/** A⁺ b without A⁺: LSMR, a loop of two products with A a turn that ends by itself. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** ‖Aᵀ r‖ falls to this share of ‖Aᵀ b‖: as far as float32 tells one from the other. */
const TOLERANCE = 1e-7;

/** Lengths below this share of ‖A‖_F, as far as it is known, are what rounding has left of 0: there is no further direction. */
const CUTOFF = 1e-6;

/** Solutions one after the other, each of what the one before has left: the second takes away what rounding left of the first. */
const PASSES = 2;

/**
 * Most turns of one pass. In exact arithmetic the smaller of the dimensions is enough; rounding takes the vectors their
 * orthogonality, which costs turns, not accuracy.
 */
const mostTurns = ({ rows, columns }: LinearMap): number => 2 * Math.min(rows, columns) + 8;

/** Rows of constraints with which least squares are affordable in every step. */
export const MOST_LINEARIZED_ROWS = 512;

/** A[m, n] by its products alone. */
export interface LinearMap {
  readonly rows: number;
  readonly columns: number;
  /** A v. */
  readonly times: (v: Tensor) => Tensor;
  /** Aᵀ u. */
  readonly transposedTimes: (u: Tensor) => Tensor;
}

/**
 * x[n] = A⁺ b, the shortest of the least-squares solutions of A x = b, for A[m, n] of any rank and b[m]; 0 where Aᵀ b = 0. It takes
 * about as many turns as A has different singular values, and in each of its passes at most `most`.
 * Source: Fong & Saunders 2011, SIAM J. Sci. Comput. 33(5), 2950–2971, §2 (without damping); bidiagonalization: Golub & Kahan 1965.
 */
export function lsmr(ops: Ops, A: LinearMap, b: Tensor, most = mostTurns(A)): Tensor {
  const turns = Math.min(most, mostTurns(A));
  let { x, square } = onePass(ops, A, b, ops.constant(0), turns);
  for (let pass = 1; pass < PASSES; pass++) {
    const again = onePass(ops, A, ops.subtract(b, A.times(x)), square, turns);
    x = ops.add(x, again.x);
    square = again.square;
  }
  return x;
}

/** What a turn hands to the next, in the names of the source: u and v are unit vectors, `rhoBar` and the like wear a bar there. */
interface Turn {
  readonly u: Tensor;
  readonly v: Tensor;
  readonly h: Tensor;
  readonly hBar: Tensor;
  readonly x: Tensor;
  readonly alpha: Tensor;
  readonly alphaBar: Tensor;
  readonly zetaBar: Tensor;
  readonly rho: Tensor;
  readonly rhoBar: Tensor;
  readonly cBar: Tensor;
  readonly sBar: Tensor;
  /** The largest αₖ² + βₖ² so far: at most ‖A‖²_F. */
  readonly square: Tensor;
}

function onePass(ops: Ops, A: LinearMap, b: Tensor, known: Tensor, most: number): Pick<Turn, 'x' | 'square'> {
  const beta = ops.norm(b);
  const u = ops.multiply(b, inverse(ops, beta));
  const { length: alpha, unit: v } = polar(ops, A.transposedTimes(u), known);
  const zetaBar = ops.multiply(alpha, beta); // ‖Aᵀ b‖
  const [one, zero] = [ops.constant(1), ops.constant(0)];
  const none = ops.zeros([A.columns]);
  const first: Turn = {
    ...{ u, v, h: v, hBar: none, x: none },
    ...{ alpha, alphaBar: alpha, zetaBar, rho: one, rhoBar: one, cBar: one, sBar: zero },
    square: ops.maximum(known, ops.multiply(alpha, alpha)),
  };
  const names = Object.keys(first) as (keyof Turn)[];
  const asTurn = (carried: readonly Tensor[]) =>
    Object.fromEntries(names.map((name, i) => [name, at(carried, i)])) as Record<keyof Turn, Tensor>;
  const last = ops.repeat(
    most,
    names.map((name) => first[name]),
    (carried) => {
      const next = turn(ops, A, asTurn(carried));
      return names.map((name) => next[name]);
    },
    (carried) => ops.lessEqual(ops.abs(asTurn(carried).zetaBar), ops.multiply(TOLERANCE, zetaBar)),
  );
  return asTurn(last);
}

function turn(ops: Ops, A: LinearMap, before: Turn): Turn {
  const { multiply, divide } = { multiply: ops.multiply.bind(ops), divide: ops.divide.bind(ops) };
  const towards = ops.subtract(A.times(before.v), multiply(before.alpha, before.u));
  const { length: beta, unit: u } = polar(ops, towards, before.square);
  const back = ops.subtract(A.transposedTimes(u), multiply(beta, before.v));
  const { length: alpha, unit: v } = polar(ops, back, before.square);
  // The rotation that takes β below the diagonal away, and the one that does so for the square of the triangle.
  const rho = hypotenuse(ops, before.alphaBar, beta);
  const [c, s] = [multiply(before.alphaBar, inverse(ops, rho)), multiply(beta, inverse(ops, rho))];
  const theta = multiply(s, alpha);
  const thetaBar = multiply(before.sBar, rho);
  const along = multiply(before.cBar, rho);
  const rhoBar = hypotenuse(ops, along, theta);
  const [cBar, sBar] = [multiply(along, inverse(ops, rhoBar)), multiply(theta, inverse(ops, rhoBar))];
  const zeta = multiply(cBar, before.zetaBar);
  const shrink = divide(multiply(thetaBar, rho), multiply(before.rho, before.rhoBar));
  const hBar = ops.subtract(before.h, multiply(shrink, before.hBar));
  const x = ops.add(before.x, multiply(multiply(zeta, inverse(ops, multiply(rho, rhoBar))), hBar));
  const h = ops.subtract(v, multiply(multiply(theta, inverse(ops, rho)), before.h));
  const alphaBar = multiply(c, alpha);
  const square = ops.maximum(before.square, ops.add(multiply(alpha, alpha), multiply(beta, beta)));
  return {
    square,
    u,
    v,
    h,
    hBar,
    x,
    alpha,
    alphaBar,
    zetaBar: ops.negate(multiply(sBar, before.zetaBar)),
    rho,
    rhoBar,
    cBar,
    sBar,
  };
}

const hypotenuse = (ops: Ops, a: Tensor, b: Tensor): Tensor =>
  ops.sqrt(ops.add(ops.multiply(a, a), ops.multiply(b, b)));

/** v = length · unit, and 0 = 0 · 0 where the length is nothing beside ‖A‖_F, of which at least `square` is known to be the square. */
function polar(ops: Ops, v: Tensor, square: Tensor): { readonly length: Tensor; readonly unit: Tensor } {
  const norm = ops.norm(v);
  const isSome = ops.less(ops.multiply(CUTOFF * CUTOFF, square), ops.multiply(norm, norm));
  const length = ops.where(isSome, norm, 0);
  return { length, unit: ops.multiply(v, inverse(ops, length)) };
}

/** 1 / a, and 0 for a = 0: what is exhausted adds nothing. */
function inverse(ops: Ops, a: Tensor): Tensor {
  const isSome = ops.less(0, a);
  return ops.where(isSome, ops.divide(1, ops.where(isSome, a, 1)), 0);
}
