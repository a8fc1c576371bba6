/** Expr → infix text with as few brackets as the grammar needs. The language and Python bind alike and differ in few words. */
import type { CallExpr, Expr, IndexExpr, ListExpr, NameExpr, NumberExpr, TransposeExpr } from './expr.ts';

/** `print` prints what stands inside brackets; `tight` what a suffix may follow. */
export interface Printer {
  readonly print: (expr: Expr) => string;
  readonly tight: (expr: Expr) => string;
}

export interface Dialect {
  readonly power: string;
  readonly number: (expr: NumberExpr) => string;
  readonly name: (expr: NameExpr) => string;
  readonly call: (expr: CallExpr, printer: Printer) => string;
  readonly index: (expr: IndexExpr, printer: Printer) => string;
  readonly transpose: (expr: TransposeExpr, printer: Printer) => string;
  readonly list: (expr: ListExpr, printer: Printer) => string;
}

/** How tightly an expression binds; what stands inside something tighter needs brackets. */
const LEVEL = { compare: 0, sum: 1, product: 2, negate: 3, power: 4, suffix: 5, atom: 6 } as const;

function levelOf(expr: Expr): number {
  switch (expr.kind) {
    case 'sum':
    case 'product':
    case 'negate':
    case 'power':
    case 'compare':
      return LEVEL[expr.kind];
    case 'index':
    case 'transpose':
      return LEVEL.suffix;
    default:
      return LEVEL.atom;
  }
}

export function printInfix(expr: Expr, dialect: Dialect): string {
  const printer: Printer = {
    print: (inner) => print(inner, LEVEL.compare),
    tight: (inner) => print(inner, LEVEL.suffix),
  };

  const print = (inner: Expr, least: number): string => {
    const text = unbracketed(inner);
    return levelOf(inner) < least ? `(${text})` : text;
  };

  const unbracketed = (node: Expr): string => {
    switch (node.kind) {
      case 'sum':
        return node.rest.reduce(
          (text, { operator, operand }) => `${text} ${operator} ${print(operand, LEVEL.product)}`,
          print(node.first, LEVEL.product),
        );
      case 'product':
        return node.rest.reduce(
          (text, { operator, operand }) => text + (operator === '@' ? ' @ ' : operator) + print(operand, LEVEL.negate),
          print(node.first, LEVEL.negate),
        );
      case 'negate':
        return `-${print(node.operand, LEVEL.negate)}`;
      case 'power':
        return print(node.base, LEVEL.suffix) + dialect.power + print(node.exponent, LEVEL.negate);
      case 'compare':
        return `${print(node.left, LEVEL.sum)} ${node.operator} ${print(node.right, LEVEL.sum)}`;
      case 'number':
        return dialect.number(node);
      case 'name':
        return dialect.name(node);
      case 'call':
        return dialect.call(node, printer);
      case 'index':
        return dialect.index(node, printer);
      case 'transpose':
        return dialect.transpose(node, printer);
      case 'list':
        return dialect.list(node, printer);
    }
  };

  return printer.print(expr);
}

/** A number, which negative counts from the end: any library takes it as it is. What is computed may be positions, or a mask. */
export const isPlainIndex = (expr: Expr): boolean =>
  expr.kind === 'number' || (expr.kind === 'negate' && isPlainIndex(expr.operand));

/** `0, 1:, ::2` between the brackets of an index. */
export const printIndices = ({ items }: IndexExpr, { print }: Printer): string =>
  items
    .map((item) => {
      if (item.kind !== 'slice') return print(item);
      const [from, to] = [item.from, item.to].map((bound) => (bound ? print(bound) : ''));
      return `${from}:${to}${item.step ? `:${print(item.step)}` : ''}`;
    })
    .join(', ');
