/** Names that a text declares twice, labels that two constraints have, and names that have a meaning of their own. */
import type { Diagnostic, Span } from '../diagnostic.ts';
import type { Document } from '../language/document.ts';
import { RUN_NAMES } from '../language/functions.ts';
import { renamed } from './step-names.ts';

interface Named {
  readonly name: string;
  readonly span: Span;
}

/** One fault for each name that is not the first of its kind; labels and declared names may be the same. */
export function repeatedNames({ statements, text }: Document, lineAt: (offset: number) => number): Diagnostic[] {
  const declared = new Map<string, number>();
  const labels = new Map<string, number>();
  return statements.flatMap((statement): Diagnostic[] => {
    if (statement.kind === 'objective') return [];
    if (statement.kind === 'constraint') {
      const { label } = statement;
      if (!label) return [];
      const before = firstLine(labels, label, lineAt);
      return before === null ? [] : [taken(label, `is the label of another constraint, in line ${before}`, text)];
    }
    return [statement.declared].flat().flatMap((named) => {
      const before = firstLine(declared, named, lineAt);
      if (before !== null) return [taken(named, `is declared already, in line ${before}`, text)];
      const meaning = RUN_NAMES.get(named.name);
      return meaning === undefined ? [] : [reserved(named, meaning, text)];
    });
  });
}

/** The line in which the name was met before; null where this is the first. */
function firstLine(lines: Map<string, number>, { name, span }: Named, lineAt: (offset: number) => number) {
  const before = lines.get(name);
  if (before === undefined) lines.set(name, lineAt(span[0]));
  return before ?? null;
}

function taken({ name, span }: Named, what: string, text: string): Diagnostic {
  let number = 2;
  while (new RegExp(`\\b${name}_${number}\\b`, 'u').test(text)) number += 1;
  const free = `${name}_${number}`;
  const fix = { title: `Call it ${free}`, span, insert: free };
  return { severity: 'error', message: `${name} ${what}.`, span, fix };
}

function reserved({ name, span }: Named, meaning: string, text: string): Diagnostic {
  const fix = renamed(name, text, true);
  const message = `${name} cannot be declared, it has a meaning. ${meaning}`;
  return { severity: 'error', message, span, ...(fix && { fix }) };
}
