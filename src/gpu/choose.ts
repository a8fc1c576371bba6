/** Which lowering runs a program, and why. Pure: decided before a device is touched. */
import { at } from '../core/diagnostic.ts';
import { neededValues } from '../core/program/host.ts';
import type { Program } from '../core/program/program.ts';
import type { ExecutorChoice } from '../core/run/run.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import { levelOf } from '../core/tensor/value.ts';
import { lower } from './fused/lower.ts';
import { RENAMING } from './fused/rules.ts';

/** Compile time grows like the square of the lines or worse: beyond this a kernel is not proposed. */
export const FUSED_LINES = 500;

/** Asked for by name, up to here: a compile of some seconds. */
export const MOST_FUSED_LINES = 2000;

/** Where a step would be very many dispatches, up to here: the compile is shorter than such a run. */
const MOST_LOOPED_LINES = 10_000;

/** As so many dispatches a step takes tens of milliseconds, and a run longer than any compile. */
const MANY_DISPATCHES = 1000;

export type Choice =
  | { readonly kind: 'fused' | 'dispatched'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export function chooseLowering(program: Program, choice: Exclude<ExecutorChoice, 'wasm' | 'reference'>): Choice {
  if (choice === 'dispatched') return { kind: 'dispatched', reason: 'Dispatched, as asked for.' };
  const lines = fusedLines(program);
  if (choice === 'fused') {
    return lines <= MOST_FUSED_LINES
      ? { kind: 'fused', reason: `Fused, as asked for: one kernel of ${lines} lines.` }
      : {
          kind: 'refused',
          reason: `As one kernel this run would have about ${lines} lines, more than ${MOST_FUSED_LINES}. Try “dispatched”.`,
        };
  }
  const dispatches = lines > FUSED_LINES && lines <= MOST_LOOPED_LINES ? dispatchesOfAStep(program) : 0;
  if (dispatches > MANY_DISPATCHES) {
    return {
      kind: 'fused',
      reason: `Fused: one kernel of ${lines} lines. A step has loops in loops: as dispatches it would be up to ${dispatches} of them.`,
    };
  }
  return lines <= FUSED_LINES
    ? { kind: 'fused', reason: `Fused: the whole run is one kernel of ${lines} lines.` }
    : {
        kind: 'dispatched',
        reason: `Dispatched: as one kernel it would have about ${lines} lines, more than ${FUSED_LINES}.`,
      };
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
