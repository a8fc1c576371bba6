/** A swarm on the GPU, or on what there is instead, said plainly. */
import type { SwarmEnd, SwarmJob, SwarmOptions } from '../../core/run/swarm.ts';
import type { GpuExecutorOptions } from '../executor.ts';

export async function runSwarm(
  { referenceSwarms }: GpuExecutorOptions,
  job: SwarmJob,
  options: SwarmOptions,
): Promise<SwarmEnd> {
  return referenceSwarms('Swarms are computed on the CPU reference in this version.').swarm(job, options);
}
