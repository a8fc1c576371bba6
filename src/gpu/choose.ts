/** Which lowering runs a program, and why. Pure: decided before a device is touched. */
import { at } from '../core/diagnostic.ts';
import { gatherParts } from '../core/program/gathered-parts.ts';
import { neededValues } from '../core/program/host.ts';
import type { Program } from '../core/program/program.ts';
import { loopOverRows } from '../core/program/row-loops.ts';
import type { ExecutorChoice } from '../core/run/run.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import { levelOf, type Value } from '../core/tensor/value.ts';
import { ASSUMED, type Crossover } from './crossover.ts';
import { lower as lowerToDispatches } from './dispatched/lower.ts';
import { operationCount } from './dispatched/plan.ts';
import { NotDispatched } from './dispatched/rules.ts';
import { type FusedPlan, lower } from './fused/lower.ts';
import { RENAMING } from './fused/rules.ts';
import { lowerToWorkgroup } from './workgroup/lower.ts';
import { NotInWorkgroup } from './workgroup/places.ts';
import { WIDTH } from './workgroup/tasks.ts';

/** Compile time grows like the square of the lines or worse: beyond this a kernel is not proposed. */
const FUSED_LINES = 500;

/** Asked for by name, up to here: a compile of some seconds. */
const MOST_FUSED_LINES = 2000;

/** Where a step would be very many dispatches, up to here: the compile is shorter than such a run. */
const MOST_LOOPED_LINES = 10_000;

/** As so many dispatches a step takes tens of milliseconds, and a run longer than any compile. */
const MANY_DISPATCHES = 1000;

/** A kernel with barriers takes seconds to compile from here on where a processor stands in for a GPU. */
const MOST_SHARED_LINES = 1000;

/** `workgroup` is one kernel too: the invocations of a workgroup share each step of one start. */
export type Lowering = 'fused' | 'workgroup' | 'dispatched';

/** What is chosen: `wasm` where the GPU is a processor that would be slower than itself in WebAssembly. */
export interface Choice {
  readonly kind: Lowering | 'refused' | 'wasm';
  readonly reason: string;
  /** What to run: sums over rows of data may have become loops. */
  readonly program: Program;
}

type Decision = Omit<Choice, 'program'> & { readonly program?: Program };

export interface Circumstances {
  /** Asked only where it decides: measuring it takes a moment. */
  readonly crossover?: (() => Promise<Crossover>) | undefined;
  readonly starts?: number;
  /** Whether a processor stands in for a GPU. */
  readonly isProcessor?: boolean;
}

export async function chooseLowering(
  program: Program,
  choice: Exclude<ExecutorChoice, 'wasm' | 'reference'>,
  circumstances: Circumstances = {},
): Promise<Choice> {
  return { program, ...(await decided(program, choice, circumstances)) };
}

async function decided(
  program: Program,
  choice: Exclude<ExecutorChoice, 'wasm' | 'reference'>,
  { crossover = async () => ASSUMED, starts = 1, isProcessor = false }: Circumstances,
): Promise<Decision> {
  if (choice === 'dispatched') return { kind: 'dispatched', reason: 'Dispatched, as asked for.' };
  const lines = fusedLines(program);
  if (choice === 'fused') return fusedByName(program, lines, starts);
  if (lines <= FUSED_LINES) return { kind: 'fused', reason: `Fused: the whole run is one kernel of ${lines} lines.` };
  if (isProcessor && starts === 1) {
    const reason = whyWasm(program, lines);
    if (reason) return { kind: 'wasm', reason };
  }
  const dispatches = dispatchesOfAStep(program);
  if (lines <= MOST_LOOPED_LINES && dispatches > MANY_DISPATCHES) {
    return {
      kind: 'fused',
      reason: `Fused: one kernel of ${lines} lines. A step has loops in loops: as dispatches it would be up to ${dispatches} of them.`,
    };
  }
  const tooLong = `as one kernel it would have about ${lines} lines, more than ${FUSED_LINES}`;
  const looped = rowsInLoops(program);
  if (looped && starts > 1) return looped;
  const shared = workgroupPlan(program);
  if (typeof shared === 'string' || shared.lines > MOST_SHARED_LINES)
    return looped ?? { kind: 'dispatched', reason: `Dispatched: ${tooLong}.` };
  return shareOrDispatch(shared, dispatchesInRuns(program), await crossover(), tooLong);
}

