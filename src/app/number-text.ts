/** Numbers as the page writes them: short, and readable back. */

/** At most `digits` significant digits; very large and small ones with an exponent. */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? exponential(value, digits) : String(Number(value.toPrecision(digits)));
  return text.replaceAll('-', '−');
}

function exponential(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
  return `${Number(mantissa)}e${exponent.replace('+', '')}`;
}

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
