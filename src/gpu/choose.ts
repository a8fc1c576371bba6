/** Which lowering runs a program, and why. Pure: decided before a device is touched. */
import { at } from '../core/diagnostic.ts';
import { neededValues } from '../core/program/host.ts';
import type { Program } from '../core/program/program.ts';
import type { ExecutorChoice } from '../core/run/run.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import { levelOf } from '../core/tensor/value.ts';
import { ASSUMED, type Crossover } from './crossover.ts';
import { type FusedPlan, lower } from './fused/lower.ts';
import { RENAMING } from './fused/rules.ts';
import { WIDTH } from './workgroup/block.ts';
import { lowerToWorkgroup } from './workgroup/lower.ts';
import { NotInWorkgroup } from './workgroup/places.ts';

/** Compile time grows like the square of the lines or worse: beyond this a kernel is not proposed. */
export const FUSED_LINES = 500;

/** Asked for by name, up to here: a compile of some seconds. */
export const MOST_FUSED_LINES = 2000;

/** Where a step would be very many dispatches, up to here: the compile is shorter than such a run. */
const MOST_LOOPED_LINES = 10_000;

/** As so many dispatches a step takes tens of milliseconds, and a run longer than any compile. */
const MANY_DISPATCHES = 1000;

/** A kernel with barriers takes seconds to compile from here on where a processor stands in for a GPU. */
const MOST_SHARED_LINES = 1000;

/** `workgroup` is one kernel too: the invocations of a workgroup share each step of one start. */
export type Lowering = 'fused' | 'workgroup' | 'dispatched';

export interface Choice {
  readonly kind: Lowering | 'refused';
  readonly reason: string;
}

/** `crossover` is asked only where it decides: measuring it takes a moment. */
export async function chooseLowering(
  program: Program,
  choice: Exclude<ExecutorChoice, 'wasm' | 'reference'>,
  crossover: () => Promise<Crossover> = async () => ASSUMED,
): Promise<Choice> {
  if (choice === 'dispatched') return { kind: 'dispatched', reason: 'Dispatched, as asked for.' };
  const lines = fusedLines(program);
  if (choice === 'fused') return fusedByName(program, lines);
  if (lines <= FUSED_LINES) return { kind: 'fused', reason: `Fused: the whole run is one kernel of ${lines} lines.` };
  const dispatches = dispatchesOfAStep(program);
  if (lines <= MOST_LOOPED_LINES && dispatches > MANY_DISPATCHES) {
    return {
      kind: 'fused',
      reason: `Fused: one kernel of ${lines} lines. A step has loops in loops: as dispatches it would be up to ${dispatches} of them.`,
    };
  }
  const tooLong = `as one kernel it would have about ${lines} lines, more than ${FUSED_LINES}`;
  const shared = workgroupPlan(program);
  if (typeof shared === 'string' || shared.lines > MOST_SHARED_LINES)
    return { kind: 'dispatched', reason: `Dispatched: ${tooLong}.` };
  return shareOrDispatch(shared, dispatches, await crossover(), tooLong);
}

/** One workgroup is a small part of a GPU, which dispatches use as a whole: it is the faster up to some operations for each dispatch. */
function shareOrDispatch(
  { lines, operations }: FusedPlan,
  dispatches: number,
  { operationsPerDispatch, isMeasured }: Crossover,
  tooLong: string,
): Choice {
  const most = Math.round(operationsPerDispatch * dispatches);
  const where = isMeasured ? 'measured on this adapter' : 'measured on a software adapter';
  return operations <= most
    ? {
        kind: 'workgroup',
        reason: `Fused: one kernel of ${lines} lines, in which ${WIDTH} invocations share each step: ${operations} operations for each of them. Dispatches would be faster from ${most} on (${where}); written out number by number, ${tooLong}.`,
      }
    : {
        kind: 'dispatched',
        reason: `Dispatched: ${tooLong}; shared by ${WIDTH} invocations, a step is ${operations} operations for each of them, and dispatches are faster from ${most} on (${where}).`,
      };
}

function fusedByName(program: Program, lines: number): Choice {
  if (lines <= MOST_FUSED_LINES) return { kind: 'fused', reason: `Fused, as asked for: one kernel of ${lines} lines.` };
  const shared = workgroupPlan(program);
  return typeof shared !== 'string' && shared.lines <= MOST_FUSED_LINES
    ? {
        kind: 'workgroup',
        reason: `Fused, as asked for: one kernel of ${shared.lines} lines, in which ${WIDTH} invocations share each step.`,
      }
    : { kind: 'refused', reason: tooManyLines(lines) };
}

const tooManyLines = (lines: number): string =>
  `As one kernel this run would have about ${lines} lines, more than ${MOST_FUSED_LINES}. Try “dispatched”.`;

/** Why one invocation cannot carry a start by itself, or null. */
export function whyNotAlone(program: Program): string | null {
  const lines = fusedLines(program);
  return lines <= MOST_FUSED_LINES ? null : tooManyLines(lines);
}

/** The kernel in which a workgroup shares each step, or why there is none. */
export function workgroupPlan(program: Program): FusedPlan | string {
  try {
    return lowerToWorkgroup(program);
  } catch (reason) {
    if (reason instanceof NotInWorkgroup) return reason.message;
    throw reason;
  }
}

/** Lines of the fused kernel: counted, or estimated where writing it would take long by itself. */
function fusedLines(program: Program): number {
  const estimate = estimatedLines(program);
  return estimate > 10 * MOST_FUSED_LINES ? estimate : lower(program).lines;
}

/** A line an entry of each value that a step computes, renamings apart; a product, one for each sixteen of its terms. */
function estimatedLines(program: Program): number {
  return neededValues(program).reduce((lines, id) => {
    const { op, args, shape, uses } = at(program.values, id);
    if (RENAMING.has(op) || !['start', 'step'].includes(levelOf(uses))) return lines;
    const inner = op === 'matmul' ? at(at(program.values, at(args, 1)).shape, 0) : 1;
    return lines + sizeOf(shape) * Math.ceil(inner / 16);
  }, 0);
}

/** A dispatch for each value that a step computes, renamings apart, in each turn of the loops around it. */
export function dispatchesOfAStep(program: Program): number {
  const turns = (region: number | null): number => {
    if (region === null) return 1;
    const { count, parent } = at(program.regions, region);
    return count * turns(parent);
  };
  return neededValues(program).reduce((sum, id) => {
    const { op, uses, region } = at(program.values, id);
    return RENAMING.has(op) || levelOf(uses) !== 'step' ? sum : sum + turns(region);
  }, 0);
}
