/** Arrays that the text uses and nothing declares: the shapes with which all of it fits. */
import type { Diagnostic, Span } from '../diagnostic.ts';
import type { Document, ParameterStatement } from '../language/document.ts';
import { type Expr, namesIn, nodesOf } from '../language/expr.ts';
import { isSetting } from '../language/plain/statement.ts';
import type { Shape } from '../tensor/shape.ts';
import { constantOf, expressionsOf, undeclaredNames } from './parameters.ts';
import type { Definition } from './problem.ts';
import { wholeNumber } from './whole-number.ts';

const MOST_LENGTHS = 4;
const MOST_TRIES = 64;

/**
 * One error with one fix, `param x[3]`, in place of `errors`; null where no shapes of the lengths in the text make all of it compile, or
 * where numbers do, or another fix is at hand.
 */
export function inferredShapes(
  document: Document,
  tables: ReadonlySet<string>,
  definitions: readonly Definition[],
  errors: readonly Diagnostic[],
  compiles: (document: Document) => boolean,
): Diagnostic | null {
  if (errors.some(({ fix }) => fix && !fix.insert.startsWith('param '))) return null;
  const undeclared = [...undeclaredNames(document, tables)];
  const arrays = namesOfArrays(document);
  const lengths = [...new Set(lengthsIn(document, definitions))].slice(0, MOST_LENGTHS);
  if (lengths.length === 0 || !undeclared.some(([name]) => arrays.has(name))) return null;
  const candidates = undeclared.map(([name]) => (arrays.has(name) ? shapesOf(name, lengths) : [[]]));
  const shapes = together(candidates).find((shapes) => compiles(declared(document, undeclared, shapes)));
  if (!shapes || shapes.every((shape) => shape.length === 0)) return null;
  const written = undeclared.map(([name], i) => {
    const shape = shapes[i] ?? [];
    if (shape.length > 0) return `param ${name}[${shape.join(', ')}]`;
    if (isSetting(name)) return `let ${name} = 1`;
    return `${/^[mnN]$/u.test(name) ? `let ${name} = ${lengths[0]}` : `param ${name}`}`;
  });
  const names = undeclared.map(([name]) => name);
  const [is, declares] = names.length > 1 ? ['are', 'them'] : ['is', 'it'];
  return {
    severity: 'error',
    message: `${names.join(' and ')} ${is} unknown: nothing declares ${declares}. With ${written.join(', ')} all shapes fit.`,
    span: undeclared[0]?.[1] ?? [0, 0],
    fix: { title: `Write ${written.join(', ')}`, span: [0, 0], insert: written.map((line) => `${line}\n`).join('') },
  };
}

/** Names in products with @, and of what is in a set. */
function namesOfArrays({ statements }: Document): ReadonlySet<string> {
  const products = statements
    .flatMap(expressionsOf)
    .flatMap((expr) => [...nodesOf(expr)])
    .filter((node) => node.kind === 'product' && node.rest.some(({ operator }) => operator === '@'));
  const members = statements.flatMap((statement) =>
    statement.kind === 'constraint' && statement.operators[0]?.operator === 'in' ? statement.operands.slice(0, 1) : [],
  );
  return new Set([...products, ...members].flatMap((expr) => [...namesIn(expr).keys()]));
}

const lengthsIn = ({ statements }: Document, definitions: readonly Definition[]): readonly number[] => [
  ...definitions.flatMap(
    ({ value, array }) => array?.shape ?? constantOf(value, [], () => null, definitions)?.shape ?? [],
  ),
  ...statements.flatMap((statement) =>
    statement.kind === 'parameter' ? statement.shape.flatMap((length) => wholeNumber(length) ?? []) : [],
  ),
];

/** A number first; then what its letter says by habit: a capital is a matrix, a small letter a vector. */
function shapesOf(name: string, lengths: readonly number[]): readonly Shape[] {
  const vectors = lengths.map((length) => [length]);
  const matrices = lengths.flatMap((rows) => lengths.map((columns) => [rows, columns]));
  return /^\p{Lu}/u.test(name) ? [[], ...matrices, ...vectors] : [[], ...vectors, ...matrices];
}

/** One of each, those that are early in their lists first. */
function together(lists: readonly (readonly Shape[])[]): readonly (readonly Shape[])[] {
  const ways = lists.reduce<readonly { readonly shapes: readonly Shape[]; readonly rank: number }[]>(
    (begun, list) =>
      begun
        .flatMap(({ shapes, rank }) => list.map((shape, i) => ({ shapes: [...shapes, shape], rank: rank + i })))
        .sort((a, b) => a.rank - b.rank)
        .slice(0, MOST_TRIES),
    [{ shapes: [], rank: 0 }],
  );
  return ways.map(({ shapes }) => shapes);
}

function declared(
  document: Document,
  names: readonly (readonly [name: string, span: Span])[],
  shapes: readonly Shape[],
): Document {
  const parameters = names.map(([name, span], i): ParameterStatement => {
    const shape = shapes[i]?.map((value): Expr => ({ kind: 'number', value, span })) ?? [];
    return { kind: 'parameter', declared: { name, span }, shape, span };
  });
  return { ...document, statements: [...parameters, ...document.statements] };
}
