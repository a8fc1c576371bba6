/** What a file of `catalog/optimizers` provides: how a gradient becomes an update. */
import type { Refused, TorchOptimizer } from '../experiment/python/contract.ts';
import type { Chosen, Resolved, Settings } from '../settings.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { TRAINING } from '../training.ts';
import type { Entry, State } from './entry.ts';
import type { ParameterBlock } from './evidence.ts';

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
  /** How long its steps are while the gradient fades: as before, as before but unsteady, or one length for all entries. Left out: they fade with it, sooner or later. */
  readonly stepLength?: 'kept' | 'unsteady' | 'sign';
  /** Whether its steps shrink although neither the gradient nor η does. */
  readonly hasShrinkingSteps?: boolean;
  init(ops: Ops, shape: readonly number[], settings: Resolved<NoInfer<S>>): Kept;
  update(ops: Ops, input: OptimizerInput<NoInfer<S>, NoInfer<Kept>>): OptimizerUpdate<NoInfer<Kept>>;
  /** Its form in PyTorch, for exported scripts; absent: not exported yet. */
  torch?(settings: Chosen<NoInfer<S>>): TorchOptimizer | Refused;
}

/** Every optimizer has the settings of `TRAINING` as well; the recorder applies them. */
export const defineOptimizer = <const S extends Settings, Kept extends State>(
  optimizer: Optimizer<S, Kept>,
): Optimizer<S, Kept> => ({ ...optimizer, settings: { ...optimizer.settings, ...TRAINING } });
