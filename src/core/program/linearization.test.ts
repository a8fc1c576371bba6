import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../diagnostic.ts';
import { studyStructure } from '../experiment/study/study.ts';
import { draws } from '../problem/draws.ts';
import { Machine } from '../tensor/evaluate.ts';
import { MOVING_ROWS_LIMIT } from '../tensor/jacobi.ts';
import { euclideanNorm } from '../tensor/norms.ts';
import { Ops } from '../tensor/ops.ts';
import { methodProblem } from './method-problem.ts';

/** WᵀW = I: p² rows, of which p(p − 1)/2 say what others do. */
const orthonormal = (n: number, p: number) => `param W[${n},${p}] = 0\nminimize sum(W**2)\nst W.T @ W = eye(${p})`;

describe.each([
  { n: 7, p: 3 }, // few rows: by the pseudoinverse
  { n: 6, p: 6 }, // many: by LSMR
])('orthonormal columns of $n × $p entries, linearized', ({ n, p }) => {
  it('leave the tangent directions that the geometry names: V − W (WᵀV + VᵀW) / 2', () => {
    const studied = studyStructure(orthonormal(n, p), 0, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const { problem, structure } = studied.value;
    const ops = new Ops();
    const [start, steps] = [ops.input('start', 'starts', [n * p]), ops.constant(1)];
    const { equality } = methodProblem(ops, problem, structure, catalog.constraints, { start, steps });
    expect(equality.rows > MOVING_ROWS_LIMIT).toBe(p > 5);
    const direction = ops.input('setting', 'v', [n * p]);
    const J = equality.linearization(start, ops.constant(0));
    const tangent = ops.subtract(direction, J.leastSquares(J.times(direction)));
    const machine = new Machine(ops);
    const W = Float64Array.from({ length: n * p }, (_, k) => (Math.floor(k / p) === k % p ? 1 : 0));
    const { normal } = draws(5);
    const V = W.map(() => normal());
    machine.numbers(start.id).set(W);
    machine.numbers(direction.id).set(V);
    machine.procedure([tangent.id])();
    // W is the first columns of I: WᵀV is the upper square of V.
    const expected = V.map((entry, k) => {
      const [i, j] = [Math.floor(k / p), k % p];
      return i < p ? (entry - at(V, j * p + i)) / 2 : entry;
    });
    machine.numbers(tangent.id).forEach((entry, k) => expect(entry).toBeCloseTo(at(expected, k), 10));
  });
});

describe('the part of a direction along smooth sets, by formulas of these', () => {
  it.each([
    { set: 'a sphere', text: 'param x[5] ~ normal(0, 1)\nst sum((x - 1)**2) = 4' },
    { set: 'rows on spheres', text: 'param W[4,3] ~ normal(0, 1)\nst sum(W**2, axis=1) = 2' },
    { set: 'orthonormal columns', text: 'param W[5,3] ~ normal(0, 1)\nst W in orthogonal' },
    { set: 'orthonormal rows', text: 'param W[2,4] ~ normal(0, 1)\nst W in orthogonal' },
    { set: 'a flat', text: 'param x[4] ~ normal(0, 1)\nst x[0] + 2*x[1] = 1; x[1] - x[3] = 2' },
    { set: 'a symmetric matrix', text: 'param W[3,3] ~ normal(0, 1)\nst W = W.T' },
    { set: 'ties', text: 'param x[6] ~ normal(0, 1)\nst x[:3] = x[3:]' },
    { set: 'two sets', text: 'param x[3] ~ normal(0, 1), y[2] ~ normal(0, 1)\nst sum(x**2) = 1; y[0] + y[1] = 1' },
  ])('of $set is v − J⁺ J v', ({ text }) => {
    const studied = studyStructure(text, 3, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const { problem, structure } = studied.value;
    const ops = new Ops();
    const [start, steps, t] = [ops.input('start', 'starts', [problem.size]), ops.constant(1), ops.constant(0)];
    const { equality, tangent, project } = methodProblem(ops, problem, structure, catalog.constraints, {
      start,
      steps,
    });
    const point = project?.(start, t) ?? start;
    const direction = ops.input('setting', 'v', [problem.size]);
    const along = tangent(point, t, direction);
    const J = equality.jacobian(point, t);
    const expected = ops.subtract(direction, ops.matmul(ops.pinv(J), ops.matmul(J, direction)));
    const difference = ops.subtract(along, expected);
    const machine = new Machine(ops);
    const { normal } = draws(7);
    for (const id of [start.id, direction.id])
      machine.numbers(id).forEach((_, k, all) => {
        all[k] = normal();
      });
    machine.procedure([difference.id, along.id])();
    expect(euclideanNorm(machine.numbers(difference.id))).toBeLessThan(1e-12);
    expect(euclideanNorm(machine.numbers(along.id))).toBeGreaterThan(0.1);
  });
});
