/** What one file of the catalogue provides: constraint kinds, optimizers, methods, each with settings, source and examples. */
import type { Structure } from './analysis/structure.ts';
import type { Refused, TorchMethod, TorchOptimizer, TorchScript, TorchSet } from './experiment/python/contract.ts';
import type { Chosen, Numbers, Resolved, Settings } from './settings.ts';
import type { Ops, Tensor } from './tensor/ops.ts';
import { TRAINING } from './training.ts';

export * from './settings.ts';

// ── what all entries have ──

export interface Entry {
  /** Equal to the file's name. */
  readonly id: string;
  readonly title: string;
  /** Book or paper, with section. Shown in the app. */
  readonly source: string;
  /** One or two sentences for a reader who meets it for the first time. */
  readonly summary: string;
}

export type State = Readonly<Record<string, Tensor>>;

// ── constraint kinds ──

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

/** A single row that says ½ xᵀH x + q·x + c = 0, or ≤ 0, of the entries in `coordinates`: as typed, or by squaring a length. */
export interface QuadraticEvidence {
  /** The diagonal of H. */
  readonly diagonal: readonly number[];
  /** Whether H is its diagonal. */
  readonly isDiagonal: boolean;
  readonly q: readonly number[];
  readonly c: number;
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
  readonly quadratic: QuadraticEvidence | null;
  readonly absolute: AbsoluteEvidence | null;
  /** Null, too, where the member is not made of entries of x in their order. */
  readonly member: MemberEvidence | null;
}

/** Numbers that prove a recognition: matrices as arrays of rows, vectors, scalars. */
export type SetData = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;

/** Constraints that are one set of a kind. Data are in the entries of x in `coordinates`, in their order, and in no others. */
export interface Claim<Data extends SetData = SetData> {
  readonly data: Data;
  /** Indices of the constraints, ascending: the set is all of them together, exactly. */
  readonly constraints: readonly number[];
  readonly coordinates: readonly number[];
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
  /** The data at step t, where the stacked residuals of the set's constraints at x = 0 are `offset`. Without it, no moving set is projected on. */
  moved?(ops: Ops, data: DataTensors<Data>, offset: Tensor): DataTensors<Data>;
  /** argmin ‖y − x‖₂ over the set; one of them where there are several. */
  project?(ops: Ops, x: Tensor, data: DataTensors<Data>): Tensor;
  /** argmin Σ (yᵢ − xᵢ)²/scaleᵢ over the set, with scaleᵢ > 0: the nearest point as an adaptive optimizer measures. */
  projectScaled?(ops: Ops, x: Tensor, data: DataTensors<Data>, scale: Tensor): Tensor;
  /** argmin gradient·s over a bounded set; of several vertices the first. */
  lowest?(ops: Ops, gradient: Tensor, data: DataTensors<Data>): Tensor;
  /** The same in PyTorch, for exported scripts; absent: not exported yet. */
  readonly torch?: TorchSet;
  readonly examples: readonly ProjectionExample<Data>[];
}

export const defineConstraintKind = <Data extends SetData>(kind: ConstraintKind<Data>): ConstraintKind<Data> => kind;

// ── optimizers ──

/** A parameter's place in the trained vector: its entries from `offset` on, row by row. */
export interface ParameterBlock {
  readonly offset: number;
  readonly shape: readonly number[];
}

export interface OptimizerInput<S extends Settings, Kept extends State> {
  readonly x: Tensor;
  readonly gradient: Tensor;
  readonly state: Kept;
  readonly settings: Resolved<S>;
  /** The parameters that x consists of, in their order; one vector where a method trains other numbers than them. */
  readonly blocks: readonly ParameterBlock[];
  /** 1 at the first call. */
  readonly t: Tensor;
}

export interface OptimizerUpdate<Kept extends State> {
  readonly next: Tensor;
  readonly state: Kept;
  /** What each coordinate of the step was divided by (ε included): ones where the optimizer does not scale. */
  readonly denominator: Tensor;
}

export interface Optimizer<S extends Settings = Settings, Kept extends State = State> extends Entry {
  readonly settings: S;
  /** Names of state that is linear in the gradients, to which a linear map may be applied. */
  readonly momentum: readonly string[];
  /** Whether it divides each coordinate by a number of its own, and so bends the direction of the gradient. */
  readonly isAdaptive: boolean;
  /** Whether `denominator` is the metric of its steps, in which sets can be projected on. Left out: as `isAdaptive`. */
  readonly hasMetric?: boolean;
  init(ops: Ops, shape: readonly number[], settings: Resolved<NoInfer<S>>): Kept;
  update(ops: Ops, input: OptimizerInput<NoInfer<S>, NoInfer<Kept>>): OptimizerUpdate<NoInfer<Kept>>;
  /** Its form in PyTorch, for exported scripts; absent: not exported yet. */
  torch?(settings: Chosen<NoInfer<S>>): TorchOptimizer | Refused;
}

