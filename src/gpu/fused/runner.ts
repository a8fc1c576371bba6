/** Runs jobs as fused kernels: lowered, compiled once for each text, and started. */
import { invariant } from '../../core/diagnostic.ts';
import { HostSide } from '../../core/program/host.ts';
import type { Job } from '../../core/run/run.ts';
import type { Gpu } from '../device.ts';
import type { InverseCache } from '../inverses.ts';
import type { Flight, Runner } from '../runner.ts';
import { FusedFlight } from './flight.ts';
import { type FusedPlan, lower, WORKGROUP_WIDTH } from './lower.ts';
import { Pipelines } from './pipelines.ts';

/** Operations of one step of all starts, where a start past the width of a GPU waits: beyond this a step takes a quarter of a second. */
const MOST_OPERATIONS = 2.5e7;
const WIDTH = 4096;

/** Workgroups that every adapter takes in one dimension. */
const MOST_STARTS = 65_535 * WORKGROUP_WIDTH;

export interface FusedRunner extends Runner {
  readonly kind: 'fused';
  readonly pipelines: Pipelines;
}

export function createFusedRunner(gpu: Gpu, inverseCache: InverseCache, now: () => number): FusedRunner {
  const pipelines = new Pipelines(gpu, now);
  return {
    kind: 'fused',
    pipelines,
    async prepare(job: Job): Promise<Flight> {
      const plan = lower(job.program);
      const refusal = whyNot(job, plan, gpu.limits);
      if (refusal) throw new Error(refusal);
      const compiled = await pipelines.get(plan);
      const host = new HostSide(job.program, job.settings);
      const inverses = await inverseCache.of(job.program, host);
      const flight = await gpu.guarded(
        'Starting the run',
        () => new FusedFlight({ gpu, plan, compiled, layout: pipelines.layout, job, host, inverses }),
      );
      if (!flight.ok) throw new Error(flight.diagnostics.map(({ message }) => message).join(' '));
      return flight.value;
    },
  };
}

/** What does not fit on the device, in the reader's words. */
function whyNot(job: Job, plan: FusedPlan, limits: GPUSupportedLimits): string | null {
  const size = Math.max(1, job.program.size);
  invariant(job.starts.length % size === 0, 'starts are whole');
  const count = job.starts.length / size;
  if (count > MOST_STARTS) return `${count} starts are more than the ${MOST_STARTS} of one run.`;
  if (plan.operations * Math.max(1, count / WIDTH) > MOST_OPERATIONS) {
    return `One step would take about ${plan.operations.toExponential(1)} operations for each of ${count} start${count === 1 ? '' : 's'}: too long to be stopped. Try fewer inner steps or starts.`;
  }
  const widest = Math.max(plan.stateSize, plan.recordWidth * 2, job.program.size) * count * 4;
  if (widest > limits.maxStorageBufferBindingSize)
    return `${count} starts of this problem need more than a buffer of this GPU holds. Try fewer starts.`;
  return null;
}
