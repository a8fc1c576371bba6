/** Whether a recorded value is constant, affine or nonlinear in another, by structure alone: a proof, never a guess. */
import { at } from '../diagnostic.ts';
import { reachable, type ValueTable } from './evaluate.ts';
import { applyRule, type Id, type RuleTable, type Value } from './value.ts';

/** Polynomial degree as far as it matters: 0 constant, 1 affine, 2 quadratic, Infinity anything else. */
export type Degree = number;

const linear = (_: Value, degrees: readonly Degree[]): Degree => Math.max(0, ...degrees);
const product = (_: Value, degrees: readonly Degree[]): Degree =>
  capped(degrees.reduce((sum, degree) => sum + degree, 0));
/** Of anything that moves, nothing is known. */
const opaque = (_: Value, degrees: readonly Degree[]): Degree =>
  degrees.every((degree) => degree === 0) ? 0 : Number.POSITIVE_INFINITY;
const capped = (degree: Degree): Degree => (degree <= 2 ? degree : Number.POSITIVE_INFINITY);
const none = (): Degree => 0;

const DEGREES: RuleTable<[degrees: readonly Degree[]], Degree> = {
  constant: none,
  input: none,
  identity: (value, degrees) => ('still' in value.attributes ? opaque(value, degrees) : linear(value, degrees)),
  negate: linear,
  abs: opaque,
  sign: opaque,
  exp: opaque,
  log: opaque,
  sqrt: opaque,
  sin: opaque,
  cos: opaque,
  tan: opaque,
  tanh: opaque,
  floor: opaque,
  add: linear,
  subtract: linear,
  multiply: product,
  divide: (_, [numerator, denominator]) => (denominator === 0 ? (numerator ?? 0) : Number.POSITIVE_INFINITY),
  power: opaque,
  maximum: opaque,
  minimum: opaque,
  less: opaque,
  lessEqual: opaque,
  equal: opaque,
  where: (value, [condition, ...branches]) => (condition === 0 ? linear(value, branches) : Number.POSITIVE_INFINITY),
  broadcast: linear,
  reshape: linear,
  transpose: linear,
  slice: linear,
  assemble: linear,
  sum: linear,
  max: opaque,
  matmul: product,
  pinv: opaque,
  nullSpace: opaque,
  rowSpace: opaque,
  gather: opaque,
  random: opaque,
  repeat: opaque,
  pick: linear,
  carry: none,
  turn: none,
};

/** Degree of value `y` in value `x`, or in several values together. A loop counts as nonlinear as soon as it reads one of them. */
export const degreeIn = (table: ValueTable, y: Id, x: Id | ReadonlySet<Id>): Degree =>
  degreesIn(table, y, x).get(y) ?? 0;

/** Of y and of all values that it is made from. */
export function degreesIn(table: ValueTable, y: Id, x: Id | ReadonlySet<Id>): ReadonlyMap<Id, Degree> {
  const isVariable = (id: Id) => (typeof x === 'number' ? id === x : x.has(id));
  const degrees = new Map<Id, Degree>();
  for (const id of [...reachable(table, [y])].sort((a, b) => a - b)) {
    const value = at(table.values, id);
    degrees.set(
      id,
      isVariable(id)
        ? 1
        : applyRule(
            DEGREES,
            value,
            value.args.map((argument) => degrees.get(argument) ?? 0),
          ),
    );
    if (value.op === 'repeat' && readsInside(table, value.attributes.region, degrees))
      degrees.set(id, Number.POSITIVE_INFINITY);
  }
  return degrees;
}

function readsInside({ values, regions }: ValueTable, region: number, degrees: ReadonlyMap<Id, Degree>): boolean {
  const { results, until } = at(regions, region);
  const inside = reachable({ values, regions }, until === null ? results : [...results, until]);
  return [...inside].some((id) => (degrees.get(id) ?? 0) > 0);
}