/** Lines of a kernel whose sums over rows of data are loops, where that makes it short enough to be proposed. */
function rowsInLoops(program: Program): Looped | null {
  const before = loopsOf.get(program);
  if (before !== undefined) return before;
  const found = withRowsInLoops(program);
  loopsOf.set(program, found);
  return found;
}

type Looped = Decision & { readonly kind: 'fused' };

const loopsOf = new WeakMap<Program, Looped | null>();

function withRowsInLoops(program: Program): Looped | null {
  const looped = loopOverRows(program);
  if (!looped) return null;
  const { lines } = lower(looped.program);
  if (lines > FUSED_LINES) return null;
  const rows = `${[...new Set(looped.rows)].join(' and ')} rows of data`;
  return {
    kind: 'fused',
    program: looped.program,
    reason: `Fused: one kernel of ${lines} lines. Sums over ${rows} are loops that read them from storage.`,
  };
}

/**
 * Where both run on the same processor, WebAssembly takes 0.1 to 0.25 ns for an operation, a kernel 0.3 to 7, and some 30 µs to begin.
 * Only exp and tanh are the faster in kernels: 7 and 10 ns instead of 10 and 24. So many make up for a dispatch, and for operations.
 */
const DEAR_CALLS = { ofADispatch: 5000, ofAnOperation: 1 / 30 } as const;

/** One start keeps one lane of a processor busy, which a kernel shares among four. */
function whyWasm(program: Program, lines: number): string | null {
  const [operations, dispatches] = [operationsOfAStep(program), dispatchesInRuns(program)];
  const { ofADispatch, ofAnOperation } = DEAR_CALLS;
  if (dearCallsOfAStep(program) > ofADispatch * dispatches + ofAnOperation * operations) return null;
  return `WebAssembly: a processor stands in for the GPU here. A step is ${operations} operations, which it does faster than ${dispatches} ${dispatches === 1 ? 'kernel' : 'kernels one after the other'}; as one kernel this run would have about ${lines} lines, more than ${FUSED_LINES}.`;
}

const dearCallsOfAStep = (program: Program): number =>
  stepValues(program).reduce(
    (sum, { value: { op, shape }, turns }) => sum + (op === 'exp' || op === 'tanh' ? turns * sizeOf(shape) : 0),
    0,
  );

/** Entries that a step computes, each as often as it adds terms. */
function operationsOfAStep(program: Program): number {
  return stepValues(program).reduce(
    (sum, { value, turns }) => sum + turns * sizeOf(value.shape) * termsOf(value, program),
    0,
  );
}

function termsOf({ op, args, shape }: Value, { values }: Program): number {
  if (op === 'matmul') return at(at(values, at<number>(args, 1)).shape, 0);
  return op === 'sum' || op === 'max' ? sizeOf(at(values, at<number>(args, 0)).shape) / Math.max(1, sizeOf(shape)) : 1;
}

