/** What was typed as one: a relation, a chain `a <= x <= b`, or a membership, whatever number of constraints each stands for. */
import { at } from '../diagnostic.ts';
import type { Constraint, Problem } from '../problem/problem.ts';

export interface Statement {
  /** 1-based line of the text. */
  readonly line: number;
  /** In the order typed. */
  readonly constraints: readonly Constraint[];
  /** As a sum of statements calls it: its label, `line 4`, or its text where several statements share the line. */
  readonly name: string;
}

/** In the order typed. Parts of a chain share an operand, and parts of a membership all of their text: their spans overlap. */
export function statementsOf({ constraints }: Pick<Problem, 'constraints'>): Statement[] {
  const groups: Constraint[][] = [];
  for (const constraint of constraints) {
    const group = groups[groups.length - 1];
    const before = group?.[group.length - 1];
    const isPart = before !== undefined && before.line === constraint.line && constraint.span[0] < before.span[1];
    if (group && isPart) group.push(constraint);
    else groups.push([constraint]);
  }
  const onLine = new Map<number, number>();
  for (const [{ line } = { line: 0 }] of groups) onLine.set(line, (onLine.get(line) ?? 0) + 1);
  return groups.map((parts) => {
    const { line, label } = at(parts, 0);
    const isAlone = onLine.get(line) === 1;
    return { line, constraints: parts, name: label ?? (isAlone ? `line ${line}` : `“${textOf(parts)}”`) };
  });
}

/** The parts' texts, without what two of them share. */
function textOf(parts: readonly Constraint[]): string {
  let [text, end] = ['', Number.NEGATIVE_INFINITY];
  for (const { span, text: own } of parts) {
    text += own.slice(Math.max(0, end - span[0]));
    end = Math.max(end, span[1]);
  }
  return text.trim();
}

/** As the reader finds a row: by its statement's name, and where that has several rows by which of them: `line 4[2]`. */
export function nameOfRow({ name, constraints }: Statement, index: number, row: number): string {
  const own = constraints.find((constraint) => constraint.index === index);
  const count = constraints.reduce((sum, { rows }) => sum + rows, 0);
  if (count === 1 || !own) return name;
  const part = constraints.length === 1 ? '' : partOf(own);
  return `${name}${part}${own.rows === 1 ? '' : `[${row}]`}`;
}

/** Which part of a chain or of a membership a constraint is, in words that follow the statement's name. */
function partOf({ membership, relation, text, rows }: Constraint): string {
  if (!membership) return ` (${text.trim()})`;
  if (relation === 'inequality') return ' (its bounds)';
  return rows === 1 ? ' (its sum)' : ' (its sums)';
}
