/** Document → Problem: names, shapes, starts, standard form. */
import { type Diagnostic, type Fix, failure, type Result, type Span, success } from '../diagnostic.ts';
import type { Document, ObjectiveStatement } from '../language/document.ts';
import type { Expr } from '../language/expr.ts';
import { MAX_DIAGNOSTICS, MAX_NODES, tooManyNodes } from '../language/limits.ts';
import { lineNumbers } from '../language/lines.ts';
import { Ops } from '../tensor/ops.ts';
import { describeShape } from '../tensor/shape.ts';
import { ambiguousOfMatrices } from './ambiguous-of-matrices.ts';
import { boundsOfBoth } from './bounds-of-both.ts';
import { constraintsOf } from './checked-constraints.ts';
import { type DataSources, NO_DATA } from './data.ts';
import { misdeclaredShapes } from './data-shapes.ts';
import { definitionsOf } from './definitions.ts';
import { addDefinitions, baseScope, elaborate } from './elaborate.ts';
import type { Context } from './elaborator.ts';
import { inferredShapes } from './inferred-shapes.ts';
import { lagrangianMeant } from './lagrangian-meant.ts';
import { reachableNames, type Scope } from './names.ts';
import { parametersOf } from './parameters.ts';
import type { Problem } from './problem.ts';
import { repeatedNames } from './repeated-names.ts';
import { letteredAlone, runTogether } from './run-together.ts';
import { withSets } from './singular-bounds.ts';
import { stepAlone } from './step-names.ts';

/** `seed` decides the starts that are drawn at random; `data` is what data statements may name. */
export function check(
  document: Document,
  { seed, data = NO_DATA }: { readonly seed: number; readonly data?: DataSources },
): Result<Problem> {
  const checker = new Checker(document, data);
  const problem = checker.problem(seed);
  if (problem && checker.errors.length === 0)
    return success({ ...problem, notes: checker.diagnostics.slice(0, MAX_DIAGNOSTICS) });
  const compiles = (other: Document) => {
    const trial = new Checker(other, data);
    return trial.problem(seed) !== null && trial.errors.length === 0;
  };
  const tables = new Set(Object.keys(data.tables));
  const inferred = inferredShapes(document, tables, definitionsOf(document, data, []), checker.errors, compiles);
  return failure(...(inferred ? [inferred] : distinct(checker.errors).slice(0, MAX_DIAGNOSTICS)));
}

/** One statement may stand for several constraints, with one and the same fault; what one declaration mends is said once. */
const distinct = (diagnostics: readonly Diagnostic[]): Diagnostic[] => {
  const place = ({ span, fix }: Diagnostic) => String(fix?.insert.startsWith('param ') ? fix.span : span);
  return diagnostics.filter(
    (each, i) => diagnostics.findIndex((other) => other.message === each.message && place(other) === place(each)) === i,
  );
};

