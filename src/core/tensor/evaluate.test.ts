import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { degreeIn } from './degree.ts';
import { evaluate, evaluator } from './evaluate.ts';
import { decompose, type Matrix, nullSpaceBasis, pseudoinverse } from './matrix.ts';
import { Ops, type Tensor } from './ops.ts';

const matrix = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});
const product = (a: Matrix, b: Matrix): Matrix => ({
  rows: a.rows,
  columns: b.columns,
  data: evaluate((ops) =>
    ops.matmul(ops.constant(a.data, [a.rows, a.columns]), ops.constant(b.data, [b.rows, b.columns])),
  ),
});
const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(0, ...Array.from(a, (entry, i) => Math.abs(entry - at(b, i))));

describe('recording', () => {
  it('gives equal expressions one value', () => {
    const ops = new Ops();
    const x = ops.input('start', 'x', [2]);
    expect(ops.sin(ops.add(x, 1)).id).toBe(ops.sin(ops.add(x, ops.constant(1))).id);
  });

  it('folds constants in Float64', () => {
    const ops = new Ops();
    expect(ops.valueOf(ops.multiply(ops.exp(1), 3))).toMatchObject({
      op: 'constant',
      attributes: { data: Float64Array.of(3 * Math.E) },
    });
  });

  it('multiplies for integer powers, so that negative bases are right', () => {
    expect([...evaluator(1, (ops, x) => ops.power(x, 3))([-2])]).toEqual([-8]);
    expect([...evaluator(1, (ops, x) => ops.power(x, -1))([-2])]).toEqual([-0.5]);
  });
});

describe('a procedure', () => {
  const size = 5;
  /** Some of it depends on x, some on nothing: data that folding leaves alone, and a loop over them. */
  const build = (ops: Ops, x: Tensor): Tensor => {
    const data = ops.shared(
      Float64Array.from({ length: size }, (_, i) => i - 1.5),
      [size],
    );
    const halved = at(
      ops.repeat(3, [ops.exp(data)], ([each]) => [ops.multiply(0.5, each as Tensor)]),
      0,
    );
    return ops.add(ops.multiply(x, ops.tanh(data)), halved);
  };

  it('gives at each call what a new one gives, though it computes constants once', () => {
    const again = evaluator(size, build);
    for (const first of [0.3, -2, 0.3]) {
      const x = Array.from({ length: size }, (_, i) => first * i);
      expect(again(x)).toEqual(evaluator(size, build)(x));
      expect(at(again(x), 2)).toBeCloseTo(2 * first * Math.tanh(0.5) + Math.exp(0.5) / 8, 15);
    }
  });
});

const only = (carried: readonly Tensor[]): Tensor => at(carried, 0);

describe('loops', () => {
  /** Newton's iteration for √2 from 1, until |y² − 2| is below the tolerance. */
  const root = (count: number, tolerance: number) =>
    evaluate((ops) => {
      const next = (carried: readonly Tensor[]) => [
        ops.multiply(0.5, ops.add(only(carried), ops.divide(2, only(carried)))),
      ];
      const until = (carried: readonly Tensor[]) =>
        ops.less(ops.abs(ops.subtract(ops.power(only(carried), 2), 2)), tolerance);
      return only(ops.repeat(count, [ops.constant(1)], next, until));
    })[0];

  it('repeats its body', () => {
    expect(root(6, 0)).toBeCloseTo(Math.SQRT2, 15);
    expect(root(0, 0)).toBe(1);
  });

  it('ends when until is true, before the bound', () => {
    expect(root(100, 0.3)).toBe(1.5);
  });

  it('knows its turn and may be nested', () => {
    // Σ_{i<4} Σ_{j<3} (3 i + j) = 66
    const sum = evaluate((ops) => {
      const inner = (total: Tensor, i: Tensor) =>
        ops.repeat(3, [total], (carried, j) => [ops.add(only(carried), ops.add(ops.multiply(3, i), j))]);
      return only(ops.repeat(4, [ops.constant(0)], (carried, i) => inner(only(carried), i)));
    });
    expect([...sum]).toEqual([66]);
  });
});

describe('deeply nested loops', () => {
  it('see what the outermost one carries', () => {
    // a ← a + b with b = Σ one turn of (a + b₀): 1, 2, 4, 8
    const sum = evaluate((ops) => {
      const inner = (a: Tensor, b: Tensor) =>
        ops.repeat(1, [ops.constant(0)], (c) => [ops.add(only(c), ops.add(a, b))]);
      const middle = (a: Tensor) => ops.repeat(1, [ops.constant(0)], (b) => inner(a, only(b)));
      return only(ops.repeat(3, [ops.constant(1)], (a) => [ops.add(only(a), only(middle(only(a))))]));
    });
    expect([...sum]).toEqual([8]);
  });

  it('does not forget to broadcast a square root', () => {
    expect([...evaluate((ops) => ops.power(4, ops.constant([0.5, 0.5])))]).toEqual([2, 2]);
  });
});

describe('degree', () => {
  const degree = (build: Parameters<typeof evaluator>[1]) => {
    const ops = new Ops();
    const x = ops.input('start', 'x', [3]);
    return degreeIn(ops, build(ops, x).id, x.id);
  };
  it('proves affine, quadratic and neither', () => {
    expect(degree((ops) => ops.constant(3))).toBe(0);
    expect(degree((ops, x) => ops.subtract(ops.sum(x), ops.divide(ops.row(x, 1), 2)))).toBe(1);
    expect(degree((ops, x) => ops.dot(x, x))).toBe(2);
    expect(degree((ops, x) => ops.power(x, 3))).toBe(Number.POSITIVE_INFINITY);
    expect(degree((ops, x) => ops.sin(x))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('matrices', () => {
  const cases = [
    matrix([
      [1, 1, 0],
      [0, 1, 1],
    ]),
    matrix([
      [1, 2],
      [2, 4],
      [0.5, 1],
    ]),
    matrix([
      [1, 1, 0],
      [0, 1, 1],
      [1, 2, 1],
    ]),
    matrix([
      [3, 0, 1e-3, 2],
      [1, -1, 0, 5],
    ]),
    matrix([
      [0, 0],
      [0, 0],
    ]),
  ];

  it.each(cases)('A⁺ satisfies the four Moore–Penrose conditions (case %#)', (A) => {
    const X = pseudoinverse(A);
    const [AX, XA] = [product(A, X), product(X, A)];
    expect(largest(product(AX, A).data, A.data)).toBeLessThan(1e-13);
    expect(largest(product(XA, X).data, X.data)).toBeLessThan(1e-13);
    for (const symmetric of [AX, XA]) {
      const n = symmetric.rows;
      expect(
        largest(
          symmetric.data,
          Array.from(symmetric.data, (_, k) => at(symmetric.data, (k % n) * n + Math.floor(k / n))),
        ),
      ).toBeLessThan(1e-13);
    }
  });

  it.each(cases)('N is an orthonormal basis of the null space (case %#)', (A) => {
    const N = nullSpaceBasis(A);
    expect(N.columns).toBe(A.columns - decompose(A).rank);
    expect(largest(product(A, N).data, new Float64Array(A.rows * N.columns))).toBeLessThan(1e-14);
    const gram = evaluate((ops) => {
      const basis = ops.constant(N.data, [N.rows, N.columns]);
      return ops.subtract(ops.matmul(ops.transpose(basis), basis), ops.identityMatrix(N.columns));
    });
    expect(largest(gram, new Float64Array(gram.length))).toBeLessThan(1e-14);
  });
});
