/** Which lowering runs a program, and why. Pure: decided before a device is touched. */
import { at } from '../core/diagnostic.ts';
import { neededValues } from '../core/program/host.ts';
import type { Program } from '../core/program/program.ts';
import type { ExecutorChoice } from '../core/run/run.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import { levelOf } from '../core/tensor/value.ts';
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

/**
 * Operations of a step for each invocation of a workgroup, which does one trajectory's work alone. On a software adapter, with 200 rows
 * of data, a kernel took 0.3 of the time of dispatches at 1200, the same at 2200, and twice as long at 4300.
 */
const MOST_OF_ONE_WORKGROUP = 2500;

export type Choice =
  | { readonly kind: 'fused' | 'dispatched'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export function chooseLowering(program: Program, choice: Exclude<ExecutorChoice, 'wasm' | 'reference'>): Choice {
  if (choice === 'dispatched') return { kind: 'dispatched', reason: 'Dispatched, as asked for.' };
  const lines = fusedLines(program);
  if (lines <= FUSED_LINES) {
    const asked = choice === 'fused' ? ', as asked for' : '';
    const what = choice === 'fused' ? 'one kernel of' : 'the whole run is one kernel of';
    return { kind: 'fused', reason: `Fused${asked}: ${what} ${lines} lines.` };
  }
  const shared = workgroupPlan(program);
  const tooLong = `written out number by number it would have about ${lines} lines, more than ${FUSED_LINES}`;
  if (typeof shared !== 'string' && (choice === 'fused' || shared.operations <= MOST_OF_ONE_WORKGROUP)) {
    const reason = `Fused: one kernel of ${shared.lines} lines, in which ${WIDTH} invocations share each step; ${tooLong}.`;
    return { kind: 'fused', reason };
  }
  if (choice === 'fused') {
    return lines <= MOST_FUSED_LINES
      ? { kind: 'fused', reason: `Fused, as asked for: one kernel of ${lines} lines.` }
      : { kind: 'refused', reason: `As one kernel this run would be too long: ${tooLong}. Try “dispatched”.` };
  }
  const why =
    typeof shared === 'string'
      ? `a workgroup cannot share its steps, as ${shared}`
      : 'a step is more work than one workgroup should do alone';
  const kernelLines = typeof shared === 'string' ? lines : shared.lines;
  const dispatches = kernelLines <= MOST_LOOPED_LINES ? dispatchesOfAStep(program) : 0;
  return dispatches > MANY_DISPATCHES
    ? {
        kind: 'fused',
        reason: `Fused: one kernel of ${kernelLines} lines. A step has loops in loops: as dispatches it would be up to ${dispatches} of them; ${why}.`,
      }
    : { kind: 'dispatched', reason: `Dispatched: ${tooLong}; ${why}.` };
}

/** The kernel of a program that is to be fused. */
export function kernelOf(program: Program): FusedPlan {
  const shared = fusedLines(program) > FUSED_LINES ? workgroupPlan(program) : '';
  return typeof shared === 'string' ? lower(program) : shared;
}

const workgroupPlans = new WeakMap<Program, FusedPlan | string>();

/** The kernel with a workgroup for each start, or why there is none. */
function workgroupPlan(program: Program): FusedPlan | string {
  const known = workgroupPlans.get(program) ?? writtenPlan(program);
  workgroupPlans.set(program, known);
  return known;
}

function writtenPlan(program: Program): FusedPlan | string {
  try {
    const plan = lowerToWorkgroup(program);
    return plan.lines <= MOST_FUSED_LINES ? plan : `that kernel would itself have ${plan.lines} lines`;
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
function dispatchesOfAStep(program: Program): number {
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
