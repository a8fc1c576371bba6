/** Bounds on singular values, as papers and NumPy write them: here they are sets. */
import type { Diagnostic, Fix, Span } from '../diagnostic.ts';
import type { ConstraintStatement, Document } from '../language/document.ts';
import type { Expr } from '../language/expr.ts';
import { printText } from '../language/print-text.ts';
import type { Shapes } from './unknown.ts';
import { wholeNumber } from './whole-number.ts';

/** Names of what is bounded, and the set. */
const BOUNDED: readonly (readonly [RegExp, string])[] = [
  [/^(?:spectral_?norm|spec_?norm|operator_?norm|op_?norm|sigma_?max|max_?singular_?value)$/iu, 'spectralball'],
  [/^(?:nuc(?:lear)?_?(?:norm)?|trace_?norm)$/iu, 'nuclearball'],
  [/^(?:matrix_)?rank$/iu, 'lowrank'],
];

/** What is wrong, or has two meanings, within `spectral_norm(W) <= r` gets the set in which W is as its fix. */
export function withSets(diagnostics: readonly Diagnostic[], document: Document, scope: Shapes): Diagnostic[] {
  const meant = document.statements.flatMap((statement) => {
    const set = statement.kind === 'constraint' ? setOf(statement, scope) : null;
    return set ? [set] : [];
  });
  return diagnostics.map((diagnostic) => {
    const set = meant.find(({ bounded }) => diagnostic.span && isWithin(diagnostic.span, bounded));
    return set ? { ...diagnostic, fix: set.fix } : diagnostic;
  });
}

const isWithin = ([from, to]: Span, [start, end]: Span): boolean => start <= from && to <= end;

/** `W in spectralball(r)` for `spectral_norm(W) <= r`, `r >= sigma_max(W)` and `norm(W, 2) <= r`; null for all else. */
function setOf(
  { operands, operators, priority }: ConstraintStatement,
  scope: Shapes,
): { readonly bounded: Span; readonly fix: Fix } | null {
  const [first, second] = operands;
  if (!first || !second || operands.length > 2 || priority) return null;
  const isUpper = operators[0]?.operator === '<=' || operators[0]?.operator === '<';
  const [bounded, bound] = isUpper ? [first, second] : [second, first];
  const set = operators[0]?.operator === '=' || operators[0]?.operator === 'in' ? null : setBounding(bounded, scope);
  if (set === null || (bound.kind !== 'number' && bound.kind !== 'name')) return null;
  const insert = `${set.matrix} in ${set.name}(${printText(bound)})`;
  return { bounded: bounded.span, fix: { title: `Write ${insert}`, span: [first.span[0], second.span[1]], insert } };
}

function setBounding(expr: Expr, scope: Shapes): { readonly matrix: string; readonly name: string } | null {
  if (expr.kind !== 'call' || expr.options.length > 0) return null;
  const [matrix, order, ...more] = expr.args;
  if (matrix?.kind !== 'name' || scope.get(matrix.name)?.shape.length !== 2 || more.length > 0) return null;
  const isOfOrder = expr.name === 'norm' && order !== undefined && wholeNumber(order) === 2;
  const named = order ? undefined : BOUNDED.find(([names]) => names.test(expr.name))?.[1];
  const name = isOfOrder ? 'spectralball' : named;
  return name === undefined ? null : { matrix: matrix.name, name };
}
