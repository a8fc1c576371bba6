/** Keyword arguments of Python: what is 0 or off is PyTorch's default, and left out. */
import { float } from './literal.ts';

type Option = number | boolean | readonly number[];

const written = (value: Option): string => {
  if (typeof value === 'number') return float(value);
  return typeof value === 'boolean' ? 'True' : `(${value.map(float).join(', ')})`;
};

/** Written even where they are 0: their defaults are not. */
const ALWAYS: readonly string[] = ['lr', 'eps', 'alpha'];

/** `alsoZero`: further names whose default is not 0. */
export const options = (given: Readonly<Record<string, Option>>, alsoZero: readonly string[] = []): string =>
  Object.entries(given)
    .filter(
      ([name, value]) => (value !== 0 && value !== false) || (value === 0 && [...ALWAYS, ...alsoZero].includes(name)),
    )
    .map(([name, value]) => `${name}=${written(value)}`)
    .join(', ');
