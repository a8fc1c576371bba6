/** The multipliers of a run: those that its method keeps, where it keeps some. */
import { at } from '../diagnostic.ts';
import type { Chunk } from './run.ts';

/** A row-major array as `count` rows. */
export function rowsOf(array: Float64Array, count: number): number[][] {
  const width = count === 0 ? 0 : array.length / count;
  return Array.from({ length: count }, (_, k) => [...array.subarray(k * width, (k + 1) * width)]);
}

/**
 * λ (a row an equality) and μ (a row an inequality) of a method that keeps them, a row a record, in the order in which the
 * constraints are typed; null where the method keeps none.
 */
export function ownMultipliers(
  { lambda, mu }: Chunk['states'],
  count: number,
  relations: readonly ('equality' | 'inequality')[],
): number[][] | null {
  if (lambda === undefined && mu === undefined) return null;
  const equalities = rowsOf(lambda ?? new Float64Array(), count);
  const inequalities = rowsOf(mu ?? new Float64Array(), count);
  return equalities.map((row, k) => {
    const next = { equality: row.values(), inequality: at(inequalities, k).values() };
    return relations.map((relation) => next[relation].next().value ?? 0);
  });
}
