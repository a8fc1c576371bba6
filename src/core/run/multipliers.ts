/** The multipliers of a run: those that its method keeps, where it keeps some. */
import { at } from '../diagnostic.ts';
import type { Measure } from '../program/measure.ts';
import type { Chunk } from './run.ts';

/** A row-major array as `count` rows. */
export function rowsOf(array: Float64Array, count: number): number[][] {
  const width = count === 0 ? 0 : array.length / count;
  return Array.from({ length: count }, (_, k) => [...array.subarray(k * width, (k + 1) * width)]);
}

/**
 * λ (a row an equality) and μ (a row an inequality) of a method that keeps them, a row a record, in the order in which the
 * constraints are typed, with those of soft rows as measured; null where the method keeps none.
 */
export function ownMultipliers(
  { steps, states: { lambda, mu }, measures }: Pick<Chunk, 'steps' | 'states' | 'measures'>,
  { relations, typed }: Pick<Measure, 'relations' | 'typed'>,
): number[][] | null {
  if (lambda === undefined && mu === undefined) return null;
  const equalities = rowsOf(lambda ?? new Float64Array(), steps.length);
  const inequalities = rowsOf(mu ?? new Float64Array(), steps.length);
  const measured = rowsOf(measures.multipliers, steps.length);
  return equalities.map((row, k) => {
    const next = { equality: row.values(), inequality: at(inequalities, k).values() };
    const own = relations.map((relation) => next[relation].next().value ?? 0);
    return typed.map((position, i) => own[position] ?? at(at(measured, k), i));
  });
}
