/** What analysis knows of one typed constraint: what the kinds recognise sets from. Plain data. */
import type { SparseMatrix } from '../tensor/sparse.ts';

/** One scalar-row group of a typed constraint that is affine: residual(x, t) = A x − b(t), with b at t = 0. */
export interface AffineEvidence {
  /** One row a scalar row of the constraint. */
  readonly A: readonly (readonly number[])[];
  readonly b: readonly number[];
  /** Whether b depends on the step. */
  readonly isMoving: boolean;
}

/** Rows scaleᵢ·x[entryᵢ] − bᵢ = 0, or ≤ 0, with scaleᵢ ≠ 0: as typed, or two for each |x| ≤ r. */
export interface BoundEvidence {
  readonly entries: readonly number[];
  readonly scales: readonly number[];
  readonly b: readonly number[];
}

/** Rows weights·x[group] − b = 0, or ≤ 0, with b at t = 0: groups that share no entry, one a row, and no weight is 0. */
export interface SumEvidence {
  readonly groups: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
  readonly b: readonly number[];
}

/** All x that meet the rows at t = 0: x = point + directionsᵀ c, in the entries of `coordinates`; directions [d, n] are orthonormal, and orthogonal to the point. */
export interface FlatEvidence {
  readonly point: readonly number[];
  readonly directions: readonly (readonly number[])[];
  /** Where the right-hand side b moves: at t, point + Σₖ (b(t)[rows[k]] − before[k])·spans[k] takes the place of the point; before = b(0)[rows]. */
  readonly movement: {
    readonly rows: readonly number[];
    readonly before: readonly number[];
    readonly spans: readonly (readonly number[])[];
  } | null;
  /** Indices of further equalities in the same entries that these points meet. */
  readonly others: readonly number[];
}

/** Rows A x = b(t), with b at t = 0, of which most entries of A are 0. */
export interface SparseEvidence {
  /** [rows, n]. */
  readonly A: SparseMatrix;
  readonly b: readonly number[];
  readonly rank: number;
  /** Turns of conjugate gradients with A. */
  readonly turns: number;
  /** Whether some x meets them. */
  readonly isConsistent: boolean;
}

/** A single row that says ½ xᵀH x + q·x + c = 0, or ≤ 0, of the entries in `coordinates`: as typed, or by squaring a length. */
export interface QuadraticEvidence {
  /** The diagonal of H. */
  readonly diagonal: readonly number[];
  /** Whether H is its diagonal. */
  readonly isDiagonal: boolean;
  readonly q: readonly number[];
  readonly c: number;
}

/** Rows that say ‖x[group] − center‖ = radius, or ≤ radius: groups of one size, a row each, that share no entry. */
export interface RoundEvidence {
  readonly groups: readonly (readonly number[])[];
  readonly centers: readonly (readonly number[])[];
  readonly radii: readonly number[];
}

/** A single row that says ‖inside · (x − apex)‖ ≤ slope·x + offset of the entries in `coordinates`: `inside` is 1 or 0, and 0 where slope is not. */
export interface ConeEvidence {
  readonly inside: readonly number[];
  readonly apex: readonly number[];
  readonly slope: readonly number[];
  readonly offset: number;
}

/** A single row that sums distances: residual(x) = Σ weightᵢ·|xᵢ − centerᵢ| − radius over the entries in `coordinates`. */
export interface AbsoluteEvidence {
  readonly weights: readonly number[];
  readonly center: readonly number[];
  readonly radius: number;
}

/** A constraint that belongs to a typed `x in set(…)`. The entries of x are the constraint's `coordinates`, row by row. */
export interface MemberEvidence {
  readonly set: string;
  /** The same for all constraints that the statement stands for. */
  readonly statement: number;
  readonly parts: number;
  /** Of x. */
  readonly shape: readonly number[];
  /** Its entries' positions in the iterate, ascending. */
  readonly entries: readonly number[];
  /** Numbers in brackets after the set's name, each as its rows. */
  readonly args: readonly (readonly (readonly number[])[])[];
}

/** What analysis knows of one typed constraint. Evidence is null where there is none. */
export interface ConstraintFacts {
  /** Position in the problem. */
  readonly index: number;
  readonly relation: 'equality' | 'inequality';
  readonly rows: number;
  /** Polynomial degree of the residual in x, Infinity where unknown. */
  readonly degree: number;
  /** Whether the residual depends on the step. */
  readonly isMoving: boolean;
  /** Entries of x that the constraint restricts, ascending; where that is not known, those that it reads. */
  readonly coordinates: readonly number[];
  /** Null, too, where A would be too large to hold. */
  readonly affine: AffineEvidence | null;
  readonly bounds: BoundEvidence | null;
  /** Of many rows in many entries: what of A is not 0. */
  readonly sums: SumEvidence | null;
  /** Of many rows in many entries, still: the groups of entries, each ascending, that they say are equal; null where they say anything else. */
  readonly ties: readonly (readonly number[])[] | null;
  /** Of many equality rows in many entries, still, that are neither sums nor ties: their solutions, where few directions are left. */
  readonly flat: FlatEvidence | null;
  /** Of many equality rows in many entries that are none of these and have no matrix: their entries that are not 0, where nearest points are soon found by products with them. */
  readonly sparse: SparseEvidence | null;
  /** Rows A x ≤ b, still, that say the same as rows w·|a·x − c| ≤ r: two of them for each; where `affine` and `bounds` say nothing. */
  readonly halfSpaces: Pick<AffineEvidence, 'A' | 'b'> | null;
  readonly quadratic: QuadraticEvidence | null;
  /** Of several rows. */
  readonly rounds: RoundEvidence | null;
  readonly absolute: AbsoluteEvidence | null;
  readonly cone: ConeEvidence | null;
  /** Null, too, where the member is not made of entries of x in their order. */
  readonly member: MemberEvidence | null;
}

/** Numbers that follow the step: fixedₖ + factorₖ·side[rowₖ], where side is −h(0, t), or −g(0, t), of a set's constraints, row by row. */
export interface Following {
  readonly rows: readonly number[];
  readonly factors: readonly number[];
  readonly fixed: readonly number[];
  /** Whether these are squares, of which the numbers are the roots, or 0 where a square is below 0. */
  readonly areSquares?: true;
}

/** Which of a set's numbers follow the step, and how. */
export type Moving = Readonly<Record<string, Following>>;

/** Numbers that prove a recognition: matrices as arrays of rows, vectors, scalars. */
export type SetData = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;

/** A parameter's place in the trained vector: its entries from `offset` on, row by row. */
export interface ParameterBlock {
  readonly offset: number;
  readonly shape: readonly number[];
}
