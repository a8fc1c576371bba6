import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { prepare } from '../../core/tensor/reference.ts';
import type { Value } from '../../core/tensor/value.ts';
import { dispatch } from './dispatch.ts';
import { ELEMENTWISE, elementwise } from './elementwise.ts';
import { gpuForTests, runOnArrays } from './gpu-for-tests.ts';

import { carry, fill, nextRow, scatter } from './place.ts';
import { matvec, PRODUCTS, projectAffine, SCALED_PRODUCTS } from './product.ts';
import { type Extents, FAMILIES } from './product-families.ts';
import { REDUCTION, reduce } from './reduce.ts';
import { seededNumbers } from './seeded.ts';

/** Whether the device of these tests runs products by quads; elsewhere their tests are skipped. */
const { hasQuads } = await gpuForTests();

const U = 2 ** -24; // unit roundoff of float32

const contiguous = { a_offset: 0, b_offset: 0, c_offset: 0 };
const vectors = {
  shape: [1, 1, 1, 1],
  a_strides: [0, 0, 0, 1],
  b_strides: [0, 0, 0, 1],
  c_strides: [0, 0, 0, 1],
} as const;

describe('elementwise', () => {
  const [x, y, z] = [seededNumbers(500, 1), seededNumbers(500, 2), seededNumbers(500, 3)].map((numbers) =>
    numbers.map((entry) => Math.fround(4 * entry)),
  ) as [Float64Array, Float64Array, Float64Array];
  const inDomain = { log: x.map(Math.abs), sqrt: x.map(Math.abs), power: x.map(Math.abs) } as Partial<
    Record<string, Float64Array>
  >;
  // What a rounding of the result leaves, and for functions the errors of their polynomials; sin and cos near their zeros are absolute.
  const looser = { tan: 40, power: 40, log: 8, tanh: 8, exp: 8 } as Partial<Record<string, number>>;

  it.each(ELEMENTWISE)('%s agrees with Float64', async (name) => {
    const first = inDomain[name] ?? x;
    const value = {
      op: name,
      args: [0, 1, 2],
      attributes: {},
      shape: [500],
      uses: 0,
      region: null,
    } as unknown as Value;
    const expected = new Float64Array(500);
    prepare(
      value,
      [first, y, z].map((data) => ({ data, shape: [500] })),
      expected,
    )?.();
    const call = dispatch(
      elementwise,
      { ...vectors, ...contiguous, count: 500 },
      { a: 0, b: 1, c: 2, result: 3 },
      { operation: ELEMENTWISE.indexOf(name), rank: 1 },
    );
    const [, , , result] = await runOnArrays([call], [first, y, z, expected.map(() => 7)]);
    const tolerance = (looser[name] ?? 4) * U;
    result?.forEach((entry, i) => {
      const exact = at(expected, i);
      expect(Math.abs(entry - exact), `${name}(${first[i]}, ${y[i]}) = ${entry}, not ${exact}`).toBeLessThanOrEqual(
        tolerance * Math.max(Math.abs(exact), name === 'sin' || name === 'cos' ? 1 : 1e-30),
      );
    });
  });

  it('follows Float64 outside domains and at the edges', async () => {
    const cases = [
      ['log', -1],
      ['log', 0],
      ['sqrt', -1],
      ['exp', 89],
      ['exp', -110],
      ['tanh', 40],
      ['tanh', -40],
      ['sign', 0],
    ] as const;
    for (const [name, point] of cases) {
      const call = dispatch(
        elementwise,
        { ...vectors, ...contiguous, count: 1 },
        { a: 0, b: 0, c: 0, result: 1 },
        { operation: ELEMENTWISE.indexOf(name), rank: 1 },
      );
      const [, result] = await runOnArrays([call], [[point], [7]]);
      expect(at(result as Float32Array, 0), `${name}(${point})`).toBe(
        Math.fround((Math[name] as (x: number) => number)(point)),
      );
    }
    const call = dispatch(
      elementwise,
      { ...vectors, ...contiguous, count: 1 },
      { a: 0, b: 1, c: 0, result: 2 },
      { operation: ELEMENTWISE.indexOf('maximum'), rank: 1 },
    );
    const [, , result] = await runOnArrays([call], [[Number.NaN], [0], [7]]);
    expect(at(result as Float32Array, 0)).toBeNaN();
  });

  it('reads through strided views: a transpose plus a repeated row, of four axes, backwards', async () => {
    const a = seededNumbers(6, 4);
    const b = seededNumbers(3, 5);
    const add = dispatch(
      elementwise,
      {
        shape: [1, 1, 2, 3],
        a_strides: [0, 0, 1, 2],
        b_strides: [0, 0, 0, 1],
        c_strides: [0, 0, 0, 0],
        ...contiguous,
        count: 6,
      },
      { a: 0, b: 1, c: 0, result: 2 },
      { operation: ELEMENTWISE.indexOf('add'), rank: 2 },
    );
    const [, , sum] = await runOnArrays([add], [a, b, new Float64Array(6)]);
    for (let i = 0; i < 6; i++) {
      const [row, column] = [Math.floor(i / 3), i % 3];
      expect(at(sum as Float32Array, i)).toBe(Math.fround(at(a, column * 2 + row) + at(b, column)));
    }
    const data = seededNumbers(24, 6);
    const reversed = dispatch(
      elementwise,
      {
        shape: [1, 2, 3, 4],
        a_strides: [0, 12, 4, -1],
        b_strides: [0, 0, 0, 0],
        c_strides: [0, 0, 0, 0],
        ...contiguous,
        a_offset: 3,
        count: 24,
      },
      { a: 0, b: 0, c: 0, result: 1 },
      { operation: 0, rank: 4 },
    );
    const [, turned] = await runOnArrays([reversed], [data, new Float64Array(24)]);
    turned?.forEach((entry, i) => {
      expect(entry).toBe(at(data, Math.floor(i / 4) * 4 + 3 - (i % 4)));
    });
  });
});

