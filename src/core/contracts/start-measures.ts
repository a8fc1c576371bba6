/** What a problem is like at its start: what a method computes its automatic settings from. */
import type { Matrix } from '../tensor/matrix.ts';

/** The numbers that theory makes learning rates and coefficients from. */
export interface StartMeasures {
  /** |λ|_max of ∇²f; 0 of a loss without curvature. */
  readonly curvature: number;
  /** λ_min of ∇²f: the smaller of those at the start and at a point about s away from it. */
  readonly leastCurvature: number;
  /** ‖∇f‖. */
  readonly slope: number;
  /** s = max(1, ‖x₀‖∞). */
  readonly scale: number;
  /** λ_max of JᵀJ, J the Jacobian of all rows: the larger of those two points, or of where rows bind that are flat at the start. */
  readonly pull: number;
  /** η of plain gradient steps: as named, else 0.9/|λ|_max, or 0.05·s/‖∇f‖ of a loss without curvature. */
  readonly step: number;
  /** Whether steps are η times a gradient: elsewhere theory has no step lengths. */
  readonly isPlain: boolean;
  /** Whether η is named, and multiplies the gradient itself. */
  readonly isStepNamed: boolean;
  /** |λ|_max of ∇²f + ρ JᵀJ. */
  penalized(penalty: number): number;
  /** Where constraints are curved and some bind in the end: an estimate of what is there; else null. */
  rest(): RestMeasures | null;
  /** g, J_g, J_h and ∇f: small problems only. */
  rows(): StartRows;
}

/** Of the point where a run is likely to come to rest, with multipliers λ. */
export interface RestMeasures {
  /** |λ|_max of Σ λᵢ ∇²rᵢ, r all rows. */
  readonly curvature: number;
  /** λ_max of JᵀJ: the geometric mean of that there, and of the largest at the start and where the first steps may lead. */
  readonly pull: number;
  /** ‖λ‖. */
  readonly multipliers: number;
  /** From the start. */
  readonly distance: number;
}

/** Of all constraints at the start. */
export interface StartRows {
  readonly slope: Float64Array;
  readonly inequalities: Float64Array;
  readonly inequalityJacobian: Matrix;
  readonly equalityJacobian: Matrix;
}
