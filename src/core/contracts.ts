/** What one file of the catalogue provides: constraint kinds, optimizers, methods, each with settings, source and examples. */
import type { Structure } from './analysis/structure.ts';
import type { Ops, Tensor } from './tensor/ops.ts';

// ── settings ──

/** A number that a run reads from a buffer: moving its slider recompiles nothing. In `step` it is a scalar tensor. */
export interface ValueSetting {
  readonly role: 'value';
  /** As in the formula: η, ρ, β₁. */
  readonly symbol: string;
  readonly title: string;
  readonly default: number;
  /** Least and greatest accepted value. */
  readonly range: readonly [number, number];
  readonly scale: 'linear' | 'log';
}

/** A whole number, a choice or a switch that shapes the program itself. In `step` it is a plain value. */
export interface CountSetting {
  readonly role: 'structure';
  readonly kind: 'count';
  readonly title: string;
  readonly default: number;
  readonly range: readonly [number, number];
}
export interface ChoiceSetting<Option extends string = string> {
  readonly role: 'structure';
  readonly kind: 'choice';
  readonly title: string;
  readonly default: Option;
  readonly options: readonly Option[];
}
export interface ToggleSetting {
  readonly role: 'structure';
  readonly kind: 'toggle';
  readonly title: string;
  readonly default: boolean;
}

/** An array that may be given (a start, a basis); absent by default. In `step` it is a tensor or null. */
export interface ArraySetting {
  readonly role: 'data';
  readonly title: string;
  readonly rank: 1 | 2;
}

export type Setting = ValueSetting | CountSetting | ChoiceSetting | ToggleSetting | ArraySetting;
export type Settings = Readonly<Record<string, Setting>>;

/** What a setting is inside `init` and `step`. */
type ResolvedSetting<S extends Setting> = S extends ValueSetting
  ? Tensor
  : S extends ArraySetting
    ? Tensor | null
    : S extends CountSetting
      ? number
      : S extends ToggleSetting
        ? boolean
        : S extends ChoiceSetting<infer Option>
          ? Option
          : never;
export type Resolved<S extends Settings> = { readonly [Name in keyof S]: ResolvedSetting<S[Name]> };

/** A number in a buffer; `scale: 'log'` where its effect goes by ratios. */
export const value = (
  symbol: string,
  title: string,
  preset: number,
  range: readonly [number, number],
  scale: 'linear' | 'log' = 'linear',
): ValueSetting => ({ role: 'value', symbol, title, default: preset, range, scale });

export const count = (title: string, preset: number, range: readonly [number, number]): CountSetting => ({
  role: 'structure',
  kind: 'count',
  title,
  default: preset,
  range,
});

export const choice = <const Option extends string>(
  title: string,
  options: readonly Option[],
  preset: NoInfer<Option>,
): ChoiceSetting<Option> => ({
  role: 'structure',
  kind: 'choice',
  title,
  default: preset,
  options,
});

export const toggle = (title: string, preset = false): ToggleSetting => ({
  role: 'structure',
  kind: 'toggle',
  title,
  default: preset,
});

export const array = (title: string, rank: 1 | 2): ArraySetting => ({ role: 'data', title, rank });

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

/** What analysis knows of one typed constraint. */
export interface ConstraintFacts {
  /** Position in the problem. */
  readonly index: number;
  readonly relation: 'equality' | 'inequality';
  readonly rows: number;
  /** Polynomial degree of the residual in x, Infinity where unknown. */
  readonly degree: number;
  readonly affine: AffineEvidence | null;
}

/** Numbers that prove a recognition: matrices as arrays of rows, vectors, scalars. */
export type SetData = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;

/** A part of the feasible set that a kind claims, with the constraints that it comes from. */
export interface Part<Data extends SetData = SetData> {
  readonly data: Data;
  readonly constraints: readonly number[];
  readonly isMoving: boolean;
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

export interface ConstraintKind<Data extends SetData = SetData> extends Entry {
  /** The data of the set that one constraint describes, or null. */
  recognize(facts: ConstraintFacts): Data | null;
  /** Several parts as one set: their intersection, exactly; null where the kind cannot say. */
  combine?(parts: readonly Part<Data>[]): Data | null;
  /** h(x) = 0 for equality kinds, g(x) ≤ 0 for inequality kinds. */
  residual(ops: Ops, x: Tensor, data: DataTensors<Data>): Tensor;
  /** The data at step t, where residual(0, t) = `offset` moves. */
  moved?(ops: Ops, data: DataTensors<Data>, offset: Tensor): DataTensors<Data>;
  /** argmin ‖y − x‖₂ over the set. */
  project?(ops: Ops, x: Tensor, data: DataTensors<Data>): Tensor;
  readonly examples: readonly ProjectionExample<Data>[];
}

export const defineConstraintKind = <Data extends SetData>(kind: ConstraintKind<Data>): ConstraintKind<Data> => kind;

// ── optimizers ──

export interface OptimizerInput<S extends Settings, Kept extends State> {
  readonly x: Tensor;
  readonly gradient: Tensor;
  readonly state: Kept;
  readonly settings: Resolved<S>;
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
  init(ops: Ops, shape: readonly number[], settings: Resolved<NoInfer<S>>): Kept;
  update(ops: Ops, input: OptimizerInput<NoInfer<S>, NoInfer<Kept>>): OptimizerUpdate<NoInfer<Kept>>;
}

export const defineOptimizer = <const S extends Settings, Kept extends State>(
  optimizer: Optimizer<S, Kept>,
): Optimizer<S, Kept> => optimizer;

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
}

/** A x = b(t): all affine equalities of the problem. */
export interface AffineEqualities {
  readonly A: Tensor;
  b(t: Tensor): Tensor;
  /** A⁺, hoisted out of the loop by the recorder. */
  readonly pinv: Tensor;
  readonly rank: number;
}

/** The problem as a method sees it: functions that record. */
export interface MethodProblem {
  /** n. */
  readonly size: number;
  /** x₀[n]. */
  readonly start: Tensor;
  /** T, the number of steps of the run. */
  readonly steps: Tensor;
  loss(x: Tensor, t: Tensor): Tensor;
  gradient(x: Tensor, t: Tensor): Tensor;
  readonly equality: ConstraintBlock;
  readonly inequality: ConstraintBlock;
  /** Nearest point of the feasible set; null where no exact projection is known. */
  readonly project: ((x: Tensor, t: Tensor) => Tensor) | null;
  readonly affine: AffineEqualities | null;
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
  supports(structure: Structure): Support;
  init(ops: Ops, problem: MethodProblem, settings: Resolved<NoInfer<S>>): Kept;
  step(ops: Ops, problem: MethodProblem, state: NoInfer<Kept>, context: StepContext<NoInfer<S>>): NoInfer<Kept>;
  /** x as a function of the state, where the trained vector is not x itself. */
  iterate?(
    ops: Ops,
    problem: MethodProblem,
    state: NoInfer<Kept>,
    context: Pick<StepContext<NoInfer<S>>, 't' | 'settings'>,
  ): Tensor;
  readonly examples: readonly MethodExample[];
}

export const defineMethod = <const S extends Settings, Kept extends State>(method: Method<S, Kept>): Method<S, Kept> =>
  method;

// ── the catalogue ──

/** All entries, as the registry found them. Functions of `core/` that need entries take this as an argument. */
export interface Catalog {
  readonly constraints: readonly ConstraintKind[];
  readonly optimizers: readonly Optimizer[];
  readonly methods: readonly Method[];
}
