/**
 * Sets of matrices by their largest eigenvalue or singular value, in variables in which they are smooth: λ_max(−S(x)) ≤ v as
 * S(x) + v I = L Lᵀ with L lower triangular. Where eigenvalues meet, their own rows have corners, and searches stop short.
 * Source: Burer & Monteiro 2003, Mathematical Programming 95, 329–357; for singular values Boyd & Vandenberghe 2004, §4.6.3.
 */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Matrix } from '../../tensor/matrix.ts';
import type { Local, SmoothModel } from '../optimum/model.ts';
import type { Structure } from '../structure.ts';

interface Spectral {
  /** Position of the constraint. */
  readonly position: number;
  readonly size: number;
  /** Terms of S: weight · x[entry] at row i, column j ≥ i. */
  readonly terms: readonly {
    readonly i: number;
    readonly j: number;
    readonly entry: number;
    readonly weight: number;
  }[];
  readonly radius: number;
}

const MOST_ROWS = 8;

function spectralOf({ constraints }: Structure, position: number): Spectral | null {
  const { member, relation } = at(constraints, position);
  const [rows, columns] = member?.shape ?? [];
  if (!member || relation !== 'inequality' || rows === undefined || columns === undefined) return null;
  if (member.set === 'psd' && rows <= MOST_ROWS) {
    const terms = member.entries.map((entry, k) => {
      const [i, j] = [Math.floor(k / columns), k % columns];
      return { i: Math.min(i, j), j: Math.max(i, j), entry, weight: i === j ? 1 : 0.5 };
    });
    return { position, size: rows, terms, radius: 0 };
  }
  if (member.set !== 'spectralball' || rows + columns > MOST_ROWS) return null;
  const terms = member.entries.map((entry, k) => ({
    i: Math.floor(k / columns),
    j: rows + (k % columns),
    entry,
    weight: 1,
  }));
  return { position, size: rows + columns, terms, radius: at(at(at(member.args, 0), 0), 0) };
}

export interface FactoredModel extends SmoothModel {
  /** Whether multipliers of the definitions prove that nothing lower is near or far, where all else is convex: −Z ⪰ 0. */
  isCertified(multipliers: ArrayLike<number>): boolean;
}

