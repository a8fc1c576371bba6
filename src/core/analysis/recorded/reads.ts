/** Which entries of x a recorded value reads, by structure alone. */
import { at } from '../../diagnostic.ts';
import { reachable, type ValueTable } from '../../tensor/evaluate.ts';
import { broadcastIndices, viewIndices } from '../../tensor/reference.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import type { Id, OpName, Value } from '../../tensor/value.ts';

/** The entry reads nothing of x. */
export const NONE = -1;
const MANY = -2;

const ELEMENTWISE: ReadonlySet<OpName> = new Set<OpName>([
  ...(['identity', 'negate', 'abs', 'sign', 'exp', 'log', 'sqrt', 'sin', 'cos', 'tan', 'tanh', 'floor'] as const),
  ...(['add', 'subtract', 'multiply', 'divide', 'power', 'maximum', 'minimum'] as const),
  ...(['less', 'lessEqual', 'equal', 'where', 'reshape'] as const),
]);

/** For an operation that only moves entries: where each entry of the result comes from. */
function origin(value: Value, from: Shape): Int32Array | null {
  switch (value.op) {
    case 'slice':
      return viewIndices(value.attributes, value.shape);
    case 'transpose':
      return viewIndices({ offset: 0, strides: [1, at(value.shape, 0)] }, value.shape);
    case 'broadcast':
      return broadcastIndices(from, value.shape);
    default:
      return null;
  }
}

/** Values between x and the targets that depend on x, ascending. */
function dependents(table: ValueTable, targets: readonly Id[], x: Id): Id[] {
  const moving = new Set<Id>();
  const order = [...reachable(table, targets)].sort((a, b) => a - b);
  for (const id of order) {
    const { args, op } = at(table.values, id);
    if (id === x || op === 'repeat' || op === 'carry' || args.some((argument) => moving.has(argument))) moving.add(id);
  }
  return order.filter((id) => moving.has(id));
}

/** For each entry of y, the only entry of x that it reads, or NONE; null where some entry reads several. */
export function singleReads(table: ValueTable, y: Id, x: Id): Int32Array | null {
  const reads = new Map<Id, Int32Array | null>();
  for (const id of dependents(table, [y], x)) {
    const value = at(table.values, id);
    reads.set(
      id,
      id === x ? Int32Array.from({ length: sizeOf(value.shape) }, (_, i) => i) : readsOf(table, value, reads),
    );
  }
  const found = reads.get(y);
  if (found === undefined) return new Int32Array(sizeOf(at(table.values, y).shape)).fill(NONE);
  return found?.includes(MANY) ? null : found;
}

/** Null stands for several in every entry. */
function readsOf({ values }: ValueTable, value: Value, reads: ReadonlyMap<Id, Int32Array | null>): Int32Array | null {
  const known = value.args.map((argument) => reads.get(argument));
  const size = sizeOf(value.shape);
  if (known.includes(null)) return null;
  const merged = new Int32Array(size).fill(NONE);
  const merge = (k: number, read: number) => {
    const before = at(merged, k);
    if (read !== NONE && before !== read) merged[k] = before === NONE ? read : MANY;
  };
  if (ELEMENTWISE.has(value.op)) {
    for (const argument of known) argument?.forEach((read, k) => merge(k, read));
    return merged;
  }
  if (value.op === 'assemble') {
    value.args.forEach((argument, i) => {
      const from = known[i];
      if (!from) return;
      const into = viewIndices(at(value.attributes.parts, i), at(values, argument).shape);
      from.forEach((read, k) => merge(at(into, k), read));
    });
    return merged;
  }
  const [first] = value.args;
  const from = first === undefined ? null : origin(value, at(values, first).shape);
  const source = known[0];
  if (from && source) return Int32Array.from(from, (k) => at(source, k));
  // A reduction over one entry, as of `sum(x[:1])`, is still that entry.
  if (value.op === 'sum' && source && source.length === size) return source;
  return null;
}

/** Entries of x that y reads, ascending: no others can change it. */
export function entriesRead(table: ValueTable, y: Id, x: Id): number[] {
  const needed = new Map<Id, Uint8Array>();
  const mark = (id: Id): Uint8Array => {
    const known = needed.get(id) ?? new Uint8Array(sizeOf(at(table.values, id).shape));
    needed.set(id, known);
    return known;
  };
  mark(y).fill(1);
  const order = dependents(table, [y], x);
  if (!order.includes(y)) return [];
  const hasLoop = order.some((id) => at(table.values, id).op === 'repeat');
  if (hasLoop) mark(x).fill(1);
  const moving = new Set(order);
  for (const id of order.reverse()) {
    const wanted = needed.get(id);
    if (wanted && id !== x) passOn(table, id, wanted, mark, moving);
  }
  return Array.from(mark(x).entries()).flatMap(([i, wanted]) => (wanted ? [i] : []));
}

function passOn(
  { values }: ValueTable,
  id: Id,
  wanted: Uint8Array,
  mark: (id: Id) => Uint8Array,
  moving: ReadonlySet<Id>,
): void {
  const value = at(values, id);
  value.args.forEach((argument, i) => {
    if (!moving.has(argument)) return;
    const marks = mark(argument);
    const from =
      value.op === 'assemble'
        ? null
        : ELEMENTWISE.has(value.op)
          ? wanted.keys()
          : origin(value, at(values, argument).shape);
    if (from) {
      let k = 0;
      for (const source of from) if (wanted[k++]) marks[source] = 1;
    } else if (value.op === 'assemble') {
      viewIndices(at(value.attributes.parts, i), at(values, argument).shape).forEach((target, k) => {
        if (wanted[target]) marks[k] = 1;
      });
    } else marks.fill(1);
  });
}
