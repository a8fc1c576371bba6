/** Declarations of `param` → parameters with shapes and start values; names that nothing declares become scalars. */
import { at, type Diagnostic, type Fix, type Span } from '../diagnostic.ts';
import type { Document, ParameterStatement } from '../language/document.ts';
import { type CallExpr, type Expr, namesIn, nodesOf, type Slice } from '../language/expr.ts';
import { CONSTANTS, isFunctionName, RUN_NAMES } from '../language/functions.ts';
import { MAX_PARAMETER_ENTRIES, tooManyEntries } from '../language/limits.ts';
import { Ops } from '../tensor/ops.ts';
import { broadcastShapes, describeShape, type Shape, sameShape, sizeOf } from '../tensor/shape.ts';
import { type Draws, draws } from './draws.ts';
import { baseScope, elaborate } from './elaborate.ts';
import { reachableNames } from './names.ts';
import { numbersOf } from './numbers.ts';
import type { Definition, Parameter } from './problem.ts';
import { KNOWN_ELSEWHERE } from './unknown.ts';
import { wholeNumber } from './whole-number.ts';

/** `edit` mends the fault; a text alone stands for the span. */
type Report = (message: string, span: Span, edit?: string | Omit<Fix, 'title'>) => null;

/** `tables` are names that stand for data although the text does not declare them. */
export function parametersOf(
  document: Document,
  seed: number,
  tables: ReadonlySet<string>,
  diagnostics: Diagnostic[],
  definitions: readonly Definition[] = [],
): Parameter[] {
  const declared = document.statements.filter((statement) => statement.kind === 'parameter');
  if (declared.length === 0) return implicitParameters(document, tables, diagnostics);
  const report: Report = (message, span, edit) => {
    const fix = typeof edit === 'string' ? { span, insert: edit } : edit;
    const title = `Write ${fix?.insert.trim()}`;
    diagnostics.push({ severity: 'error', message, span, ...(fix && { fix: { title, ...fix } }) });
    return null;
  };
  const random = draws(seed);
  const parameters: Parameter[] = [];
  let offset = 0;
  for (const statement of declared) {
    const parameter = parameterOf(statement, offset, random, diagnostics, report, definitions);
    if (!parameter) continue;
    parameters.push(parameter);
    offset += parameter.start.length;
    if (offset > MAX_PARAMETER_ENTRIES) {
      report(tooManyEntries(offset), statement.span);
      break;
    }
  }
  return parameters;
}

function parameterOf(
  { declared: { name, span }, shape: lengths, start, draw }: ParameterStatement,
  offset: number,
  random: Draws,
  diagnostics: Diagnostic[],
  report: Report,
  definitions: readonly Definition[],
): Parameter | null {
  const shape = shapeOf(lengths, report, definitions);
  if (!shape) return null;
  if (sizeOf(shape) > MAX_PARAMETER_ENTRIES) return report(tooManyEntries(sizeOf(shape)), span);
  if (draw) {
    const values = drawn(draw, sizeOf(shape), random, diagnostics, report);
    return values && { name, shape, offset, start: values, span };
  }
  if (!start) return { name, shape, offset, start: new Array<number>(sizeOf(shape)).fill(0), span };
  const constant = constantOf(start, diagnostics, report, definitions);
  if (!constant) return null;
  const whole = lengths.length === 0 ? constant.shape : shape; // `param w = [1, 2]` says its shape by its start
  if (!sameShape(broadcastShapes(constant.shape, whole) ?? [], whole)) {
    return report(
      `${name} has shape ${describeShape(shape)}, but its start has shape ${describeShape(constant.shape)}.`,
      start.span,
      (sizeOf(constant.shape) > 0 && {
        span: [at(lengths, 0).span[0], at(lengths, lengths.length - 1).span[1]],
        insert: constant.shape.join(', '),
      }) ||
        undefined,
    );
  }
  const values = constant.in(whole);
  if (!values.every(Number.isFinite)) return report(`The start of ${name} is not a finite number.`, start.span, '0');
  return { name, shape: whole, offset, start: values, span };
}

/** What was meant by a length that is no whole number in the text: of `len(y)` and of a name for a number, what it stands for. */
function nearestLength(expr: Expr, definitions: readonly Definition[]): string | undefined {
  if (expr.kind === 'number' || expr.kind === 'negate')
    return `${Math.max(1, Math.round(expr.kind === 'number' ? expr.value : 1))}`;
  const [argument] = expr.kind === 'call' && expr.name === 'len' ? expr.args : [];
  const constant = constantOf(argument ?? expr, [], () => null, definitions);
  const length = argument ? constant?.shape[0] : constant?.shape.length === 0 ? constant.in([])[0] : undefined;
  return length !== undefined && Number.isSafeInteger(length) && length >= 1 ? `${length}` : undefined;
}

