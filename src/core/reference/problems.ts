/** Small problems with known optima, most of them from Hock & Schittkowski 1981 and Schittkowski 1987. For tests and `bench/`. */
import file from './problems.json' with { type: 'json' };

export interface KnownProblem {
  readonly id: string;
  readonly n: number;
  readonly x0: readonly number[];
  /** In x1 … xn, with `^`. */
  readonly loss: string;
  /** As typed; the function is left − right for <= and =, right − left for >=. */
  readonly constraints: readonly string[];
  readonly fstar: number;
  readonly xstar: readonly number[];
  /** Further minimisers. */
  readonly xstarAll?: readonly (readonly number[])[];
  /** One per constraint, 0 where inactive; null where there are none, by design. */
  readonly multipliers: readonly number[] | null;
  /** Whether the gradients of the active constraints are independent at x*, so that the multipliers are unique. */
  readonly licq: boolean;
  readonly tags: readonly string[];
  readonly source: string;
}

export const knownProblems = file as unknown as readonly KnownProblem[];

/** The problem as a reader would type it. */
export const textOf = ({ x0, loss, constraints }: KnownProblem): string =>
  [
    ...x0.map((start, i) => `param x${i + 1} = ${start}`),
    `minimize ${loss}`,
    ...(constraints.length > 0 ? ['subject to', ...constraints.map((line) => `  ${line}`)] : []),
  ].join('\n');
