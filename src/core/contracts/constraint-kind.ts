/** What a file of `catalog/constraints` provides: a kind of set, recognised in what was typed. */
import type { TorchSet } from '../experiment/python/contract.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import type { Entry } from './entry.ts';
import type { ConstraintFacts, Moving, SetData } from './evidence.ts';

/** Constraints that are one set of a kind. Data are in the entries of x in `coordinates`, in their order, and in no others. */
export interface Claim<Data extends SetData = SetData> {
  readonly data: Data;
  /** Indices of the constraints, ascending: the set is all of them together, exactly. */
  readonly constraints: readonly number[];
  readonly coordinates: readonly number[];
  /** Vectors and numbers among the data that follow the step, where that is not said by the kind's own `moving`. */
  readonly moving?: Moving;
}

/** A set that one constraint describes, on its way into the intersection of several. */
export interface Part<Data extends SetData = SetData> {
  readonly data: Data;
  /** For each entry of the part, its position among the entries of the intersection. */
  readonly positions: readonly number[];
}

/** A set example: from is projected to `to`. */
export interface ProjectionExample<Data extends SetData = SetData> {
  readonly name: string;
  readonly data: Data;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Tensors for a kind's data, name by name. */
export type DataTensors<Data extends SetData> = { readonly [Name in keyof Data]: Tensor };

/** Rows of a set: h(x) = 0 and g(x) ≤ 0, each as one vector. */
export interface Residual {
  readonly equality?: Tensor;
  readonly inequality?: Tensor;
}

/**
 * A set is written in its own entries: x[k] of `residual` and `project` holds the entries of the iterate that the set restricts.
 * Recognition has three stages. Kinds first `claim` constraints that only together are a set (bounds of several lines are a box;
 * w ≥ 0 and one sum are a simplex); then each kind `recognize`s what is left, line by line; and `combine`s what it recognised.
 * What then still overlaps, or is in no set, may be `join`ed.
 * At most one kind recognises a constraint. Whoever wants each line as a set of its own asks `recognize` alone.
 */
export interface ConstraintKind<Data extends SetData = SetData> extends Entry {
  /** Whether the segment between two points of such a set is in it. */
  readonly isConvex: boolean;
  /** Whether it is a smooth surface without an edge: it has a tangent space at each of its points. */
  readonly isManifold?: true;
  /** Whether it joins sets of other kinds for the sake of their common projection: methods that project on one after the other leave it out. */
  readonly isIntersection?: true;
  /**
   * Sets that take several of these constraints each. Of overlapping claims, one that joins equalities with inequalities wins,
   * then the one with more constraints that are no bounds, then the larger.
   */
  claim?(facts: readonly ConstraintFacts[]): readonly Claim<Data>[];
  /** The set that one constraint describes, in the entries of its `coordinates`, or null. */
  recognize(facts: ConstraintFacts): Data | null;
  /** Several parts as one set in `size` entries: their intersection, exactly; null where the kind cannot say. */
  combine?(parts: readonly Part<Data>[], size: number): Data | null;
  /** Constraints whose sets overlap, as one set: asked last, for the sake of their common nearest point. Null where it cannot say. */
  join?(facts: readonly ConstraintFacts[]): Claim<Data> | null;
  /** h(x) = 0 or g(x) ≤ 0 exactly in the set; the rows are the kind's own. */
  residual(ops: Ops, x: Tensor, data: DataTensors<Data>): Residual;
  /**
   * Which of the data are −h(0, t), or −g(0, t), of the set's constraints, row by row. Without it, and without a claim that says how its
   * data follow the step, no moving set is projected on.
   */
  readonly moving?: keyof Data & string;
  /** argmin ‖y − x‖₂ over the set; one of them where there are several. */
  project?(ops: Ops, x: Tensor, data: DataTensors<Data>): Tensor;
  /** The part of a direction along a smooth set at its point x; where absent, the derivative of `project` there, which is the same. */
  tangent?(ops: Ops, x: Tensor, direction: Tensor, data: DataTensors<Data>): Tensor;
  /** argmin Σ (yᵢ − xᵢ)²/scaleᵢ over the set, with scaleᵢ > 0: the nearest point as an adaptive optimizer measures. */
  projectScaled?(ops: Ops, x: Tensor, data: DataTensors<Data>, scale: Tensor): Tensor;
  /** argmin gradient·s over a bounded set; of several vertices the first. */
  lowest?(ops: Ops, gradient: Tensor, data: DataTensors<Data>): Tensor;
  /** The same in PyTorch, for exported scripts; absent: not exported yet. */
  readonly torch?: TorchSet;
  readonly examples: readonly ProjectionExample<Data>[];
}

export const defineConstraintKind = <Data extends SetData>(kind: ConstraintKind<Data>): ConstraintKind<Data> => kind;
