/** `data X[2, 2] = …` says its shape twice: the two must agree. */
import { at, type Diagnostic, type Span } from '../diagnostic.ts';
import type { Document } from '../language/document.ts';
import { describeShape } from '../tensor/shape.ts';
import type { Scope } from './names.ts';

/** One fault for each name whose numbers have another shape than is declared; none for a name that has no numbers. */
export function misdeclaredShapes({ statements }: Document, scope: Scope): Diagnostic[] {
  const named = statements.filter((statement) => statement.kind === 'data').flatMap(({ declared }) => declared);
  return named.flatMap(({ name, shape, span }): Diagnostic[] => {
    const found = scope.get(name)?.shape;
    const declared = shape.map((length) => (length.kind === 'number' ? length.value : Number.NaN));
    if (!found || declared.length === 0 || String(declared) === String(found)) return [];
    const message = `${name} is declared as ${describeShape(declared)}, but its numbers have shape ${describeShape(found)}.`;
    const lengths: Span = [at(shape, 0).span[0], at(shape, shape.length - 1).span[1]];
    const insert = found.join(', ');
    const fix = found.length > 0 ? { title: `Write ${name}[${insert}]`, span: lengths, insert } : undefined;
    return [{ severity: 'error', message, span, ...(fix && { fix }) }];
  });
}
