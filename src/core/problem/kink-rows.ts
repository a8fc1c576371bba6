/** Rows with Σ|xᵢ| typed out: at a corner, where entries are 0, the subgradient that stands for them is the slope's. */
import type { Expr } from '../language/expr.ts';
import { boundaryLength } from '../tensor/boundary.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Constraint } from './problem.ts';

/** E of each summand |E| or sum(|E|) with weight 1, where E is a parameter or a part of one. */
function lengthsIn(expr: Expr, sign: 1 | -1): Expr[] {
  const turned = sign === 1 ? -1 : 1;
  switch (expr.kind) {
    case 'sum':
      return [
        ...lengthsIn(expr.first, sign),
        ...expr.rest.flatMap(({ operator, operand }) => lengthsIn(operand, operator === '+' ? sign : turned)),
      ];
    case 'negate':
      return lengthsIn(expr.operand, turned);
    case 'call':
      if (expr.options.length > 0 || expr.args.length !== 1 || sign === -1) return [];
      return expr.args.flatMap((inner) => {
        if (isLength(expr)) return isPart(inner) ? [inner] : [];
        return expr.name === 'sum' && inner.kind === 'call' && isLength(inner) ? lengthsIn(inner, 1) : [];
      });
    default:
      return [];
  }
}

const isLength = ({ name }: { readonly name: string }): boolean => ['abs', 'fabs', 'absolute'].includes(name);

const isPart = (expr: Expr): boolean =>
  expr.kind === 'name' || ((expr.kind === 'index' || expr.kind === 'transpose') && isPart(expr.operand));

/**
 * Null for all other constraints. The value of the row is as typed; of |x| at 0, which has the slopes from −1 to 1, the derivative
 * is the one that leaves least of ∇f, so that multipliers exist wherever −∇f points out of the set.
 * Source: Rockafellar 1970, Convex Analysis, §23 (subgradients of a norm) and §27 (normal cones).
 */
export function kinkRows(
  ops: Ops,
  { residual, relation, rows }: Pick<Constraint, 'residual' | 'relation' | 'rows'>,
  valued: (expr: Expr) => Tensor,
  slope: () => (expr: Expr) => Tensor,
): Tensor | null {
  const parts = relation === 'inequality' && rows === 1 ? lengthsIn(residual, 1) : [];
  if (parts.length === 0) return null;
  const all = (value: (expr: Expr) => Tensor) =>
    ops.concat(parts.map(value).map((part) => ops.reshape(part, [sizeOf(part.shape)])));
  const x = all(valued);
  const held = ops.subtract(boundaryLength(ops, x, all(slope())), ops.sum(ops.abs(x)));
  return ops.add(valued(residual), held);
}