function shapeOf(lengths: readonly Expr[], report: Report, definitions: readonly Definition[]): Shape | null {
  const shape: number[] = [];
  for (const expr of lengths) {
    const length = wholeNumber(expr);
    if (length === null || length < 1)
      return report('A length is a whole number from 1 on, such as w[3].', expr.span, nearestLength(expr, definitions));
    shape.push(length);
  }
  return shape.length > 2
    ? report('There are vectors and matrices, no arrays of higher rank.', at(lengths, 2).span)
    : shape;
}

interface Constant {
  readonly shape: Shape;
  /** The numbers when broadcast to a shape, row-major. */
  in(shape: Shape): number[];
}

/** The value of an expression that uses nothing but numbers, constants, and data and names for them. */
export function constantOf(
  expr: Expr,
  diagnostics: Diagnostic[],
  report: (message: string, span: Span) => null,
  definitions: readonly Definition[] = [],
): Constant | null {
  const ops = new Ops();
  const nothing = ops.zeros(0);
  const scope = baseScope(ops, [], nothing, nothing, nothing);
  for (const name of RUN_NAMES.keys()) scope.delete(name);
  const used = reachableNames([expr], definitions);
  for (const { name, value, array } of definitions.filter((definition) => used.has(definition.name))) {
    const known = array
      ? { ok: true as const, value: ops.shared(array.values, array.shape) }
      : elaborate(ops, value, scope);
    if (known.ok) scope.set(name, known.value); // what depends on parameters is not known here
  }
  const unknown = [...namesIn(expr).values()].find(({ name }) => !scope.has(name) && !isFunctionName(name));
  if (unknown) return report(`A start is made of numbers only; ${unknown.name} is not known here.`, unknown.span);
  const tensor = elaborate(ops, expr, scope);
  if (!tensor.ok) {
    diagnostics.push(...tensor.diagnostics);
    return null;
  }
  const { shape } = tensor.value;
  return { shape, in: (wanted) => numbersOf(ops, ops.broadcast(tensor.value, wanted)) };
}

const distribution = (name: string): string => (name.startsWith('u') ? 'uniform(-1, 1)' : 'normal(0, 1)');

function drawn(
  { name, args, options, span }: CallExpr,
  count: number,
  random: Draws,
  diagnostics: Diagnostic[],
  report: Report,
): number[] | null {
  if ((name !== 'normal' && name !== 'uniform') || options.length > 0) {
    return report('After ~ stands normal(mean, deviation) or uniform(low, high).', span, distribution(name));
  }
  if (args.length !== 0 && args.length !== 2)
    return report(`${name} takes two numbers: ${distribution(name)}.`, span, distribution(name));
  const constants = args.map((arg) => constantOf(arg, diagnostics, report));
  if (constants.includes(null)) return null;
  if (constants.some((constant) => constant && constant.shape.length > 0))
    return report(`${name} takes two numbers, no arrays.`, span);
  const [first = 0, second = 1] = constants.flatMap((constant) => constant?.in([]) ?? []);
  if (!Number.isFinite(first) || !Number.isFinite(second)) return report(`${name} takes two finite numbers.`, span);
  if (name === 'normal' && second < 0)
    return report('A deviation is a length, 0 or more.', span, `normal(${first}, ${-second})`);
  if (name === 'uniform' && second < first)
    return report('uniform takes the low end first, then the high one.', span, `uniform(${second}, ${first})`);
  const draw =
    name === 'normal' ? () => first + second * random.normal() : () => first + (second - first) * random.uniform();
  return Array.from({ length: count }, draw);
}

/** Where names first stand that no statement declares, and that mean nothing by themselves, in the order of first appearance. */
export function undeclaredNames({ statements }: Document, tables: ReadonlySet<string>): ReadonlyMap<string, Span> {
  const declared = new Set(
    statements.flatMap((statement) =>
      'declared' in statement ? [statement.declared].flat().map(({ name }) => name) : [],
    ),
  );
  const found = new Map<string, Span>();
  for (const { name, span } of statements.flatMap(expressionsOf).flatMap((expr) => [...namesIn(expr).values()])) {
    const isKnown =
      declared.has(name) ||
      tables.has(name) ||
      found.has(name) ||
      CONSTANTS.has(name) ||
      RUN_NAMES.has(name) ||
      isFunctionName(name);
    if (!isKnown) found.set(name, span);
  }
  return found;
}

