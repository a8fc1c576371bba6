/** Numbers as the page writes them: short, and readable back. */
export { shortNumber } from '../core/number-text.ts';

/** A setting's value in a field: as typed in code, so that it can be edited. */
export const fieldNumber = (value: number): string => {
  const size = Math.abs(value);
  return value !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential().replace('e+', 'e') : String(value);
};

/** The number that a field holds, or null: decimal comma and the minus sign of print are understood. */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace('−', '-')
    .replace(/^([^.]*),([^,.]*)$/, '$1.$2');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
