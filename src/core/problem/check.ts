/** Document → Problem: names, shapes, starts, standard form. */
import { at, type Diagnostic, type Fix, failure, type Result, type Span, success } from '../diagnostic.ts';
import type { Document, ObjectiveStatement } from '../language/document.ts';
import { type Expr, namesIn } from '../language/expr.ts';
import { RUN_NAMES } from '../language/functions.ts';
import {
  MAX_CONSTRAINT_ROWS,
  MAX_CONSTRAINTS,
  MAX_DIAGNOSTICS,
  MAX_NODES,
  tooManyConstraints,
  tooManyNodes,
  tooManyRows,
} from '../language/limits.ts';
import { lineNumbers } from '../language/lines.ts';
import { Ops } from '../tensor/ops.ts';
import { describeShape, sizeOf } from '../tensor/shape.ts';
import { USES } from '../tensor/value.ts';
import { ambiguousOfMatrices } from './ambiguous-of-matrices.ts';
import { type Relation, relationsOf } from './constraints.ts';
import { type DataSources, NO_DATA } from './data.ts';
import { definitionsOf } from './definitions.ts';
import { addDefinitions, baseScope, elaborate } from './elaborate.ts';
import type { Context } from './elaborator.ts';
import { lagrangianMeant } from './lagrangian-meant.ts';
import type { Scope } from './names.ts';
import { reachableNames } from './names.ts';
import { numbersOf } from './numbers.ts';
import { parametersOf } from './parameters.ts';
import type { Constraint, Definition, Parameter, Problem, SoftConstraint } from './problem.ts';
import { renamed, stepAlone } from './step-names.ts';

/** `seed` decides the starts that are drawn at random; `data` is what data statements may name. */
export function check(
  document: Document,
  { seed, data = NO_DATA }: { readonly seed: number; readonly data?: DataSources },
): Result<Problem> {
  const checker = new Checker(document, data);
  const problem = checker.problem(seed);
  if (problem && checker.errors.length === 0)
    return success({ ...problem, notes: checker.diagnostics.slice(0, MAX_DIAGNOSTICS) });
  return failure(...distinct(checker.errors).slice(0, MAX_DIAGNOSTICS));
}

/** One statement may stand for several constraints, with one and the same fault. */
const distinct = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.filter(
    ({ message, span }, i) =>
      diagnostics.findIndex((other) => other.message === message && String(other.span) === String(span)) === i,
  );

class Checker {
  readonly diagnostics: Diagnostic[] = [];
  private readonly ops = new Ops();
  private context: Context = { definitions: [] };
  private readonly entrywise = new Set<number>();
  private readonly lineAt: (offset: number) => number;

  constructor(
    private readonly document: Document,
    private readonly data: DataSources,
  ) {
    this.lineAt = lineNumbers(document.text);
  }

