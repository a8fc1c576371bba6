/** Expr and Document → text of the language. Parsing it gives the same again. */
import type { Document, Named, Statement } from './document.ts';
import type { Expr } from './expr.ts';
import { type Dialect, printIndices, printInfix } from './print-infix.ts';

const LANGUAGE: Dialect = {
  power: '^',
  number: ({ value }) => String(value),
  name: ({ name }) => name,
  call: ({ name, args, options }, { print }) =>
    `${name}(${[...args.map(print), ...options.map((option) => `${option.name}=${print(option.value)}`)].join(', ')})`,
  index: (expr, printer) => `${printer.tight(expr.operand)}[${printIndices(expr, printer)}]`,
  // The point of a number would swallow that of the suffix.
  transpose: ({ operand }, { print, tight }) =>
    operand.kind === 'number' ? `(${print(operand)}).T` : `${tight(operand)}.T`,
  list: ({ items }, { print }) => `[${items.map(print).join(', ')}]`,
};

export const printText = (expr: Expr): string => printInfix(expr, LANGUAGE);

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