/** Every optimizer has the settings of `TRAINING` as well; the recorder applies them. */
export const defineOptimizer = <const S extends Settings, Kept extends State>(
  optimizer: Optimizer<S, Kept>,
): Optimizer<S, Kept> => ({ ...optimizer, settings: { ...optimizer.settings, ...TRAINING } });

// ── methods ──

/** Constraints of one relation, stacked in the order typed. */
export interface ConstraintBlock {
  readonly rows: number;
  /** h(x, t) or g(x, t), [rows]. */
  residual(x: Tensor, t: Tensor): Tensor;
  /** J(x, t) d, [rows]. */
  jvp(x: Tensor, t: Tensor, direction: Tensor): Tensor;
  /** J(x, t)ᵀ w, [n]; w is not differentiated. */
  vjp(x: Tensor, t: Tensor, weights: Tensor): Tensor;
  /** J(x, t), [rows, n]: only where the program is small. */
  jacobian(x: Tensor, t: Tensor): Tensor;
  /** Entries of a vector over all typed rows that are of this relation, [rows]. */
  ofTyped(rows: Tensor): Tensor;
}

/** A x = b(t): all affine equalities of the problem. */
export interface AffineEqualities {
  readonly A: Tensor;
  b(t: Tensor): Tensor;
  /** A⁺, hoisted out of the loop by the recorder. */
  readonly pinv: Tensor;
  readonly rank: number;
  /** x − A⁺(A x − b(t)): the nearest solution. */
  project(x: Tensor, t: Tensor): Tensor;
  /** Columns that span {v : A v = 0}, each led by a free entry of x: what ties share. [n, n − rank] */
  sharedColumns(): Tensor;
  /** v − A⁺ A v: the part of a direction that keeps A x. */
  tangent(v: Tensor): Tensor;
}

/** A recognised set. Points are whole iterates; entries that the set does not restrict stay as they are. */
export interface FeasibleSet {
  readonly kind: string;
  readonly coordinates: readonly number[];
  /** The set's numbers at step t, in its own entries. */
  data(t: Tensor): DataTensors<SetData>;
  /** The nearest point of this set alone, if its kind knows one: `hasProjection` in `Structure`. */
  project(x: Tensor, t: Tensor): Tensor;
  /** argmin Σ (yᵢ − xᵢ)²/scaleᵢ, scale[n]: `hasScaledProjection`. */
  projectScaled(x: Tensor, t: Tensor, scale: Tensor): Tensor;
  /** argmin gradient·s, gradient[n]: `isBounded`. */
  lowest(x: Tensor, t: Tensor, gradient: Tensor): Tensor;
}

/** The problem as a method sees it: evidence, and functions that record. */
export interface MethodProblem {
  /** n. */
  readonly size: number;
  readonly structure: Structure;
  /** x₀[n]. */
  readonly start: Tensor;
  /** T, the number of steps of the run. */
  readonly steps: Tensor;
  loss(x: Tensor, t: Tensor): Tensor;
  gradient(x: Tensor, t: Tensor): Tensor;
  /** ∇ₓL = ∇f + Jₕᵀ λ + J_gᵀ μ; λ and μ are not differentiated. */
  lagrangianGradient(x: Tensor, t: Tensor, lambda: Tensor, mu: Tensor): Tensor;
  /** ∇²ₓₓL = ∇²f + Σ λᵢ∇²hᵢ + Σ μⱼ∇²gⱼ, [n, n]: only where the program is small. */
  lagrangianHessian(x: Tensor, t: Tensor, lambda: Tensor, mu: Tensor): Tensor;
  readonly equality: ConstraintBlock;
  readonly inequality: ConstraintBlock;
  /** Nearest point of the feasible set; null where no exact projection is known. */
  readonly project: ((x: Tensor, t: Tensor) => Tensor) | null;
  /** What the constraints are together, and each recognised line alone: as in `Structure`. */
  readonly sets: readonly FeasibleSet[];
  readonly parts: readonly FeasibleSet[];
  readonly lines: readonly FeasibleSet[];
  readonly affine: AffineEqualities | null;
  /** Numbers in (0, 1), new at every step, and the same again in a run with the same seeds; `seed` is added to the experiment's. */
  uniform(shape: readonly number[], t: Tensor, seed: Tensor): Tensor;
}

export interface OptimizerHandle {
  /** One update of the trained vector, at most once a step. */
  apply(point: Tensor, gradient: Tensor): { readonly next: Tensor; readonly denominator: Tensor };
  /** Applies a linear map to the momentum after the update of this step. */
  mapState(map: (momentum: Tensor) => Tensor): void;
  readonly learningRate: Tensor;
}

export interface StepContext<S extends Settings> {
  /** Number of this step, 1 at the first. */
  readonly t: Tensor;
  readonly settings: Resolved<S>;
  readonly optimizer: OptimizerHandle;
}

export type Support = { readonly supported: true } | { readonly supported: false; readonly reason: string };
export const supported: Support = { supported: true };
export const unsupported = (reason: string): Support => ({ supported: false, reason });

