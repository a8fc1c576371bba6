/**
 * Rewrites a program for an executor in float32: every projection x − A⁺(A x − b) on a constant matrix gets the form whose
 * accuracy the matrix allows, by the evidence in its `pinv`; the pseudoinverse of a moving matrix becomes plain operations.
 * Source: the recipe of Newton–Schulz and its limits in float32 follows Ben-Israel & Cohen 1966 and Söderström & Stewart 1974.
 */
import { at } from '../diagnostic.ts';
import { shortNumber } from '../number-text.ts';
import type { PseudoinverseReport } from '../run/run.ts';
import { jacobiPinv } from '../tensor/jacobi.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { type Evidence, type Id, levelOf, type Value } from '../tensor/value.ts';
import type { Program } from './program.ts';
import { rewrite } from './rewrite.ts';

/** Up to this many entries A⁺ is computed in Float64 on the host: a dispatch would cost more than it saves. */
const HOST_ENTRIES = 64;

/** Beyond it, float32 Newton–Schulz loses too many digits (its error is about 0.1 κ ε). */
const CONDITION_LIMIT = 1e4;

/** Up to here one pass with a rounded A⁺ leaves less than κ ε ≈ 1e-6 of the residual. */
const ONE_PASS_CONDITION = 8;

export interface MatrixChoice extends Pick<PseudoinverseReport, 'algorithm' | 'reason'> {
  readonly passes: 1 | 2;
}

/**
 * Which algorithm computes A⁺[n, m] of a constant A[m, n], by its rank and condition number κ, and how often a projection is applied:
 * twice where the rounding of one pass, κε of the residual, would be seen. Without evidence the host computes it.
 */
export function chooseAlgorithm(rows: number, columns: number, { rank, conditionNumber }: Evidence): MatrixChoice {
  if (rank === undefined || conditionNumber === undefined) {
    return {
      algorithm: 'host',
      reason: 'The matrix depends on settings: pseudoinverse in Float64 on the host.',
      passes: 2,
    };
  }
  const kappa = shortNumber(conditionNumber, 3);
  if (rank < Math.min(rows, columns) || rows > columns) {
    return {
      algorithm: 'row-basis',
      reason: `Rank ${rank} of ${rows} rows: orthonormal basis of the rows in Float64.`,
      passes: 1,
    };
  }
  if (conditionNumber > CONDITION_LIMIT) {
    return {
      algorithm: 'row-basis',
      reason: `Condition number ${kappa} is beyond ${CONDITION_LIMIT}: orthonormal basis of the rows in Float64.`,
      passes: 1,
    };
  }
  const passes = conditionNumber <= ONE_PASS_CONDITION ? 1 : 2;
  return rows * columns <= HOST_ENTRIES
    ? {
        algorithm: 'host',
        reason: `${rows} × ${columns} entries are few: pseudoinverse in Float64 on the host.`,
        passes,
      }
    : {
        algorithm: 'newton-schulz',
        reason: `Full rank and condition number ${kappa}: Newton–Schulz on the device.`,
        passes: 2,
      };
}

/** The program with its projections in the chosen form. A `pinv` that is left is the host's or, by its size, the device's. */
export function expand(program: Program): Program {
  return rewrite(
    program,
    (ops, value, args) => rewriteProjection(ops, value, args) ?? rewriteMovingInverse(ops, value, args),
  );
}

/** The matrices whose pseudoinverse the expanded program still computes once a run, with the algorithm of each. */
export function pseudoinversesOf(
  program: Program,
): { readonly id: Id; readonly matrix: Id; readonly choice: MatrixChoice }[] {
  return program.values.flatMap((value, id) => {
    if (value.op !== 'pinv') return [];
    const matrix = value.args[0];
    const [rows, columns] = at(program.values, matrix).shape;
    return [{ id, matrix, choice: chooseAlgorithm(rows ?? 0, columns ?? 0, value.attributes) }];
  });
}

interface Projection {
  readonly x: Tensor;
  readonly A: Tensor;
  readonly pinv: Tensor;
  /** b, or null where it is 0. */
  readonly b: Tensor | null;
  readonly evidence: Evidence;
}

function rewriteProjection(ops: Ops, value: Value, args: readonly Tensor[]): Tensor | null {
  const projection = value.op === 'subtract' ? matchProjection(ops, at(args, 0), at(args, 1)) : null;
  if (!projection) return null;
  const { x, A, pinv, b, evidence } = projection;
  const { algorithm, passes } = chooseAlgorithm(at(A.shape, 0), at(A.shape, 1), evidence);
  if (algorithm === 'row-basis') {
    const Q = ops.rowSpace(A, evidence.rank ?? 0);
    const along = ops.matmul(Q, x);
    const residual = b ? ops.subtract(along, ops.matmul(Q, ops.matmul(pinv, b))) : along;
    return ops.subtract(x, ops.matmul(ops.transpose(Q), residual));
  }
  let point = x;
  // What a direction keeps across the rows adds up from step to step; a point is projected anew each time.
  const count = b ? passes : 2;
  for (let pass = 0; pass < count; pass++) {
    const along = ops.matmul(A, point);
    point = ops.subtract(point, ops.matmul(pinv, b ? ops.subtract(along, b) : along));
  }
  return point;
}

/** A⁺ of a matrix that depends on the state: no host can compute it, so it becomes plain operations. */
function rewriteMovingInverse(ops: Ops, value: Value, args: readonly Tensor[]): Tensor | null {
  const isMoving = ['start', 'step'].includes(levelOf(value.uses));
  return value.op === 'pinv' && isMoving ? jacobiPinv(ops, at(args, 0)) : null;
}

/** x − A⁺(A x − b) or x − A⁺ A x with A⁺ of a run-level A. */
function matchProjection(ops: Ops, x: Tensor, correction: Tensor): Projection | null {
  const product = ops.valueOf(correction);
  if (product.op !== 'matmul') return null;
  const inverse = at(ops.values, product.args[0]);
  if (inverse.op !== 'pinv' || !['constant', 'run'].includes(levelOf(inverse.uses))) return null;
  const A = inverse.args[0];
  const residual = at(ops.values, product.args[1]);
  const [along, b] = residual.op === 'subtract' ? residual.args : [product.args[1], null];
  const image = at(ops.values, along);
  if (image.op !== 'matmul' || image.args[0] !== A || image.args[1] !== x.id) return null;
  const tensor = (id: Id): Tensor => ({ id, shape: at(ops.values, id).shape });
  return {
    x,
    A: tensor(A),
    pinv: tensor(product.args[0]),
    b: b === null ? null : tensor(b),
    evidence: inverse.attributes,
  };
}
