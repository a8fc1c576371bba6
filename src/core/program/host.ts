/** The host's part of a program: what depends on settings and t only, in Float64, and which of it a device reads. */
import { at, invariant } from '../diagnostic.ts';
import { finishedUnless } from '../stages.ts';
import { Machine, reachable } from '../tensor/evaluate.ts';
import { factorsAhead } from '../tensor/factors-ahead.ts';
import { type Id, type Level, levelOf, type Value } from '../tensor/value.ts';
import type { Program, SettingValues } from './program.ts';

const isHost = (value: Value): boolean => ['constant', 'run', 'time'].includes(levelOf(value.uses));

/** Ids that the program's functions need, ascending. */
export function neededValues(program: Program): Id[] {
  const roots = [
    ...program.state.flatMap(({ initial, next }) => [initial, next]),
    ...program.outputs.map(({ value }) => value),
  ];
  return [...reachable(program, roots)].sort((a, b) => a - b);
}

export interface Frontier {
  /** Constant- and run-level values that start- or step-level values, slots or outputs read; literals included. */
  readonly runValues: readonly Id[];
  /** Time-level values that they read. */
  readonly timeValues: readonly Id[];
}

/** What crosses from the host to the device. */
export function frontier(program: Program): Frontier {
  const read = new Set<Id>([
    ...program.state.flatMap(({ initial, next }) => [initial, next]),
    ...program.outputs.map(({ value }) => value),
  ]);
  for (const id of neededValues(program)) {
    const value = at(program.values, id);
    if (isHost(value)) continue;
    for (const argument of value.args) read.add(argument);
    if (value.op !== 'repeat') continue;
    const { results, until } = at(program.regions, value.attributes.region);
    for (const id of until === null ? results : [...results, until]) read.add(id);
  }
  const ofLevel = (...levels: Level[]) =>
    [...read]
      .filter((id) => levels.includes(levelOf(at(program.values, id).uses)) && at(program.values, id).op !== 'repeat')
      .sort((a, b) => a - b);
  return { runValues: ofLevel('constant', 'run'), timeValues: ofLevel('time') };
}

/** Computes what the host needs of large matrices, with pauses: a `HostSide` made after it is there at once. False where it was stopped in one. */
export const hostAhead = async (
  program: Program,
  signal: AbortSignal | undefined,
  pause: () => Promise<void>,
): Promise<boolean> =>
  (await finishedUnless(factorsAhead(program, neededValues(program)), () => signal?.aborted ?? false, pause)) !== null;

/** Computes constant- and run-level values once, and time-level values for any t. */
export class HostSide {
  private readonly machine: Machine;
  private readonly time: Float64Array | null;
  private readonly atTime: () => void;

  /** `skip` names run-level values that are computed elsewhere (a pseudoinverse on the device) and stay 0 here. */
  constructor(program: Program, settings: SettingValues, skip: ReadonlySet<Id> = new Set()) {
    this.machine = new Machine(program);
    this.time = program.time === null ? null : this.machine.numbers(program.time);
    writeSettings(this.machine, program, settings);
    const needed = neededValues(program);
    const ofLevel = (levels: readonly Level[]) =>
      needed.filter((id) => levels.includes(levelOf(at(program.values, id).uses)) && !skip.has(id));
    const isRun = (value: Value) => ['constant', 'run'].includes(levelOf(value.uses));
    const skipped = new Set([...skip].map((id) => at(program.values, id)));
    this.machine.procedure(ofLevel(['constant', 'run']), (value) => isRun(value) && !skipped.has(value))();
    this.atTime = this.machine.procedure(ofLevel(['time']), (value) => levelOf(value.uses) === 'time');
  }

  /** The numbers of a run-level value, or of a time-level value at the last t given to `advance`. */
  numbers(id: Id): Float64Array {
    return this.machine.numbers(id);
  }

  /** Computes every time-level value at step t. */
  advance(t: number): void {
    if (this.time) this.time[0] = t;
    this.atTime();
  }
}

/** Sets the run inputs of a machine; a setting that is missing is our bug. */
export function writeSettings(machine: Machine, program: Program, settings: SettingValues): void {
  for (const { name, id } of program.settings) {
    const numbers = settings[name];
    invariant(numbers && numbers.length === machine.numbers(id).length, `numbers for ${name}`);
    machine.numbers(id).set(numbers);
  }
}