/** Whether an array that a run may give has the shape that the problem asks for. */
export function fits(given: number | Numbers | null | undefined, shape: readonly number[], what: string): Support {
  if (given === null || given === undefined || typeof given === 'number') return supported;
  const found = typeof given[0] === 'object' ? [given.length, given[0].length] : [given.length];
  const wanted = `${shape.join(' × ')} ${String(shape) === '1' ? 'entry' : 'entries'}`;
  return String(found) === String(shape)
    ? supported
    : unsupported(`${what} must have ${wanted} here, and has ${found.join(' × ')}.`);
}

/** An experiment that shows the method, and where it must arrive: the file's own test. */
export interface MethodExample {
  readonly name: string;
  readonly problem: string;
  readonly optimizer?: { readonly kind: string; readonly [setting: string]: unknown };
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly steps: number;
  /** The last iterate, and how near (largest coordinate difference). */
  readonly expect: { readonly x: readonly number[]; readonly within: number };
}

export interface Method<S extends Settings = Settings, Kept extends State = State> extends Entry {
  readonly settings: S;
  /** The update in the field's notation, as LaTeX. */
  readonly formula: string;
  readonly optimizer: 'any' | 'learning-rate' | 'none';
  /** Whether the method applies with these settings; those that are left out have their defaults. */
  supports(structure: Structure, chosen?: Partial<Chosen<NoInfer<S>>>): Support;
  init(ops: Ops, problem: MethodProblem, settings: Resolved<NoInfer<S>>): Kept;
  step(ops: Ops, problem: MethodProblem, state: NoInfer<Kept>, context: StepContext<NoInfer<S>>): NoInfer<Kept>;
  /** x as a function of the state, where the trained vector is not x itself. */
  iterate?(
    ops: Ops,
    problem: MethodProblem,
    state: NoInfer<Kept>,
    context: Pick<StepContext<NoInfer<S>>, 't' | 'settings'>,
  ): Tensor;
  /** Of a run that came to rest at a point that violates a constraint, or is not stationary: why, and what would mend it. */
  adviseAtRest?(
    structure: Structure,
    optimizer: Optimizer,
    chosen: Chosen<NoInfer<S>>,
    end: { readonly isFeasible: boolean },
  ): Advice | null;
  /** The method in PyTorch, for exported scripts; absent: not exported yet. */
  torch?(script: TorchScript, settings: Chosen<NoInfer<S>>): TorchMethod | Refused;
  readonly examples: readonly MethodExample[];
}

/** Why a run ended where it did, in words, and the change of its settings that would bring it further. */
export interface Advice {
  readonly message: string;
  /** Of the method's own settings; or another method, with these settings of it. Offered where it applies. */
  readonly change?: {
    readonly title: string;
    readonly method?: string;
    readonly settings: Readonly<Record<string, number | string | boolean>>;
  };
}

export const defineMethod = <const S extends Settings, Kept extends State>(method: Method<S, Kept>): Method<S, Kept> =>
  method;

// ── data sets ──

/** Numbers of a shape, row-major. */
export interface DataArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Named columns of numbers; every row is as long as `columns`. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** What the text asks for by its declared shapes; null where it leaves the size to the data set. */
export interface AskedSize {
  /** Length of the first axis of the first array. */
  readonly rows: number | null;
  /** Length of its second axis. */
  readonly columns: number | null;
}

interface DatasetBase<S extends Settings> extends Entry {
  readonly settings: S;
  /** Under which terms the numbers may be used, and by whom they were made. */
  readonly licence: string;
  /** The arrays that it gives, in order: `data X, y = …` takes the first two. */
  readonly arrays: readonly { readonly name: string; readonly meaning: string }[];
  /** A line for the text. */
  readonly example: string;
}

/** Numbers that are computed from the settings, the same everywhere. */
export interface GeneratedDataset<S extends Settings = Settings> extends DatasetBase<S> {
  generate(settings: Chosen<NoInfer<S>>, asked: AskedSize): readonly DataArray[];
}

/** Numbers that are loaded once; `select` says which of them the text gets. */
export interface LoadedDataset<S extends Settings = Settings> extends DatasetBase<S> {
  load(): Promise<Table>;
  select(table: Table, settings: Chosen<NoInfer<S>>, asked: AskedSize): readonly DataArray[];
}

export type Dataset<S extends Settings = Settings> = GeneratedDataset<S> | LoadedDataset<S>;

export function defineDataset<const S extends Settings>(dataset: GeneratedDataset<S>): GeneratedDataset<S>;
export function defineDataset<const S extends Settings>(dataset: LoadedDataset<S>): LoadedDataset<S>;
export function defineDataset<const S extends Settings>(dataset: Dataset<S>): Dataset<S> {
  return dataset;
}

// ── the catalogue ──

/** All entries, as the registry found them. Functions of `core/` that need entries take this as an argument. */
export interface Catalog {
  readonly constraints: readonly ConstraintKind[];
  readonly optimizers: readonly Optimizer[];
  readonly methods: readonly Method[];
  readonly datasets: readonly Dataset[];
}
