/** `xy` beside x and y, which nothing declares: a number of its own here, and hardly what was meant. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Document } from '../language/document.ts';
import { namesIn } from '../language/expr.ts';
import { factorsOf } from '../language/plain/run-together.ts';
import { expressionsOf } from './parameters.ts';
import type { Parameter } from './problem.ts';

/** A warning for each place, with the product as its fix; none where the text declares its parameters. */
export function runTogether({ statements }: Document, parameters: readonly Parameter[]): readonly Diagnostic[] {
  if (statements.some(({ kind }) => kind === 'parameter')) return [];
  const names = new Set(parameters.map(({ name }) => name));
  return statements.flatMap(expressionsOf).flatMap((expr) =>
    [...namesIn(expr).values()].flatMap(({ name, span }): Diagnostic[] => {
      const product = names.has(name) ? factorsOf(name, names)?.join('*') : undefined;
      return product === undefined
        ? []
        : [
            {
              severity: 'warning',
              message: `${name} is one name here, and a parameter of its own. A product is written ${product}.`,
              span,
              fix: { title: `Write ${product}`, span, insert: `(${product})` },
            },
          ];
    }),
  );
}
