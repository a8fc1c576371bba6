/** Any sequence of dispatches means the same after its elementwise runs, with products of vectors in them, have become one kernel each, the end of a product, or part of a workgroup's work. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { type Dispatch, dispatch } from '../kernels/dispatch.ts';
import { ELEMENTWISE, elementwise } from '../kernels/elementwise.ts';
import { gpuForTests, runOnArrays } from '../kernels/gpu-for-tests.ts';
import { carry, fill, scatter } from '../kernels/place.ts';
import { matmul, matvec } from '../kernels/product.ts';
import { REDUCTION, reduce } from '../kernels/reduce.ts';
import { seededNumbers } from '../kernels/seeded.ts';
import { fuseEpilogues } from './epilogues.ts';
import { dispatchCount, type Item } from './plan.ts';
import { fuseRuns } from './runs.ts';
import { putTogether } from './together.ts';

/** Buffers 0 … 5 hold `count` numbers, 6 … 9 one. */
const [LONG, ALL] = [6, 10] as const;
const SHAPES = [1, 3, 5, 17, 64, 65, 130];

const lengthOf = (buffer: number, count: number) => (buffer < LONG ? count : 1);

/** How an operand is read: entry by entry, backwards, or one entry for all. */
type View = 'own' | 'backwards' | 'fixed';

interface Draft {
  readonly what: 'elementwise' | 'fill' | 'step' | 'carry' | 'sum' | 'product' | 'rows' | 'copy';
  readonly operation: number;
  readonly operands: readonly (readonly [buffer: number, view: View])[];
  readonly into: number;
}

const drafts: fc.Arbitrary<Draft[]> = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 8, arbitrary: fc.constant('elementwise' as const) },
      { weight: 1, arbitrary: fc.constantFrom('fill' as const, 'step' as const, 'carry' as const, 'sum' as const) },
      { weight: 3, arbitrary: fc.constantFrom('product' as const, 'rows' as const, 'copy' as const) },
    ),
    operation: fc.nat(ELEMENTWISE.length - 1),
    operands: fc.array(
      fc.tuple(
        fc.nat(ALL - 1),
        fc.oneof(
          { weight: 4, arbitrary: fc.constant('own' as const) },
          { weight: 1, arbitrary: fc.constantFrom('backwards' as const, 'fixed' as const) },
        ),
      ),
      { minLength: 3, maxLength: 3 },
    ),
    into: fc.nat(ALL - 1),
  }),
  { minLength: 2, maxLength: 14 },
);

function callOf({ what, operation, operands, into }: Draft, n: number): Dispatch {
  const count = lengthOf(into, n);
  const arrays = operands.map(([buffer]) => (buffer === into ? (buffer + 1) % ALL : buffer)); // never argument and result
  const [a = 0, b = 0] = arrays;
  const isLongEnough = (buffer: number) => lengthOf(buffer, n) >= count;
  if (what === 'fill' || what === 'step')
    return dispatch(fill, { count, step: what === 'fill' ? 0 : 1, value: 0.5 }, { result: into });
  if (what === 'carry' && isLongEnough(b)) return dispatch(carry, { count }, { done: a, next: b, carried: into });
  if (what === 'sum' && into >= LONG && a < LONG)
    return dispatch(
      reduce,
      { outer: 1, length: n, inner: 1, piece: n, offset: 0 },
      { a, result: into },
      { operation: REDUCTION.sum },
    );
  if (what === 'product' && into < LONG && a < LONG && b < LONG) return productOf(operation, [a, b, into], n);
  if (what === 'rows' && a < LONG && b < LONG) return rowsOf(operation, [a, b, into], { n, count });
  if (what === 'copy' && into < LONG && a < LONG) {
    const half = Math.ceil(n / 2); // the second part, or all of it
    const [offset, size] = operation % 2 === 0 ? [half, n - half] : [0, n];
    const flat = { shape: [1, 1, 1, size], strides: [0, 0, 0, 1], count: size, offset } as const;
    if (size > 0) return dispatch(scatter, flat, { part: a, result: into }, { adding: 0 });
  }
  const views = arrays.map((buffer, i) => {
    const view = isLongEnough(buffer) ? at(operands, i)[1] : 'fixed';
    if (view === 'own') return { stride: 1, offset: 0 };
    return view === 'backwards' ? { stride: -1, offset: count - 1 } : { stride: 0, offset: 0 };
  });
  const strides = (i: number) => [0, 0, 0, at(views, i).stride] as const;
  return dispatch(
    elementwise,
    {
      shape: [1, 1, 1, count],
      a_strides: strides(0),
      b_strides: strides(1),
      c_strides: strides(2),
      count,
      a_offset: at(views, 0).offset,
      b_offset: at(views, 1).offset,
      c_offset: at(views, 2).offset,
    },
    { a: at(arrays, 0), b: at(arrays, 1), c: at(arrays, 2), result: into },
    { operation, rank: 1 },
  );
}

/** A product whose entries are all `n` of a buffer, or the first half. */
function productOf(operation: number, [a, b, result]: readonly [number, number, number], n: number): Dispatch {
  const entries = operation % 3 === 0 ? Math.ceil(n / 2) : n;
  const columns = at([1, 2, 5, 13].filter((length) => entries % length === 0).reverse(), 0);
  const [rows, inner] = [entries / columns, Math.min(3, n)];
  const sides = { a_offset: 0, a_row: 0, a_inner: 1, b_offset: 0, b_inner: 0, b_column: columns > n ? 0 : 1 };
  return dispatch(
    matmul,
    { rows, inner, columns, ...sides, piece: inner, result_offset: 0, alpha: operation % 5 === 0 ? 2 : 1, delta: 0 },
    { a, b, result },
  );
}

