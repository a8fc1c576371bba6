/** `let` and literal `data` → definitions, each after those that it uses, whatever the order in the text. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Document } from '../language/document.ts';
import { namesIn } from '../language/expr.ts';
import type { Definition } from './problem.ts';

export function definitionsOf({ statements }: Document, diagnostics: Diagnostic[]): Definition[] {
  const definitions = new Map<string, Definition>();
  for (const statement of statements) {
    if (statement.kind === 'definition') {
      const { declared, value, span } = statement;
      definitions.set(declared.name, { name: declared.name, value, span });
    } else if (statement.kind === 'data') {
      const [first, second] = statement.declared;
      if (statement.value.kind === 'call' || !first || second) {
        diagnostics.push({
          severity: 'error',
          message: 'Data sets by name are not there yet. Numbers can be written out: data X[2,2] = [[1, 0], [0, 1]].',
          span: statement.value.span,
        });
      } else {
        definitions.set(first.name, { name: first.name, value: statement.value, span: statement.span });
      }
    }
  }
  return inOrder(definitions, diagnostics);
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
          : [...namesIn(definition.value).keys()]
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
