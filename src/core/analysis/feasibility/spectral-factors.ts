/**
 * Sets of matrices by their largest eigenvalue or singular value, or by the sum of these, in variables in which they are smooth:
 * λ_max(−S(x)) ≤ v as S(x) + v I = L Lᵀ with L lower triangular, and Σσᵢ(X) ≤ v as the block of L Lᵀ beside its diagonal, X, with
 * v = ‖L‖²/2. Where eigenvalues meet, their own rows have corners, and searches stop short.
 * Source: Burer & Monteiro 2003, Mathematical Programming 95, 329–357; for singular values Boyd & Vandenberghe 2004, §4.6.3; for
 * their sum Recht, Fazel & Parrilo 2010, SIAM Review 52(3), 471–501, §2.
 */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Matrix } from '../../tensor/matrix.ts';
import type { Local, SmoothModel } from '../optimum/model.ts';
import type { Structure } from '../structure.ts';

interface Spectral {
  /** Position of the constraint, v ≤ radius. */
  readonly position: number;
  /** Of L. */
  readonly size: number;
  readonly cells: readonly Cell[];
  readonly radius: number;
  /** v and the diagonal of L for a point of this length. */
  readonly begin: (length: number) => readonly [v: number, diagonal: number];
}

/** Σ weight · x[entry] + ofV · v − Σ weight · (L Lᵀ)ᵢⱼ = 0. */
interface Cell {
  readonly terms: readonly { readonly entry: number; readonly weight: number }[];
  readonly ofV: number;
  readonly products: readonly { readonly i: number; readonly j: number; readonly weight: number }[];
}

const MOST_ROWS = 8;

function spectralOf({ constraints }: Structure, position: number): Spectral | null {
  const { member, relation } = at(constraints, position);
  const [rows, columns] = member?.shape ?? [];
  if (!member || relation !== 'inequality' || rows === undefined || columns === undefined) return null;
  const placed = member.entries.map((entry, k) => ({ entry, row: Math.floor(k / columns), column: k % columns }));
  if (member.set === 'psd' && rows <= MOST_ROWS) {
    const termsAt = (i: number, j: number) =>
      placed
        .filter(({ row, column }) => Math.min(row, column) === i && Math.max(row, column) === j)
        .map(({ entry }) => ({ entry, weight: i === j ? 1 : 0.5 }));
    return { position, size: rows, cells: shifted(rows, termsAt), radius: 0, begin: rooted };
  }
  if (rows + columns > MOST_ROWS) return null;
  const size = rows + columns;
  const radius = member.args[0]?.[0]?.[0] ?? 0;
  const besides = placed.map(({ entry, row, column }) => ({ terms: [{ entry, weight: 1 }], i: row, j: rows + column }));
  if (member.set === 'spectralball') {
    const termsAt = (i: number, j: number) => besides.find((one) => one.i === i && one.j === j)?.terms ?? [];
    return { position, size, cells: shifted(size, termsAt), radius, begin: rooted };
  }
  if (member.set !== 'nuclearball') return null;
  const squares = Array.from({ length: size }, (_, i) => ({ i, j: i, weight: 0.5 }));
  const cells = [
    ...besides.map(({ terms, i, j }) => ({ terms, ofV: 0, products: [{ i, j, weight: 1 }] })),
    { terms: [], ofV: 1, products: squares },
  ];
  return { position, size, cells, radius, begin: (length) => [(size * (1 + length)) / 2, Math.sqrt(1 + length)] };
}

/** S + v I = L Lᵀ, entry by entry. */
const shifted = (size: number, termsAt: (i: number, j: number) => Cell['terms']): Cell[] =>
  upper(size).map(([i, j]) => ({
    terms: termsAt(i, j),
    ofV: i === j ? 1 : 0,
    products: [{ i, j, weight: 1 }],
  }));

const rooted = (length: number): readonly [number, number] => [1 + length, Math.sqrt(1 + length)];

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
  // Rows: those of the constraints as typed, one for each set; what defined variables before; then the cells.
  const plan: ({ readonly row: number } | { readonly part: (typeof parts)[number] })[] = [];
  const rowsOf = base.rowsOf.map((own, position) => {
    const part = partAt.get(position);
    const added = part ? [{ part }] : own.map((row) => ({ row }));
    plan.push(...added);
    return added.map((_, k) => plan.length - added.length + k);
  });
  const typed = plan.length;
  for (const row of base.definitions) plan.push({ row });
  const cells = parts.flatMap((part) => part.cells.map((cell) => ({ part, ...cell })));
  const count = plan.length + cells.length;
  const L = (point: ArrayLike<number>, { from }: { readonly from: number }, i: number, k: number): number =>
    k > i ? 0 : at(point, from + 1 + triangle(i) + k);
  const cellValue = (point: ArrayLike<number>, { part, terms, ofV, products }: (typeof cells)[number]): number => {
    let value = ofV * at(point, part.from);
    for (const { entry, weight } of terms) value += weight * at(point, entry);
    for (const { i, j, weight } of products)
      for (let k = 0; k <= i; k++) value -= weight * L(point, part, i, k) * L(point, part, j, k);
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
    cells.forEach(({ part, products }, c) => {
      for (const { i, j, weight } of products)
        for (let k = 0; k <= i; k++) {
          const [a, b] = [part.from + 1 + triangle(i) + k, part.from + 1 + triangle(j) + k];
          const bend = weight * at(multipliers, plan.length + c);
          data[a * n + b] = at(data, a * n + b) - bend;
          data[b * n + a] = at(data, b * n + a) - bend;
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
      for (const { from, size, cells, begin } of parts) {
        const entries = cells.flatMap(({ terms }) => terms.map(({ entry }) => entry));
        const [v, diagonal] = begin(Math.hypot(...entries.map((entry) => at(x, entry))));
        point[from] = v;
        for (let i = 0; i < size; i++) point[from + 1 + triangle(i) + i] = diagonal;
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
      cells.forEach(({ part, terms, ofV, products }, c) => {
        const row = (plan.length + c) * n;
        const add = (column: number, value: number) => {
          data[row + column] = at(data, row + column) + value;
        };
        add(part.from, ofV);
        for (const { entry, weight } of terms) add(entry, weight);
        for (const { i, j, weight } of products)
          for (let k = 0; k <= i; k++) {
            add(part.from + 1 + triangle(i) + k, -weight * L(point, part, j, k));
            add(part.from + 1 + triangle(j) + k, -weight * L(point, part, i, k));
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
      return parts.every(({ size, cells }) => {
        const Z = Dense.zeros(size, size);
        cells.forEach(({ products }, k) => {
          for (const { i, j, weight } of products) {
            const half = 0.5 * weight * at(multipliers, first + k);
            Z.set(i, j, Z.get(i, j) + half);
            Z.set(j, i, Z.get(j, i) + half);
          }
        });
        first += cells.length;
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
