/** Linear programs as data, and what solves them. The solver is handed in: it is a WebAssembly module that has to be loaded. */

/** minimise cost·x with lower ≤ row·x ≤ upper for every row, x free. */
export interface LinearProgram {
  readonly cost: readonly number[];
  readonly rows: readonly { readonly entries: readonly number[]; readonly lower: number; readonly upper: number }[];
}

export type LinearAnswer =
  | { readonly status: 'optimal'; readonly x: readonly number[]; readonly value: number }
  | { readonly status: 'infeasible' | 'unbounded' | 'failed' };

export type LinearSolver = (program: LinearProgram) => LinearAnswer;
