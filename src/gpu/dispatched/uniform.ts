/** Values of the host whose entries are all the same: one number on the device, read by all. */
import { at } from '../../core/diagnostic.ts';
import { neededValues } from '../../core/program/host.ts';
import type { Program } from '../../core/program/program.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import type { Id, Value } from '../../core/tensor/value.ts';
import { ELEMENTWISE } from '../kernels/elementwise.ts';

const isElementwise = ({ op }: Value): boolean => (ELEMENTWISE as readonly string[]).includes(op);

/** Operations that read through strides: one number for all entries costs them nothing. */
const READS_VIEWS: readonly Value['op'][] = ['matmul', 'broadcast', 'transpose'];

/** Operations whose result has equal entries where their arguments have. */
const KEEPS: readonly Value['op'][] = ['identity', 'broadcast', 'reshape', 'transpose', 'slice'];

/** The values with more than one entry, all equal whatever the settings, that are only read by operations which read through strides. */
export function uniformValues(program: Program, ids: readonly Id[]): ReadonlySet<Id> {
  const known = new Map<Id, boolean>();
  const isUniform = (id: Id): boolean => {
    const value = at(program.values, id);
    const found = known.get(id) ?? (sizeOf(value.shape) === 1 || hasEqualEntries(value, isUniform));
    known.set(id, found);
    return found;
  };
  const found = new Set(ids.filter((id) => sizeOf(at(program.values, id).shape) > 1 && isUniform(id)));
  for (const { initial, next } of program.state) for (const id of [initial, next]) found.delete(id);
  for (const { value } of program.outputs) found.delete(value);
  for (const id of neededValues(program)) {
    const reader = at(program.values, id);
    if (isElementwise(reader) || READS_VIEWS.includes(reader.op)) continue;
    const args = reader.op === 'repeat' ? regionOf(program, reader.attributes.region, reader.args) : reader.args;
    for (const argument of args) found.delete(argument);
  }
  return found;
}

function hasEqualEntries(value: Value, isUniform: (id: Id) => boolean): boolean {
  if (value.op === 'constant') {
    const { data } = value.attributes;
    return data.every((entry) => Object.is(entry, data[0]));
  }
  return (isElementwise(value) || KEEPS.includes(value.op)) && value.args.every(isUniform);
}

function regionOf({ regions }: Program, region: number, args: readonly Id[]): readonly Id[] {
  const { results, until } = at(regions, region);
  return [...args, ...results, ...(until === null ? [] : [until])];
}
