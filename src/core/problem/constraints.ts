/** Typed relations and chains → constraints in standard form: h = 0, or g ≤ 0. */
import { at, type Diagnostic, type Span } from '../diagnostic.ts';
import type { ConstraintStatement, RelationOperator } from '../language/document.ts';
import type { Expr } from '../language/expr.ts';
import type { Constraint } from './problem.ts';
import { membership, type Sides } from './sets.ts';

/** A relation whose rows are not counted yet. */
export type Relation = Omit<Constraint, 'index' | 'rows'> & {
  readonly left: Expr;
  readonly right: Expr;
  /** w of `soft(w):`. */
  readonly priority?: Expr;
};

/** One relation for each sign of a chain, or for each that a set stands for; what is wrong with them is added to `diagnostics`. */
export function relationsOf(
  statement: ConstraintStatement,
  text: string,
  lineAt: (offset: number) => number,
  diagnostics: Diagnostic[],
): Relation[] {
  const { label, priority, operands, operators } = statement;
  const relations: Relation[] = [];
  operators.forEach(({ operator, span: operatorSpan }, i) => {
    const [left, right] = [at(operands, i), at(operands, i + 1)];
    if (operator === '<' || operator === '>') {
      const message = `${operator} is kept as ${operator}=: a strict bound has no nearest point.`;
      const insert = `${operator}=`;
      const fix = { title: `Write ${insert}`, span: operatorSpan, insert };
      diagnostics.push({ severity: 'note', message, span: operatorSpan, fix });
    }
    const span: Span =
      operators.length === 1 ? [statement.operands[0]?.span[0] ?? 0, statement.span[1]] : [left.span[0], right.span[1]];
    const place = {
      ...(label && { label: label.name }),
      ...(priority && { priority }),
      line: lineAt(span[0]),
      span,
      text: text.slice(...span),
    };
    if (operator === 'in') {
      const members = membership(left, right);
      if ('message' in members) diagnostics.push(members);
      else {
        const { set, args, relations: typed } = members;
        relations.push(
          ...typed.map((sides, part) => ({
            ...place,
            ...sides,
            ...standardForm(sides),
            membership: { set, statement: span[0], part, parts: typed.length, member: left, args },
          })),
        );
      }
    } else {
      const sides = { left, operator, right };
      relations.push({ ...place, ...sides, ...standardForm(sides) });
    }
  });
  return relations;
}

const standardForm = ({ left, operator, right }: Sides): Pick<Constraint, 'relation' | 'residual'> => ({
  relation: operator === '=' ? 'equality' : 'inequality',
  residual: residualOf(left, operator, right),
});

/** left − right for = and ≤, right − left for ≥. A literal 0 is left out. */
function residualOf(left: Expr, operator: RelationOperator, right: Expr): Expr {
  const span: Span = [left.span[0], right.span[1]];
  const [minuend, subtrahend] = operator === '>=' || operator === '>' ? [right, left] : [left, right];
  const isZero = (expr: Expr): boolean => expr.kind === 'number' && expr.value === 0;
  if (isZero(subtrahend)) return minuend;
  if (isZero(minuend)) return { kind: 'negate', operand: subtrahend, span };
  return { kind: 'sum', first: minuend, rest: [{ operator: '-', operand: subtrahend }], span };
}