/** Scalars that start at 0, in the order of first appearance. */
function implicitParameters(document: Document, tables: ReadonlySet<string>, diagnostics: Diagnostic[]): Parameter[] {
  const { statements } = document;
  const names = [...undeclaredNames(document, tables)].filter(([name, span]) => {
    const known = KNOWN_ELSEWHERE.get(name);
    if (known === undefined) return true;
    diagnostics.push({
      severity: 'error',
      message: `${name} is written ${known}.`,
      span,
      fix: { title: `Write ${known}`, span, insert: known },
    });
    return false;
  });
  const parameters = new Map(
    names.map(([name, span], offset): [string, Parameter] => [name, { name, shape: [], offset, start: [0], span }]),
  );
  const indexed = indexedNames(statements, parameters);
  for (const { name, span, lengths } of indexed.values()) {
    const declaration = `param ${name}[${lengths.join(', ')}]`;
    const others = [...parameters.keys()].filter((other) => !indexed.has(other)).map((other) => `param ${other}\n`);
    diagnostics.push({
      severity: 'error',
      message: `${name} is used as an array, so it must be declared: ${declaration}.`,
      span,
      fix: { title: `Write ${declaration}`, span: [0, 0], insert: `${declaration}\n${others.join('')}` },
    });
  }
  const multiplied = multipliedNames(statements, parameters).filter(({ name }) => !indexed.has(name));
  const [first] = multiplied;
  if (first) diagnostics.push({ severity: 'error', message: withoutLength(multiplied), span: first.span });
  return [...parameters.values()];
}

type Name = Extract<Expr, { kind: 'name' }>;

/** Names that stand beside a @ whose other side is a name, too: each once. A scalar cannot stand there. */
function multipliedNames(statements: Document['statements'], known: ReadonlyMap<string, Parameter>): readonly Name[] {
  const found = new Map<string, Name>();
  const named = (expr: Expr): Name | null =>
    expr.kind === 'name' ? expr : expr.kind === 'transpose' ? named(expr.operand) : null;
  for (const statement of statements)
    for (const expr of expressionsOf(statement))
      for (const node of nodesOf(expr)) {
        if (node.kind !== 'product') continue;
        node.rest.forEach(({ operator, operand }, i) => {
          const sides = [named(node.rest[i - 1]?.operand ?? node.first), named(operand)];
          if (operator !== '@' || sides.includes(null)) return;
          for (const side of sides)
            if (side && known.has(side.name) && !found.has(side.name)) found.set(side.name, side);
        });
      }
  return [...found.values()];
}

/** By habit a capital is given, and a small letter learned. */
function withoutLength(names: readonly Name[]): string {
  const written = names.map(({ name }) => name).join(' and ');
  const examples = names.map(({ name }) =>
    /^\p{Lu}/u.test(name) ? `data ${name} = [[1, 2], [3, 4]]` : `param ${name}[2]`,
  );
  const [are, them] = names.length > 1 ? ['are numbers', 'them'] : ['is a number', 'it'];
  return `@ multiplies matrices and vectors, and ${written} ${are}, as nothing declares ${them}. Declare ${them}, as in ${examples.join(', ')}.`;
}

interface Indexed {
  readonly name: string;
  readonly span: Span;
  /** As many as the indices along each axis reach. */
  readonly lengths: readonly number[];
}

/** Of `x[:10]` 10, and of `x[1:]` 3: two entries more than are left out, so that what is said of neighbours says something. */
function leastLength({ from, to }: Slice): number {
  const [begin = 0, end = 0] = [from, to].map((bound) => (bound && wholeNumber(bound)) ?? 0);
  if (end > 0) return Math.max(begin, end);
  return from || to ? Math.abs(begin) + Math.abs(end) + 2 : 1;
}

function indexedNames(statements: Document['statements'], known: ReadonlyMap<string, Parameter>): Map<string, Indexed> {
  const indexed = new Map<string, Indexed>();
  for (const node of statements.flatMap((statement) =>
    expressionsOf(statement).flatMap((expr) => [...nodesOf(expr)]),
  )) {
    if (node.kind !== 'index' || node.operand.kind !== 'name' || !known.has(node.operand.name)) continue;
    const { name, span } = node.operand;
    const before = indexed.get(name);
    const lengths = node.items.map((item, axis) => {
      const least = item.kind === 'slice' ? leastLength(item) : (wholeNumber(item) ?? 0) + 1;
      return Math.max(before?.lengths[axis] ?? 1, least);
    });
    indexed.set(name, { name, span: before?.span ?? span, lengths });
  }
  return indexed;
}

/** The expressions of a statement in which names may stand. The set after `in` is no name. */
export function expressionsOf(statement: Document['statements'][number]): readonly Expr[] {
  switch (statement.kind) {
    case 'parameter':
    case 'data':
      return [];
    case 'definition':
    case 'objective':
      return [statement.value];
    case 'constraint':
      return statement.operands.filter((_, i) => i === 0 || statement.operators[i - 1]?.operator !== 'in');
  }
}
