/** The multipliers of a run: those that its method keeps, where it keeps some. */
import { at } from '../diagnostic.ts';
import type { Measure } from '../program/measure.ts';
import type { Chunk } from './run.ts';

/** A row-major array as `count` rows. */
export function rowsOf(array: Float64Array, count: number): number[][] {
  const width = count === 0 ? 0 : array.length / count;
  return Array.from({ length: count }, (_, k) => {
    const entries = array.subarray(k * width, (k + 1) * width);
    const row = new Array<number>(entries.length); // a spread goes through an iterator: eight times as long
    for (let i = 0; i < row.length; i++) row[i] = at(entries, i);
    return row;
  });
}

/**
 * λ (a column an equality) and μ (a column an inequality) of a method that keeps them, row-major [records, rows], in the order in
 * which the constraints are typed, with those of soft rows as measured; null where the method keeps none.
 */
export function ownMultipliers(
  { steps, states: { lambda, mu }, measures }: Pick<Chunk, 'steps' | 'states' | 'measures'>,
  { relations, typed }: Pick<Measure, 'relations' | 'typed'>,
): Float64Array | null {
  if (lambda === undefined && mu === undefined) return null;
  const count = steps.length;
  const table = (array: Float64Array | undefined) => ({ array, width: array && count > 0 ? array.length / count : 0 });
  const kept = { equality: table(lambda), inequality: table(mu) };
  const measured = table(measures.multipliers);
  const columns = { equality: 0, inequality: 0 };
  const own = relations.map((relation) => ({ ...kept[relation], column: columns[relation]++ }));
  const sources = typed.map((position, i) => own[position] ?? { ...measured, column: i });
  const result = new Float64Array(count * sources.length);
  sources.forEach(({ array, width, column }, i) => {
    if (array === undefined || column >= width) return;
    for (let k = 0; k < count; k++) result[k * sources.length + i] = array[k * width + column] ?? 0;
  });
  return result;
}
