/** One optimisation run as data: three functions over one table of values. Crosses to a worker as it is. */
import type { Shape } from '../tensor/shape.ts';
import type { Id, Region, Value } from '../tensor/value.ts';

/** A quantity that each step hands to the next: x, multipliers, the optimizer's momentum. */
export interface Slot {
  readonly name: string;
  readonly shape: Shape;
  /** Its value at the start: a function of start and settings, with t = 0. */
  readonly initial: Id;
  /** The input that stands for its value before the step, or, in outputs, after it. */
  readonly current: Id;
  /** Its value after step t: a function of the state before, t and settings. */
  readonly next: Id;
}

/** A function of (state after step t, t), evaluated at records only. */
export interface Output {
  readonly name: string;
  readonly value: Id;
}

/** A symbolic input that holds for a whole run. */
export interface RunInput {
  /** `T`, `method.penalty`, `optimizer.learningRate`. */
  readonly name: string;
  readonly shape: Shape;
  readonly id: Id;
}

/** Numbers for the run inputs of a program, by name, row-major. */
export type SettingValues = Readonly<Record<string, readonly number[]>>;

export interface Program {
  /** Static single assignment: arguments come before their users. */
  readonly values: readonly Value[];
  readonly regions: readonly Region[];
  /** n, the length of the start and of x. */
  readonly size: number;
  /** The input x₀[n], or null where nothing reads it. */
  readonly start: Id | null;
  /** The input t, or null where nothing reads it. */
  readonly time: Id | null;
  readonly settings: readonly RunInput[];
  readonly state: readonly Slot[];
  /** The first output is x; then the method's other state, by name. */
  readonly outputs: readonly Output[];
}

/** Whether some step of a program draws random numbers. */
export const drawsAtRandom = ({ values }: Program): boolean => values.some(({ op }) => op === 'random');