class Checker {
  diagnostics: Diagnostic[] = [];
  private readonly ops = new Ops();
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
    const declared = this.declared(seed);
    if (declared === null) return null;
    const { parameters, definitions, size, scope, context } = declared;
    const { ops, entrywise } = this;
    const objective = this.objective();
    const loss = this.loss(objective, scope, context);
    const { constraints, soft } = constraintsOf(this.document, this.lineAt, { ops, scope, context }, this.diagnostics);
    const sense = objective?.sense ?? 'minimize';
    const problem = { parameters, size, sense, loss, definitions, constraints, soft, seed, entrywise } as const;
    this.question(problem, objective, scope);
    this.diagnostics = withSets(this.diagnostics, this.document, scope);
    if (ops.values.length > MAX_NODES) this.report('error', tooManyNodes, this.whole());
    return problem;
  }

  /** What the names of the text stand for; null where one of them is faulty. */
  private declared(seed: number) {
    const { document, data, ops } = this;
    this.diagnostics.push(...repeatedNames(document, this.lineAt));
    const faults: Diagnostic[] = [];
    const definitions = definitionsOf(document, data, faults);
    const tables = new Set(Object.keys(data.tables));
    const parameters = parametersOf(document, seed, tables, this.diagnostics, definitions);
    this.diagnostics.push(...faults);
    if (this.errors.length > 0) return null;
    const size = parameters.reduce((sum, { start }) => sum + start.length, 0);
    const time = [ops.input('time', 't', []), ops.input('setting', 'T', [])] as const;
    const scope = baseScope(ops, parameters, ops.input('start', 'x', [size]), ...time);
    const context: Context = {
      definitions,
      budget: { visits: 0 },
      sawEntrywise: ({ span }) => void this.entrywise.add(span[0]),
    };
    this.diagnostics.push(...addDefinitions(ops, scope, definitions, context));
    this.diagnostics.push(...misdeclaredShapes(document, scope));
    return this.errors.length > 0 ? null : { parameters, definitions, size, scope, context };
  }

  /** Says where the problem is hardly what was meant. */
  private question(
    { parameters, size, loss, definitions, constraints, soft }: Omit<Problem, 'notes'>,
    objective: ObjectiveStatement | undefined,
    scope: Scope,
  ): void {
    if (size === 0 && this.errors.length === 0) {
      const message =
        'There is nothing to learn: the loss and the constraints have no parameter. Declare one with param x = 0.';
      this.report('error', message, this.whole());
    }
    const roots = [loss, ...[...constraints, ...soft].map(({ residual }) => residual)];
    const named = definitions.flatMap(({ value, array }) => (array ? [] : [value]));
    this.diagnostics.push(...ambiguousOfMatrices([...roots, ...named], scope));
    const meant = objective && lagrangianMeant(this.document, objective.value, parameters, definitions);
    if (meant) this.diagnostics.push(meant);
    this.diagnostics.push(...boundsOfBoth(this.document));
    this.diagnostics.push(...runTogether(this.document, parameters), ...letteredAlone(this.document, parameters));
    const learned = new Set(parameters.map(({ name }) => name));
    const isLearned = (expr: Expr) => [...reachableNames([expr], definitions)].some((name) => learned.has(name));
    this.diagnostics.push(...stepAlone(loss, this.document.text, isLearned));
    const used = reachableNames(roots, definitions);
    for (const { name, span } of parameters) {
      const message = `${name} occurs neither in the loss nor in a constraint: it stays where it starts.`;
      if (!used.has(name)) this.report('warning', message, span);
    }
  }

  private report(severity: Diagnostic['severity'], message: string, span: Span, fix?: Fix): void {
    this.diagnostics.push({ severity, message, span, ...(fix && { fix }) });
  }

  private whole = (): Span => [0, this.document.text.length];

  private objective(): ObjectiveStatement | undefined {
    const objectives = this.document.statements.filter((statement) => statement.kind === 'objective');
    for (const { span } of objectives.slice(1)) {
      const message = 'There is one objective: add the two, with a weight, or make one of them a constraint.';
      const fix = { title: 'Take this one out', span, insert: '' };
      this.report('error', message, span, fix);
    }
    const hasConstraint = this.document.statements.some(({ kind }) => kind === 'constraint');
    if (objectives.length === 0 && !hasConstraint) {
      const message = 'Write what to minimize, for example: minimize (x - 1)^2';
      const [parameter] = this.document.statements.filter(({ kind }) => kind === 'parameter');
      const insert = parameter?.kind === 'parameter' ? `\nminimize sum(${parameter.declared.name}^2)` : null;
      const end: Span = [this.document.text.length, this.document.text.length];
      const fix = insert === null ? undefined : { title: `Write ${insert.trim()}`, span: end, insert };
      this.report('error', message, this.whole(), fix);
    } else if (objectives.length === 0) {
      this.report('note', 'There is nothing to minimize: any feasible point will do (loss 0).', this.whole());
    }
    return objectives[0];
  }

  private loss(objective: ObjectiveStatement | undefined, scope: Scope, context: Context): Expr {
    if (!objective) return { kind: 'number', value: 0, span: [0, 0] };
    const { value, sense } = objective;
    const tensor = elaborate(this.ops, value, scope, context);
    if (!tensor.ok) {
      this.diagnostics.push(...tensor.diagnostics);
    } else if (tensor.value.shape.length > 0) {
      const insert = `sum(${this.document.text.slice(...value.span)})`;
      const message = `The objective must be one number, but this has shape ${describeShape(tensor.value.shape)}. Take its sum, mean or norm.`;
      this.report('error', message, value.span, { title: 'Take the sum', span: value.span, insert });
    }
    return sense === 'maximize' ? { kind: 'negate', operand: value, span: value.span } : value;
  }
}
