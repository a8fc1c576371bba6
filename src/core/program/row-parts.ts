/**
 * How entry i along one axis of a value is computed from row i of the data alone: what a loop over rows does in a turn. Data are
 * what holds for a whole run; whatever else a row reads (parameters, other sums) is the same for every row.
 */
import { at } from '../diagnostic.ts';
import { isEntrywise } from '../tensor/entrywise.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import { type Id, levelOf, type Value, type ValueOf } from '../tensor/value.ts';
import { axisAfter, isOfColumns } from './row-views.ts';

/** Row i of a value from row i of other values (`axis`), and from whole values (no axis). */
interface Way {
  readonly args: readonly { readonly id: Id; readonly axis: number | null }[];
  /** `rows` is the vector of rows that are computed; parts have as many entries along their axis. */
  readonly make: (ops: Ops, parts: readonly Tensor[], rows: Tensor) => Tensor;
}

/** A value's part for some rows, recorded once for each. */
export type PartOf = (id: Id, axis: number) => Tensor;

export class RowParts {
  private readonly known = new Map<string, Way | null>();

  constructor(private readonly values: readonly Value[]) {}

  /** Whether entry i along the axis needs row i alone. */
  isOfRows(id: Id, axis: number): boolean {
    return this.wayOf(id, axis) !== null;
  }

  /** Numbers that one row makes on its way to a value. */
  cost(id: Id, axis: number, seen = new Set<string>()): number {
    const key = `${id} ${axis}`;
    if (seen.has(key)) return 0;
    seen.add(key);
    const { shape } = at(this.values, id);
    const own = sizeOf(shape) / at(shape, axis);
    const args = this.wayOf(id, axis)?.args ?? [];
    return args.reduce((sum, { id, axis }) => sum + (axis === null ? 0 : this.cost(id, axis, seen)), own);
  }

  /** What records the parts for `rows`, a vector of whole numbers; `whole` is the record of a value that has no rows. */
  recorder(ops: Ops, rows: Tensor, whole: (id: Id) => Tensor): PartOf {
    const made = new Map<string, Tensor>();
    const part: PartOf = (id, axis) => {
      const key = `${id} ${axis}`;
      const before = made.get(key);
      if (before) return before;
      const way = this.wayOf(id, axis);
      if (!way) throw new Error(`Invariant broken: value ${id} has no rows along axis ${axis}`);
      const parts = way.args.map((argument) =>
        argument.axis === null ? whole(argument.id) : part(argument.id, argument.axis),
      );
      const result = way.make(ops, parts, rows);
      made.set(key, result);
      return result;
    };
    return part;
  }

  private wayOf(id: Id, axis: number): Way | null {
    const key = `${id} ${axis}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const way = this.candidate(id, axis);
    const holds = way?.args.every((argument) => argument.axis === null || this.wayOf(argument.id, argument.axis));
    const found = way && holds ? way : null;
    this.known.set(key, found);
    return found;
  }

  private shape = (id: Id): Shape => at(this.values, id).shape;

  private candidate(id: Id, axis: number): Way | null {
    const value = at(this.values, id);
    const renamed = this.renamed(value, axis);
    if (renamed) return renamed;
    const level = levelOf(value.uses);
    if (value.region === null && (level === 'constant' || level === 'run')) return picked(id, axis);
    if (isEntrywise(value.op)) {
      return {
        args: value.args.map((id) => ({ id, axis })),
        make: (ops, parts, { shape: [count] }) =>
          ops.again(
            { ...value, shape: cut(value.shape, axis, count) },
            parts.map(({ id }) => id),
          ),
      };
    }
    if (value.op === 'matmul') return this.product(value, axis);
    if (value.op !== 'sum' && value.op !== 'max') return null;
    const [argument] = value.args;
    const { axis: reduced } = value.attributes;
    if (reduced === null) return null;
    const own = axis < reduced ? axis : axis + 1;
    return { args: [{ id: argument, axis: own }], make: (ops, [part]) => ops[value.op](part as Tensor, reduced) };
  }

  /** Renamings are seen through, so that data stay in the order in which they lie. */
  private renamed(value: Value, axis: number): Way | null {
    switch (value.op) {
      case 'identity':
        return { args: [{ id: value.args[0], axis }], make: (_, [part]) => part as Tensor };
      case 'transpose':
        return { args: [{ id: value.args[0], axis: 1 - axis }], make: (ops, [part]) => ops.transpose(part as Tensor) };
      case 'broadcast': {
        const [argument] = value.args;
        const own = axis - (value.shape.length - this.shape(argument).length);
        const isRepeated = own < 0 || this.shape(argument)[own] === 1;
        return {
          args: [{ id: argument, axis: isRepeated ? null : own }],
          make: (ops, [part], { shape: [count] }) => ops.broadcast(part as Tensor, cut(value.shape, axis, count)),
        };
      }
      case 'reshape': {
        const own = axisAfter(value.shape, axis, this.shape(value.args[0]));
        if (own === null) return null;
        return {
          args: [{ id: value.args[0], axis: own }],
          make: (ops, [part], { shape: [count] }) => ops.reshape(part as Tensor, cut(value.shape, axis, count)),
        };
      }
      case 'slice':
        return this.columns(value, axis);
      case 'assemble':
        return this.assembled(value, axis);
      default:
        return null;
    }
  }

  private columns({ args: [argument], attributes: view, shape }: ValueOf<'slice'>, axis: number): Way | null {
    if (axis !== 0 || !isOfColumns(view, shape, this.shape(argument))) return null;
    return {
      args: [{ id: argument, axis: 0 }],
      make: (ops, [part], { shape: [count] }) => ops.slice(part as Tensor, { ...view, shape: cut(shape, 0, count) }),
    };
  }

  /** The adjoint of taking columns: they are put back. */
  private assembled({ args, attributes: { parts: views }, shape }: ValueOf<'assemble'>, axis: number): Way | null {
    const isWhole = args.every((id, i) => isOfColumns(at(views, i), this.shape(id), shape));
    if (axis !== 0 || !isWhole) return null;
    return {
      args: args.map((id) => ({ id, axis: 0 })),
      make: (ops, parts, { shape: [count] }) =>
        ops.assemble(
          parts.map((part, i) => ({ part, view: at(views, i) })),
          cut(shape, 0, count),
        ),
    };
  }

  private product({ args: [a, b], shape }: ValueOf<'matmul'>, axis: number): Way {
    const isLeft = this.shape(a).length === 2 && axis === 0;
    return {
      args: [
        { id: a, axis: isLeft ? 0 : null },
        { id: b, axis: isLeft ? null : this.shape(b).length - 1 },
      ],
      make: (ops, [left, right]) => {
        const made = ops.matmul(left as Tensor, right as Tensor);
        return made.shape.length === shape.length ? made : ops.reshape(made, shape);
      },
    };
  }
}

const cut = (shape: Shape, axis: number, count = 1): Shape => shape.map((length, i) => (i === axis ? count : length));

/** The rows of what holds for the whole run. */
const picked = (id: Id, axis: number): Way => ({
  args: [{ id, axis: null }],
  make: (ops, [table], rows) =>
    axis === 0 ? ops.gather(table as Tensor, rows) : ops.transpose(ops.gather(ops.transpose(table as Tensor), rows)),
});
