/** The dispatches of Newton–Schulz: opening, one turn of each form, closing. Plain data, made without a device. */
import type { BufferId, Dispatch } from '../kernels/dispatch.ts';
import { dispatch } from '../kernels/dispatch.ts';
import type { ElementwiseName } from '../kernels/elementwise.ts';
import { ELEMENTWISE_RUN } from '../kernels/elementwise-run.ts';
import { newtonSchulzBound, newtonSchulzFirst, newtonSchulzScale, newtonSchulzStep } from '../kernels/newton-schulz.ts';
import { matmul, matmulScaled } from '../kernels/product.ts';

/**
 * How A⁺ is iterated. `gram`: Y ← (A Aᵀ)⁻¹ of m × m, then Aᵀ Y: few operations, the square of the condition number.
 * `scaled`: X ← X(2cI − c²A X) with the best c. `order-8`: X ← X(I + R)(I + R²)(I + R⁴), R = I − A X.
 */
export type NewtonSchulzForm = 'gram' | 'scaled' | 'order-8';

/** The matrix as iterated: m ≤ n. More rows than columns: Aᵀ is inverted instead, (Aᵀ)⁺ = (A⁺)ᵀ. */
export interface Extent {
  readonly m: number;
  readonly n: number;
  readonly isTall: boolean;
}

/** Positions in the list of buffers. The iterate is in EVEN before turns 0, 2, …, else in ODD. */
export const BUFFER = {
  A: 0,
  scale: 1,
  scaled: 2,
  gram: 3,
  bound: 4,
  even: 5,
  odd: 6,
  R: 7,
  R2: 8,
  R4: 9,
  P: 10,
  Q: 11,
  residuals: 12,
  state: 13,
  factors: 14,
  X: 15,
  result: 16,
  going: 17,
} as const;

/** Lengths of the buffers, in entries. `even` and `odd` take an n × m iterate where there is one. */
export function bufferLengths({ m, n }: Extent, form: NewtonSchulzForm, limit: number): readonly number[] {
  const [square, iterate] = [m * m, form === 'gram' ? m * m : m * n];
  const power = form === 'order-8' ? square : 1;
  const inverse = form === 'gram' ? m * n : 1;
  return [
    ...[m * n, m, m * n, square, 1, iterate, iterate, square],
    ...[power, power, Math.max(power, inverse), power],
    ...[limit + 3, FIRST_STATE.length, 2, inverse, m * n, FIRST_GOING.length],
  ];
}

/** What `state` holds at the start: no iteration made, an unknown number left, not over. */
export const FIRST_STATE: readonly number[] = [0, -1, 0];

/** Factors of products that only count until all is over. */
export const FIRST_GOING: readonly number[] = [1, 0];

interface Operand {
  readonly array: BufferId;
  readonly strides: readonly [row: number, column: number];
}

const rowMajor = (array: BufferId, columns: number): Operand => ({ array, strides: [columns, 1] });
const turned = (array: BufferId, columns: number): Operand => ({ array, strides: [1, columns] });

/** result[rows, columns] = a ∘ b, both read through strides. */
function combine(
  operation: ElementwiseName,
  shape: readonly [rows: number, columns: number],
  a: Operand,
  b: Operand,
  result: BufferId,
): Dispatch {
  const entry = (array: string, { strides }: Operand) => ({ kind: 'entry', array, offset: 0, shape, strides }) as const;
  const operands = [entry('a', a), entry('b', b)];
  const arrays = ['a', 'b', 'result'].map((name) => ({ name, isWritten: name === 'result' }));
  return {
    kernel: ELEMENTWISE_RUN,
    constants: {},
    params: { count: shape[0] * shape[1], first: 0 },
    arrays: { a: a.array, b: b.array, result },
    run: { lines: [{ operation, operands, isScalar: false, into: 'result', label: '' }], arrays },
  };
}

type Shape = readonly [rows: number, inner: number, columns: number];

const productParams = ([rows, inner, columns]: Shape, a: Operand, b: Operand) => ({
  rows,
  inner,
  columns,
  a_offset: 0,
  a_row: a.strides[0],
  a_inner: a.strides[1],
  b_offset: 0,
  b_inner: b.strides[0],
  b_column: b.strides[1],
  piece: inner,
  result_offset: 0,
});

/** result = α a b + δ I. */
const product = (shape: Shape, a: Operand, b: Operand, result: BufferId, alpha = 1, delta = 0): Dispatch =>
  dispatch(matmul, { ...productParams(shape, a, b), alpha, delta }, { a: a.array, b: b.array, result });

/** result = f₀ a b + β f₁ addend + δ I, by the factors of the last decision. */
const added = (
  shape: Shape,
  a: Operand,
  b: Operand,
  addend: BufferId,
  result: BufferId,
  beta = 1,
  delta = 0,
): Dispatch =>
  dispatch(
    matmulScaled,
    { ...productParams(shape, a, b), alpha: 1, delta, beta },
    { a: a.array, b: b.array, addend, factors: BUFFER.factors, result },
  );

