/** By how much some rows must give for others to hold: linear programs where all rows are affine, else interior points. */
import { at } from '../../diagnostic.ts';
import type { Stages } from '../../stages.ts';
import type { Matrix } from '../../tensor/matrix.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { LinearSolver } from '../affine/linear-program.ts';
import { interiorPointStages } from '../optimum/interior-point.ts';
import type { Local, Model, SmoothModel } from '../optimum/model.ts';
import type { FactoredModel } from './spectral-factors.ts';

export interface Give {
  /** min s with |h| ≤ s, g ≤ s on the rows that give, s ≥ 0; Infinity where the others alone cannot hold. */
  readonly amount: number;
  /** Where it is attained; absent with Infinity. */
  readonly x?: readonly number[];
}

/** A system of rows of which some may be left out, and some may give. */
export interface Elastic {
  /** The least amount by which `giving` must give for `held` to hold; null where it could not be found out. */
  leastGive(held: readonly number[], giving: readonly number[]): Stages<Give | null>;
}

/** Affine rows: a·x = b or a·x ≤ b, exactly as linear programs. */
export function linearElastic(
  size: number,
  rows: readonly {
    readonly entries: readonly number[];
    readonly b: number;
    readonly relation: 'equality' | 'inequality';
  }[],
  solve: LinearSolver,
): Elastic {
  const bounded = (row: number, slope: number) => {
    const { entries, b } = at(rows, row);
    return { entries: [...entries, slope], b };
  };
  return {
    *leastGive(held, giving) {
      const program = {
        cost: [...new Array<number>(size).fill(0), 1],
        rows: [
          ...held.map((row) => {
            const { entries, b } = bounded(row, 0);
            return { entries, lower: at(rows, row).relation === 'equality' ? b : Number.NEGATIVE_INFINITY, upper: b };
          }),
          ...giving.flatMap((row) => {
            const below = bounded(row, -1);
            const above = bounded(row, 1);
            return [
              { entries: below.entries, lower: Number.NEGATIVE_INFINITY, upper: below.b },
              ...(at(rows, row).relation === 'equality'
                ? [{ entries: above.entries, lower: above.b, upper: Number.POSITIVE_INFINITY }]
                : []),
            ];
          }),
          { entries: [...new Array<number>(size).fill(0), 1], lower: 0, upper: Number.POSITIVE_INFINITY },
        ],
      };
      const answer = solve(program);
      if (answer.status === 'infeasible') return { amount: Number.POSITIVE_INFINITY };
      return answer.status === 'optimal' ? { amount: Math.max(0, answer.value), x: answer.x.slice(0, size) } : null;
    },
  };
}

/** Rows of any kind, from `start`. Where the rows are not convex the answer is an upper bound, and Infinity is never said. */
export function smoothElastic(
  model: SmoothModel & Partial<Pick<FactoredModel, 'isCertified'>>,
  size: number,
  start: Float64Array,
  isConvex: boolean,
): Elastic {
  return {
    *leastGive(held, giving) {
      const { residual } = model.values(start);
      if (!residual.every(Number.isFinite)) return null;
      const first = Math.max(1, 1.1 * maximumNorm(residual));
      const arrival = yield* interiorPointStages(
        elasticModel(model, [...held, ...model.definitions], giving),
        Float64Array.from([...start, first]),
      );
      if (arrival) {
        const x = arrival.x.slice(0, model.size);
        const kept = [...held, ...model.definitions];
        const isKept = kept.every((row) => violationOf(model, x, row) <= 1e-7 * (1 + maximumNorm(x)));
        const isLeast = !isConvex || model.isCertified?.(arrival.multipliers.slice(held.length, kept.length)) !== false;
        if (isKept && isLeast) {
          const needed = Math.max(0, ...giving.map((row) => violationOf(model, x, row))); // s itself may end a little above it
          return { amount: Math.min(needed, Math.max(0, at(arrival.x, model.size))), x: [...x.slice(0, size)] };
        }
      }
      if (held.length === 0 || !isConvex) return null;
      const alone = yield* this.leastGive([], held); // can the others hold at all?
      return alone && alone.amount > 1e-6 ? { amount: Number.POSITIVE_INFINITY } : null;
    },
  };
}

function violationOf(model: Model, x: Float64Array, row: number): number {
  const residual = at(model.values(x).residual, row);
  return model.relations[row] === 'equality' ? Math.abs(residual) : residual;
}

/** minimise s over (x, s) with s ≥ 0, the held rows, and the giving rows weakened by s. */
function elasticModel(model: Model, held: readonly number[], giving: readonly number[]): Model {
  const n = model.size;
  const rows = [
    ...held.map((row) => ({ row, sign: 1, give: 0 })),
    ...giving.flatMap((row) =>
      model.relations[row] === 'equality'
        ? [
            { row, sign: 1, give: 1 },
            { row, sign: -1, give: 1 },
          ]
        : [{ row, sign: 1, give: 1 }],
    ),
  ];
  const last = n;
  const residualOf = (residual: Float64Array, s: number) =>
    Float64Array.from([...rows.map(({ row, sign, give }) => sign * at(residual, row) - give * s), -s]);
  return {
    size: n + 1,
    cost: model.cost,
    relations: [
      ...rows.map(({ row, give }) => (give === 0 ? at(model.relations, row) : ('inequality' as const))),
      'inequality',
    ],
    values(point) {
      const s = at(point, last);
      return { loss: s, residual: residualOf(model.values(point.subarray(0, n)).residual, s) };
    },
    at(point): Local {
      const s = at(point, last);
      const local = model.at(point.subarray(0, n));
      const gradient = new Float64Array(n + 1);
      gradient[last] = 1;
      const data = new Float64Array((rows.length + 1) * (n + 1));
      rows.forEach(({ row, sign, give }, k) => {
        for (let j = 0; j < n; j++) data[k * (n + 1) + j] = sign * at(local.jacobian.data, row * n + j);
        data[k * (n + 1) + last] = -give;
      });
      data[rows.length * (n + 1) + last] = -1;
      return {
        loss: s,
        gradient,
        residual: residualOf(local.residual, s),
        jacobian: { rows: rows.length + 1, columns: n + 1, data },
      };
    },
    hessian: bend,
    curvature: bend,
  };

  function bend(point: Float64Array, multipliers: Float64Array): Matrix {
    const weights = new Float64Array(model.relations.length);
    rows.forEach(({ row, sign }, k) => {
      weights[row] = at(weights, row) + sign * at(multipliers, k);
    });
    const inner = model.curvature(point.subarray(0, n), weights);
    const data = new Float64Array((n + 1) ** 2);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) data[i * (n + 1) + j] = at(inner.data, i * n + j);
    return { rows: n + 1, columns: n + 1, data };
  }
}
