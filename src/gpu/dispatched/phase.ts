/** What lowering one phase needs: views of values, new buffers, and the list of dispatches under construction. */
import { at, invariant } from '../../core/diagnostic.ts';
import { type Shape, sizeOf } from '../../core/tensor/shape.ts';
import type { Id, Region, Value } from '../../core/tensor/value.ts';
import { type BufferId, type Dispatch, dispatch } from '../kernels/dispatch.ts';
import { ELEMENTWISE, type ElementwiseName, elementwise } from '../kernels/elementwise.ts';
import { fill } from '../kernels/place.ts';
import { matmul } from '../kernels/product.ts';
import type { Item } from './plan.ts';
import { type BufferView, collapse, isContiguous, wholeView } from './view.ts';

/** Buffers of a phase have negative numbers until `reuse.ts` gives them real ones. */
export class Phase {
  items: Item[] = [];
  /** Lengths of the buffers made here. */
  readonly lengths = new Map<BufferId, number>();
  /** How often a value is read in this phase; roots count as read. */
  readonly readers = new Map<Id, number>();
  private readonly views = new Map<Id, BufferView>();

  constructor(
    readonly values: readonly Value[],
    readonly regions: readonly Region[],
    /** Values that lie in resident buffers: constants, time, start, state. */
    private readonly resident: ReadonlyMap<Id, BufferView>,
    private readonly numbers: { next: number },
  ) {}

  view(id: Id): BufferView {
    const view = this.views.get(id) ?? this.resident.get(id);
    invariant(view, `value ${id} is computed before it is read`);
    return view;
  }

  isKnown(id: Id): boolean {
    return this.views.has(id) || this.resident.has(id);
  }

  define(id: Id, view: BufferView): void {
    this.views.set(id, view);
  }

  /** A new buffer of this phase. */
  fresh(shape: Shape): BufferView {
    const buffer = --this.numbers.next;
    this.lengths.set(buffer, sizeOf(shape));
    return wholeView(buffer, shape);
  }

  emit(label: string, call: Dispatch): void {
    this.items.push({ kind: 'call', label, dispatch: call });
  }

  /** result = operation(operands), all read as views of `shape`; into a new buffer or the start of a given one. */
  apply(
    operation: ElementwiseName,
    shape: Shape,
    operands: readonly BufferView[],
    label: string,
    into = this.fresh(shape),
  ): BufferView {
    const count = sizeOf(shape);
    if (count === 0) return into;
    const [a, b = a, c = b] = operands;
    invariant(a && b && c && into.offset === 0, `operands of ${operation}`);
    const { rank, shape: lengths, strides } = collapse(shape, [a, b, c]);
    const params = {
      shape: lengths,
      a_strides: at(strides, 0),
      b_strides: at(strides, 1),
      c_strides: at(strides, 2),
      count,
      a_offset: a.offset,
      b_offset: b.offset,
      c_offset: c.offset,
    };
    const arrays = { a: a.buffer, b: b.buffer, c: c.buffer, result: into.buffer };
    this.emit(label, dispatch(elementwise, params, arrays, { operation: ELEMENTWISE.indexOf(operation), rank }));
    return into;
  }

  /**
   * Lets the product that made a buffer of this phase put it into another buffer, at an offset; false where no product made it, or not
   * for this view alone. Nothing may read the old buffer afterwards.
   */
  redirect(view: BufferView, into: BufferId, offset: number): boolean {
    const isRead = (item: Item): boolean =>
      item.kind === 'loop'
        ? item.body.some(isRead)
        : Object.entries(item.dispatch.arrays).some(([name, buffer]) => name !== 'result' && buffer === view.buffer);
    const made = this.items.findLastIndex(
      (item) =>
        item.kind === 'call' && item.dispatch.kernel === matmul.name && item.dispatch.arrays.result === view.buffer,
    );
    const maker = this.items[made];
    const isWhole = view.offset === 0 && isContiguous(view) && this.lengths.get(view.buffer) === sizeOf(view.shape);
    if (maker?.kind !== 'call' || !isWhole || this.items.some(isRead)) return false;
    const { dispatch: call } = maker;
    this.items[made] = {
      ...maker,
      dispatch: {
        ...call,
        params: { ...call.params, result_offset: offset },
        arrays: { ...call.arrays, result: into },
      },
    };
    this.lengths.delete(view.buffer);
    return true;
  }

  filled(value: number, shape: Shape, label: string): BufferView {
    const into = this.fresh(shape);
    const count = sizeOf(shape);
    if (count > 0) this.emit(label, dispatch(fill, { count, step: 0, value }, { result: into.buffer }));
    return into;
  }

  copy(view: BufferView, label: string, into?: BufferView): BufferView {
    return this.apply('identity', view.shape, [view], label, into);
  }

  /** The view if its entries lie in row-major order, else a copy that does. */
  contiguous(view: BufferView, label: string): BufferView {
    return isContiguous(view) ? view : this.copy(view, label);
  }
}

/** Emits the dispatches of one value and says where it lies. */
export type Rule<V extends Value> = (value: V, id: Id, phase: Phase) => BufferView;

export const label = (id: Id): string => `%${id}`;
