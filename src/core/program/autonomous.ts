/** Programs that do not ask for t. */
import { at } from '../diagnostic.ts';
import { USES } from '../tensor/value.ts';
import type { Program } from './program.ts';

/**
 * Whether the next state, and what is recorded of it, follow from the state and the settings alone, as in an autonomous dynamical
 * system: then a state that a step leaves as it was, to the last bit, stays so for ever.
 */
export const isAutonomous = ({ values, state, outputs }: Program): boolean =>
  [...state.map(({ next }) => next), ...outputs.map(({ value }) => value)].every(
    (id) => (at(values, id).uses & USES.time) === 0,
  );