/** result = δ I − a b, as long as it is not over; then δ I. */
const residual = (shape: Shape, a: Operand, b: Operand, result: BufferId, delta = 1): Dispatch =>
  dispatch(
    matmulScaled,
    { ...productParams(shape, a, b), alpha: -1, delta, beta: 0 },
    { a: a.array, b: b.array, addend: BUFFER.gram, factors: BUFFER.going, result },
  );

/** S = D A with D powers of two, G = S Sᵀ, X₀ = Sᵀ / ‖G‖∞; or Y₀ = I / ‖G‖∞ where G is what is inverted, and its turn 0 without products. */
export function opening({ m, n, isTall }: Extent, form: NewtonSchulzForm): readonly Dispatch[] {
  const { A, scale, scaled, gram, bound, even, odd, R, factors } = BUFFER;
  const matrix: Operand = { array: A, strides: isTall ? [1, m] : [n, 1] };
  const unit: Operand = { array: bound, strides: [0, 0] };
  const isGram = form === 'gram';
  const first = isGram
    ? [
        decide({ m }, 2, true, 0, true),
        dispatch(newtonSchulzFirst, { rows: m }, { r: R, bound, factors, inverse: odd }),
      ]
    : [combine('divide', [n, m], turned(scaled, n), unit, even)];
  const [a_row, a_column] = matrix.strides;
  return [
    dispatch(newtonSchulzScale, { rows: m, columns: n, a_row, a_column }, { a: A, scale }),
    combine('multiply', [m, n], matrix, { array: scale, strides: [1, 0] }, scaled),
    product([m, n, m], rowMajor(scaled, n), turned(scaled, n), gram),
    dispatch(newtonSchulzBound, { rows: m, entries: isGram ? m * m : 0 }, { g: gram, bound, r: R }),
    ...first,
  ];
}

/** As an order: measures, and lets a product follow where the residual is more than `enough`, over or not. */
const MEASURE = 0;

const decide = (
  { m }: Pick<Extent, 'm'>,
  order: number,
  isScaled: boolean,
  shift: number,
  isFollowed = false,
  enough = 0,
): Dispatch =>
  dispatch(
    newtonSchulzStep,
    { rows: m, order, is_scaled: isScaled ? 1 : 0, is_followed: isFollowed ? 1 : 0, shift, enough },
    { r: BUFFER.R, residuals: BUFFER.residuals, state: BUFFER.state, factors: BUFFER.factors, going: BUFFER.going },
  );

/** Turn k, of the Gram form from 1 on: a residual, a decision, and the iterate from one buffer into the other; once all is over, a copy. */
export function turn(extent: Extent, form: NewtonSchulzForm, k: number): readonly Dispatch[] {
  const { m, n } = extent;
  const { scaled, gram, even, odd, R, R2, R4, P, Q } = BUFFER;
  const [from, to] = k % 2 === 0 ? [even, odd] : [odd, even];
  const S = rowMajor(scaled, n);
  const X = rowMajor(from, m);
  const square = (array: BufferId) => rowMajor(array, m);
  const cube: Shape = [m, m, m];
  if (form === 'gram') {
    return [residual(cube, square(gram), X, R), decide(extent, 2, true, 0, true), added(cube, X, square(R), from, to)];
  }
  if (form === 'scaled') {
    return [residual([m, n, m], S, X, R), decide(extent, 2, true, 0), added([n, m, m], X, square(R), from, to)];
  }
  return [
    residual([m, n, m], S, X, R, 2), // U = I + R
    decide(extent, 8, false, 1),
    added(cube, square(R), square(R), R, R2, -2, 1), // R² = U² − 2U + I
    added(cube, square(R2), square(R2), R2, R4, 0),
    added(cube, square(R2), square(R), R, P), // (I + R)(I + R²)
    added(cube, square(R4), square(P), P, Q, 1, -1), // all three factors, less I
    added([n, m, m], X, square(Q), from, to),
  ];
}

/** Residuals that are no more than rounding need no direct iteration after the Gram form. */
const ROUNDING = 4 * 2 ** -23;
export const enoughOf = (m: number): number => ROUNDING * Math.sqrt(m);

/** The iterate before turn k as A⁺ = X D, or its transpose; that of the Gram form after one direct iteration, where it needs one. */
export function closing(extent: Extent, form: NewtonSchulzForm, k: number): readonly Dispatch[] {
  const { m, n, isTall } = extent;
  const { scale, scaled, even, odd, R, X, result, P } = BUFFER;
  const last = k % 2 === 0 ? even : odd;
  const [row, column] = isTall ? [turned, [1, 0] as const] : [rowMajor, [0, 1] as const];
  const unscaled = (array: BufferId) =>
    combine('multiply', isTall ? [m, n] : [n, m], row(array, m), { array: scale, strides: column }, result);
  if (form !== 'gram') return [unscaled(last)];
  const S = rowMajor(scaled, n);
  return [
    product([n, m, m], turned(scaled, n), rowMajor(last, m), X),
    product([m, n, m], S, rowMajor(X, m), R, -1, 1),
    decide(extent, MEASURE, false, 0, true, enoughOf(m)),
    added([n, m, m], rowMajor(X, m), rowMajor(R, m), X, P),
    unscaled(P),
  ];
}
