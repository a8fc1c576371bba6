/** How diagnostics name constraints. */
import type { Constraint } from '../problem/problem.ts';

export const named = ({ label, line, text }: Constraint): string =>
  label ? `“${label}” (line ${line})` : `“${text.trim()}” (line ${line})`;

export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
