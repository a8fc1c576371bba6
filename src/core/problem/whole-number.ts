/** Whole numbers that are known from the text alone: lengths of axes, indices, exponents of a shape. */
import type { Expr } from '../language/expr.ts';

/** The value of an expression of literals, or null if it is not a whole number or not known from the text. */
export function wholeNumber(expr: Expr): number | null {
  const value = literal(expr);
  return value !== null && Number.isSafeInteger(value) ? value : null;
}

function literal(expr: Expr): number | null {
  switch (expr.kind) {
    case 'number':
      return expr.value;
    case 'negate': {
      const value = literal(expr.operand);
      return value === null ? null : 0 - value;
    }
    case 'sum':
      return combine(expr.first, expr.rest, (a, operator, b) => (operator === '+' ? a + b : a - b));
    case 'product':
      return combine(expr.first, expr.rest, (a, operator, b) =>
        operator === '@' ? Number.NaN : operator === '*' ? a * b : a / b,
      );
    default:
      return null;
  }
}

function combine<Operator>(
  first: Expr,
  rest: readonly { operator: Operator; operand: Expr }[],
  apply: (a: number, operator: Operator, b: number) => number,
): number | null {
  let value = literal(first);
  for (const { operator, operand } of rest) {
    const next = literal(operand);
    if (value === null || next === null) return null;
    value = apply(value, operator, next);
  }
  return value;
}
