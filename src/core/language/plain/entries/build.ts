/** Expressions as they are built and taken apart: without places in a text. */
import type { CallExpr, Expr, ProductExpr, ProductOperator, Slice } from '../../expr.ts';

export const span = [0, 0] as const;

export const number = (value: number): Expr =>
  value < 0 ? { kind: 'negate', operand: number(-value), span } : { kind: 'number', value, span };

export const call = (name: string, args: readonly Expr[], axis?: number): CallExpr => ({
  kind: 'call',
  name,
  nameSpan: span,
  args,
  options: axis === undefined ? [] : [{ name: 'axis', value: number(axis), span }],
  span,
});

export const list = (values: readonly number[]): Expr => ({ kind: 'list', items: values.map(number), span });

export const product = (first: Expr, operator: ProductOperator, second: Expr): ProductExpr =>
  first.kind === 'product' && (operator !== '@' || first.rest.every((part) => part.operator === '@'))
    ? { ...first, rest: [...first.rest, ...chained(operator, second)] }
    : { kind: 'product', first, rest: chained(operator, second), span };

/** Products associate: x @ (A @ y) is x @ A @ y. */
const chained = (operator: ProductOperator, second: Expr): ProductExpr['rest'] =>
  second.kind === 'product' && second.rest.every((part) => part.operator === operator) && operator !== '/'
    ? [{ operator, operand: second.first }, ...second.rest]
    : [{ operator, operand: second }];

export const sliced = (from: number, to: number | null): Slice => ({
  kind: 'slice',
  ...(from !== 0 && { from: number(from) }),
  ...(to !== null && { to: number(to) }),
  span,
});

export const numbersOf = (item: Expr | Slice | null | undefined): readonly number[] | null =>
  item?.kind === 'list' ? item.items.flatMap((each) => (each.kind === 'number' ? [each.value] : [])) : null;

export const childrenOf = (expr: Expr): readonly Expr[] => {
  switch (expr.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negate':
    case 'transpose':
      return [expr.operand];
    case 'sum':
    case 'product':
      return [expr.first, ...expr.rest.map(({ operand }) => operand)];
    case 'power':
      return [expr.base, expr.exponent];
    case 'call':
      return [...expr.args, ...expr.options.map(({ value }) => value)];
    case 'index':
      return [expr.operand, ...expr.items.filter((item) => item.kind !== 'slice')];
    case 'list':
      return expr.items;
    case 'compare':
      return [expr.left, expr.right];
  }
};

export function* namesOf(expr: Expr): Generator<string> {
  if (expr.kind === 'name') yield expr.name;
  for (const child of childrenOf(expr)) yield* namesOf(child);
}

/** Of a product without quotients, its factors. */
export function factorsOf(expr: Expr): readonly Expr[] {
  if (expr.kind !== 'product' || expr.rest.some(({ operator }) => operator !== '*')) return [expr];
  return [expr.first, ...expr.rest.map(({ operand }) => operand)].flatMap(factorsOf);
}
