/** The kernel that computes functions on a grid, or why there is none. Pure: decided before a device is touched. */

import { at } from '../../core/diagnostic.ts';
import { compressData } from '../../core/program/data-products.ts';
import { neededValues } from '../../core/program/host.ts';
import type { Program } from '../../core/program/program.ts';
import { loopOverRows } from '../../core/program/row-loops.ts';
import { operationsOf } from '../../core/tensor/operations.ts';
import { levelOf } from '../../core/tensor/value.ts';
import { estimatedLines } from '../choose.ts';
import { RENAMING } from '../fused/rules.ts';
import { type FieldPlan, lowerField } from './lower.ts';

/** As of runs: compile time grows like the square of the lines or worse. */
const MOST_LINES = 500;

/** Operations of one point: a submit computes 64 points at least, each on a lane that makes some 1e8 operations a second. */
const MOST_OPERATIONS = 2.5e7;

/**
 * Where a processor stands in for a GPU, nanoseconds of one point: measured in Chromium's software adapter on two cores beside
 * WebAssembly on one of them. What begins and ends a submit, and what confirms its numbers, comes on top.
 */
const ON_PROCESSOR = {
  kernel: { operation: 1.5, exp: 8, log: 8, tanh: 15 },
  float64: { operation: 0.75, exp: 10, log: 10, tanh: 45 },
  submit: 8e6,
} as const;

export interface FieldKernel {
  /** What the kernel computes: sums over rows of data may have become loops, or products of columns. */
  readonly program: Program;
  readonly plan: FieldPlan;
}

/** `program`: in a form for float32. */
export function chooseForField(program: Program): FieldKernel | string {
  const short = compressData(program)?.program ?? program;
  const kernel = kernelOf(short) ?? inLoops(short);
  if (!kernel) return `As one kernel these functions would have more than ${MOST_LINES} lines.`;
  return kernel.plan.operations > MOST_OPERATIONS ? 'One point would take too long to be stopped.' : kernel;
}

/** Why the processor that stands in for a GPU is the faster in Float64; null where it is not. */
export function whyFloat64(recorded: Program, kernel: FieldKernel, points: number): string | null {
  const { operation, ...calls } = ON_PROCESSOR.kernel;
  const inFloat64 =
    operationsAtPoint(recorded) * ON_PROCESSOR.float64.operation + dear(kernel.program, ON_PROCESSOR.float64);
  const inKernel = kernel.plan.operations * operation + dear(kernel.program, calls);
  return inKernel * points + ON_PROCESSOR.submit < inFloat64 * points
    ? null
    : `A processor stands in for the GPU here, which computes these ${points} points faster in Float64.`;
}

const atPoint = (program: Program) =>
  neededValues(program).flatMap((id) => {
    const value = at(program.values, id);
    return ['start', 'step'].includes(levelOf(value.uses)) && !RENAMING.has(value.op) ? [value] : [];
  });

const operationsAtPoint = (program: Program): number =>
  atPoint(program).reduce((sum, value) => sum + operationsOf(program, value), 0);

/** What calls take beyond an operation each. */
const dear = (program: Program, cost: { readonly exp: number; readonly log: number; readonly tanh: number }): number =>
  atPoint(program).reduce((sum, value) => {
    const { op } = value;
    return op === 'exp' || op === 'log' || op === 'tanh' ? sum + cost[op] * operationsOf(program, value) : sum;
  }, 0);

function inLoops(program: Program): FieldKernel | null {
  const looped = loopOverRows(program);
  return looped && kernelOf(looped.program);
}

function kernelOf(program: Program): FieldKernel | null {
  if (estimatedLines(program) > 2 * MOST_LINES) return null;
  const plan = lowerField(program);
  return plan.lines <= MOST_LINES ? { program, plan } : null;
}
