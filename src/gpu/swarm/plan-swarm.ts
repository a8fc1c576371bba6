/** What a swarm needs of a device, decided before anything is made on it: its kernels, and the starts of a slice. */
import { compressData } from '../../core/program/data-products.ts';
import type { Program } from '../../core/program/program.ts';
import type { SwarmJob } from '../../core/run/swarm.ts';
import { chooseForSwarm, type SwarmChoice } from '../choose.ts';
import type { Gpu } from '../device.ts';
import { deviceProgram } from '../device-program.ts';
import { type FusedPlan, lower } from '../fused/lower.ts';
import { MOST_WORKGROUPS } from '../fused/runner.ts';
import { lowerToWorkgroup } from '../workgroup/lower.ts';
import { ofCapacity, SLICE_STEP } from './slice-flight.ts';

export interface SwarmPlan {
  /** What the starts are carried by. */
  readonly program: Program;
  readonly steps: FusedPlan;
  /** What grades their ends. */
  readonly gradeProgram: Program;
  readonly grade: FusedPlan;
  /** The first, looking at the state after every step: for the few starts that went wrong. */
  readonly watched: () => FusedPlan;
  /** Starts of the largest slice. */
  readonly capacity: number;
  /** Why this kernel, and what took the place of rows of data. */
  readonly reason: string;
}

/** How the device carries the starts and grades their ends, or why it cannot. */
export function planSwarm(job: SwarmJob, executor: 'gpu' | 'fused', gpu: Gpu): SwarmPlan | string {
  const moving = deviceProgram(job.program, job.settings);
  const carried = chooseForSwarm(moving.program, executor, gpu.isProcessor);
  if (typeof carried === 'string') return carried;
  const graded = chooseForSwarm(compressData(job.grade)?.program ?? job.grade, executor, gpu.isProcessor);
  if (typeof graded === 'string') return graded;
  const { program, reason } = carried;
  const written = writerOf(carried);
  const alone = written(program, 'until rest');
  const isPaired = carried.lowering === 'fused' && gpu.hasQuads && isWorthPairs(alone, job);
  const steps = isPaired ? lower(program, 'pairs until rest') : alone;
  const grade = writerOf(graded)(graded.program, 'plain');
  const capacity = capacityOf(job, gpu, Math.min(steps.startsPerWorkgroup, grade.startsPerWorkgroup));
  return {
    program,
    steps: ofCapacity(steps, capacity, job.checks.length),
    gradeProgram: graded.program,
    grade: ofCapacity(grade, capacity, 0),
    watched: () => written(program, 'watched'),
    capacity,
    reason: moving.note ? `${reason} ${moving.note}` : reason,
  };
}

const writerOf = ({ lowering }: SwarmChoice) => (lowering === 'fused' ? lower : lowerToWorkgroup);

/** A long step has enough in it that waits for nothing else; the kernel takes twice as long to compile, some 100 ms. */
const LONGEST_PAIRED = 64;
const LEAST_PAIRED = 1e9;

/**
 * Whether an invocation should carry two starts, where a processor stands in for a GPU: short steps of one start keep it waiting for
 * their own results (measured: a fifth of the time of a kernel). A GPU has other threads for that.
 */
const isWorthPairs = ({ operations }: FusedPlan, { sampling, steps }: SwarmJob): boolean =>
  operations <= LONGEST_PAIRED && operations * sampling.count * steps >= LEAST_PAIRED;

/**
 * Aimed-at size of the checked iterates of a slice, the largest of its buffers. Where a processor stands in for a GPU, every page of
 * a fresh one costs it a fault and a fill with zeros, for each swarm anew, and some ten thousand starts keep it busy.
 */
const CHECK_BYTES = { gpu: 64 << 20, processor: 8 << 20 } as const;
const MOST_STARTS = 1 << 20;

/** Starts of the largest slice. */
function capacityOf(
  { measure, checks, sampling }: SwarmJob,
  { limits, isProcessor }: Gpu,
  startsPerWorkgroup: number,
): number {
  const bytes = Math.min(CHECK_BYTES[isProcessor ? 'processor' : 'gpu'], limits.maxStorageBufferBindingSize);
  const fitting = Math.floor(bytes / (4 * Math.max(1, measure.size) * checks.length * SLICE_STEP)) * SLICE_STEP;
  const wanted = 2 ** Math.ceil(Math.log2(sampling.count)); // it is in the kernel's text: few sizes, few kernels to compile
  const dispatched = Math.floor((MOST_WORKGROUPS * startsPerWorkgroup) / SLICE_STEP) * SLICE_STEP;
  return Math.max(SLICE_STEP, Math.min(fitting, wanted, dispatched, MOST_STARTS));
}
