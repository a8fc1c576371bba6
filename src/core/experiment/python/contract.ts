/** What entries of the catalogue say about themselves in PyTorch. A script is put together from these parts. */
import type { RecognizedSet, Structure } from '../../analysis/structure.ts';
import type { Problem } from '../../problem/problem.ts';
import type * as Phrases from './phrases.ts';

/** Why something has no form in PyTorch, as a sentence. */
export interface Refused {
  readonly refused: string;
}

export const refused = (reason: string): Refused => ({ refused: reason });

/** Python functions of a constraint kind, each a whole `def`. `x` holds the set's own entries, the data follow it by name. */
export interface TorchSet {
  /** Names of the set's data, in the order of the arguments. */
  readonly data: readonly string[];
  /** `def project_<id>(x, …data)`: the nearest point. Dashes of the id are underscores. */
  readonly project?: string;
  /** `def project_<id>_scaled(x, …data, scale)`: nearest in Σ (yᵢ − xᵢ)²/scaleᵢ. */
  readonly scaled?: string;
  /** `def lowest_<id>(slope, …data)`: the point of the set that is lowest along −slope. */
  readonly lowest?: string;
}

/** An optimizer of `torch.optim`. */
export interface TorchOptimizer {
  readonly name: string;
  /** What follows the list of parameters: `lr=0.1, momentum=0.9`. */
  readonly options: string;
  /** What each coordinate of the step was divided by, of `state` and `t`; null where it does not divide. */
  readonly denominator: string | null;
  /** The entry of its state that is linear in the gradients; null where it keeps none. */
  readonly momentum: string | null;
}

/** What a method may ask for while it writes its part. Whatever is named in its lines is defined above them. */
export interface TorchScript {
  readonly python: typeof Phrases;
  readonly problem: Problem;
  readonly structure: Structure;
  readonly optimizer: TorchOptimizer;
  readonly learningRate: number;
  /** The function of (x, t) that is minimised: `loss`, or `objective` where there are soft constraints. */
  readonly objective: string;
  /** Functions (x, t), (x, t, scale) or (x, t, slope) for each set, by name; a kind without that form refuses the script. */
  onto(sets: readonly RecognizedSet[], form: 'project' | 'scaled' | 'lowest'): readonly string[];
  /** Set by set: `[name, entries, data as arguments]` for maps of a method's own. */
  place(set: RecognizedSet): { readonly entries: string | null; readonly data: Readonly<Record<string, string>> };
  /** Zero the gradient, differentiate `call`, average over the workers, one step. */
  descend(trained: string, call: string): readonly string[];
}

/** The part of a script that is the method's own. Lines are Python; deeper ones are indented by four spaces a level. */
export interface TorchMethod {
  /** Constants and functions before the run. */
  readonly definitions?: readonly string[];
  /** Makes what is trained, from START. */
  readonly setup: readonly string[];
  /** One step; t counts from 1. */
  readonly step: readonly string[];
  /** x as an expression of what is trained, at step t. */
  readonly iterate?: string;
}
