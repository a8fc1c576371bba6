/** Leaves out the values that nothing reads, numbers the rest anew, and copies evidence into factorisations of constants. */
import { at } from '../diagnostic.ts';
import { reachable, type ValueTable } from '../tensor/evaluate.ts';
import { spectrum } from '../tensor/matrix.ts';
import type { Id, Region, RegionId, Value } from '../tensor/value.ts';
import type { Program } from './program.ts';

/** The parts of a program that refer to a table of values. */
export type Interface = Omit<Program, 'values' | 'regions'>;

/** The same parts where each value they refer to has another number. */
export const renamed = (
  { size, start, time, settings, state, outputs }: Interface,
  map: (id: Id) => Id,
): Interface => ({
  size,
  start: start === null ? null : map(start),
  time: time === null ? null : map(time),
  settings: settings.map((input) => ({ ...input, id: map(input.id) })),
  state: state.map((slot) => ({
    ...slot,
    initial: map(slot.initial),
    current: map(slot.current),
    next: map(slot.next),
  })),
  outputs: outputs.map(({ name, value }) => ({ name, value: map(value) })),
});

/** A program with the values that its state and outputs need, and no others. */
export function compact(table: ValueTable, whole: Interface): Program {
  const { start, time, settings, state, outputs } = whole;
  const roots = [
    ...state.flatMap(({ initial, current, next }) => [initial, current, next]),
    ...outputs.map(({ value }) => value),
  ];
  const { values, regions, renumber, isKept } = compactTable(table, roots);
  const kept = {
    ...whole,
    start: start !== null && isKept(start) ? start : null,
    time: time !== null && isKept(time) ? time : null,
    settings: settings.filter(({ id }) => isKept(id)),
  };
  return { values, regions, ...renamed(kept, renumber) };
}

export interface CompactTable {
  readonly values: readonly Value[];
  readonly regions: readonly Region[];
  readonly renumber: (id: Id) => Id;
  readonly isKept: (id: Id) => boolean;
}

/** The values that the roots need, in their order, under new numbers. Asking for the number of a value that is not kept is our bug. */
export function compactTable(table: ValueTable, roots: readonly Id[]): CompactTable {
  const kept = [...reachable(table, roots)].sort((a, b) => a - b);
  const numbers = new Map(kept.map((id, position) => [id, position] as const));
  const renumber = (id: Id): Id =>
    at(
      [numbers.get(id)].filter((number) => number !== undefined),
      0,
    );
  const usedRegions = kept.flatMap((id) => {
    const value = at(table.values, id);
    return value.op === 'repeat' ? [value.attributes.region] : [];
  });
  const regionNumbers = new Map(usedRegions.map((region, position) => [region, position] as const));
  const regionOf = (region: RegionId | null): RegionId | null =>
    region === null ? null : (regionNumbers.get(region) ?? null);
  return {
    renumber,
    isKept: (id) => numbers.has(id),
    values: kept.map((id) =>
      withEvidence(renumbered(at(table.values, id), renumber, regionOf), table, at(table.values, id)),
    ),
    regions: usedRegions.map((region) => {
      const { parent, count, carries, turn, results, until } = at(table.regions, region);
      return {
        parent: regionOf(parent),
        count,
        carries: carries.map(renumber),
        turn: renumber(turn),
        results: results.map(renumber),
        until: until === null ? null : renumber(until),
      };
    }),
  };
}

function renumbered(
  value: Value,
  renumber: (id: Id) => Id,
  regionOf: (region: RegionId | null) => RegionId | null,
): Value {
  const { attributes } = value;
  const inRegion = 'region' in attributes ? { ...attributes, region: regionOf(attributes.region) } : attributes;
  const copy: { readonly [Field in keyof Value]: unknown } = {
    ...value,
    args: value.args.map(renumber),
    attributes: inRegion,
    region: regionOf(value.region),
  };
  return copy as Value; // the operation and its attributes are those of the original
}

/** Rank and condition number of a constant matrix, on which lowerings choose the algorithm of its pseudoinverse. */
function withEvidence(value: Value, { values }: ValueTable, original: Value): Value {
  if (value.op !== 'pinv' || value.attributes.rank !== undefined || original.op !== 'pinv') return value;
  const matrix = at(values, original.args[0]);
  if (matrix.op !== 'constant') return value;
  const { rank, conditionNumber } = spectrum({
    rows: at(matrix.shape, 0),
    columns: at(matrix.shape, 1),
    data: matrix.attributes.data,
  });
  return { ...value, attributes: { rank, conditionNumber } };
}
