/** The checked problem: pure data, made from the text by `check`, and able to cross to a worker. */
import type { DataArray } from '../contracts/data.ts';
import type { Diagnostic, Span } from '../diagnostic.ts';
import type { Expr } from '../language/expr.ts';
import type { Shape } from '../tensor/shape.ts';

/** A learned quantity. The iterate is one flat vector x[n]; each parameter is a view of it, row-major, in order of declaration. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  /** Position of the first entry in the flat iterate. */
  readonly offset: number;
  /** Start values, row-major, as many as the shape has entries. */
  readonly start: readonly number[];
  /** Where the name is declared, or first used when implicit. */
  readonly span: Span;
}

/** Where a constraint comes from a typed `x in set(args)`, which may stand for several constraints. */
export interface Membership {
  readonly set: string;
  /** Where the statement begins in the text. */
  readonly statement: number;
  readonly part: number;
  readonly parts: number;
  readonly member: Expr;
  readonly args: readonly Expr[];
}

/** One typed relation in standard form: equality h(x, t) = 0, inequality g(x, t) ≤ 0. A chain `a <= x <= b` gives two. */
export interface Constraint {
  /** Position among the problem's constraints, in the order typed. */
  readonly index: number;
  readonly label?: string;
  readonly relation: 'equality' | 'inequality';
  /** left − right for = and ≤, right − left for ≥; what must be = 0 or ≤ 0, entry by entry. */
  readonly residual: Expr;
  /** Number of scalar rows of the residual. */
  readonly rows: number;
  /** 1-based line of the text. */
  readonly line: number;
  readonly span: Span;
  /** As typed. */
  readonly text: string;
  readonly membership?: Membership;
}

/** `soft(w): …`: methods minimise (w/2)·‖violation‖² beside the loss, and nothing keeps it by force. */
export interface SoftConstraint extends Constraint {
  /** w ≥ 0. */
  readonly weight: number;
}

/** A name for an intermediate value (`let p = …`), in the order of declaration. */
export interface Definition {
  readonly name: string;
  /** As typed; what names a data set, where `array` holds its numbers. */
  readonly value: Expr;
  readonly array?: DataArray;
  readonly span: Span;
}

export interface Problem {
  readonly parameters: readonly Parameter[];
  /** n, the length of the flat iterate. */
  readonly size: number;
  readonly sense: 'minimize' | 'maximize';
  /** What is minimised: the typed objective, its negative for `maximize`, 0 where there is none. */
  readonly loss: Expr;
  readonly definitions: readonly Definition[];
  /** What must hold. */
  readonly constraints: readonly Constraint[];
  /** What should hold; `index` counts among themselves. */
  readonly soft: readonly SoftConstraint[];
  /** The experiment's: it has drawn the starts, and draws what a run takes at random. Below 2³². */
  readonly seed: number;
  /** Where in the text a factor begins that multiplies an array entry by entry, as w of `A*w`. */
  readonly entrywise: ReadonlySet<number>;
  /** Warnings and notes; errors end in a failed Result instead. */
  readonly notes: readonly Diagnostic[];
}

/** The same problem from another x₀[n]. */
export const startedAt = (problem: Problem, x: ArrayLike<number>): Problem => ({
  ...problem,
  parameters: problem.parameters.map((parameter) => ({
    ...parameter,
    start: parameter.start.map((entry, i) => x[parameter.offset + i] ?? entry),
  })),
});

/** x₀[n]: the parameters' starts one after the other. */
export function startOf({ parameters, size }: Problem): Float64Array {
  const start = new Float64Array(size);
  for (const { offset, start: values } of parameters) start.set(values, offset);
  return start;
}

/** The same as a list. */
export const startEntries = ({ parameters }: Problem): number[] =>
  ([] as number[]).concat(...parameters.map(({ start }) => start));
