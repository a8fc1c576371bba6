/** A*w as on paper: of a matrix and a vector, * multiplies entry by entry, as in NumPy, where a product A @ w was likely meant. */
import type { Expr } from '../language/expr.ts';
import { printText } from '../language/print-text.ts';
import { broadcastShapes, describeShape, matmulShape, type Shape } from '../tensor/shape.ts';
import type { Scope } from './names.ts';

export interface MeantProduct {
  /** Of the matrix product. */
  readonly shape: Shape;
  /** What is written, what that means, and what to write. */
  readonly message: string;
  readonly edit: { readonly span: readonly [number, number]; readonly insert: string };
}

/**
 * The first `*` of a product between a matrix and a vector of names that `@` could stand for; null where there is none, or where
 * it takes more to tell. For A [m, n] and w [n], A*w is the matrix of all A_ij w_j, and A @ w the vector [m].
 */
export function matrixProductMeant(expr: Expr, scope: Scope): MeantProduct | null {
  if (expr.kind !== 'product') return null;
  let left = shapeOf(expr.first, scope);
  let written = printText(expr.first);
  for (const { operator, operand } of expr.rest) {
    const right = shapeOf(operand, scope);
    if (!left || !right || operator === '@') return null;
    const shape = matmulShape(left, right);
    if (operator === '*' && shape && left.length + right.length === 3) {
      const insert = `${written} @ ${printText(operand)}`;
      const all = broadcastShapes(left, right);
      return {
        shape,
        message: `${written}*${printText(operand)} multiplies entry by entry${all ? `: a matrix ${describeShape(all)}` : ''}. The matrix product is ${insert}.`,
        edit: { span: [expr.span[0], operand.span[1]], insert },
      };
    }
    left = broadcastShapes(left, right);
    written += `${operator}${printText(operand)}`;
  }
  return null;
}

function shapeOf(expr: Expr, scope: Scope): Shape | null {
  if (expr.kind === 'number') return [];
  return expr.kind === 'name' ? (scope.get(expr.name)?.shape ?? null) : null;
}
