/** What a scalar row of a constraint is called. */
import { at } from '../diagnostic.ts';
import { type Expr, namesIn } from '../language/expr.ts';
import { sizeOf } from '../tensor/shape.ts';
import { entryNames } from './entry-names.ts';
import type { Constraint, Parameter, Problem } from './problem.ts';

type Named = Pick<Problem, 'parameters' | 'constraints' | 'soft'>;

/**
 * Its constraint's label, else its text; of a chain with a label both. Of several rows further by the entry that it bounds,
 * `w >= 0, w[2]`, where each bounds one; else by its number, from 1. Of a set that is a sum and bounds the sum is called that.
 */
export function rowName({ parameters, constraints, soft }: Named, constraint: Constraint, row: number): string {
  const { label, text, rows, residual, relation, membership } = constraint;
  const alike = [...constraints, ...soft].filter((other) => other.label === label && !other.membership);
  const name = label === undefined ? text : alike.length > 1 ? `${label}: ${text}` : label;
  if (rows === 1) return relation === 'equality' && membership && membership.parts > 1 ? `${name}, its sum` : name;
  const bounded = parameters.find(
    (parameter) => sizeOf(parameter.shape) === rows && isEntry(residual, parameter, parameters),
  );
  return `${name}, ${bounded ? at(entryNames({ parameters }), bounded.offset + row) : `row ${row + 1}`}`;
}

/** ±w, w − c or c − w, of this parameter and of numbers. */
function isEntry(expr: Expr, parameter: Parameter, parameters: readonly Parameter[]): boolean {
  if (expr.kind === 'name') return expr.name === parameter.name;
  if (expr.kind === 'negate') return isEntry(expr.operand, parameter, parameters);
  if (expr.kind !== 'sum') return false;
  const operands = [expr.first, ...expr.rest.map(({ operand }) => operand)];
  const isLearned = (operand: Expr) => parameters.some(({ name }) => namesIn(operand).has(name));
  const [own, ...others] = operands.filter(isLearned);
  return own !== undefined && others.length === 0 && isEntry(own, parameter, parameters);
}
