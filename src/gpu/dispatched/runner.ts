/** Runs jobs as lists of dispatches: lowered, compiled, uploaded, and started. */
import { at } from '../../core/diagnostic.ts';
import { gatherParts } from '../../core/program/gathered-parts.ts';
import { HostSide } from '../../core/program/host.ts';
import { isOfIterate } from '../../core/program/iterate-slots.ts';
import { DIVERGENCE_BOUND, type Job } from '../../core/run/run.ts';
import type { Gpu } from '../device.ts';
import type { InverseCache } from '../inverses.ts';
import { type Dispatch, dispatch, readyDispatches } from '../kernels/dispatch.ts';
import { checkState } from '../kernels/place.ts';
import { RESIDENT } from '../kernels/usage.ts';
import type { Flight, Pace, Runner } from '../runner.ts';
import { DispatchedFlight, scheduleRows } from './flight.ts';
import { lower } from './lower.ts';
import { type Call, CONSTANTS, type DispatchPlan, type Item, type Loop, printPlan, SCHEDULE, START } from './plan.ts';
import { callsOfTurn, endingLoops, sizedTurns, type Turns } from './turns.ts';

export interface DispatchedRunner extends Runner {
  readonly kind: 'dispatched';
}

export function createDispatchedRunner(gpu: Gpu, inverses: InverseCache): DispatchedRunner {
  const paces = new Map<string, Pace>();
  return {
    kind: 'dispatched',
    async prepare(given: Job): Promise<Flight> {
      const job = { ...given, program: gatherParts(given.program) };
      const plan = lower(job.program);
      const refusal = whyNot(job, plan, gpu.limits);
      if (refusal) throw new Error(refusal);
      const host = new HostSide(job.program, job.settings);
      const { reports, onDevice } = await inverses.of(job.program, host);
      const text = printPlan(plan);
      const pace: Pace = paces.get(text) ?? { stepsPerMs: null };
      paces.set(text, pace);

      const flight = await gpu.guarded('Starting the run', async () => {
        const flag = plan.buffers.length;
        const lengths = plan.buffers.map(({ length }, i) =>
          i === SCHEDULE ? scheduleRows(plan, job.steps) * plan.schedule.width : length,
        );
        const buffers = [...lengths, 1].map((length, i) =>
          gpu.buffer(plan.buffers[i]?.label ?? 'flag', 4 * length, RESIDENT),
        );
        const release = () => {
          for (const buffer of buffers) gpu.release(buffer);
        };
        try {
          const write = (buffer: number, numbers: Float32Array<ArrayBuffer>) => {
            const target = buffers[buffer];
            if (target && numbers.length > 0) gpu.device.queue.writeBuffer(target, 0, numbers);
          };
          write(CONSTANTS, constantsOf(plan, host));
          write(START, Float32Array.from(job.starts.subarray(0, job.program.size)));
          copyInverses(gpu, plan, buffers, onDevice);
          const ofIterate = isOfIterate(job.program);
          const checks = plan.slots
            .map((slot, i) => ({ ...slot, bound: at(ofIterate, i) ? DIVERGENCE_BOUND : LARGEST }))
            .filter(({ size }) => size > 0)
            .map(({ buffer, size, bound }) => dispatch(checkState, { count: size, bound }, { state: buffer, flag }));
          const phases = [...plan.start, ...plan.step, ...(plan.recordedStep ?? []), ...plan.record];
          const calls = callsOf(phases);
          const all: readonly Dispatch[] = [...calls.map((call) => call.dispatch), ...checks];
          const { ready, destroy } = await readyDispatches(gpu, all, buffers);
          const byCall = new Map(calls.map((call, i) => [call, ready[i]] as const));
          const turns = new Map<Loop, Turns>();
          for (const loop of endingLoops(phases)) {
            const own = callsOfTurn(loop);
            const prepared = own.flatMap((call) => byCall.get(call) ?? []);
            const sized = await sizedTurns(gpu, prepared, at(buffers, loop.done ?? flag));
            own.forEach((call, i) => byCall.set(call, sized.calls[i]));
            turns.set(loop, sized);
          }
          return new DispatchedFlight({
            gpu,
            plan,
            job,
            host,
            buffers,
            pace,
            byCall,
            turns,
            checks: ready.slice(calls.length),
            pseudoinverses: reports,
            release: () => {
              destroy();
              for (const one of turns.values()) one.destroy();
              release();
            },
          });
        } catch (error) {
          release();
          throw error;
        }
      });
      if (!flight.ok) throw new Error(flight.diagnostics.map(({ message }) => message).join(' '));
      return flight.value;
    },
  };
}

const LARGEST = 3.4028234663852886e38;

const callsOf = (items: readonly Item[]): Call[] =>
  items.flatMap((item) => (item.kind === 'call' ? [item] : callsOf(item.body)));

function constantsOf({ constants, buffers }: DispatchPlan, host: HostSide): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(buffers[CONSTANTS]?.length ?? 0);
  for (const { id, offset, size } of constants) numbers.set(host.numbers(id).subarray(0, size), offset);
  return numbers;
}

/** Pseudoinverses that were computed on the device take the place of the host's. */
function copyInverses(
  { device }: Gpu,
  { constants }: DispatchPlan,
  buffers: readonly GPUBuffer[],
  onDevice: ReadonlyMap<number, GPUBuffer>,
): void {
  const target = buffers[CONSTANTS];
  const encoder = device.createCommandEncoder();
  for (const { id, offset, size } of constants) {
    const inverse = onDevice.get(id);
    if (inverse && target) encoder.copyBufferToBuffer(inverse, 0, target, 4 * offset, 4 * size);
  }
  device.queue.submit([encoder.finish()]);
}

/** What does not fit on the device, in the reader's words. */
function whyNot({ starts, program }: Job, plan: DispatchPlan, limits: GPUSupportedLimits): string | null {
  if (starts.length > program.size)
    return 'A program of this size runs from one start at a time: dispatched steps carry one trajectory.';
  const widest = Math.max(...plan.buffers.map(({ length }) => length), 2 * plan.recordWidth) * 4;
  if (widest > limits.maxStorageBufferBindingSize)
    return 'This problem needs more than a buffer of this GPU holds. Try fewer parameters or less data.';
  return null;
}