/** A matrix times a vector: its rows overlap, go backwards, or are all the same. */
function rowsOf(
  operation: number,
  [a, x, result]: readonly [number, number, number],
  { n, count }: { readonly n: number; readonly count: number },
): Dispatch {
  const inner = operation % 2 === 0 ? n : Math.min(n, 1 + operation);
  const step = inner > 1 ? 0 : operation % 3 === 0 ? 1 : -1;
  const place = { a_offset: step < 0 ? count - 1 : 0, a_row: step, a_inner: 1, x_offset: n - 1, x_stride: -1 };
  return dispatch(matvec, { rows: count, inner, ...place, piece: inner }, { a, x, result });
}

const itemsOf = (calls: readonly Dispatch[]): Item[] =>
  calls.map((call, i) => ({ kind: 'call', label: `%${i}`, dispatch: call }));

const callsOf = (items: readonly Item[]): Dispatch[] =>
  items.flatMap((item) => (item.kind === 'call' ? [item.dispatch] : []));

/** Whether all of a buffer is written by an elementwise dispatch before any other names it. */
function isWrittenFirst(calls: readonly Dispatch[], buffer: number): boolean {
  const first = calls.find(({ arrays }) => Object.values(arrays).includes(buffer));
  return first?.kernel === elementwise.name && Object.values(first.arrays).indexOf(buffer) === 3;
}

/** The same operations in the same order; a compiler may contract a product and a sum, which rounds once less. */
const isClose = (a: number, b: number) =>
  Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-5 * Math.abs(b) + 1e-6;

describe('runs', () => {
  it.each(SHAPES)('mean what their dispatches meant, %i entries', async (count) => {
    await fc.assert(
      fc.asyncProperty(drafts, fc.uniqueArray(fc.nat(ALL - 1)), async (some, temporary) => {
        const calls = some.map((draft) => callOf(draft, count));
        const isKept = (buffer: number) => !temporary.includes(buffer);
        // What is read before it is written is none of these dispatches' own.
        const own = temporary.filter((buffer) => isWrittenFirst(calls, buffer));
        const lengths = new Map(own.map((buffer) => [buffer, lengthOf(buffer, count)]));
        const fused = putTogether(fuseEpilogues(fuseRuns(itemsOf(calls), isKept), isKept), isKept, lengths);
        expect(dispatchCount(fused)).toBeLessThanOrEqual(calls.length);
        const arrays = Array.from({ length: ALL }, (_, i) => seededNumbers(lengthOf(i, count), i + 1));
        const wide = callsOf(fused).map((call) =>
          call.together && temporary.length % 2 === 0 ? { ...call, constants: { workgroup_width: 64 } } : call,
        );
        const [before, after] = [await runOnArrays(calls, arrays), await runOnArrays(wide, arrays)];
        for (let buffer = 0; buffer < ALL; buffer++) {
          if (!isKept(buffer)) continue;
          at(before, buffer).forEach((entry, i) => {
            expect(isClose(at(at(after, buffer), i), entry), `buffer ${buffer}, entry ${i}`).toBe(true);
          });
        }
      }),
      { numRuns: import.meta.env.FEASIBLE_FULL === '1' ? 60 : 8, seed: count },
    );
    expect((await gpuForTests()).uncaptured).toEqual([]);
  });

  it('read matrices transposed, and rows and columns repeated', async () => {
    const [rows, columns] = [5, 17];
    const view = (strides: readonly [number, number]) => [0, 0, ...strides] as const;
    const common = {
      shape: [1, 1, rows, columns],
      count: rows * columns,
      a_offset: 0,
      b_offset: 0,
      c_offset: 0,
    } as const;
    const zero = view([0, 0]);
    const calls = [
      dispatch(
        elementwise,
        { ...common, a_strides: view([1, rows]), b_strides: view([0, 1]), c_strides: zero, b_offset: 2 },
        { a: 0, b: 1, c: 0, result: 3 },
        { operation: ELEMENTWISE.indexOf('multiply'), rank: 2 },
      ),
      dispatch(
        elementwise,
        { ...common, a_strides: view([columns, 1]), b_strides: view([1, 0]), c_strides: zero },
        { a: 3, b: 2, c: 0, result: 4 },
        { operation: ELEMENTWISE.indexOf('add'), rank: 2 },
      ),
    ];
    const fused = fuseRuns(itemsOf(calls), (buffer) => buffer === 4);
    expect(dispatchCount(fused)).toBe(1);
    const [A, b, c] = [seededNumbers(rows * columns, 1), seededNumbers(columns + 2, 2), seededNumbers(rows, 3)];
    const empty = new Float64Array(rows * columns);
    const result = at(await runOnArrays(callsOf(fused), [A, b, c, empty, empty]), 4);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        const exact = at(A, j * rows + i) * at(b, j + 2) + at(c, i);
        expect(Math.abs(at(result, i * columns + j) - exact)).toBeLessThan(1e-6);
      }
  });
});
