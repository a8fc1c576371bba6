/** What makes the steps of runs in Float64: the interpreter, or a faster machine that gives the same numbers. */
import { type Interpreter, interpret } from '../program/interpret.ts';
import type { Program, SettingValues } from '../program/program.ts';
import type { ExecutorKind, JobEnd } from './run.ts';

/** A run that is ready to go. */
export interface Opened {
  readonly steps: Interpreter;
  readonly executor: Extract<ExecutorKind, 'reference' | 'wasm'>;
  /** Why another machine than the one asked for makes the steps; null where it is that one. */
  readonly refusal: string | null;
  /** Ends the use of what the run holds. */
  readonly release: () => void;
}

/** The program at its start, at step `first`: 0 for a run. */
export type OpenRun = (program: Program, start: ArrayLike<number>, settings: SettingValues, first?: number) => Opened;

/** By the interpreter, which runs every program. */
export const interpreted: OpenRun = (program, start, settings, first = 0) => ({
  steps: interpret(program, start, settings, first),
  executor: 'reference',
  refusal: null,
  release: () => {},
});

const ADAPTER = { reference: 'CPU, Float64', wasm: 'CPU, Float64 in WebAssembly' } as const;

/** What ran, where and why. */
export const toldBy = (
  { executor, refusal }: Pick<Opened, 'executor' | 'refusal'>,
  reason: string,
): Pick<JobEnd, 'executor' | 'adapter' | 'reason'> => ({
  executor,
  adapter: ADAPTER[executor],
  reason: refusal === null ? reason : `${reason} ${refusal} The interpreter runs instead.`,
});
