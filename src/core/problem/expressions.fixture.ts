/** Expressions of w[3] to differentiate: random ones, and one for each function of the language. Test support. */
import fc from 'fast-check';
import type { FunctionName } from '../language/functions.ts';
import { parse } from '../language/parse.ts';
import { gradient, jacobian, jvp } from '../tensor/derivatives.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { check } from './check.ts';
import { lossOf } from './elaborate.ts';

/** Vectors of w[3], smooth and bounded where they are looked at, so that differences tell something. */
const { vector } = fc.letrec<{ vector: string }>((tie) => ({
  vector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('w', 'w[::-1]', 'A @ w', 'w*w[0]', '[w[2], 0.5, w[1]]', 'w[[2, 0, 0]]'),
    fc.tuple(tie('vector'), fc.constantFrom('+', '-', '*'), tie('vector')).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc.tuple(tie('vector'), tie('vector')).map(([a, b]) => `(${a}/(2 + ${b}^2))`),
    fc
      .tuple(fc.constantFrom('sin', 'cos', 'tanh', 'sigmoid', 'softplus', 'softmax'), tie('vector'))
      .map(([name, a]) => `${name}(${a})`),
    tie('vector').map((a) => `log(1.5 + ${a}^2)`),
    tie('vector').map((a) => `sqrt(1 + ${a}^2)`),
    tie('vector').map((a) => `exp(tanh(${a}))`),
    tie('vector').map((a) => `(1.5 + sin(${a}))^1.7`),
    tie('vector').map((a) => `diag(outer(${a}, w))`),
    tie('vector').map((a) => `grad(sum(sin(${a})), w)`),
  ),
}));

/** Numbers. */
export const randomExpression = fc.oneof(
  vector.map((a) => `sum(${a})`),
  vector.map((a) => `mean(${a}^2)`),
  vector.map((a) => `logsumexp(${a})`),
  vector.map((a) => `norm(concat(${a}, 1))`),
  fc.tuple(vector, vector).map(([a, b]) => `dot(${a}, ${b})`),
  vector.map((a) => `cross_entropy(reshape(${a}, 1, 3), [1])`),
  vector.map((a) => `trace(jacobian(tanh(${a}), w))`),
);

export const randomPoint = fc.array(fc.double({ min: -1.2, max: 1.2, noNaN: true }), { minLength: 3, maxLength: 3 });

/** A number of each function of the language, curved where the function is. */
export const FUNCTION_EXPRESSIONS: Readonly<Record<FunctionName, string>> = {
  sum: 'sum(outer(w, w^2), axis=0) @ [1, 2, 3]',
  mean: 'mean(outer(w^3, w), axis=1) @ w',
  min: 'min(w)^3 + sum(min(w^2, w[::-1], 0.3)^2)',
  max: 'max(w)^3 + sum(max(outer(w, w), axis=0)^2)',
  abs: 'sum(abs(w)^3)',
  sign: 'sum(sign(w)*w^2)',
  exp: 'sum(exp(w*w[0]))',
  log: 'sum(log(2 + w)*w)',
  sqrt: 'sum(sqrt(2 + w))',
  sin: 'sum(sin(2*w)*w)',
  cos: 'sum(cos(3*w)*w)',
  tan: 'sum(tan(w))',
  tanh: 'sum(tanh(2*w))',
  sigmoid: 'sum(sigmoid(3*w))',
  softplus: 'sum(softplus(4*w))',
  softmax: 'softmax(2*w) @ w + sum(softmax(outer(w, w), axis=0)^2)',
  logsumexp: 'logsumexp(3*w) + sum(logsumexp(outer(w, w), axis=1))',
  relu: 'sum(relu(w)^3)',
  norm: 'norm(w) + norm(outer(w, w + 1)) + norm(w, 1)^2 + norm(w, inf)^3',
  dot: 'dot(w^2, w[::-1])',
  outer: 'sum(outer(w, w^2)^2)',
  eye: 'sum((A @ (eye(3) - outer(w, w)))^2)',
  zeros: 'sum((w - zeros(3))^3)',
  ones: 'sum((outer(w, w) + 2*ones(3, 3))^2)',
  diag: 'sum((diag(w^2) @ A)^2)',
  trace: 'trace(A @ outer(w, w^2))',
  det: 'det(A + outer(w, w^2))*w[0] + det(A[:2, :2]*w[1])',
  transpose: 'w @ transpose(A) @ (A @ w^2)',
  reshape: 'sum((reshape(concat(w, w^2), 2, 3) @ w)^2)',
  concat: 'norm(concat(w, w[1]*w[2], 1))',
  where: 'sum(where(w > 0, w^2, sin(w)))',
  clip: 'sum(clip(w, -0.5, 0.6)^3)',
  mse: 'mse(w^2, A @ w)',
  cross_entropy: 'cross_entropy(A*w, [0, 2, 1])',
  grad: 'sum(grad(sum(w^4), w)*sin(w))',
  jacobian: 'trace(jacobian(w^3*w[1], w))',
};

/** d of the derivative along d. */
export const DIRECTION = [0.4, -1.1, 0.2] as const;

/** f(w), ∇f(w), ∇²f(w) and ∇f(w)·d of an expression, recorded. */
export function recordDerivatives(ops: Ops, expression: string, x: Tensor, t: Tensor, T: Tensor) {
  const document = parse(
    `param w[3]\ndata A[3,3] = [[1, 0.5, 0], [-0.3, 0.2, 1], [0.4, -1, 0.6]]\nminimize ${expression}`,
  );
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(`${expression}: ${problem.diagnostics[0]?.message}`);
  const loss = (p: Tensor) => lossOf(ops, problem.value, p, t, T);
  const slope = (p: Tensor) => gradient(ops, loss, p);
  return {
    loss: loss(x),
    gradient: slope(x),
    hessian: jacobian(ops, slope, x),
    along: jvp(ops, loss, x, ops.constant([...DIRECTION])),
  };
}
