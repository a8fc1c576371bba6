/** What the figures draw: plain numbers from a run and a problem, picked by the store. Nothing here is computed by the page. */
import type { RunStatus } from '../../core/run/run.ts';
import type { Matrix } from '../../core/tensor/matrix.ts';
import type { Spectrum } from './free-entries.ts';

export type Theme = 'light' | 'dark';

export type Dash = 'solid' | 'dash' | 'dot' | 'dashdot' | 'longdash' | 'longdashdot';

export type MarkerSymbol = 'circle' | 'square' | 'diamond' | 'cross' | 'x' | 'triangle-up';

/** One run, as it is drawn. Records are rows; `steps`, `loss` and `violation` have one entry a record. */
export interface RunView {
  readonly id: string;
  /** The reader's words; figures escape them. */
  readonly label: string;
  /** A CSS colour in hexadecimal: `runStyle(index, theme)` proposes one. */
  readonly color: string;
  readonly dash: Dash;
  readonly symbol: MarkerSymbol;
  readonly visible: boolean;
  /** Absent where verdicts are hidden. */
  readonly status?: RunStatus | 'running';
  /** Ascending; the start is step 0. */
  readonly steps: readonly number[];
  /** Evaluations of the gradient over all data that one step takes. */
  readonly cost?: number;
  /** Counts of the clock that one step takes: 1, or the cost where runs are aligned by it. Absent: 1. */
  readonly pace?: number;
  /** Row-major [records, n]. */
  readonly iterates: Float64Array;
  /** As typed: of f, also where the text says `maximize f`. */
  readonly loss: Float64Array;
  /** Largest violation over the rows. */
  readonly violation: Float64Array;
  /** A violation below this is rounding, in the precision that the iterates were computed in. */
  readonly rounding: number;
  readonly stationarity?: Float64Array;
  /** Violation and multiplier of each scalar row of the constraints, row-major [records, rows]. */
  readonly violations?: Float64Array;
  readonly multipliers?: Float64Array;
  /** Whether the method keeps its multipliers itself; else they are those of least squares. */
  readonly keepsMultipliers?: boolean;
  /** ‖∇f‖, whose square is that of the stationarity and of what the constraints hold back. */
  readonly gradient?: Float64Array;
  /** The numbers that the text names by `let`, at each record. */
  readonly named?: Readonly<Record<string, Float64Array>>;
  /** η of the update that led to each record; NaN at the start. */
  readonly learningRate?: Float64Array;
  /** ‖P(y) − y‖ of the step that led to each record, of a method that projects. */
  readonly moved?: Float64Array;
  /** ρ at each record, of a method that has one. */
  readonly penalty?: Float64Array;
  /** Its steps are drawn at random, so that its curves scatter. */
  readonly isNoisy?: boolean;
  /** Read out in place of the coordinates, where those are not entries of the iterate: row-major [records, names]. */
  readonly readOut?: { readonly names: readonly string[]; readonly values: Float64Array };
}

export const paceOf = ({ pace = 1 }: Pick<RunView, 'pace'>): number => pace;

/** What the clock of these runs counts. */
export const clockUnit = (runs: readonly Pick<RunView, 'pace'>[]): string =>
  runs.some(({ pace }) => pace !== undefined) ? 'gradient evaluations' : 'step';

/** Values on a grid over the two shown axes, row-major [ys.length, xs.length]; the other entries of x are held. */
export interface Field {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  /** Of a volume over three axes; `values` are then [zs.length, ys.length, xs.length]. */
  readonly zs?: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Where it is at most 0 between points of the grid alone: lines in the plane. */
  readonly seams?: readonly (readonly (readonly [number, number])[])[];
}

/** Values along the one shown axis. */
export interface Curve {
  readonly xs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** What the constraints leave, in the coordinates of the whole iterate; figures restrict it to the shown axes. */
export type FeasibleSet =
  /** A x = b. `Structure.affine` fits as it is. */
  | ({ readonly kind: 'affine' } & LinearSet)
  /** A x ≤ b. */
  | ({ readonly kind: 'half-spaces' } & LinearSet)
  /** One row of h = 0, by its values on a grid over the shown axes; over one axis, the grid has one column. */
  | SampledSet<'curve'>
  /** g ≤ 0, by the largest residual on such a grid. */
  | SampledSet<'region'>
  /** ‖x − center‖ ≤ radius over all entries, or = radius. */
  | { readonly kind: 'ball' | 'sphere'; readonly center: readonly number[]; readonly radius: number }
  /** Constraints that no figure of these axes draws. */
  | { readonly kind: 'undrawn'; readonly isMoving?: boolean };

interface LinearSet {
  readonly A: Matrix;
  readonly b: readonly number[];
  /** Where they are known, and of the matrix that it names alone. */
  readonly spectrum?: Spectrum;
  readonly isMoving?: boolean;
  /** Whether it is seen where a plane cuts it, and reaches beyond that plane. */
  readonly isSlice?: boolean;
}

interface SampledSet<Kind extends string> {
  readonly kind: Kind;
  readonly residual: Field;
  readonly isMoving?: boolean;
  /** Whether it depends on entries that are not shown: then the grid is a slice, where those are held. */
  readonly isSlice?: boolean;
}

/** Positions in the flat iterate of the entries that the axes show. */
export type Axes = readonly [number] | readonly [number, number] | readonly [number, number, number];

/** Two numbers an entry of the iterate. */
export interface Extents {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

export interface Scene {
  /** The plane of three weights with a fixed sum, in its coordinates: corners, and the ends of lines of equal share. */
  readonly ternary?: {
    readonly corners: readonly (readonly number[])[];
    readonly lines: readonly (readonly (readonly number[])[])[];
    readonly names: readonly string[];
    readonly total: number;
  };
  /** What the scalar rows of the constraints are called, in the order typed. */
  readonly rowName?: (row: number) => string;
  /** Absent: minimised. All losses here are of f as typed. */
  readonly sense?: 'minimize' | 'maximize';
  /** One a flat entry: 'x', 'w[0]'. */
  readonly parameterNames: readonly string[];
  /** n, the length of an iterate. */
  readonly size: number;
  readonly axes: Axes;
  readonly runs: readonly RunView[];
  /** Loss over two axes. */
  readonly field?: Field;
  /** Loss over one axis, where only one is shown. */
  readonly curve?: Curve;
  readonly sets: readonly FeasibleSet[];
  /** The step at which moving constraints and a moving loss are drawn; absent: step 0. */
  readonly time?: number;
  /** Between what the feasible set lies along each entry, ±∞ where that is not known. The same object while the problem is the same. */
  readonly bounds?: Extents;
  /** x₀ as typed, n entries. */
  readonly start: readonly number[];
  /** The constrained optimum, n entries. */
  readonly optimum?: readonly number[];
  /** Loss there, as typed. */
  readonly optimumLoss?: number;
  readonly theme: Theme;
}

/** What of a scene follows from the runs and the problem: the rest is sampled around it. */
export type SceneRecords = Omit<Scene, 'sets' | 'time' | 'field' | 'curve'>;

/** What f is called: a reader who typed `maximize` looks for no loss. */
export const lossName = ({ sense }: Pick<Scene, 'sense'>): 'loss' | 'objective' =>
  sense === 'maximize' ? 'objective' : 'loss';

/** The window on two axes, for a caller that computes a field: [[x₀, x₁], [y₀, y₁]]. */
export type View2d = readonly [x: readonly [number, number], y: readonly [number, number]];
