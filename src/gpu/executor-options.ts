/** What the executor of the GPU is given: its device, the lowerings on it, and what runs where there is none. */
import type { Result } from '../core/diagnostic.ts';
import type { Executor } from '../core/run/run.ts';
import type { SwarmExecutor } from '../core/run/swarm.ts';
import type { Crossover } from './crossover.ts';
import type { Gpu } from './device.ts';
import type { FusedRunner } from './fused/runner.ts';
import type { Runner } from './runner.ts';

export interface Runners {
  readonly fused: FusedRunner;
  /** One kernel too, in which a workgroup shares each step of one start. */
  readonly workgroup: FusedRunner;
  readonly dispatched: Runner;
}

export interface GpuExecutorOptions {
  /** The device, or why there is none. */
  readonly device: () => Promise<Result<Gpu>>;
  /** The lowerings on a device; the same for the same device. */
  readonly runners: (gpu: Gpu) => Runners;
  /** From how much work on dispatches are faster than a workgroup; a figure of another adapter where it is left out. */
  readonly crossover?: (gpu: Gpu) => Promise<Crossover>;
  /** What runs where there is no GPU, loaded when it is needed; `reason` says why it runs. */
  readonly wasm: (reason: string) => Promise<Executor & SwarmExecutor>;
  /** The interpreter, which checks the others. */
  readonly reference: (reason: string) => Executor;
  /** The same for swarms. */
  readonly referenceSwarms: (reason: string) => SwarmExecutor;
  readonly now: () => number;
}

/** Said behind the reason for which no GPU runs. */
export const ON_CPU = 'The CPU runs instead, in WebAssembly.';