describe('place', () => {
  it('fills more entries than one row of the grid holds', async () => {
    const count = 65_536 * 64 + 1;
    const [result] = await runOnArrays(
      [
        dispatch(fill, { count, step: 0, value: 2.5 }, { result: 0 }),
        dispatch(fill, { count, step: 1, value: 1 }, { result: 0 }),
      ],
      [new Float32Array(count)],
    );
    expect([at(result as Float32Array, 0), at(result as Float32Array, count - 1)]).toEqual([3.5, 3.5]);
  });

  it('adds parts into their places', async () => {
    const scattered = dispatch(
      scatter,
      { shape: [1, 1, 2, 2], strides: [0, 0, 3, 1], count: 4, offset: 1 },
      { part: 0, result: 1 },
    );
    const [, result] = await runOnArrays(
      [scattered],
      [
        [1, 2, 3, 4],
        [10, 10, 10, 10, 10, 10],
      ],
    );
    expect([...(result ?? [])]).toEqual([10, 11, 12, 10, 13, 14]);
  });

  it('stops carrying once done', async () => {
    const move = dispatch(carry, { count: 3 }, { done: 0, next: 1, carried: 2 });
    expect([...at(await runOnArrays([move], [[0], [1, 2, 3], [4, 5, 6]]), 2)]).toEqual([1, 2, 3]);
    expect([...at(await runOnArrays([move], [[1], [1, 2, 3], [4, 5, 6]]), 2)]).toEqual([4, 5, 6]);
  });

  it('takes the rows of a schedule one after the other', async () => {
    const step = dispatch(nextRow, { width: 2 }, { schedule: 0, cursor: 1, row: 2 });
    expect([...at(await runOnArrays([step, step], [[1, 2, 3, 4, 5, 6], [0], [0, 0]]), 2)]).toEqual([3, 4]);
  });
});

describe('reduce', () => {
  const shapes = [
    [1, 1, 1],
    [1, 70, 1],
    [3, 5, 2],
    [2, 64, 65],
    [1, 1000, 1],
  ] as const;
  it.each(shapes)(
    'sums and finds the largest of [%i, %i, %i], in one piece or several',
    async (outer, length, inner) => {
      const a = seededNumbers(outer * length * inner, 7);
      for (const name of ['sum', 'max'] as const) {
        const piece = Math.ceil(Math.sqrt(length));
        const pieces = Math.ceil(length / piece);
        const first = dispatch(
          reduce,
          { outer, length, inner, piece, offset: 0 },
          { a: 0, result: 1 },
          { operation: REDUCTION[name] },
        );
        const second = dispatch(
          reduce,
          { outer, length: pieces, inner, piece: pieces, offset: 0 },
          { a: 1, result: 2 },
          { operation: REDUCTION[name] },
        );
        const result = at(
          await runOnArrays(
            [first, second],
            [a, new Float64Array(outer * pieces * inner), new Float64Array(outer * inner)],
          ),
          2,
        );
        result.forEach((entry, place) => {
          const entries = Array.from({ length }, (_, k) =>
            at(a, (Math.floor(place / inner) * length + k) * inner + (place % inner)),
          );
          const size = entries.reduce((sum, one) => sum + Math.abs(one), 0);
          const exact = name === 'sum' ? entries.reduce((sum, one) => sum + one, 0) : Math.max(...entries);
          expect(Math.abs(entry - exact)).toBeLessThanOrEqual(name === 'sum' ? length * U * size : 0);
        });
      }
    },
  );
});

