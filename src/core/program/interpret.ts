/** The reference interpreter: a program step by step in Float64. It is the oracle of the other executors, and their fallback. */
import { at } from '../diagnostic.ts';
import { Machine } from '../tensor/evaluate.ts';
import { type Level, levelOf, type Value } from '../tensor/value.ts';
import { neededValues, writeSettings } from './host.ts';
import { isOfIterate } from './iterate-slots.ts';
import type { Program, SettingValues } from './program.ts';

export type Outcome = 'moved' | 'diverged' | 'non-finite';

/** What makes the steps of one run. */
export interface Interpreter {
  /** Begins again from another start of the same length. */
  restart(start: ArrayLike<number>): void;
  /** Number of the last step made. */
  readonly t: number;
  /** Makes one step; nothing changes if what the iterate is computed from would leave ±`bound` or any state stop being finite. */
  step(bound: number): Outcome;
  /** Up to `steps` steps, fewer where one does not move. */
  advance(steps: number, bound: number): Outcome;
  /** The present state, one array a slot: valid until the next call, and not to be written. */
  state(): readonly Float64Array[];
  /** The outputs at the present state, one array an output: valid until the next call. */
  outputs(): readonly Float64Array[];
}

const isOf =
  (...levels: Level[]) =>
  (value: Value): boolean =>
    levels.includes(levelOf(value.uses));

/** The program at its start, at step `first`: 0 for a run. */
export function interpret(program: Program, start: ArrayLike<number>, settings: SettingValues, first = 0): Interpreter {
  const machine = new Machine(program);
  writeSettings(machine, program, settings);
  const time = program.time === null ? new Float64Array(1) : machine.numbers(program.time);
  const ofLevel = (...levels: Level[]) => {
    const include = isOf(...levels);
    return machine.procedure(
      neededValues(program).filter((id) => include(at(program.values, id))),
      include,
    );
  };
  ofLevel('constant', 'run')();
  const fromStart = ofLevel('start');
  const moving = isOf('time', 'step');
  const initialize = machine.procedure(
    program.state.map(({ initial }) => initial),
    moving,
  );
  const current = program.state.map((slot) => machine.numbers(slot.current));

  const next = program.state.map((slot) => machine.numbers(slot.next));
  const ofIterate = isOfIterate(program);
  const bounded = next.filter((_, i) => at(ofIterate, i));
  const held = next.map(({ length }) => new Float64Array(length));
  const advance = machine.procedure(
    program.state.map((slot) => slot.next),
    moving,
  );
  const emit = machine.procedure(
    program.outputs.map(({ value }) => value),
    moving,
  );
  const results = program.outputs.map(({ value }) => machine.numbers(value));
  let t = first;
  const restart = (from: ArrayLike<number>) => {
    t = first;
    time[0] = first;
    if (program.start !== null) machine.numbers(program.start).set(from);
    fromStart();
    initialize();
    program.state.forEach(({ initial }, i) => at(current, i).set(machine.numbers(initial)));
  };
  const step = (bound: number): Outcome => {
    time[0] = t + 1;
    advance();
    const staysFinite = Number.isFinite(largestMagnitude(next));
    if (!staysFinite || largestMagnitude(bounded) > bound) {
      time[0] = t;
      return staysFinite ? 'diverged' : 'non-finite';
    }
    // A next state may be another slot's present one: all are read before any is written.
    next.forEach((numbers, i) => at(held, i).set(numbers));
    held.forEach((numbers, i) => at(current, i).set(numbers));
    t += 1;
    return 'moved';
  };
  restart(start);
  return {
    restart,
    get t() {
      return t;
    },
    step,
    advance(steps, bound) {
      for (let k = 0; k < steps; k++) {
        const outcome = step(bound);
        if (outcome !== 'moved') return outcome;
      }
      return 'moved';
    },
    state: () => current,
    outputs() {
      emit();
      return results;
    },
  };
}

/** max |entry|, NaN if any entry is NaN. */
function largestMagnitude(arrays: readonly Float64Array[]): number {
  let largest = 0;
  for (const numbers of arrays) {
    for (let i = 0; i < numbers.length; i++) {
      const magnitude = Math.abs(numbers[i] as number);
      if (!(magnitude <= largest)) largest = magnitude;
      if (Number.isNaN(largest)) return largest;
    }
  }
  return largest;
}