/** With v and L of each such set after the model's own variables; null where there is none, or it is large. */
export function factoredModel(problem: Problem, structure: Structure, base: SmoothModel): FactoredModel | null {
  const sets = problem.constraints.flatMap((_, position) => spectralOf(structure, position) ?? []);
  if (sets.length === 0) return null;
  let n = base.size;
  const parts = sets.map((set) => {
    const from = n;
    n += 1 + triangle(set.size);
    return { ...set, from };
  });
  const partAt = new Map(parts.map((part) => [part.position, part]));
  // Rows: those of the constraints as typed, one for each set; what defined variables before; then S + v I − L Lᵀ.
  const plan: ({ readonly row: number } | { readonly part: (typeof parts)[number] })[] = [];
  const rowsOf = base.rowsOf.map((own, position) => {
    const part = partAt.get(position);
    const added = part ? [{ part }] : own.map((row) => ({ row }));
    plan.push(...added);
    return added.map((_, k) => plan.length - added.length + k);
  });
  const typed = plan.length;
  for (const row of base.definitions) plan.push({ row });
  const cells = parts.flatMap((part) => upper(part.size).map(([i, j]) => ({ part, i, j })));
  const count = plan.length + cells.length;
  const L = (point: ArrayLike<number>, { from }: { readonly from: number }, i: number, k: number): number =>
    k > i ? 0 : at(point, from + 1 + triangle(i) + k);
  const cellValue = (point: ArrayLike<number>, { part, i, j }: (typeof cells)[number]): number => {
    let value = i === j ? at(point, part.from) : 0;
    for (const term of part.terms) if (term.i === i && term.j === j) value += term.weight * at(point, term.entry);
    for (let k = 0; k <= i; k++) value -= L(point, part, i, k) * L(point, part, j, k);
    return value;
  };
  const residualOf = (point: Float64Array, own: Float64Array) =>
    Float64Array.from([
      ...plan.map((one) => ('row' in one ? at(own, one.row) : at(point, one.part.from) - one.part.radius)),
      ...cells.map((cell) => cellValue(point, cell)),
    ]);
  const bent = (point: Float64Array, multipliers: Float64Array, of: SmoothModel['hessian']): Matrix => {
    const inner = new Float64Array(base.relations.length);
    plan.forEach((one, row) => {
      if ('row' in one) inner[one.row] = at(multipliers, row);
    });
    const own = of(point.subarray(0, base.size), inner);
    const data = new Float64Array(n * n);
    for (let i = 0; i < base.size; i++)
      for (let j = 0; j < base.size; j++) data[i * n + j] = at(own.data, i * base.size + j);
    cells.forEach(({ part, i, j }, c) => {
      const weight = at(multipliers, plan.length + c);
      for (let k = 0; k <= i; k++) {
        const [a, b] = [part.from + 1 + triangle(i) + k, part.from + 1 + triangle(j) + k];
        data[a * n + b] = at(data, a * n + b) - weight;
        data[b * n + a] = at(data, b * n + a) - weight;
      }
    });
    return { rows: n, columns: n, data };
  };
  return {
    ...base,
    size: n,
    rowsOf,
    relations: [
      ...plan.map((one) => ('row' in one ? at(base.relations, one.row) : ('inequality' as const))),
      ...cells.map(() => 'equality' as const),
    ],
    definitions: Array.from({ length: count - typed }, (_, k) => typed + k),
    lift(x) {
      const point = new Float64Array(n);
      point.set(base.lift(x));
      for (const { from, size, terms } of parts) {
        const v = 1 + Math.sqrt(terms.reduce((sum, { entry }) => sum + at(x, entry) ** 2, 0));
        point[from] = v;
        for (let i = 0; i < size; i++) point[from + 1 + triangle(i) + i] = Math.sqrt(v);
      }
      return point;
    },
    values(point) {
      const { loss, residual } = base.values(point.subarray(0, base.size));
      return { loss, residual: residualOf(point, residual) };
    },
    at(point): Local {
      const own = base.at(point.subarray(0, base.size));
      const gradient = new Float64Array(n);
      gradient.set(own.gradient);
      const data = new Float64Array(count * n);
      plan.forEach((one, row) => {
        if ('row' in one) data.set(own.jacobian.data.subarray(one.row * base.size, (one.row + 1) * base.size), row * n);
        else data[row * n + one.part.from] = 1;
      });
      cells.forEach(({ part, i, j }, c) => {
        const row = (plan.length + c) * n;
        const add = (column: number, value: number) => {
          data[row + column] = at(data, row + column) + value;
        };
        if (i === j) add(part.from, 1);
        for (const term of part.terms) if (term.i === i && term.j === j) add(term.entry, term.weight);
        for (let k = 0; k <= i; k++) {
          add(part.from + 1 + triangle(i) + k, -L(point, part, j, k));
          add(part.from + 1 + triangle(j) + k, -L(point, part, i, k));
        }
      });
      return {
        loss: own.loss,
        gradient,
        residual: residualOf(point, own.residual),
        jacobian: { rows: count, columns: n, data },
      };
    },
    hessian: (point, multipliers) => bent(point, multipliers, base.hessian),
    curvature: (point, multipliers) => bent(point, multipliers, base.curvature),
    isCertified(multipliers) {
      let first = base.definitions.length;
      return parts.every(({ size }) => {
        const Z = Dense.zeros(size, size);
        upper(size).forEach(([i, j], k) => {
          const entry = at(multipliers, first + k) * (i === j ? 1 : 0.5);
          Z.set(i, j, entry);
          Z.set(j, i, entry);
        });
        first += triangle(size);
        const { realEigenvalues } = new EigenvalueDecomposition(Z, { assumeSymmetric: true });
        return realEigenvalues.every((value) => value <= NEGLIGIBLE * (1 + Math.max(...realEigenvalues.map(Math.abs))));
      });
    },
  };
}

/** An eigenvalue of the wrong sign below it, relatively, is rounding. */
const NEGLIGIBLE = 1e-5;

const triangle = (size: number): number => (size * (size + 1)) / 2;
const upper = (size: number): [number, number][] =>
  Array.from({ length: size }, (_, i) =>
    Array.from({ length: size - i }, (_, k): [number, number] => [i, i + k]),
  ).flat();
