/**
 * Products and the elementwise run after them as one dispatch: bias, activation, mask, an optimizer's update are computed of each entry
 * while it is in a register. Also where several products lie end to end in what the run reads, as gradients of several parameters do.
 */
import type { BufferId, Dispatch } from '../kernels/dispatch.ts';
import { ELEMENTWISE_RUN, type ElementwiseRun, type Entry, type Operand, rowsOf } from '../kernels/elementwise-run.ts';
import { scatter } from '../kernels/place.ts';
import { matmul } from '../kernels/product.ts';
import { PRODUCT_RUN } from '../kernels/product-run.ts';
import { writtenBy } from './members.ts';
import type { Call, Item } from './plan.ts';
import { asRun, MOST_ARRAYS, mentionsOf, type Surroundings } from './runs.ts';

/** The same computation in fewer dispatches; `isKept` says which buffers are read beside these items. */
export function fuseEpilogues(items: readonly Item[], isKept: (buffer: BufferId) => boolean): Item[] {
  return inBody(items, { isKept, mentions: mentionsOf(items) });
}

function inBody(items: readonly Item[], around: Surroundings): Item[] {
  let done: Item[] = [];
  for (const item of items) {
    if (item.kind === 'loop') {
      done.push({ ...item, body: inBody(item.body, around) });
      continue;
    }
    const run = asRun(item, around);
    const fused = run && ended(done, run, around);
    if (fused) done = fused;
    else done.push(item);
  }
  return done;
}

/** Entries first … first + count − 1 of what a run reads, and what puts them there: a product, or a copy of other entries. */
interface Part {
  readonly call: Call;
  readonly position: number;
  readonly first: number;
  readonly count: number;
  /** The run may be computed where this part is: of a product's entries, or of those that would have been copied. */
  readonly isTaken: boolean;
}

/** The items before a run with the run taken into the products that it reads, or null where it reads none that can take it. */
function ended(before: readonly Item[], call: Call, { isKept, mentions }: Surroundings): Item[] | null {
  const { run, arrays, params } = call.dispatch;
  if (!run || rowsOf(run).length > 0) return null; // a matrix times a vector stays where it is
  const written = new Set(run.arrays.filter(({ isWritten }) => isWritten).map(({ name }) => arrays[name]));
  for (const { name, isWritten } of run.arrays) {
    const buffer = arrays[name] ?? Number.NaN;
    if (isWritten || isKept(buffer) || !isReadInPlace(run, name)) continue;
    const parts = partsOf(before, run, buffer, written);
    if (!parts || parts.length + 1 !== mentions.get(buffer) || !isTiled(parts, Number(params.count))) continue;
    if (!parts.some(({ call: { dispatch }, isTaken }) => isTaken && dispatch.kernel === matmul.name)) continue;
    const moved = new Set<Item>(parts.filter(({ isTaken }) => isTaken).map((part) => part.call));
    return [...before.filter((item) => !moved.has(item)), ...parts.map((part) => endOf(part, call, run, name))];
  }
  return null;
}

/** Whether every line reads entry `index` of the array for entry `index` of the run. */
const isReadInPlace = ({ lines }: ElementwiseRun, name: string): boolean =>
  lines
    .flatMap(({ operands }) => operands)
    .every(
      (operand) =>
        operand.kind !== 'entry' ||
        operand.array !== name ||
        (operand.offset === 0 && operand.shape.length === 1 && operand.strides[0] === 1),
    );

/** What writes a buffer, or null where something does in another way. */
function partsOf(
  before: readonly Item[],
  run: ElementwiseRun,
  buffer: BufferId,
  written: ReadonlySet<BufferId | undefined>,
): Part[] | null {
  const parts: Part[] = [];
  for (const [position, item] of before.entries()) {
    if (!writtenInside(item).has(buffer)) continue;
    if (item.kind === 'loop') return null;
    const { kernel, params, arrays } = item.dispatch;
    const later = before.slice(position + 1).map(writtenInside);
    const stays = (read: BufferId | undefined) =>
      read !== undefined && !written.has(read) && !later.some((others) => others.has(read));
    if (kernel === matmul.name && isWhole(params)) {
      const isTaken = stays(arrays.a) && stays(arrays.b) && run.arrays.length + 1 <= MOST_ARRAYS;
      const count = Number(params.rows) * Number(params.columns);
      parts.push({ call: item, position, first: Number(params.result_offset), count, isTaken });
    } else if (kernel === scatter.name && isFlat(params)) {
      const [first, count] = [Number(params.offset), Number(params.count)];
      parts.push({ call: item, position, first, count, isTaken: stays(arrays.part) });
    } else return null;
  }
  return parts;
}

const isWhole = ({ inner, piece, alpha, delta }: Dispatch['params']): boolean =>
  Number(piece) >= Number(inner) && alpha === 1 && delta === 0;

const isFlat = ({ shape, strides, count }: Dispatch['params']): boolean =>
  String(shape) === String([1, 1, 1, count]) && String(strides) === String([0, 0, 0, 1]);

/** Whether the parts cover entries 0 … count − 1, each once. */
function isTiled(parts: readonly Part[], count: number): boolean {
  let end = 0;
  for (const part of parts.toSorted((a, b) => a.first - b.first)) {
    if (part.first !== end) return false;
    end += part.count;
  }
  return end === count;
}

/** The run over the entries of a part. */
function endOf({ call, first, count, isTaken }: Part, of: Call, run: ElementwiseRun, name: string): Call {
  const label = call.label === of.label ? of.label : `${call.label} ${of.label}`;
  const { arrays } = of.dispatch;
  if (!isTaken) return { ...of, dispatch: { ...of.dispatch, params: { count, first } } };
  if (call.dispatch.kernel === matmul.name) {
    const { [name]: _, ...others } = arrays;
    const lines = withOperand(run, name, () => ({ kind: 'product' }));
    const ending = { lines, arrays: run.arrays.filter((array) => array.name !== name) };
    const { a = Number.NaN, b = Number.NaN } = call.dispatch.arrays;
    return {
      kind: 'call',
      label,
      dispatch: { ...call.dispatch, kernel: PRODUCT_RUN, arrays: { a, b, ...others }, run: ending },
    };
  }
  const lines = withOperand(run, name, (entry) => ({ ...entry, offset: -first }));
  const dispatch: Dispatch = {
    kernel: ELEMENTWISE_RUN,
    constants: {},
    params: { count, first },
    arrays: { ...arrays, [name]: call.dispatch.arrays.part ?? Number.NaN },
    run: { ...run, lines },
  };
  return { kind: 'call', label, dispatch };
}

const withOperand = ({ lines }: ElementwiseRun, name: string, changed: (entry: Entry) => Operand) =>
  lines.map((line) => ({
    ...line,
    operands: line.operands.map((operand) =>
      operand.kind === 'entry' && operand.array === name ? changed(operand) : operand,
    ),
  }));

const writtenInside = (item: Item): ReadonlySet<BufferId> =>
  new Set(item.kind === 'call' ? writtenBy(item) : item.body.flatMap((inner) => [...writtenInside(inner)]));
