/** How each value of a program is kept by a workgroup: written where it is read, computed by every invocation, or in memory. */
import { at } from '../../core/diagnostic.ts';
import { neededValues } from '../../core/program/host.ts';
import type { Program } from '../../core/program/program.ts';
import { reductionExtents } from '../../core/tensor/reference.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Id, levelOf, type OpName, type Value } from '../../core/tensor/value.ts';
import { RENAMING } from '../fused/rules.ts';

/**
 * `inline`: its expression stands where it is read. `scalar`: one number, which every invocation computes for itself, so that
 * nobody waits. `memory`: an array whose entries are spread over the invocations.
 */
export type Keeping = 'inline' | 'scalar' | 'memory';

/** An operation that this kernel does not have; the message is for the reader. */
export class NotInWorkgroup extends Error {}

/** Sums so short are written out. */
export const SHORT = 4;

const NOT_ELEMENTWISE: ReadonlySet<OpName> = new Set<OpName>([
  ...RENAMING,
  ...(['constant', 'input', 'assemble', 'sum', 'max', 'matmul', 'pinv', 'nullSpace', 'rowSpace'] as const),
  ...(['gather', 'random', 'repeat', 'pick', 'carry', 'turn'] as const),
]);

const isElementwise = ({ op }: Value): boolean => !NOT_ELEMENTWISE.has(op);

/** Computed by the host in Float64 and read from a buffer. */
export const isFromHost = ({ op, uses, region }: Value): boolean =>
  region === null && !['start', 'step'].includes(levelOf(uses)) && !(op === 'input' && levelOf(uses) === 'time');

/** Numbers that one entry of a sum, a largest or a product goes over. */
export function lengthOf(value: Value, program: Program): number {
  const shapeOf = (position: number) => at(program.values, at<Id>(value.args, position)).shape;
  if (value.op === 'matmul') return at(shapeOf(1), 0);
  if (value.op === 'sum' || value.op === 'max') return reductionExtents(shapeOf(0), value.attributes.axis).length;
  return 1;
}

export function keepings(program: Program): Map<Id, Keeping> {
  const needed = neededValues(program);
  const readings = countReadings(program, needed);
  return new Map(needed.map((id) => [id, keepingOf(at(program.values, id), program, readings.get(id) ?? 0)] as const));
}

function keepingOf(value: Value, program: Program, readings: number): Keeping {
  const size = sizeOf(value.shape);
  if (isFromHost(value)) return 'inline';
  switch (value.op) {
    case 'pinv':
    case 'nullSpace':
    case 'rowSpace':
      throw new NotInWorkgroup(`the ${value.op === 'pinv' ? 'pseudoinverse' : 'basis'} of a matrix changes every step`);
    case 'gather':
      if (!isFromHost(at(program.values, value.args[0])))
        throw new NotInWorkgroup('it picks entries by a list from what changes every step');
      return 'inline';
    case 'assemble':
    case 'random':
      return 'memory';
    case 'sum':
    case 'max':
    case 'matmul': {
      const length = lengthOf(value, program);
      if (length === 0 && value.op === 'max') throw new NotInWorkgroup('it asks for the largest of no numbers');
      return size === 1 && length <= SHORT ? 'scalar' : 'memory';
    }
    default:
      if (!isElementwise(value)) return 'inline';
      return size === 1 ? 'scalar' : readings > 1 ? 'memory' : 'inline';
  }
}

/** How often the entries of a value are read, renamings seen through: more than once, and it is worth its place in memory. */
function countReadings(program: Program, needed: readonly Id[]): Map<Id, number> {
  const readings = new Map<Id, number>();
  const add = (id: Id, count: number) => readings.set(id, (readings.get(id) ?? 0) + count);
  for (const { next, initial } of program.state) [next, initial].forEach((id) => add(id, 1));
  for (const { value } of program.outputs) add(value, 1);
  for (const id of [...needed].reverse()) {
    const value = at(program.values, id);
    const own = RENAMING.has(value.op) ? (readings.get(id) ?? 0) : 1;
    for (const argument of value.args) {
      const { shape, region } = at(program.values, argument);
      const isRepeated = value.op === 'matmul' || region !== value.region || sizeOf(shape) < sizeOf(value.shape);
      add(argument, isRepeated ? 2 : own);
    }
    if (value.op !== 'repeat') continue;
    const { results, until } = at(program.regions, value.attributes.region);
    for (const result of until === null ? results : [...results, until]) add(result, 1);
  }
  return readings;
}
