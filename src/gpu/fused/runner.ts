/** Runs jobs as fused kernels: lowered, compiled once for each text, and started. */
import { invariant } from '../../core/diagnostic.ts';
import { HostSide } from '../../core/program/host.ts';
import type { Program, SettingValues } from '../../core/program/program.ts';
import type { Job } from '../../core/run/run.ts';
import type { Gpu } from '../device.ts';
import type { InverseCache } from '../inverses.ts';
import type { Flight, Runner } from '../runner.ts';
import { Shelf } from '../shelf.ts';
import { FusedFlight } from './flight.ts';
import type { FusedKit } from './kit.ts';
import { type FusedPlan, lower } from './lower.ts';
import { Pipelines } from './pipelines.ts';

/**
 * A submit makes at least one step of all starts, and nothing stops it: so one step may take about a quarter of a second, alone
 * on one lane of a GPU (1e8 operations a second), or all together on a processor that stands in for a GPU (1e9).
 */
const MOST_OPERATIONS = { ofOneStart: 2.5e7, ofAll: 2.5e8 } as const;

/** Runs so small are not asked whether they fit: to wait for that answer takes longer than a thousand steps. */
const SMALL_BYTES = 1 << 22;

/** Workgroups that every adapter takes in one dimension. */
export const MOST_WORKGROUPS = 65_535;

export interface FusedRunner extends Runner {
  readonly kind: 'fused';
  readonly pipelines: Pipelines;
}

/** `planOf` writes the kernel: scalars, or a workgroup for each start. */
export function createFusedRunner(
  gpu: Gpu,
  inverseCache: InverseCache,
  now: () => number,
  planOf: (program: Program) => FusedPlan = lower,
): FusedRunner {
  const pipelines = new Pipelines(gpu, now);
  const shelf = new Shelf<FusedKit>(gpu);
  return {
    kind: 'fused',
    pipelines,
    async prepare(job: Job): Promise<Flight> {
      const plan = planOf(job.program);
      const refusal = whyNot(job, plan, gpu.limits);
      if (refusal) throw new Error(refusal);
      const compiled = await pipelines.get(plan);
      const host = hostOf(job);
      const inverses = await inverseCache.of(job.program, host);
      const board = () =>
        new FusedFlight({ gpu, plan, compiled, layout: pipelines.layout, job, host, inverses, shelf });
      if (widestBuffer(job, plan) * job.record.length <= SMALL_BYTES) return board();
      const flight = await gpu.guarded('Starting the run', () => {
        const flight = board();
        flight.open();
        return flight;
      });
      if (!flight.ok) throw new Error(flight.diagnostics.map(({ message }) => message).join(' '));
      return flight.value;
    },
  };
}

/** A start that is dragged asks again and again for what its settings alone determine, a factorisation among it. */
const hosts = new WeakMap<Program, { readonly settings: SettingValues; readonly host: HostSide }>();

/** Its time-level values are those of whoever asked last: whoever reads them asks first. */
function hostOf({ program, settings }: Job): HostSide {
  const known = hosts.get(program);
  if (known && equal(known.settings, settings)) return known.host;
  const made = { settings, host: new HostSide(program, settings) };
  hosts.set(program, made);
  return made.host;
}

const equal = (a: SettingValues, b: SettingValues): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, numbers]) => {
    const others = b[name];
    return others?.length === numbers.length && numbers.every((number, k) => Object.is(number, others[k]));
  });

/** Bytes of the largest buffer with a number a start, or of two records. */
const widestBuffer = ({ program, starts }: Job, plan: FusedPlan): number =>
  Math.max(plan.stateSize, plan.recordWidth * 2, program.size) *
  4 *
  Math.ceil(starts.length / Math.max(1, program.size));

/** What does not fit on the device, in the reader's words. */
function whyNot(job: Job, plan: FusedPlan, limits: GPUSupportedLimits): string | null {
  const size = Math.max(1, job.program.size);
  invariant(job.starts.length % size === 0, 'starts are whole');
  const count = job.starts.length / size;
  const most = MOST_WORKGROUPS * plan.startsPerWorkgroup;
  if (count > most) return `${count} starts are more than the ${most} of one run.`;
  const operations = plan.operations.toExponential(1);
  if (plan.operations > MOST_OPERATIONS.ofOneStart) {
    return `One step would take about ${operations} operations: too long to be stopped. Try fewer inner steps.`;
  }
  if (plan.operations * count > MOST_OPERATIONS.ofAll) {
    return `One step of ${count} starts would take about ${operations} operations each: too long to be stopped. Try fewer starts at once.`;
  }
  if (widestBuffer(job, plan) > limits.maxStorageBufferBindingSize)
    return `${count} starts of this problem need more than a buffer of this GPU holds. Try fewer starts.`;
  return null;
}
