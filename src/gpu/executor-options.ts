/** What the executor of the GPU is given: its device, the lowerings on it, and what runs where there is none. */
import type { Result } from '../core/diagnostic.ts';
import type { Executor } from '../core/run/run.ts';
import type { SwarmExecutor } from '../core/run/swarm.ts';
import type { Gpu } from './device.ts';
import type { FusedRunner } from './fused/runner.ts';
import type { Runner } from './runner.ts';

export interface Runners {
  readonly fused: FusedRunner;
  readonly dispatched: Runner;
}

export interface GpuExecutorOptions {
  /** The device, or why there is none. */
  readonly device: () => Promise<Result<Gpu>>;
  /** The two lowerings on a device; the same for the same device. */
  readonly runners: (gpu: Gpu) => Runners;
  /** The executor that needs no GPU; `reason` says why it runs. */
  readonly reference: (reason: string) => Executor;
  /** The same for swarms. */
  readonly referenceSwarms: (reason: string) => SwarmExecutor;
  readonly now: () => number;
}
