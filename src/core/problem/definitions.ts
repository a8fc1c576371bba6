/** `let` and `data` → definitions, each after those that it uses, whatever the order in the text. */
import type { Diagnostic } from '../diagnostic.ts';
import type { DataStatement, Document } from '../language/document.ts';
import { type CallExpr, type Expr, type NameExpr, namesIn } from '../language/expr.ts';
import { isFunctionName } from '../language/functions.ts';
import { arraysOf, asCall, type DataSources, wholeTable } from './data.ts';
import { expressionsOf } from './parameters.ts';
import type { Definition } from './problem.ts';

/** Tables that the text uses by name are among them. What is faulty is left out, and said in `diagnostics`. */
export function definitionsOf(document: Document, sources: DataSources, diagnostics: Diagnostic[]): Definition[] {
  const definitions = new Map<string, Definition>();
  for (const statement of document.statements) {
    if (statement.kind === 'definition') {
      const { declared, value, span } = statement;
      definitions.set(declared.name, { name: declared.name, value, span });
    } else if (statement.kind === 'data') {
      for (const definition of dataOf(statement, sources, diagnostics)) definitions.set(definition.name, definition);
    }
  }
  for (const definition of namedTables(document, sources)) {
    if (!definitions.has(definition.name)) definitions.set(definition.name, definition);
  }
  return inOrder(definitions, diagnostics);
}

function dataOf(statement: DataStatement, sources: DataSources, diagnostics: Diagnostic[]): Definition[] {
  const { declared, value: typed, span } = statement;
  const isSet = typed.kind === 'name' && sources.datasets.some(({ id }) => id === typed.name);
  // `portfolio` is `portfolio()`, where no table of the experiment has the name.
  const value = isSet && !Object.hasOwn(sources.tables, typed.name) ? asCall(typed) : typed;
  const isNamed = (expr: Expr): expr is CallExpr | NameExpr =>
    (expr.kind === 'call' && !isFunctionName(expr.name)) ||
    (expr.kind === 'name' && Object.hasOwn(sources.tables, expr.name));
  if (isNamed(value)) {
    const arrays = arraysOf({ ...statement, value }, sources, diagnostics);
    return declared.flatMap(({ name }, i) => {
      const array = arrays?.[i];
      return array ? [{ name, value, span, array }] : [];
    });
  }
  const [first, second] = declared;
  if (first && !second) return [{ name: first.name, value, span }];
  diagnostics.push({
    severity: 'error',
    message:
      'Numbers that are written out have one name. Several names take what a data set gives: data X, y = regression(seed=1).',
    span: second?.span ?? span,
  });
  return [];
}

/** Tables that the text uses by name without declaring it. */
function namedTables({ statements }: Document, { tables }: DataSources): Definition[] {
  const used = new Map<string, NameExpr>();
  const declared = new Set(
    statements.flatMap((statement) =>
      'declared' in statement ? [statement.declared].flat().map(({ name }) => name) : [],
    ),
  );
  for (const statement of statements) {
    for (const expr of expressionsOf(statement)) {
      for (const [name, node] of namesIn(expr))
        if (Object.hasOwn(tables, name) && !used.has(name)) used.set(name, node);
    }
  }
  return [...used.values()].flatMap((value) => {
    const table = tables[value.name];
    return table && !declared.has(value.name)
      ? [{ name: value.name, value, span: value.span, array: wholeTable(table) }]
      : [];
  });
}

function inOrder(definitions: ReadonlyMap<string, Definition>, diagnostics: Diagnostic[]): Definition[] {
  const ordered: Definition[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const root of definitions.values()) {
    const path = [root];
    while (path.length > 0) {
      const definition = path[path.length - 1];
      if (!definition) break;
      const { name } = definition;
      const seen = state.get(name);
      state.set(name, seen ?? 'open');
      const missing =
        seen === 'done'
          ? undefined
          : (definition.array ? [] : [...namesIn(definition.value).keys()])
              .map((used) => definitions.get(used))
              .find((used) => used && state.get(used.name) !== 'done');
      if (missing && state.get(missing.name) === 'open') {
        const circle = [...path.slice(path.indexOf(missing)), missing].map((step) => step.name).join(' → ');
        diagnostics.push({
          severity: 'error',
          message: `${missing.name} is defined by itself: ${circle}.`,
          span: definition.span,
        });
        return ordered;
      }
      if (missing) {
        path.push(missing);
      } else {
        if (seen !== 'done') ordered.push(definition);
        state.set(name, 'done');
        path.pop();
      }
    }
  }
  return ordered;
}
