/** About how many scalar operations recorded values take: sizes alone, nothing is computed. */
import { at } from '../diagnostic.ts';
import { reachable, type ValueTable } from './reachable.ts';
import { sizeOf } from './shape.ts';
import type { Id, RegionId, Value } from './value.ts';

/** Entries of the value, times the inner length of a product, times the turns of the loops that it stands in. */
export function operationsOf({ values, regions }: ValueTable, { op, args, shape, region }: Value): number {
  const turns = (loop: RegionId | null): number =>
    loop === null ? 1 : at(regions, loop).count * turns(at(regions, loop).parent);
  const argument = args[0] === undefined ? [] : at(values, args[0]).shape;
  const once = op === 'matmul' ? sizeOf(shape) * (argument.at(-1) ?? 1) : Math.max(sizeOf(shape), sizeOf(argument));
  return once * turns(region);
}

/** Of everything that a value depends on. */
export const operationsFor = (table: ValueTable, id: Id): number =>
  [...reachable(table, [id])].reduce((sum, each) => sum + operationsOf(table, at(table.values, each)), 0);
