/** Keyword arguments of Python: what is 0 or off is PyTorch's default, and left out. */
import { float } from './literal.ts';

type Option = number | boolean | readonly number[];

const written = (value: Option): string => {
  if (typeof value === 'number') return float(value);
  return typeof value === 'boolean' ? 'True' : `(${value.map(float).join(', ')})`;
};

/** `lr` and `eps` are written even where they are 0: their defaults are not. */
const ALWAYS = new Set(['lr', 'eps', 'weight_decay', 'alpha']);

export const options = (given: Readonly<Record<string, Option>>): string =>
  Object.entries(given)
    .filter(([name, value]) => (value !== 0 && value !== false) || (ALWAYS.has(name) && value === 0))
    .map(([name, value]) => `${name}=${written(value)}`)
    .join(', ');
