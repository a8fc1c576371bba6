/** A function of x[3] for each operation that has a derivative, curved where the operation is, away from kinks. Test support. */
import type { Ops, Tensor } from './ops.ts';
import type { OpName } from './value.ts';

/** Leaves, and what is differentiated nowhere: inverses, rows of tables, random numbers and loops. */
type Underivable =
  | 'constant'
  | 'input'
  | 'pinv'
  | 'nullSpace'
  | 'rowSpace'
  | 'gather'
  | 'random'
  | 'repeat'
  | 'pick'
  | 'carry'
  | 'turn';

type Build = (ops: Ops, x: Tensor) => Tensor;

const entry = (ops: Ops, x: Tensor, i: number): Tensor => ops.row(x, i);
const cubed = (ops: Ops, a: Tensor): Tensor => ops.sum(ops.multiply(a, ops.multiply(a, a)));
const square = (ops: Ops, x: Tensor): Tensor => ops.outer(x, ops.multiply(x, x));

export const OPERATIONS: Readonly<Record<Exclude<OpName, Underivable>, Build>> = {
  identity: (ops, x) => cubed(ops, ops.identity(x)),
  negate: (ops, x) => cubed(ops, ops.negate(x)),
  abs: (ops, x) => cubed(ops, ops.abs(x)),
  sign: (ops, x) => ops.sum(ops.multiply(ops.sign(x), ops.multiply(x, x))),
  exp: (ops, x) => ops.sum(ops.exp(x)),
  log: (ops, x) => ops.sum(ops.log(ops.add(2, x))),
  sqrt: (ops, x) => ops.sum(ops.sqrt(ops.add(2, x))),
  sin: (ops, x) => ops.sum(ops.sin(ops.multiply(2, x))),
  cos: (ops, x) => ops.sum(ops.cos(ops.multiply(2, x))),
  tan: (ops, x) => ops.sum(ops.tan(x)),
  tanh: (ops, x) => ops.sum(ops.tanh(ops.multiply(2, x))),
  floor: (ops, x) => ops.sum(ops.multiply(ops.floor(ops.multiply(3, x)), ops.multiply(x, x))),
  add: (ops, x) => cubed(ops, ops.add(x, entry(ops, x, 0))),
  subtract: (ops, x) => cubed(ops, ops.subtract(entry(ops, x, 1), x)),
  multiply: (ops, x) => ops.sum(ops.multiply(x, ops.multiply(x, entry(ops, x, 2)))),
  divide: (ops, x) => ops.sum(ops.divide(x, ops.add(2, entry(ops, x, 0)))),
  power: (ops, x) => ops.sum(ops.power(ops.add(2, x), x)),
  maximum: (ops, x) => cubed(ops, ops.maximum(x, ops.multiply(x, x))),
  minimum: (ops, x) => cubed(ops, ops.minimum(x, ops.multiply(x, x))),
  less: (ops, x) => ops.sum(ops.multiply(ops.less(x, 0.1), ops.exp(x))),
  lessEqual: (ops, x) => ops.sum(ops.multiply(ops.lessEqual(x, 0.1), ops.exp(x))),
  equal: (ops, x) => ops.sum(ops.multiply(ops.subtract(1, ops.equal(x, 0.1)), ops.exp(x))),
  where: (ops, x) => ops.sum(ops.where(ops.less(x, 0.1), ops.exp(x), ops.sin(x))),
  broadcast: (ops, x) => cubed(ops, ops.multiply(ops.reshape(x, [3, 1]), ops.broadcast(x, [3, 3]))),
  reshape: (ops, x) => cubed(ops, ops.matmul(ops.reshape(ops.concat([x, x]), [2, 3]), x)),
  transpose: (ops, x) => ops.sum(ops.matmul(ops.transpose(square(ops, x)), x)),
  slice: (ops, x) => cubed(ops, ops.slice(x, { offset: 2, strides: [-1], shape: [2] })),
  assemble: (ops, x) =>
    ops.matmul(ops.concat([x, entry(ops, x, 1)]), ops.concat([entry(ops, x, 0), ops.multiply(x, x)])),
  sum: (ops, x) => ops.add(cubed(ops, ops.sum(square(ops, x), 0)), cubed(ops, ops.sum(square(ops, x), 1))),
  max: (ops, x) => ops.add(cubed(ops, ops.max(square(ops, x), 0)), cubed(ops, ops.max(x))),
  matmul: (ops, x) => {
    const A = square(ops, x);
    return ops.add(ops.sum(ops.matmul(A, ops.transpose(A))), ops.matmul(x, ops.matmul(A, x)));
  },
};
