/** Operations that compute each entry from the entries at the same place: all that loops over entries may join. */
import type { OpName } from './value.ts';

export const ENTRYWISE = [
  'negate',
  'abs',
  'sign',
  'exp',
  'log',
  'sqrt',
  'sin',
  'cos',
  'tan',
  'tanh',
  'floor',
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'less',
  'lessEqual',
  'equal',
  'where',
] as const satisfies readonly OpName[];
export type EntrywiseName = (typeof ENTRYWISE)[number];

const names: ReadonlySet<OpName> = new Set(ENTRYWISE);
export const isEntrywise = (op: OpName): op is EntrywiseName => names.has(op);
