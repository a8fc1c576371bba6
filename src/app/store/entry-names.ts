/** What each entry of the flat iterate is called: x, w[0], V[1,2]. */
import type { Parameter } from '../../core/problem/problem.ts';

export const entryNames = ({
  parameters,
}: {
  readonly parameters: readonly Pick<Parameter, 'name' | 'shape'>[];
}): string[] =>
  parameters.flatMap(({ name, shape }) =>
    indices(shape).map((index) => (index.length === 0 ? name : `${name}[${index.join(',')}]`)),
  );

/** All indices of an array, row-major. */
const indices = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
