/** The reference values: problems, and what each method does on them step by step, in Float64. Test support. */
import file from './trajectories.json' with { type: 'json' };

export interface ReferenceConstraint {
  readonly text: string;
  readonly type: 'eq' | 'ineq';
  readonly residual: string;
}

/** Data of the losses that the file states by formula: a generator (`regression`) or arrays (`basis_linear`). */
export interface ReferenceData {
  readonly seed?: number;
  readonly N?: number;
  readonly n?: number;
  /** Regression: `e`, noise alone, or `X*w_true + s*e`. */
  readonly y?: string | readonly number[];
  readonly w_true?: readonly number[] | null;
  readonly sum_X?: number;
  readonly sum_y?: number;
  readonly X_head?: readonly (readonly number[])[];
  readonly y_head?: readonly number[];
  readonly X?: readonly (readonly number[])[];
  readonly Y?: readonly (readonly number[])[];
  readonly B0?: readonly (readonly number[])[];
}

export interface ReferenceProblem {
  readonly title: string;
  readonly kind: 'expression' | 'regression' | 'mlp' | 'basis_linear';
  readonly n: number;
  readonly variables: readonly string[];
  readonly loss: string;
  readonly constraints: readonly ReferenceConstraint[];
  /** Affine equalities A x = b, in the order of the `eq` constraints; b at t = 0. */
  readonly A?: readonly (readonly number[])[];
  readonly b?: readonly number[];
  /** All tied parameters are this matrix times the shared ones. */
  readonly tie_matrix?: readonly (readonly number[])[];
  readonly b_text?: readonly string[];
  readonly data?: ReferenceData;
  readonly model?: { readonly trained?: readonly string[] };
  readonly solution: { readonly x?: readonly number[] | null; readonly f?: number; readonly feasible?: boolean };
}

/** State after step t is complete; t = 0 is the start. */
export interface ReferenceRecord {
  readonly t: number;
  readonly x: readonly number[];
  readonly f: number;
  readonly viol?: number;
  readonly lambda?: readonly number[];
  readonly mu?: readonly number[];
  readonly theta?: readonly number[];
  readonly rho?: number;
}

export type ReferenceParams = { readonly [name: string]: unknown };

export interface ReferenceCase {
  readonly id: string;
  readonly problem: string;
  readonly method: string;
  readonly optimizer?: { readonly name: string; readonly lr: number; readonly [name: string]: unknown };
  readonly params?: ReferenceParams;
  readonly x0?: readonly number[];
  readonly theta0?: readonly number[];
  readonly lambda0?: readonly number[];
  readonly steps: number;
  readonly note?: string;
  readonly tolerance: { readonly f64: number; readonly f32: number };
  readonly sensitivity: number;
  readonly records: readonly ReferenceRecord[];
}

export interface ReferenceFile {
  readonly problems: Readonly<Record<string, ReferenceProblem>>;
  readonly cases: readonly ReferenceCase[];
}

export const reference = file as unknown as ReferenceFile;

export const problemOf = ({ id, problem }: ReferenceCase): ReferenceProblem => {
  const found = reference.problems[problem];
  if (!found) throw new Error(`The reference values have no problem "${problem}" (case ${id})`);
  return found;
};
