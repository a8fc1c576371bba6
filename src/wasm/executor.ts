/** Runs and swarms in WebAssembly: the executor of browsers without WebGPU. */
import { interpreted, type OpenRun } from '../core/run/float64-machine.ts';
import { createReferenceExecutor, type Surroundings } from '../core/run/reference-executor.ts';
import { createReferenceSwarms } from '../core/run/reference-swarm.ts';
import type { Executor } from '../core/run/run.ts';
import type { SwarmExecutor } from '../core/run/swarm.ts';
import { WasmMachine } from './stepper.ts';

export { WasmMachine };

/** Opens runs in WebAssembly, and on the interpreter what WebAssembly refuses. */
export const openIn =
  (machine: Pick<WasmMachine, 'open'>): OpenRun =>
  (program, start, settings, first) => {
    const opened = machine.open(program, start, settings, first);
    if (opened.ok) {
      const { release } = opened.value;
      return { steps: opened.value, executor: 'wasm', refusal: null, release };
    }
    const refusal = opened.diagnostics.map(({ message }) => message).join(' ');
    return { ...interpreted(program, start, settings, first), refusal };
  };

/** Executors that share their compiled modules, each with the reason for which it runs. */
export function createWasmExecutors({
  now,
  pause,
}: Pick<Surroundings, 'now' | 'pause'>): (reason: string) => Executor & SwarmExecutor {
  const open = openIn(new WasmMachine());
  return (reason) => ({
    ...createReferenceExecutor({ now, pause, reason, open }),
    ...createReferenceSwarms({ now, pause, reason, open }),
  });
}
