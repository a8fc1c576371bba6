/** Expr and Document → text of the language, with as few brackets as the grammar needs. Parsing it gives the same again. */
import type { Document, Named, Statement } from './document.ts';
import type { Expr, Slice } from './expr.ts';

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

export const printText = (expr: Expr): string => print(expr, LEVEL.compare);

function print(expr: Expr, least: number): string {
  const text = unbracketed(expr);
  return levelOf(expr) < least ? `(${text})` : text;
}

function unbracketed(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name;
    case 'negate':
      return `-${print(expr.operand, LEVEL.negate)}`;
    case 'sum':
      return expr.rest.reduce(
        (text, { operator, operand }) => `${text} ${operator} ${print(operand, LEVEL.product)}`,
        print(expr.first, LEVEL.product),
      );
    case 'product':
      return expr.rest.reduce(
        (text, { operator, operand }) => text + (operator === '@' ? ' @ ' : operator) + print(operand, LEVEL.negate),
        print(expr.first, LEVEL.negate),
      );
    case 'power':
      return `${print(expr.base, LEVEL.suffix)}^${print(expr.exponent, LEVEL.negate)}`;
    case 'call': {
      const options = expr.options.map(({ name, value }) => `${name}=${printText(value)}`);
      return `${expr.name}(${[...expr.args.map(printText), ...options].join(', ')})`;
    }
    case 'index':
      return `${print(expr.operand, LEVEL.suffix)}[${expr.items.map(printItem).join(', ')}]`;
    case 'transpose': // a number's point would swallow the suffix's
      return expr.operand.kind === 'number'
        ? `(${printText(expr.operand)}).T`
        : `${print(expr.operand, LEVEL.suffix)}.T`;
    case 'list':
      return `[${expr.items.map(printText).join(', ')}]`;
    case 'compare':
      return `${print(expr.left, LEVEL.sum)} ${expr.operator} ${print(expr.right, LEVEL.sum)}`;
  }
}

const optional = (expr: Expr | undefined): string => (expr ? printText(expr) : '');

function printItem(item: Expr | Slice): string {
  if (item.kind !== 'slice') return printText(item);
  const step = item.step ? `:${printText(item.step)}` : '';
  return `${optional(item.from)}:${optional(item.to)}${step}`;
}

/** One statement a line; the constraints last, as a paper has them. */
export function printDocument({ statements }: Document): string {
  const constraints = statements.filter(({ kind }) => kind === 'constraint');
  const others = statements.filter(({ kind }) => kind !== 'constraint');
  const lines = others.map(printStatement);
  if (constraints.length > 0)
    lines.push('subject to', ...constraints.map((statement) => `  ${printStatement(statement)}`));
  return lines.join('\n');
}

const printDeclared = ({ name }: Named, shape: readonly Expr[]): string =>
  shape.length > 0 ? `${name}[${shape.map(printText).join(', ')}]` : name;

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'parameter': {
      const { declared, shape, start, draw } = statement;
      const value = start ? ` = ${printText(start)}` : draw ? ` ~ ${printText(draw)}` : '';
      return `param ${printDeclared(declared, shape)}${value}`;
    }
    case 'data':
      return `data ${statement.declared.map((declared) => printDeclared(declared, declared.shape)).join(', ')} = ${printText(statement.value)}`;
    case 'definition':
      return `let ${statement.declared.name} = ${printText(statement.value)}`;
    case 'objective':
      return `${statement.sense} ${printText(statement.value)}`;
    case 'constraint': {
      const { label, priority, operands, operators } = statement;
      const relation = operands
        .map((operand, i) => printText(operand) + (operators[i] ? ` ${operators[i].operator} ` : ''))
        .join('');
      return `${label ? `${label.name}: ` : ''}${priority ? `soft(${printText(priority)}): ` : ''}${relation}`;
    }
  }
}
