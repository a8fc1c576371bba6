/** What each entry of the flat iterate is called: x, w[0], V[1,2]. */
import type { Parameter } from './problem.ts';

type Named = Pick<Parameter, 'name' | 'shape'>;

/** By the list of parameters: a drag asks for the same names at every frame. */
const known = new WeakMap<readonly Named[], readonly string[]>();

export function entryNames({ parameters }: { readonly parameters: readonly Named[] }): readonly string[] {
  const before = known.get(parameters);
  if (before) return before;
  const names = parameters.flatMap(({ name, shape }) =>
    shape.length === 0 ? [name] : indices(shape).map((index) => `${name}[${index}]`),
  );
  known.set(parameters, names);
  return names;
}

/** All indices of an array as text, row-major. */
const indices = (shape: readonly number[]): string[] =>
  shape
    .map((length) => Array.from({ length }, (_, i) => String(i)))
    .reduce((all, next) => all.flatMap((index) => next.map((i) => `${index},${i}`)));
