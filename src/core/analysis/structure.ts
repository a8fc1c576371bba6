/** What analysis found out about a problem: evidence, not booleans. Plain data. */
import type { ConstraintFacts, Moving, ParameterBlock, SetData } from '../contracts/evidence.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Matrix } from '../tensor/matrix.ts';

/** A set of the catalogue that some typed constraints describe. */
export interface RecognizedSet {
  /** Id of the constraint kind. */
  readonly kind: string;
  /** Its name, as the catalogue has it: “Affine set”. */
  readonly title: string;
  /** In the entries of `coordinates`, in their order. */
  readonly data: SetData;
  /** Indices of the constraints it stands for, ascending. */
  readonly constraints: readonly number[];
  /** Entries of x that it restricts. */
  readonly coordinates: readonly number[];
  readonly isMoving: boolean;
  /** How data follow the step; null where it stays, or its kind cannot follow. */
  readonly moving: Moving | null;
  readonly isConvex: boolean;
  /** Whether it is a smooth surface without an edge. */
  readonly isManifold: boolean;
  /** Whether its kind knows the nearest point, and follows the set where it moves. */
  readonly hasProjection: boolean;
  /** Whether the nearest point is known, too, where each entry has a scale of its own. */
  readonly hasScaledProjection: boolean;
  /** Whether the set is bounded, and its lowest point in a direction is known. */
  readonly isBounded: boolean;
  /** Whether it stands for sets that overlap, and are something by themselves: `parts` has them. */
  readonly isJoined?: true;
}

/** What a constraint is, by itself or with others: the set that it belongs to, before overlapping sets were joined. */
export const setOfConstraint = ({ sets, parts }: Pick<Structure, 'sets' | 'parts'>, index: number) => {
  const own = (from: readonly RecognizedSet[]) => from.find(({ constraints }) => constraints.includes(index));
  const set = own(sets);
  return set?.isJoined ? (own(parts) ?? set) : set;
};

/** All affine equalities together: A x = b, with b at t = 0. */
export interface AffineSystem {
  readonly A: Matrix;
  readonly b: readonly number[];
  readonly isMoving: boolean;
  /** For each row of A, the constraint it comes from. */
  readonly constraintOfRow: readonly number[];
  readonly singularValues: readonly number[];
  readonly rank: number;
  /** σ₁ / σ_rank. */
  readonly conditionNumber: number;
  /** least ‖A x − b‖₂: 0 up to rounding where the rows do not contradict each other. */
  readonly inconsistency: number;
  readonly isConsistent: boolean;
}

/** Constraints that no point satisfies together, proved, and why in words. */
export interface Contradiction {
  readonly constraints: readonly number[];
  readonly reason: string;
}

export interface Structure {
  readonly size: number;
  /** The parameters that x consists of, in their order. */
  readonly blocks: readonly ParameterBlock[];
  /** Polynomial degree of the loss in x (0, 1, 2, else Infinity). */
  readonly lossDegree: number;
  readonly constraints: readonly ConstraintFacts[];
  readonly equalityRows: number;
  readonly inequalityRows: number;
  /** What the constraints are together: each is in one set at most. In the order of the sets' first constraints. */
  readonly sets: readonly RecognizedSet[];
  /** As `sets`, without kinds that are intersections of others: what cycles of projections go over. */
  readonly parts: readonly RecognizedSet[];
  /** Each constraint that is a set of the catalogue on its own, as that set, in the order typed. */
  readonly lines: readonly RecognizedSet[];
  /** Constraints that no kind of the catalogue claims. */
  readonly unrecognized: readonly number[];
  readonly affine: AffineSystem | null;
  /** What was proved of bounds and sets, beside `affine.isConsistent`. None proves nothing. */
  readonly contradictions: readonly Contradiction[];
  /** Whether every constraint is in a set, every set has a projection, and no two share a coordinate. */
  readonly hasExactProjection: boolean;
  /**
   * The equalities alone, where all are affine and have no matrix, or none together: as sets with known nearest points, of which no
   * two share an entry. Null where they have a matrix, and where they are no such sets.
   */
  readonly straight: readonly RecognizedSet[] | null;
  /** n − rank of the affine equalities. */
  readonly degreesOfFreedom: number;
  /** Contradictions and redundancies, in words, with the span of the typed line. */
  readonly diagnostics: readonly Diagnostic[];
}
