/** Numbers as the page and its messages word them. What is typed as text or code keeps the hyphen. */

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
