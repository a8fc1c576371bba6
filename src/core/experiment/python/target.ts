/** A library of arrays in Python, as scripts see it: one file each. What all of them write alike is in `expression.ts`. */
import type { AffineWords } from './affine.ts';
import type { ProblemWords } from './problem.ts';

export interface ArrayLibrary {
  readonly id: string;
  readonly title: string;
  /** How its module is called in the script. */
  readonly module: string;
  /** What stands at the head of a script, below its comment. */
  readonly imports: string;
  /** What the reader of the script has to know: versions, and what was not run. */
  readonly notes: readonly string[];
  /** The name of the argument that chooses an axis. */
  readonly axis: 'axis' | 'dim';
  /** Names of functions that are not called as in NumPy. */
  readonly words: Partial<Readonly<Record<string, string>>>;
  /** Whether the script differentiates by itself. Else derivatives are written out, by reverse mode. */
  readonly derivatives: 'written' | AutomaticDerivatives;
  /** Adds `part` to the entries `index` of the vector `name`, as a statement. */
  readonly addAt: (name: string, index: string, part: string) => string;
  readonly loops: 'python' | 'lax';
  /** What stands above the step's definition. */
  readonly decorator: string | null;
  /** How the text is printed, and what the functions around it are called. */
  readonly problem: ProblemWords;
  readonly affine: AffineWords;
  /** A list of positions, as an index. */
  readonly positions: (list: readonly number[]) => string;
  readonly main: MainParts;
  /** Whether slices may go backwards. */
  readonly reverses: boolean;
  /** Whether its functions take Python's own numbers. */
  readonly takesNumbers: boolean;
  /** A loss that the step itself compares: the mean over all workers, where there are several. */
  readonly compared?: (call: string) => string;
  /** What scripts share, split by empty lines. */
  readonly library: string;
}

/** Bodies of functions of (flat, t), as expressions. `f` is a Python function of one vector, as a lambda or by name. */
export interface AutomaticDerivatives {
  /** `f`: a function of (flat, t), by name. */
  gradient(f: string): string;
  /** J d. */
  jvp(f: string, x: string, direction: string): string;
  /** Jᵀ w. */
  vjp(f: string, x: string, weights: string): string;
  /** As `gradient`. */
  jacobian(f: string): string;
  hessian(f: string, x: string): string;
}

/** What stands in `main` beside the loop. */
export interface MainParts {
  /** Lines before the options are read, and after. */
  readonly options?: readonly string[];
  readonly start?: readonly string[];
  /** Holds for the worker that prints. */
  readonly speaks?: string;
  /** Looks at x before it is recorded. */
  readonly check?: string;
  readonly end?: readonly string[];
  /** The last lines. */
  readonly after?: readonly string[];
  /** t as the step takes it. */
  readonly time?: string;
}
