/** Medians and quartiles of repeats, and tables in Markdown. */

export interface Spread {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const quantile = (q: number) => {
    const place = q * (sorted.length - 1);
    const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { lower: quantile(0.25), median: quantile(0.5), upper: quantile(0.75) };
}

export const digits = (value: number): string => {
  const size = Math.abs(value);
  if (value === 0) return '0';
  return size >= 1e-2 && size < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
};

export const describe = ({ lower, median, upper }: Spread): string =>
  `${digits(median)} (${digits(lower)}–${digits(upper)})`;

export function markdown(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
