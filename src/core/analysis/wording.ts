/** How diagnostics name constraints. */
import { shortNumber } from '../number-text.ts';
import type { Constraint } from '../problem/problem.ts';

export const named = ({ label, line, text }: Constraint): string =>
  label ? `“${label}” (line ${line})` : `“${text.trim()}” (line ${line})`;

export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;

/** Weights below this part of the largest are rounding. */
const NEGLIGIBLE = 1e-9;

/** `line 5 − 2 · line 6`; `0` for no terms. */
export function combination(terms: readonly { readonly weight: number; readonly name: string }[]): string {
  const written = terms
    .filter(({ weight }) => Math.abs(weight) > NEGLIGIBLE)
    .map(({ weight, name }, k) => {
      const size = shortNumber(Math.abs(weight));
      const factor = size === '1' ? '' : `${size} · `;
      const sign = weight < 0 ? '− ' : k > 0 ? '+ ' : '';
      return `${sign}${factor}${name}`;
    });
  return written.length > 0 ? written.join(' ') : '0';
}