/** One workgroup is a small part of a GPU, which dispatches use as a whole: it is the faster up to some operations for each dispatch. */
function shareOrDispatch(
  { lines, operations }: FusedPlan,
  dispatches: number,
  { operationsPerDispatch, isMeasured }: Crossover,
  tooLong: string,
): Decision {
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

function fusedByName(program: Program, lines: number, starts: number): Decision {
  if (lines <= MOST_FUSED_LINES) return { kind: 'fused', reason: `Fused, as asked for: one kernel of ${lines} lines.` };
  const looped = rowsInLoops(program);
  if (looped && starts > 1) return looped;
  const shared = workgroupPlan(program);
  if (typeof shared === 'string' && looped) return looped;
  return typeof shared !== 'string' && shared.lines <= MOST_FUSED_LINES
    ? {
        kind: 'workgroup',
        reason: `Fused, as asked for: one kernel of ${shared.lines} lines, in which ${WIDTH} invocations share each step.`,
      }
    : { kind: 'refused', reason: tooManyLines(lines) };
}

const tooManyLines = (lines: number): string =>
  `As one kernel this run would have about ${lines} lines, more than ${MOST_FUSED_LINES}. Try “dispatched”.`;

/** How a kernel carries many starts. */
export interface SwarmChoice {
  readonly lowering: 'fused' | 'workgroup';
  readonly program: Program;
  readonly reason: string;
}

/**
 * The kernel of a swarm, or why none: an invocation a start, else a workgroup a start. A processor in the place of a GPU does
 * neither well where the kernel is long or reads data in loops (measured: ten times as long as WebAssembly).
 */
export function chooseForSwarm(program: Program, choice: 'gpu' | 'fused', isProcessor: boolean): SwarmChoice | string {
  const lines = fusedLines(program);
  const alone = `Fused: each start is one invocation of a kernel of ${lines} lines.`;
  if (lines <= FUSED_LINES) return { lowering: 'fused', program, reason: alone };
  if (choice === 'gpu' && isProcessor)
    return `As one kernel this swarm would have about ${lines} lines, more than ${FUSED_LINES}, and a processor stands in for the GPU here.`;
  const looped = rowsInLoops(program);
  if (looped) return { lowering: 'fused', reason: looped.reason, program: looped.program ?? program };
  const shared = workgroupPlan(program);
  if (typeof shared !== 'string' && shared.lines <= MOST_SHARED_LINES) {
    const reason = `Fused: each start is a workgroup of ${WIDTH} invocations, with a kernel of ${shared.lines} lines; written out number by number it would have about ${lines}.`;
    return { lowering: 'workgroup', program, reason };
  }
  return lines <= MOST_FUSED_LINES ? { lowering: 'fused', program, reason: alone } : tooManyLines(lines);
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

const linesKnown = new WeakMap<Program, number>();

/** Lines of the fused kernel: counted, or estimated where writing it would take long by itself. */
function fusedLines(program: Program): number {
  const known = linesKnown.get(program);
  if (known !== undefined) return known;
  const estimate = estimatedLines(program);
  const lines = estimate > 10 * MOST_FUSED_LINES ? estimate : lower(program).lines;
  linesKnown.set(program, lines);
  return lines;
}

/** A line an entry of each value that a step computes, renamings apart; a product, one for each sixteen of its terms. */
export function estimatedLines(program: Program): number {
  return neededValues(program).reduce((lines, id) => {
    const { op, args, shape, uses } = at(program.values, id);
    if (RENAMING.has(op) || !['start', 'step'].includes(levelOf(uses))) return lines;
    const inner = op === 'matmul' ? at(at(program.values, at(args, 1)).shape, 0) : 1;
    return lines + sizeOf(shape) * Math.ceil(inner / 16);
  }, 0);
}

/** A dispatch for each value that a step computes, renamings apart, in each turn of the loops around it. */
const dispatchesOfAStep = (program: Program): number => stepValues(program).reduce((sum, { turns }) => sum + turns, 0);

/** What a step computes, renamings apart, and how often. */
function stepValues(program: Program): { readonly value: Value; readonly turns: number }[] {
  const turns = (region: number | null): number => {
    if (region === null) return 1;
    const { count, parent } = at(program.regions, region);
    return count * turns(parent);
  };
  return neededValues(program).flatMap((id) => {
    const value = at(program.values, id);
    return RENAMING.has(value.op) || levelOf(value.uses) !== 'step' ? [] : [{ value, turns: turns(value.region) }];
  });
}

const inRuns = new WeakMap<Program, number>();

/** Pieces of a step as the plan has them: runs of operations entry by entry are one; one workgroup may take several. */
export function dispatchesInRuns(program: Program): number {
  const count = inRuns.get(program) ?? counted(program);
  inRuns.set(program, count);
  return count;
}

function counted(program: Program): number {
  try {
    return operationCount(lowerToDispatches(gatherParts(program)).step);
  } catch (reason) {
    if (reason instanceof NotDispatched) return dispatchesOfAStep(program);
    throw reason;
  }
}
