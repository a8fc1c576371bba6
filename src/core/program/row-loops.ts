/**
 * Sums over rows of data as loops: Σᵢ term(row i) becomes a `repeat` whose turns read some rows each and add. Written out, the
 * kernel of a sum over N rows has N times as many lines; as a loop it has those of a few rows, whatever N. Sums of which one reads
 * another (a mean over rows, then what each row differs from it) become loops one after the other, each computing its rows anew.
 */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { type Id, levelOf, type Value } from '../tensor/value.ts';
import { neededValues } from './host.ts';
import type { Program } from './program.ts';
import { rewrite } from './rewrite.ts';
import { type PartOf, RowParts } from './row-parts.ts';

/** Fewer rows are as well written out. */
const LEAST_ROWS = 16;

/** Numbers that the rows of one turn make, about: a turn costs some twenty operations by itself, and each number a line. */
const NUMBERS_A_TURN = 128;
const MOST_ROWS_A_TURN = 8;

/** A sum over rows. */
interface Total {
  readonly id: Id;
  readonly rows: number;
  /** What some rows contribute, in the shape of the sum. */
  readonly term: (ops: Ops, part: PartOf) => Tensor;
  /** Numbers that one row makes. */
  readonly cost: number;
}

export interface LoopedProgram {
  readonly program: Program;
  /** Rows of each loop. */
  readonly rows: readonly number[];
}

/** The program with its sums over rows as loops, or null where it has none. The same numbers, up to the order of summation. */
export function loopOverRows(program: Program): LoopedProgram | null {
  const totals = totalsOf(program);
  if (totals.size === 0) return null;
  const stages = stagesOf(program, totals);
  const loops = new Map<string, readonly Total[]>();
  for (const total of totals.values()) {
    const key = keyOf(total, stages);
    loops.set(key, [...(loops.get(key) ?? []), total]);
  }
  const done = new Map<Id, Tensor>();
  const parts = new RowParts(program.values);
  const looped = rewrite(
    program,
    (ops, _, __, id, of) => {
      const total = totals.get(id);
      if (!total) return null;
      if (!done.has(id)) {
        const group = at([loops.get(keyOf(total, stages))], 0) as readonly Total[];
        const sums = summed(group, (rows) => parts.recorder(ops, rows, of), ops);
        group.forEach(({ id }, i) => done.set(id, at(sums, i)));
      }
      return done.get(id) ?? null;
    },
    inStages(program, stages, totals),
  );
  return { program: looped, rows: [...loops.values()].map(([first]) => first?.rows ?? 0) };
}

const keyOf = ({ id, rows }: Total, stages: readonly number[]): string => `${at(stages, id)} ${rows}`;

/** All sums of one loop: a turn adds several rows; those that are left over come after the last. */
function summed(group: readonly Total[], partsOf: (rows: Tensor) => PartOf, ops: Ops): readonly Tensor[] {
  const [{ rows } = { rows: 0 }] = group;
  const cost = group.reduce((sum, total) => sum + total.cost, 0);
  const block = Math.max(1, Math.min(MOST_ROWS_A_TURN, Math.floor(NUMBERS_A_TURN / cost)));
  const offsets = (count: number, from = 0) => ops.constant(Array.from({ length: count }, (_, i) => from + i));
  const turns = Math.floor(rows / block);
  const zeros = group.map(({ term }) => ops.zeros(term(ops, partsOf(offsets(1))).shape));
  const sums = ops.repeat(turns, zeros, (carried, turn) => {
    const part = partsOf(ops.add(ops.multiply(block, turn), offsets(block)));
    return group.map(({ term }, i) => ops.add(at(carried, i), term(ops, part)));
  });
  const left = rows - turns * block;
  if (left === 0) return sums;
  const part = partsOf(offsets(left, turns * block));
  return group.map(({ term }, i) => ops.add(at(sums, i), term(ops, part)));
}

function totalsOf(program: Program): Map<Id, Total> {
  const { values } = program;
  const parts = new RowParts(values);
  const totals = new Map<Id, Total>();
  for (const id of neededValues(program)) {
    const value = at(values, id);
    const isComputedHere = value.region === null && ['start', 'step'].includes(levelOf(value.uses));
    const total = isComputedHere ? totalOf(value, values, parts) : null;
    if (total) totals.set(id, { id, ...total });
  }
  return totals;
}

function totalOf(value: Value, values: readonly Value[], parts: RowParts): Omit<Total, 'id'> | null {
  const lengthOf = (id: Id, axis: number) => at(values, id).shape[axis] ?? 0;
  const isOfRows = (id: Id, axis: number) => lengthOf(id, axis) >= LEAST_ROWS && parts.isOfRows(id, axis);
  if (value.op === 'matmul') {
    const [a, b] = value.args;
    const inner = at(values, a).shape.length - 1;
    if (!isOfRows(a, inner) || !isOfRows(b, 0)) return null;
    return {
      rows: lengthOf(b, 0),
      term: (ops, part) => ops.matmul(part(a, inner), part(b, 0)),
      cost: parts.cost(a, inner) + parts.cost(b, 0),
    };
  }
  if (value.op !== 'sum') return null;
  const [argument] = value.args;
  const { axis } = value.attributes;
  const axes = axis === null ? at(values, argument).shape.map((_, i) => i) : [axis];
  const own = axes.find((candidate) => isOfRows(argument, candidate));
  if (own === undefined) return null;
  return {
    rows: lengthOf(argument, own),
    term: (ops, part) => ops.sum(part(argument, own), axis),
    cost: parts.cost(argument, own),
  };
}

/** How many sums over rows lie, one after the other, on the longest way to each value, itself included. */
function stagesOf({ values, regions }: Program, totals: ReadonlyMap<Id, unknown>): readonly number[] {
  const stages: number[] = [];
  values.forEach((value, id) => {
    const read = [...value.args];
    if (value.op === 'repeat') {
      const { results, until } = at(regions, value.attributes.region);
      read.push(...results, ...(until === null ? [] : [until]));
    }
    const before = read.reduce((most, argument) => Math.max(most, at(stages, argument)), 0);
    stages.push(before + (totals.has(id) ? 1 : 0));
  });
  return stages;
}

/** All values, each after what it reads, and the sums of one loop next to each other: after all that any of them reads. */
function inStages({ values }: Program, stages: readonly number[], totals: ReadonlyMap<Id, unknown>): Id[] {
  const place = (id: Id) => 2 * at(stages, id) - (totals.has(id) ? 1 : 0);
  return [...values.keys()].sort((a, b) => place(a) - place(b) || a - b);
}
