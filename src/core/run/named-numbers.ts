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
