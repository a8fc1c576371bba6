/** Runs a job on the interpreter and in WebAssembly, side by side. Test support. */
import { at } from '../core/diagnostic.ts';
import { interpret } from '../core/program/interpret.ts';
import type { Program, SettingValues } from '../core/program/program.ts';
import { DIVERGENCE_BOUND, type Job } from '../core/run/run.ts';
import { WasmMachine, type WasmStepper } from './stepper.ts';

/** With two numbers at once, and with one: the second is what a browser without vectors runs. */
const MACHINES = { pairs: new WasmMachine(true), singles: new WasmMachine(false) } as const;

export function opened(
  program: Program,
  start: ArrayLike<number>,
  settings: SettingValues = {},
  machine: WasmMachine = MACHINES.pairs,
): WasmStepper {
  const stepper = machine.open(program, start, settings);
  if (!stepper.ok) throw new Error(stepper.diagnostics.map(({ message }) => message).join(' '));
  return stepper.value;
}

/** Records and ends that are not the same to the last bit; −0 counts as 0. */
export function differences({ program, starts, settings, record, steps }: Job): string[] {
  const start = starts.subarray(0, program.size);
  const found: string[] = [];
  for (const [name, machine] of Object.entries(MACHINES)) {
    const [wanted, actual] = [interpret(program, start, settings), opened(program, start, settings, machine)];
    for (const step of record.length === 0 ? [steps] : record) {
      const outcomes = [wanted, actual].map((one) => one.advance(step - one.t, DIVERGENCE_BOUND));
      if (outcomes[0] !== outcomes[1] || wanted.t !== actual.t)
        found.push(`${name}: ${outcomes} after ${wanted.t}, ${actual.t} steps`);
      const [right, got] = [wanted.outputs(), actual.outputs()];
      program.outputs.forEach((output, i) => {
        at(right, i).forEach((number, k) => {
          const other = at(at(got, i), k);
          if (number !== other && !(Number.isNaN(number) && Number.isNaN(other)))
            found.push(`${name}: ${output.name}[${k}] at ${step}: ${other}, not ${number}`);
        });
      });
      if (found.length > 0 || outcomes[0] !== 'moved') break;
    }
    actual.release();
  }
  return found.slice(0, 5);
}
