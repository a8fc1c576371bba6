/** What can be proved of each typed constraint by looking at its recorded residual. */

import type { AffineEvidence, ConstraintFacts } from '../contracts.ts';
import { at } from '../diagnostic.ts';
import { lossOf, residualOf } from '../problem/elaborate.ts';
import type { Problem } from '../problem/problem.ts';
import { degreeIn } from '../tensor/degree.ts';
import { vjp } from '../tensor/derivatives.ts';
import { Machine, reachable } from '../tensor/evaluate.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';

interface Symbols {
  readonly ops: Ops;
  readonly x: Tensor;
  readonly t: Tensor;
  readonly T: Tensor;
}

function symbolsOf(problem: Problem): Symbols {
  const ops = new Ops();
  return {
    ops,
    x: ops.input('start', 'x', [problem.size]),
    t: ops.input('time', 't', []),
    T: ops.input('setting', 'T', []),
  };
}

/** Degree of the loss in x at fixed t. */
export function lossDegree(problem: Problem): number {
  const { ops, x, t, T } = symbolsOf(problem);
  return degreeIn(ops, lossOf(ops, problem, x, t, T).id, x.id);
}

/** Facts of every constraint, in the order typed. */
export function factsOf(problem: Problem): ConstraintFacts[] {
  return problem.constraints.map((constraint) => {
    const symbols = symbolsOf(problem);
    const { ops, x, t, T } = symbols;
    const residual = (point: Tensor) =>
      ops.reshape(residualOf(ops, problem, constraint, point, t, T), [constraint.rows]);
    const degree = degreeIn(ops, residual(x).id, x.id);
    const affine = degree <= 1 ? affineEvidence(symbols, residual, constraint.rows) : null;
    const { index, relation, rows } = constraint;
    return { index, relation, rows, degree: affine || degree > 1 ? degree : Number.POSITIVE_INFINITY, affine };
  });
}

/** A and b of residual(x, t) = A x − b(t), row by row through reverse mode; null where A depends on the step or is not finite. */
function affineEvidence(
  { ops, x, t, T }: Symbols,
  residual: (x: Tensor) => Tensor,
  rows: number,
): AffineEvidence | null {
  const value = residual(x);
  const seed = ops.input('setting', 'seed', [rows]);
  const row = vjp(ops, residual, x, seed);
  if (reachable(ops, [row.id]).has(t.id)) return null;
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1; // any number of steps: at t = 0 the typed problem is meant
  const run = machine.procedure([value.id, row.id]);
  const A: number[][] = [];
  for (let i = 0; i < rows; i++) {
    machine.numbers(seed.id).fill(0)[i] = 1;
    run();
    A.push([...machine.numbers(row.id)]);
  }
  const b = Array.from(machine.numbers(value.id), (entry) => (entry === 0 ? 0 : -entry));
  const allFinite = [...A.flat(), ...b].every(Number.isFinite);
  return allFinite ? { A, b, isMoving: reachable(ops, [value.id]).has(t.id) } : null;
}

/** Columns of A with an entry that is not 0: the entries of x that the constraint restricts. */
export function coordinatesOf({ A }: AffineEvidence): number[] {
  const width = A[0]?.length ?? 0;
  return Array.from({ length: width }, (_, j) => j).filter((j) => A.some((row) => at(row, j) !== 0));
}
