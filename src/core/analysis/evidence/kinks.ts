/** Inequalities with corners, Σ wᵢ|xᵢ − cᵢ| ≤ r and max(…) ≤ r: what they are, and which subgradient stands for them. */
import type { BoundEvidence } from '../../contracts.ts';
import { type Expr, nodesOf } from '../../language/expr.ts';
import { residualOf } from '../../problem/elaborate.ts';
import { reachableNames } from '../../problem/names.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import { boundaryLength } from '../../tensor/boundary.ts';
import { gather } from '../../tensor/coordinates.ts';
import type { Ops, Tensor } from '../../tensor/ops.ts';
import { entriesRead } from '../recorded/reads.ts';
import { symbolsOf } from '../recorded/symbols.ts';
import { absoluteEvidence, largestBounds } from './absolute-evidence.ts';

export type Kink =
  | {
      readonly kind: 'length';
      /** Σ weightsᵢ |x[entriesᵢ] − centerᵢ| ≤ radius, weights > 0. */
      readonly entries: readonly number[];
      readonly weights: readonly number[];
      readonly center: readonly number[];
      readonly radius: number;
    }
  /** The largest of the rows scales · x[entries] − b is ≤ 0. */
  | ({ readonly kind: 'largest' } & BoundEvidence);

const BENT = new Set(['abs', 'fabs', 'absolute', 'max', 'min', 'maximum', 'minimum', 'amax', 'amin', 'norm', 'relu']);
const isBent = (expr: Expr): boolean => [...nodesOf(expr)].some((node) => node.kind === 'call' && BENT.has(node.name));

const known = new WeakMap<Problem, ReadonlyMap<number, Kink>>();

/** The inequalities with corners, by the index of the constraint; those that move are left out. */
export function kinksOf(problem: Problem): ReadonlyMap<number, Kink> {
  const before = known.get(problem);
  if (before) return before;
  const found = new Map<number, Kink>();
  for (const constraint of problem.constraints) {
    const kink = kinkOf(problem, constraint);
    if (kink) found.set(constraint.index, kink);
  }
  known.set(problem, found);
  return found;
}

function kinkOf(problem: Problem, constraint: Constraint): Kink | null {
  const { residual, relation, rows } = constraint;
  if (relation !== 'inequality' || rows !== 1) return null;
  const used = reachableNames([residual], problem.definitions);
  const mayBend =
    isBent(residual) || problem.definitions.some(({ name, value, array }) => !array && used.has(name) && isBent(value));
  if (!mayBend) return null;
  const symbols = symbolsOf(problem);
  const { ops, x, t, T } = symbols;
  const value = ops.reshape(residualOf(ops, problem, constraint, x, t, T), [1]).id;
  const largest = largestBounds(symbols, value);
  if (largest) return { kind: 'largest', ...largest };
  const entries = entriesRead(ops, value, x.id);
  const length = absoluteEvidence(symbols, value, entries);
  return length?.weights.every((weight) => weight > 0) ? { kind: 'length', entries, ...length } : null;
}

/** Rows this near to the largest, relative to the size of x, are as large. */
const NEAR = 1e-6;

/**
 * The residual of the row at x with a subgradient of the row as its derivative: of all that there are at a corner, the one that
 * leaves least of `slope`, ∇f, so that multipliers exist wherever −∇f points out of the set.
 * Source: Rockafellar 1970, Convex Analysis, §23 (subgradients) and §27 (normal cones).
 */
export function kinkRow(ops: Ops, kink: Kink, residual: Tensor, x: Tensor, slope: Tensor): Tensor {
  const { entries } = kink;
  const own = gather(ops, x, entries);
  const pull = gather(ops, slope, entries);
  if (kink.kind === 'length') {
    const weights = ops.constant([...kink.weights]);
    const scaled = (point: Tensor) => ops.multiply(weights, ops.subtract(point, ops.constant([...kink.center])));
    const exact = ops.sum(ops.abs(scaled(own)));
    const row = boundaryLength(ops, scaled(own), ops.divide(pull, weights));
    return ops.add(ops.still(ops.subtract(residual, exact)), row);
  }
  const scales = ops.constant([...kink.scales]);
  const rows = ops.subtract(ops.multiply(scales, own), ops.constant([...kink.b]));
  const room = ops.multiply(NEAR, ops.add(1, ops.max(ops.abs(rows))));
  const isNear = ops.lessEqual(ops.subtract(ops.max(rows), room), rows);
  const wanted = ops.multiply(isNear, ops.maximum(0, ops.divide(ops.negate(pull), scales)));
  const total = ops.sum(wanted);
  const isPulled = ops.less(0, total);
  const shares = ops.where(
    isPulled,
    ops.divide(wanted, ops.where(isPulled, total, 1)),
    ops.divide(isNear, ops.sum(isNear)),
  );
  const held = ops.dot(ops.still(ops.multiply(shares, scales)), own);
  return ops.add(ops.reshape(held, residual.shape), ops.still(ops.subtract(residual, held)));
}
