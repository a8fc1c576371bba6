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
  const own = new Set(parameters.map(({ name }) => name));
  const names = new Set([...own, 'π', ...[...own].flatMap((name) => /^π(\p{L})$/u.exec(name)?.[1] ?? [])]);
  return statements.flatMap(expressionsOf).flatMap((expr) =>
    [...namesIn(expr).values()].flatMap(({ name, span }): Diagnostic[] => {
      const product = own.has(name) ? factorsOf(name, names)?.join('*') : undefined;
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

/** `xi >= 0` beside x1, x2 and x3, or `x >= 0` with an x that is not minimized: a fourth number here, where each of the three was likely meant. */
export function letteredAlone({ statements, text }: Document, parameters: readonly Parameter[]): readonly Diagnostic[] {
  if (statements.some(({ kind }) => kind === 'parameter')) return [];
  const names = parameters.map(({ name }) => name);
  const aim = statements.find(({ kind }) => kind === 'objective');
  const aimed = new Set(aim?.kind === 'objective' ? namesIn(aim.value).keys() : []);
  return statements.flatMap((statement) => {
    if (statement.kind !== 'constraint' || statement.operators.some(({ operator }) => operator === 'in')) return [];
    const used = new Map(statement.operands.flatMap((expr) => [...namesIn(expr)]));
    return [...used.values()].flatMap(({ name, span }): Diagnostic[] => {
      const base = /^(\p{L}+?)_?[ijkᵢⱼₖ]$/u.exec(name)?.[1] ?? (aimed.has(name) ? undefined : name);
      const numbered = names.filter(
        (other) => base !== undefined && other.startsWith(base) && /^_?(?:\d+|[₀-₉]+)$/u.test(other.slice(base.length)),
      );
      if (!names.includes(name) || numbered.length < 2) return [];
      const [from, to] = [statement.operands[0]?.span[0] ?? 0, statement.operands.at(-1)?.span[1] ?? 0];
      const own = new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, 'gu');
      const insert = numbered.map((other) => text.slice(from, to).replaceAll(own, other)).join('; ');
      return [
        {
          severity: 'warning',
          message: `${name} is one name here, and a parameter of its own. For each of ${numbered.join(', ')} write ${insert}.`,
          span,
          fix: { title: `Write ${insert}`, span: [from, to], insert },
        },
      ];
    });
  });
}
