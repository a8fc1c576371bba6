/** The constraints of a document with their rows counted: those that say nothing are left out, those that cannot hold are refused. */
import type { Diagnostic, Fix, Result, Span } from '../diagnostic.ts';
import type { Document } from '../language/document.ts';
import { type Expr, namesIn } from '../language/expr.ts';
import { MAX_CONSTRAINT_ROWS, MAX_CONSTRAINTS, tooManyConstraints, tooManyRows } from '../language/limits.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { sizeOf } from '../tensor/shape.ts';
import { USES } from '../tensor/value.ts';
import { type Relation, relationsOf } from './constraints.ts';
import { elaborate } from './elaborate.ts';
import type { Context } from './elaborator.ts';
import type { Scope } from './names.ts';
import { numbersOf } from './numbers.ts';
import type { Constraint, Problem, SoftConstraint } from './problem.ts';

/** Where expressions are recorded. */
export interface Recording {
  readonly ops: Ops;
  readonly scope: Scope;
  readonly context: Context;
}

/** In the order typed, chains and sets as the relations that they stand for; what is wrong with them is added to `diagnostics`. */
export const constraintsOf = (
  document: Document,
  lineAt: (offset: number) => number,
  recording: Recording,
  diagnostics: Diagnostic[],
): Pick<Problem, 'constraints' | 'soft'> => new ConstraintReader(document, lineAt, recording, diagnostics).all();

class ConstraintReader {
  private readonly ops: Ops;

  constructor(
    private readonly document: Document,
    private readonly lineAt: (offset: number) => number,
    private readonly recording: Recording,
    private readonly diagnostics: Diagnostic[],
  ) {
    this.ops = recording.ops;
  }

  all(): Pick<Problem, 'constraints' | 'soft'> {
    const relations = this.document.statements.flatMap((statement) =>
      statement.kind === 'constraint' ? relationsOf(statement, this.document.text, this.lineAt, this.diagnostics) : [],
    );
    const constraints: Constraint[] = [];
    const soft: SoftConstraint[] = [];
    for (const relation of relations) {
      const rows = this.rowsOf(relation);
      const { left: _, right: __, priority, ...constraint } = relation;
      const weight = priority && this.weight(priority);
      if (rows === null || weight === null) continue;
      if (weight === undefined) constraints.push({ ...constraint, index: constraints.length, rows });
      else soft.push({ ...constraint, index: soft.length, rows, weight });
    }
    const rows = [...constraints, ...soft].reduce((sum, constraint) => sum + constraint.rows, 0);
    const whole: Span = [0, this.document.text.length];
    if (constraints.length > MAX_CONSTRAINTS) this.report('error', tooManyConstraints(constraints.length), whole);
    if (rows > MAX_CONSTRAINT_ROWS) this.report('error', tooManyRows(rows), whole);
    return { constraints, soft };
  }

  /** A number ≥ 0 that depends on no parameter and no step; null where it is none. */
  private weight(priority: Expr): number | null {
    const tensor = this.recorded(priority);
    if (!tensor.ok) {
      this.diagnostics.push(...tensor.diagnostics);
      return null;
    }
    const isNumber = tensor.value.shape.length === 0 && this.ops.valueOf(tensor.value).uses === 0;
    const weight = isNumber ? numbersOf(this.ops, tensor.value)[0] : undefined;
    if (weight !== undefined && weight >= 0 && Number.isFinite(weight)) return weight;
    this.report(
      'error',
      'The weight of a soft constraint is one number, 0 or more, without parameters. For example: soft(10): x + y = 1',
      priority.span,
      { title: 'Write 1', span: priority.span, insert: '1' },
    );
    return null;
  }

  /** Null where the relation is faulty or says nothing. */
  private rowsOf({ left, right, residual, relation, span }: Relation): number | null {
    for (const side of [left, right]) {
      const bound = this.infinite(side);
      if (bound === null) continue;
      const holds = relation === 'inequality' && isSubtracted(side, residual) === bound > 0;
      return holds
        ? this.saysNothing('warning', 'An infinite bound is always kept, so it is left out.', span)
        : this.saysNothing('error', 'This is never true: no number is infinite.', span);
    }
    const tensor = this.recorded(residual);
    if (!tensor.ok) {
      this.diagnostics.push(...tensor.diagnostics);
      return null;
    }
    const { uses } = this.ops.valueOf(tensor.value);
    if (uses & USES.start) return sizeOf(tensor.value.shape);
    if (uses !== 0)
      return this.saysNothing('error', 'This constraint has no parameter, so nothing could keep it.', span);
    const holds = numbersOf(this.ops, tensor.value).every((value) =>
      relation === 'equality' ? value === 0 : value <= 0,
    );
    return holds
      ? this.saysNothing('warning', 'This has no parameter and is always true, so it is left out.', span)
      : this.saysNothing('error', 'This has no parameter and is never true: no point is feasible.', span);
  }

  private saysNothing(severity: Diagnostic['severity'], message: string, span: Span): null {
    this.report(severity, message, span, leftOut(span, this.document.text));
    return null;
  }

  /** The value of a bound such as `inf` or `-inf`, else null. */
  private infinite(expr: Expr): number | null {
    const tensor = namesIn(expr).has('inf') ? this.recorded(expr) : null;
    if (!tensor?.ok || tensor.value.shape.length > 0 || this.ops.valueOf(tensor.value).uses !== 0) return null;
    const [value] = numbersOf(this.ops, tensor.value);
    return value === undefined || Number.isFinite(value) ? null : value;
  }

  private recorded(expr: Expr): Result<Tensor> {
    const { ops, scope, context } = this.recording;
    return elaborate(ops, expr, scope, context);
  }

  private report(severity: Diagnostic['severity'], message: string, span: Span, fix?: Fix): void {
    this.diagnostics.push({ severity, message, span, ...(fix && { fix }) });
  }
}

/** Whether the residual is something minus this side. */
const isSubtracted = (side: Expr, residual: Expr): boolean =>
  residual.kind === 'sum' ? residual.first !== side : residual !== side;

/** Makes a comment of the lines that say nothing else. */
function leftOut(span: Span, text: string): Fix | undefined {
  const from = text.slice(0, span[0]).search(/[^\n\r]*$/u);
  const before = text.slice(from, span[0]);
  const after = /^[^\n\r]*/u.exec(text.slice(span[1]))?.[0] ?? '';
  const isAlone = /^\s*(?:[\p{L}\d_]+\s*:\s*)?$/u.test(before) && /^\s*(?:#.*)?$/u.test(after);
  const at = from + (/^\s*/u.exec(before)?.[0].length ?? 0);
  const insert = `# ${text.slice(at, span[1]).replaceAll(/(?:\r\n?|\n)[ \t]*/gu, (lineBreak) => `${lineBreak}# `)}`;
  return isAlone ? { title: 'Leave the line out', span: [at, span[1]], insert } : undefined;
}
