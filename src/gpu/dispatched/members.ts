/** Dispatches that compute entry by entry, whichever kernel they are, and what dispatches read and write. */
import { at } from '../../core/diagnostic.ts';
import type { Four } from '../kernels/define-kernel.ts';
import type { BufferId } from '../kernels/dispatch.ts';
import { ELEMENTWISE, type ElementwiseName } from '../kernels/elementwise.ts';
import type { Row } from '../kernels/elementwise-run.ts';
import { KERNELS } from '../kernels/kernels.ts';
import { matvec } from '../kernels/product.ts';
import type { Call } from './plan.ts';
import { collapse } from './view.ts';

export interface Access {
  readonly buffer: BufferId;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Of a matrix and a vector, which an invocation reads anywhere. */
export interface Product extends Pick<Row, 'terms'> {
  readonly matrix: Omit<Row['matrix'], 'array'> & { readonly buffer: BufferId };
  readonly vector: Omit<Row['vector'], 'array'> & { readonly buffer: BufferId };
}

/** A dispatch that computes entry by entry, whichever kernel it was. */
export interface Member {
  readonly call: Call;
  readonly operation: ElementwiseName;
  readonly operands: readonly (Access | number)[];
  /** Whose entries take the place of operands. */
  readonly product: Product | null;
  readonly count: number;
  readonly into: BufferId;
}

export const accessesOf = ({ operands }: Member): Access[] =>
  operands.flatMap((operand) => (typeof operand === 'number' ? [] : [operand]));

export const factorsOf = ({ product }: Member): BufferId[] =>
  product ? [product.matrix.buffer, product.vector.buffer] : [];

export const readBy = (member: Member): BufferId[] => [
  ...accessesOf(member).map(({ buffer }) => buffer),
  ...factorsOf(member),
];

export const buffersOf = ({ dispatch: { arrays } }: Call): BufferId[] => [...new Set(Object.values(arrays))];

export function writtenBy({ dispatch: { kernel, arrays, run } }: Call): BufferId[] {
  if (run) return run.arrays.flatMap(({ name, isWritten }) => (isWritten ? [arrays[name] ?? Number.NaN] : []));
  const bindings = KERNELS[kernel]?.bindings ?? {};
  return Object.entries(arrays).flatMap(([name, buffer]) =>
    (bindings as Record<string, { access: string }>)[name]?.access === 'write' ? [buffer] : [],
  );
}

const ARITY: Readonly<Partial<Record<ElementwiseName, number>>> = { where: 3 };
const FIRST_BINARY = ELEMENTWISE.indexOf('add');

/** Null for a dispatch that computes in any other way. */
export function memberOf(call: Call): Member | null {
  const { kernel, constants, params, arrays } = call.dispatch;
  const count = Number(params.count);
  const array = (name: string): BufferId => arrays[name] ?? Number.NaN;
  const whole = (buffer: BufferId): Access => access(buffer, 0, [1, 1, 1, count], [0, 0, 0, 1]);
  if (kernel === 'fill') {
    const [value, into] = [Number(params.value), array('result')];
    if (!Number.isFinite(Math.fround(value))) return null; // has no literal
    const isStep = params.step === 1;
    const operands = isStep ? [whole(into), value] : [value];
    return { call, operation: isStep ? 'add' : 'identity', operands, product: null, count, into };
  }
  if (kernel === 'carry') {
    const into = array('carried');
    const done = access(array('done'), 0, [1, 1, 1, count], [0, 0, 0, 0]);
    return {
      call,
      operation: 'where',
      operands: [done, whole(into), whole(array('next'))],
      product: null,
      count,
      into,
    };
  }
  if (kernel === matvec.name && Number(params.piece) >= Number(params.inner)) {
    const product = {
      terms: Number(params.inner),
      matrix: {
        buffer: array('a'),
        offset: Number(params.a_offset),
        row: Number(params.a_row),
        inner: Number(params.a_inner),
      },
      vector: { buffer: array('x'), offset: Number(params.x_offset), stride: Number(params.x_stride) },
    };
    return { call, operation: 'identity', operands: [], product, count: Number(params.rows), into: array('result') };
  }
  if (kernel !== 'elementwise') return null;
  const position = constants.operation ?? 0;
  const operation = at(ELEMENTWISE, position);
  const operands = (['a', 'b', 'c'] as const)
    .slice(0, ARITY[operation] ?? (position < FIRST_BINARY ? 1 : 2))
    .map((name) =>
      access(array(name), Number(params[`${name}_offset`]), params.shape as Four, params[`${name}_strides`] as Four),
    );
  return { call, operation, operands, product: null, count, into: array('result') };
}

/** With as few axes as the view has by itself. */
function access(buffer: BufferId, offset: number, shape: Four, strides: Four): Access {
  const { rank, shape: lengths, strides: collapsed } = collapse(shape, [{ strides }]);
  const first = Math.min(lengths.findIndex((length) => length > 1) >>> 0, 3);
  const own = lengths.slice(rank === 1 ? 3 : first);
  return { buffer, offset, shape: own, strides: at(collapsed, 0).slice(4 - own.length) };
}
