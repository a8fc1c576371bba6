/**
 * Products of constant matrices with one vector, added up, are one product: α A x + β Bᵀ x = (α A + β Bᵀ) x, the matrix made once, in
 * Float64. The gradient of ½ xᵀQx, which is ½ (Q + Qᵀ) x whether Q is symmetric or not, then costs a step one product for two.
 */
import { at } from '../diagnostic.ts';
import { Machine } from '../tensor/evaluate.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Id, Value } from '../tensor/value.ts';
import { isConstant, isMoving } from './affine-rows.ts';
import type { Program } from './program.ts';
import { rewrite } from './rewrite.ts';

/** Sums in sums in sums are taken apart so far: the whole of a chain of thousands would be looked at again at each of its links. */
const MOST_DEPTH = 6;

/** The program with such sums as one product; the same where it has none. */
export function mergeProducts(program: Program): Program {
  if (program.values.filter(({ op, shape }) => op === 'matmul' && shape.length === 1).length < 2) return program;
  let count = 0;
  const merged = rewrite(program, (ops, value, args) => {
    const sum = mergedSum(ops, value, args);
    if (sum) count += 1;
    return sum;
  });
  return count === 0 ? program : merged;
}

/** factor · tensor, of which is known, or not, that it is share · A x with a constant A. */
interface Term {
  readonly factor: number;
  readonly tensor: Tensor;
  readonly product: { readonly share: number; readonly A: Tensor; readonly x: Tensor } | null;
}

function mergedSum(ops: Ops, value: Value, args: readonly Tensor[]): Tensor | null {
  if ((value.op !== 'add' && value.op !== 'subtract') || value.shape.length !== 1) return null;
  const terms = [
    ...termsOf(ops, at(args, 0), 1, MOST_DEPTH),
    ...termsOf(ops, at(args, 1), value.op === 'add' ? 1 : -1, MOST_DEPTH),
  ];
  const byVector = new Map<Id, Term[]>();
  for (const term of terms)
    if (term.product) byVector.set(term.product.x.id, [...(byVector.get(term.product.x.id) ?? []), term]);
  if ([...byVector.values()].every(({ length }) => length === 1)) return null;
  let sum: Tensor | null = null;
  for (const term of terms) {
    const { factor, tensor, product } = term;
    const all = (product && byVector.get(product.x.id)) ?? [term];
    if (all[0] !== term) continue; // in the place of the first
    const part: Tensor =
      product && all.length > 1 ? ops.matmul(combined(ops, all), product.x) : times(ops, factor, tensor);
    sum = sum ? ops.add(sum, part) : part;
  }
  return sum;
}

const times = (ops: Ops, factor: number, tensor: Tensor): Tensor =>
  factor === -1 ? ops.negate(tensor) : ops.multiply(factor, tensor);

function termsOf(ops: Ops, tensor: Tensor, factor: number, depth: number): Term[] {
  const { op, args } = ops.valueOf(tensor);
  const [a, b] = args.map((id) => ({ id, shape: at(ops.values, id).shape }));
  if (a && b && depth > 0 && (op === 'add' || op === 'subtract'))
    return [...termsOf(ops, a, factor, depth - 1), ...termsOf(ops, b, op === 'add' ? factor : -factor, depth - 1)];
  if (a && op === 'negate') return termsOf(ops, a, -factor, depth);
  const found = productOf(ops, tensor);
  return [found ? { ...found, factor: factor * found.factor } : { factor, tensor, product: null }];
}

function productOf(ops: Ops, tensor: Tensor): Term | null {
  const { factor, of } = withoutFactors(ops, tensor);
  const value = ops.valueOf(of);
  if (value.op !== 'matmul') return null;
  const [a, b] = value.args.map((id) => ({ id, shape: at(ops.values, id).shape })) as [Tensor, Tensor];
  if (a.shape.length + b.shape.length !== 3) return null;
  const [matrix, vector] = a.shape.length === 2 ? [a, b] : [b, a];
  const own = withoutFactors(ops, vector);
  if (!isConstant(ops, matrix.id) || !isMoving(ops, own.of)) return null;
  const product = { share: own.factor, A: matrix === a ? matrix : ops.transpose(matrix), x: own.of };
  return { factor, tensor: of, product };
}

/** A tensor as a number times another one, which is no such product any more. */
function withoutFactors(ops: Ops, tensor: Tensor): { readonly factor: number; readonly of: Tensor } {
  let [factor, of] = [1, tensor];
  for (let value = ops.valueOf(of); value.op === 'multiply'; value = ops.valueOf(of)) {
    const [a, b] = value.args.map((id) => ({ id, shape: at(ops.values, id).shape })) as [Tensor, Tensor];
    const [left, right] = [ops.scalarConstant(a), ops.scalarConstant(b)];
    const [number, rest] = left === null ? [right, a] : [left, b];
    if (number === null || !Number.isFinite(number) || !sameShape(rest.shape, tensor.shape)) break;
    factor *= number;
    of = rest;
  }
  return { factor, of };
}

/** Σ factor · share · A. */
function combined(ops: Ops, terms: readonly Term[]): Tensor {
  const matrices = terms.flatMap(({ factor, product }) =>
    product ? [{ factor: factor * product.share, A: product.A }] : [],
  );
  const machine = new Machine(ops);
  machine.procedure(matrices.map(({ A }) => A.id))();
  const { shape } = at(matrices, 0).A;
  const sum = new Float64Array(machine.numbers(at(matrices, 0).A.id).length);
  for (const { factor, A } of matrices)
    machine.numbers(A.id).forEach((entry, k) => {
      sum[k] = (sum[k] as number) + factor * entry;
    });
  return ops.constant(sum, shape);
}
