/** Slots of the state that later steps need. */
import { at } from '../diagnostic.ts';
import { reachable } from '../tensor/evaluate.ts';
import type { Program } from './program.ts';

/** Those that any step reads, or all where none is read. One that only records read is right if the last step before each record has written it. */
export function slotsReadBySteps(program: Program): Program['state'] {
  const { state } = program;
  const reads = state.map(({ next }) => reachable(program, [next]));
  const read = state.filter(({ current }) => state.some((_, other) => at(reads, other).has(current)));
  return read.length > 0 ? read : state;
}
