/** What a file of `catalog/methods` provides: how the constraints are kept. */
import type { Structure } from '../analysis/structure.ts';
import type { Refused, TorchMethod, TorchScript } from '../experiment/python/contract.ts';
import type { Chosen, Resolved, Settings } from '../settings.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import type { Entry, State } from './entry.ts';
import type { MethodProblem } from './method-problem.ts';
import type { Optimizer } from './optimizer.ts';
import type { StartMeasures } from './start-measures.ts';
import type { Support } from './support.ts';

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

/** x = point(v), from v = start on. */
export interface Chart {
  readonly start: Tensor;
  point(trained: Tensor): Tensor;
  /** Whether its Jacobian is the same everywhere. */
  readonly isAffine: boolean;
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

/** What speaks for beginning with a method, where it applies. */
export interface Merit {
  /** The least comes first: from what keeps the constraints exactly, and says the most of them, to what only leans towards them. */
  readonly place: number;
  readonly reason: string | ((structure: Structure) => string);
  /** Whether no other can do as well what the reason says: then it is proposed beside the first. */
  readonly isSingular?: true;
}

export interface Method<S extends Settings = Settings, Kept extends State = State> extends Entry {
  readonly settings: S;
  /** The update in the field's notation, as LaTeX. */
  readonly formula: string;
  /** Absent: others are easier to begin with. */
  readonly merit?: Merit;
  /** What it does not look at. Of constraints: proposed where there are none, and nowhere else. */
  readonly ignores?: 'constraints' | 'inequalities' | 'loss';
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
  /**
   * Values for settings that are `automatic` and that a run leaves out, by name, from the problem at its start; absent where theory
   * has none. `names` are those that are asked for.
   */
  automatic?(
    start: StartMeasures,
    chosen: Chosen<NoInfer<S>>,
    asked: { readonly names: readonly string[]; readonly steps: number },
  ): Readonly<Record<string, number>>;
  /** Curvature that the method adds to the loss in every direction; without it, ρ JᵀJ of a setting `penalty` counts. */
  addedCurvature?(chosen: Chosen<NoInfer<S>>): number;
  /** Whether steps go down f + λᵀr with multipliers that grow to those of the optimum: where rows r are curved, so are the steps' paths. */
  readonly feelsMultipliers?: true;
  /** Whether a step takes rows within its reach as planes: where a long one reaches too many of them, they may meet in no point. */
  readonly takesRowsAsPlanes?: true;
  /** x as a function of the trained numbers, for the automatic learning rate; null where x itself is trained. */
  chart?(ops: Ops, problem: MethodProblem, settings: Resolved<NoInfer<S>>): Chart | null;
  /**
   * Before any run: why the method does not come to rest at the optimum with this optimizer, as a sentence; null, or absent, where it
   * does. Shown beside the choice of the optimizer.
   */
  caveat?(structure: Structure, optimizer: Optimizer, chosen: Chosen<NoInfer<S>>): string | null;
  /** After how many steps it does the same again; points within such a cycle are not yet what it makes of them. Left out: 1. */
  cycle?(chosen: Chosen<NoInfer<S>>): number;
  /** Of a run that came to rest at a point that violates a constraint, or is not stationary: why, and what would mend it. */
  adviseAtRest?(
    structure: Structure,
    optimizer: Optimizer,
    chosen: Chosen<NoInfer<S>>,
    end: {
      readonly isFeasible: boolean;
      /** Whether multipliers balance the loss there: ‖∇L‖ is at the tolerance, or a small share of its largest over the run. */
      readonly isStationary: boolean;
      /** Whether its last step stands within a cycle: `isFeasible` and `isStationary` are of the last point at the end of one. */
      readonly endsWithin: boolean;
      readonly start: ArrayLike<number>;
    },
  ): Advice | null;
  /** Of a run that neither rests nor comes nearer: why, and what would mend it. */
  adviseInMotion?(chosen: Chosen<NoInfer<S>>): Advice;
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
    /** Settings of the optimizer, beside its others; undefined: automatic again. */
    readonly optimizer?: Readonly<Record<string, number | undefined>>;
    /** How many the run makes. */
    readonly steps?: number;
  };
}

export const defineMethod = <const S extends Settings, Kept extends State>(method: Method<S, Kept>): Method<S, Kept> =>
  method;