  get errors(): Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity === 'error');
  }

  /** Null where a declaration is faulty: what uses it would only repeat the fault. */
  problem(seed: number): Omit<Problem, 'notes'> | null {
    this.refuseRepeatedNames();
    const faults: Diagnostic[] = [];
    const definitions = definitionsOf(this.document, this.data, faults);
    const tables = new Set(Object.keys(this.data.tables));
    const parameters = parametersOf(this.document, seed, tables, this.diagnostics, definitions);
    this.diagnostics.push(...faults);
    if (this.errors.length > 0) return null;
    const size = parameters.reduce((sum, { start }) => sum + start.length, 0);
    const { ops } = this;
    const time = [ops.input('time', 't', []), ops.input('setting', 'T', [])] as const;
    const scope = baseScope(ops, parameters, ops.input('start', 'x', [size]), ...time);
    this.context = {
      definitions,
      budget: { visits: 0 },
      sawEntrywise: ({ span }) => void this.entrywise.add(span[0]),
    };
    const { context } = this;
    this.diagnostics.push(...addDefinitions(ops, scope, definitions, context));
    this.checkDataShapes(scope);
    if (this.errors.length > 0) return null;
    const objective = this.objective();
    const loss = this.loss(objective, scope);
    const { constraints, soft } = this.constraints(scope);
    const sense = objective?.sense ?? 'minimize';
    if (size === 0 && this.errors.length === 0) {
      this.report(
        'error',
        'There is nothing to learn: the loss and the constraints have no parameter. Declare one with param x = 0.',
        this.whole(),
      );
    }
    const said = [
      loss,
      ...[...constraints, ...soft].map(({ residual }) => residual),
      ...definitions.flatMap(({ value, array }) => (array ? [] : [value])),
    ];
    this.diagnostics.push(...ambiguousOfMatrices(said, scope));
    const meant = objective && lagrangianMeant(this.document, objective.value, parameters, definitions);
    if (meant) this.diagnostics.push(meant);
    const learned = new Set(parameters.map(({ name }) => name));
    const isLearned = (expr: Expr) => [...reachableNames([expr], definitions)].some((name) => learned.has(name));
    this.diagnostics.push(...stepAlone(loss, this.document.text, isLearned));
    this.warnOfUnused(parameters, definitions, [loss, ...[...constraints, ...soft].map(({ residual }) => residual)]);
    if (ops.values.length > MAX_NODES) this.report('error', tooManyNodes, this.whole());
    return { parameters, size, sense, loss, definitions, constraints, soft, seed, entrywise: this.entrywise };
  }

  private report(severity: Diagnostic['severity'], message: string, span: Span, fix?: Fix): void {
    this.diagnostics.push({ severity, message, span, ...(fix && { fix }) });
  }

  /** Makes a comment of a line that says nothing else. */
  private leftOut(span: Span): Fix | undefined {
    const { text } = this.document;
    const from = text.slice(0, span[0]).search(/[^\n\r]*$/u);
    const before = text.slice(from, span[0]);
    const after = /^[^\n\r]*/u.exec(text.slice(span[1]))?.[0] ?? '';
    const isAlone = /^\s*(?:[\p{L}\d_]+\s*:\s*)?$/u.test(before) && /^\s*(?:#.*)?$/u.test(after);
    const at = from + (/^\s*/u.exec(before)?.[0].length ?? 0);
    return isAlone ? { title: 'Leave the line out', span: [at, at], insert: '# ' } : undefined;
  }

  private whole = (): Span => [0, this.document.text.length];

  private refuseRepeatedNames(): void {
    const lines = new Map<string, number>();
    const labels = new Map<string, number>();
    for (const statement of this.document.statements) {
      if (statement.kind === 'constraint') {
        if (statement.label) this.claim(labels, statement.label, 'is the label of another constraint');
      } else if (statement.kind !== 'objective') {
        for (const named of [statement.declared].flat()) this.claim(lines, named, 'is declared already');
      }
    }
  }

  private claim(taken: Map<string, number>, { name, span }: { name: string; span: Span }, what: string): void {
    const before = taken.get(name);
    const meaning = RUN_NAMES.get(name);
    if (before !== undefined) {
      let number = 2;
      while (new RegExp(`\\b${name}_${number}\\b`, 'u').test(this.document.text)) number += 1;
      const fix = { title: `Call it ${name}_${number}`, span, insert: `${name}_${number}` };
      this.report('error', `${name} ${what}, in line ${before}.`, span, fix);
    } else if (meaning && what.includes('declared'))
      this.report(
        'error',
        `${name} cannot be declared, it has a meaning. ${meaning}`,
        span,
        renamed(name, this.document.text, true),
      );
    taken.set(name, before ?? this.lineAt(span[0]));
  }

  /** `data X[2, 2] = …` says its shape twice. */
  private checkDataShapes(scope: Scope): void {
    for (const statement of this.document.statements) {
      if (statement.kind !== 'data') continue;
      for (const { name, shape, span } of statement.declared) {
        const found = scope.get(name)?.shape;
        const lengths = shape.map((length) => (length.kind === 'number' ? length.value : Number.NaN));
        const fits =
          !found ||
          lengths.length === 0 ||
          (lengths.length === found.length && lengths.every((length, i) => length === found[i]));
        if (!fits)
          this.report(
            'error',
            `${name} is declared as ${describeShape(lengths)}, but its numbers have shape ${describeShape(found)}.`,
            span,
            found.length > 0
              ? {
                  title: `Write ${name}[${found.join(', ')}]`,
                  span: [at(shape, 0).span[0], at(shape, shape.length - 1).span[1]],
                  insert: found.join(', '),
                }
              : undefined,
          );
      }
    }
  }

  private objective(): ObjectiveStatement | undefined {
    const objectives = this.document.statements.filter((statement) => statement.kind === 'objective');
    for (const { span } of objectives.slice(1)) {
      const message = 'There is one objective: add the two, with a weight, or make one of them a constraint.';
      const fix = { title: 'Take this one out', span, insert: '' };
      this.diagnostics.push({ severity: 'error', message, span, fix });
    }
    const hasConstraint = this.document.statements.some(({ kind }) => kind === 'constraint');
    if (objectives.length === 0 && !hasConstraint) {
      const message = 'Write what to minimize, for example: minimize (x - 1)^2';
      const [parameter] = this.document.statements.filter(({ kind }) => kind === 'parameter');
      const insert = parameter?.kind === 'parameter' ? `\nminimize sum(${parameter.declared.name}^2)` : null;
      const end: Span = [this.document.text.length, this.document.text.length];
      const fix = insert === null ? undefined : { title: `Write ${insert.trim()}`, span: end, insert };
      this.diagnostics.push({ severity: 'error', message, span: this.whole(), ...(fix && { fix }) });
    } else if (objectives.length === 0) {
      this.report('note', 'There is nothing to minimize: any feasible point will do (loss 0).', this.whole());
    }
    return objectives[0];
  }

  private loss(objective: ObjectiveStatement | undefined, scope: Scope): Expr {
    if (!objective) return { kind: 'number', value: 0, span: [0, 0] };
    const { value, sense } = objective;
    const tensor = elaborate(this.ops, value, scope, this.context);
    if (!tensor.ok) {
      this.diagnostics.push(...tensor.diagnostics);
    } else if (tensor.value.shape.length > 0) {
      const insert = `sum(${this.document.text.slice(...value.span)})`;
      const message = `The objective must be one number, but this has shape ${describeShape(tensor.value.shape)}. Take its sum, mean or norm.`;
      this.diagnostics.push({
        severity: 'error',
        message,
        span: value.span,
        fix: { title: 'Take the sum', span: value.span, insert },
      });
    }
    return sense === 'maximize' ? { kind: 'negate', operand: value, span: value.span } : value;
  }

  private constraints(scope: Scope): Pick<Problem, 'constraints' | 'soft'> {
    const relations = this.document.statements.flatMap((statement) =>
      statement.kind === 'constraint' ? relationsOf(statement, this.document.text, this.lineAt, this.diagnostics) : [],
    );
    const constraints: Constraint[] = [];
    const soft: SoftConstraint[] = [];
    for (const relation of relations) {
      const rows = this.rowsOf(relation, scope);
      const { left: _, right: __, priority, ...constraint } = relation;
      const weight = priority && this.weight(priority, scope);
      if (rows === null || weight === null) continue;
      if (weight === undefined) constraints.push({ ...constraint, index: constraints.length, rows });
      else soft.push({ ...constraint, index: soft.length, rows, weight });
    }
    const rows = [...constraints, ...soft].reduce((sum, constraint) => sum + constraint.rows, 0);
    if (constraints.length > MAX_CONSTRAINTS)
      this.report('error', tooManyConstraints(constraints.length), this.whole());
    if (rows > MAX_CONSTRAINT_ROWS) this.report('error', tooManyRows(rows), this.whole());
    return { constraints, soft };
  }

  /** A number ≥ 0 that depends on no parameter and no step; null where it is none. */
  private weight(priority: Expr, scope: Scope): number | null {
    const tensor = elaborate(this.ops, priority, scope, this.context);
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
  private rowsOf({ left, right, residual, relation, span }: Relation, scope: Scope): number | null {
    for (const side of [left, right]) {
      const bound = this.infinite(side, scope);
      if (bound === null) continue;
      const holds = relation === 'inequality' && isSubtracted(side, residual) === bound > 0;
      if (holds)
        this.report('warning', 'An infinite bound is always kept, so it is left out.', span, this.leftOut(span));
      else this.report('error', 'This is never true: no number is infinite.', span, this.leftOut(span));
      return null;
    }
    const tensor = elaborate(this.ops, residual, scope, this.context);
    if (!tensor.ok) {
      this.diagnostics.push(...tensor.diagnostics);
      return null;
    }
    const { uses } = this.ops.valueOf(tensor.value);
    if (uses & USES.start) return sizeOf(tensor.value.shape);
    if (uses !== 0) {
      this.report('error', 'This constraint has no parameter, so nothing could keep it.', span, this.leftOut(span));
      return null;
    }
    const holds = numbersOf(this.ops, tensor.value).every((value) =>
      relation === 'equality' ? value === 0 : value <= 0,
    );
    if (holds)
      this.report('warning', 'This has no parameter and is always true, so it is left out.', span, this.leftOut(span));
    else
      this.report('error', 'This has no parameter and is never true: no point is feasible.', span, this.leftOut(span));
    return null;
  }

  /** The value of a bound such as `inf` or `-inf`, else null. */
  private infinite(expr: Expr, scope: Scope): number | null {
    const tensor = namesIn(expr).has('inf') ? elaborate(this.ops, expr, scope, this.context) : null;
    if (!tensor?.ok || tensor.value.shape.length > 0 || this.ops.valueOf(tensor.value).uses !== 0) return null;
    const [value] = numbersOf(this.ops, tensor.value);
    return value === undefined || Number.isFinite(value) ? null : value;
  }

  private warnOfUnused(
    parameters: readonly Parameter[],
    definitions: readonly Definition[],
    roots: readonly Expr[],
  ): void {
    const used = reachableNames(roots, definitions);
    for (const { name, span } of parameters) {
      if (!used.has(name))
        this.report(
          'warning',
          `${name} occurs neither in the loss nor in a constraint: it stays where it starts.`,
          span,
        );
    }
  }
}

/** Whether the residual is something minus this side. */
const isSubtracted = (side: Expr, residual: Expr): boolean =>
  residual.kind === 'sum' ? residual.first !== side : residual !== side;
