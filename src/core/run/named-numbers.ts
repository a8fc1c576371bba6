/** The numbers that the text names by `let`, along a run. */
import type { Measure } from '../program/measure.ts';

/** Row-major [records, names] as a column a name. */
export function namedNumbers(
  { named }: Pick<Measure, 'named'>,
  values: Float64Array,
): Readonly<Record<string, Float64Array>> {
  return Object.fromEntries(
    named.map(({ name }, column) => [name, values.filter((_, i) => i % named.length === column)]),
  );
}

/** What a name of the text is called beside other numbers: as it is defined, `let loss`, where one of them would differ by its case alone. */
export const titleOfName = (name: string, others: readonly string[]): string =>
  others.some((other) => other.toLowerCase() === name.toLowerCase()) ? `let ${name}` : name;