describe('products', () => {
  const shapes = [
    [1, 1, 1],
    [3, 4, 5],
    [8, 8, 8],
    [17, 33, 9],
    [64, 64, 64],
    [65, 70, 130],
    [1, 200, 1],
    [600, 2, 3],
  ] as const;

  const edges = [1, 3, 5, 17, 64, 65, 130].map(
    (length, i, all) => [length, at(all, 6 - i), at(all, (i + 3) % 7)] as const,
  );

  const isRunHere = ({ name }: { readonly name: string }) => !/_by_(quads|panels)/.test(name) || hasQuads;
  /** What a dispatch of its family would give it. */
  const constantsOf = ({ name }: { readonly name: string }, extents: Extents) =>
    name.includes('_by_panels') ? FAMILIES.panels.constantsOf?.(extents) : undefined;
  /** Whether the kernel reads matrices that lie so. */
  const reads = ({ name }: { readonly name: string }, a: 'deep' | 'wide', b: 'deep' | 'wide') => {
    const [, left = 'any', right = 'any'] = /_by_(?:quads|panels)_(any|deep|wide)_([a-z]+)/.exec(name) ?? [];
    return ['any', a].includes(left) && ['any', b].includes(right);
  };
  /** [rows, columns] with row-major entries, each row padded with NaN to a whole number of four-vectors. */
  const padded = (rows: number, columns: number, seed: number) => {
    const stride = 4 * Math.ceil(columns / 4);
    const numbers = seededNumbers(rows * stride, seed).map((entry, p) => (p % stride < columns ? entry : Number.NaN));
    return { numbers, stride };
  };

  describe.each(PRODUCTS)('$name', (family) => {
    it.skipIf(!isRunHere(family)).each([...shapes, ...edges])(
      '[%i, %i] by [%i]: A B, Aᵀ B, A Bᵀ, Aᵀ Bᵀ, with α and δ',
      async (rows, inner, columns) => {
        for (const [isLeft, isRight] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ] as const) {
          if (!reads(family, isLeft ? 'wide' : 'deep', isRight ? 'deep' : 'wide')) continue;
          if (family.name.endsWith('_fours') && columns % 4 !== 0) continue;
          const { numbers: a, stride: along } = isLeft ? padded(inner, rows, 8) : padded(rows, inner, 8);
          const { numbers: b, stride: across } = isRight ? padded(columns, inner, 9) : padded(inner, columns, 9);
          const left = isLeft ? { a_row: 1, a_inner: along } : { a_row: along, a_inner: 1 };
          const right = isRight ? { b_inner: 1, b_column: across } : { b_inner: across, b_column: 1 };
          const sides = { rows, inner, columns, a_offset: 0, b_offset: 0, ...left, ...right };
          const call = dispatch(
            family,
            { ...sides, piece: inner, result_offset: 0, alpha: -0.5, delta: 2 },
            { a: 0, b: 1, result: 2 },
            constantsOf(family, { rows, inner, columns, piece: inner }),
          );
          const result = at(await runOnArrays([call], [a, b, new Float64Array(rows * columns)]), 2);
          result.forEach((entry, place) => {
            const [i, j] = [Math.floor(place / columns), place % columns];
            let [exact, size] = [i === j ? 2 : 0, i === j ? 2 : 0];
            for (let k = 0; k < inner; k++) {
              const term =
                -0.5 * at(a, i * sides.a_row + k * sides.a_inner) * at(b, k * sides.b_inner + j * sides.b_column);
              exact += term;
              size += Math.abs(term);
            }
            expect(Math.abs(entry - exact)).toBeLessThanOrEqual((inner + 3) * U * size); // Higham 2002, §3.5
          });
        }
      },
    );

    if (!reads(family, 'deep', 'wide')) return;
    it.skipIf(!isRunHere(family))('spreads what is not finite to its row and its column, and no further', async () => {
      const [rows, inner, columns] = [17, 8, 36];
      const [a, b] = [seededNumbers(rows * inner, 8), seededNumbers(inner * columns, 9)];
      a[3 * inner + 6] = Number.NaN;
      b[6 * columns + 20] = Number.POSITIVE_INFINITY;
      const sides = { rows, inner, columns, a_offset: 0, a_row: inner, a_inner: 1, b_offset: 0, b_inner: columns };
      const call = dispatch(
        family,
        { ...sides, b_column: 1, piece: inner, result_offset: 0, alpha: 1, delta: 0 },
        { a: 0, b: 1, result: 2 },
      );
      const result = at(await runOnArrays([call], [a, b, new Float64Array(rows * columns)]), 2);
      result.forEach((entry, place) => {
        const [i, j] = [Math.floor(place / columns), place % columns];
        expect(Number.isNaN(entry)).toBe(i === 3);
        expect(Number.isFinite(entry)).toBe(i !== 3 && j !== 20);
      });
    });
  });

  it.each(PRODUCTS.filter((family) => isRunHere(family) && reads(family, 'deep', 'wide')))(
    '$name sums pieces of the inner length apart',
    async (family) => {
      const [rows, inner, columns, piece] = [9, 152, 20, 64];
      const [a, b] = [seededNumbers(rows * inner, 8), seededNumbers(inner * columns, 9)];
      const sides = { rows, inner, columns, a_offset: 0, a_row: inner, a_inner: 1, b_offset: 0, b_inner: columns };
      const call = dispatch(
        family,
        { ...sides, b_column: 1, piece, result_offset: 0, alpha: 2, delta: 3 },
        { a: 0, b: 1, result: 2 },
      );
      const result = at(await runOnArrays([call], [a, b, new Float64Array(3 * rows * columns)]), 2);
      result.forEach((entry, place) => {
        const z = Math.floor(place / (rows * columns));
        const [i, j] = [Math.floor((place % (rows * columns)) / columns), place % columns];
        let [exact, size] = [z === 0 && i === j ? 3 : 0, 3];
        for (let k = z * piece; k < Math.min(inner, (z + 1) * piece); k++) {
          exact += 2 * at(a, i * inner + k) * at(b, k * columns + j);
          size += Math.abs(2 * at(a, i * inner + k) * at(b, k * columns + j));
        }
        expect(Math.abs(entry - exact)).toBeLessThanOrEqual((piece + 3) * U * size);
      });
    },
  );

  it.each(SCALED_PRODUCTS.filter((family) => isRunHere(family) && reads(family, 'deep', 'wide')))(
    '$name adds a matrix, takes factors from the device, and skips the product where the first is 0',
    async (family) => {
      const [rows, inner, columns] = [19, 72, 40];
      const [a, b] = [seededNumbers(rows * inner, 8), seededNumbers(inner * columns, 9)];
      const c = seededNumbers(rows * columns, 10);
      a[5] = Number.NaN; // in row 0, which a skipped product must not read
      const sides = { rows, inner, columns, a_offset: 0, a_row: inner, a_inner: 1, b_offset: 0, b_inner: columns };
      const params = { ...sides, b_column: 1, piece: inner, result_offset: 0, alpha: -0.5, delta: 2, beta: 3 };
      const arrays = { a: 0, b: 1, addend: 2, factors: 3, result: 4 };
      for (const factors of [
        [0.25, -2],
        [0, 1],
      ] as const) {
        const empty = new Float64Array(rows * columns);
        const result = at(await runOnArrays([dispatch(family, params, arrays)], [a, b, c, factors, empty]), 4);
        result.forEach((entry, place) => {
          const [i, j] = [Math.floor(place / columns), place % columns];
          const rest = 3 * factors[1] * at(c, place) + (i === j ? 2 : 0);
          let [exact, size] = [rest, 8];
          for (let k = 0; k < inner && factors[0] !== 0; k++) {
            const term = -0.5 * factors[0] * at(a, i * inner + k) * at(b, k * columns + j);
            exact += term;
            size += Math.abs(term);
          }
          if (Number.isNaN(exact)) expect(entry).toBeNaN();
          else expect(Math.abs(entry - exact)).toBeLessThanOrEqual((inner + 5) * U * size);
        });
      }
    },
  );

  it.each([
    [1, 1],
    [3, 2],
    [70, 33],
    [5, 300],
  ] as const)('matvec and projection, A [%i, %i]', async (rows, inner) => {
    const [a, x] = [seededNumbers(rows * inner, 10), seededNumbers(inner, 11)];
    const matrix = { rows, inner, a_offset: 0, a_row: inner, a_inner: 1, x_offset: 0, x_stride: 1 };
    const back = {
      rows: inner,
      inner: rows,
      p_offset: 0,
      p_row: 1,
      p_inner: inner,
      x_offset: 0,
      x_stride: 1,
      r_offset: 0,
      r_stride: 1,
      turns: 1,
    };
    const [, , product, projected] = await runOnArrays(
      [
        dispatch(matvec, { ...matrix, piece: inner }, { a: 0, x: 1, result: 2 }),
        dispatch(projectAffine, back, { p: 0, x: 1, r: 2, result: 3 }),
      ],
      [a, x, new Float64Array(rows), new Float64Array(inner)],
    );
    for (let i = 0; i < rows; i++) {
      let [exact, size] = [0, 0];
      for (let k = 0; k < inner; k++) {
        exact += at(a, i * inner + k) * at(x, k);
        size += Math.abs(at(a, i * inner + k) * at(x, k));
      }
      expect(Math.abs(at(product as Float32Array, i) - exact)).toBeLessThanOrEqual((inner + 1) * U * size);
    }
    for (let k = 0; k < inner; k++) {
      let [exact, size] = [at(x, k), Math.abs(at(x, k))];
      for (let i = 0; i < rows; i++) {
        const term = at(a, i * inner + k) * at(product as Float32Array, i);
        exact -= term;
        size += Math.abs(term);
      }
      expect(Math.abs(at(projected as Float32Array, k) - exact)).toBeLessThanOrEqual((rows + 1) * U * size);
    }
  });

  it('projection of a long vector: what all entries would lose alike, none loses', async () => {
    const [n, turns] = [4000, 16];
    const x = seededNumbers(n, 15).map((entry) => Math.fround(1 + entry / 4)); // on one grid of numbers
    const [share, r] = [Math.fround(1 / n), Math.fround(n * 0.3 * U)]; // a fraction of its unit
    const strides = { p_offset: 0, p_row: 1, p_inner: 1, x_offset: 0, x_stride: 1, r_offset: 0, r_stride: 1 };
    const [, , , projected] = await runOnArrays(
      [dispatch(projectAffine, { rows: n, inner: 1, ...strides, turns }, { p: 0, x: 1, r: 2, result: 3 })],
      [new Float64Array(n).fill(share), x, [r], new Float64Array(n)],
    );
    const total = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((sum, entry) => sum + entry, 0);
    const shift = Math.fround(share * r);
    const lanes = Math.ceil(n / turns);
    expect(Math.abs(total(projected as Float32Array) - (total(x) - n * shift))).toBeLessThanOrEqual(lanes * 2 * U);
    for (let i = 0; i < n; i++)
      expect(Math.abs(at(projected as Float32Array, i) - (at(x, i) - shift))).toBeLessThanOrEqual(4 * U);
  });

  it.each([
    [3, 100, 7],
    [2, 50_000, 224],
  ] as const)(
    'matvec of %i rows of %i entries, in pieces of %i: the rounding of a piece, not of the row',
    async (rows, inner, piece) => {
      const [a, x] = [seededNumbers(rows * inner, 13), seededNumbers(inner, 14)];
      const pieces = Math.ceil(inner / piece);
      const matrix = { rows, inner, a_offset: 0, a_row: inner, a_inner: 1, x_offset: 0, x_stride: 1, piece };
      const sums = { outer: 1, length: pieces, inner: rows, piece: pieces, offset: 0 };
      const [, , , product] = await runOnArrays(
        [dispatch(matvec, matrix, { a: 0, x: 1, result: 2 }), dispatch(reduce, sums, { a: 2, result: 3 })],
        [a, x, new Float64Array(pieces * rows), new Float64Array(rows)],
      );
      for (let i = 0; i < rows; i++) {
        const terms = Array.from(x, (entry, k) => at(a, i * inner + k) * entry);
        const exact = terms.reduce((sum, term) => sum + term, 0);
        const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
        const roundings = piece / 32 + pieces / 32 + 60;
        expect(Math.abs(at(product as Float32Array, i) - exact)).toBeLessThanOrEqual(roundings * U * size);
      }
    },
  );
});
