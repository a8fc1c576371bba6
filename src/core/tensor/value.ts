/** The table of values that `Ops` records: static single assignment, shapes known, plain data that crosses to a worker. */
import type { Shape } from './shape.ts';

/** Index into the table of values; arguments come before their users. */
export type Id = number;

/** Index into the table of regions. */
export type RegionId = number;

/** Where a symbolic input gets its numbers from. */
export type Source =
  | 'start' // the trajectory's start x₀[n], or the vector at which a measure is taken
  | 'index' // number of the start among those of its job: 0 where there is one
  | 'time' // t, the number of the step: 0 at the start, k at step k
  | 'setting' // a number or array that holds for a whole run: learning rate, penalty coefficient, T
  | 'state'; // what the step carries from one step to the next

interface Operation<Args extends readonly Id[], Attributes> {
  args: Args;
  attributes: Attributes;
}
type None = Record<never, never>;

/** A strided view of a row-major array: entry (i, j) is element offset + i·strides[0] + j·strides[1]. */
export interface View {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Every operation with its arguments and attributes. Elementwise operations take arguments of the result's shape. */
export interface Operations {
  constant: Operation<[], { readonly data: Float64Array }>;
  input: Operation<[], { readonly source: Source; readonly name: string }>;
  /** The argument; stands for itself when one differentiates with respect to it. Where it is `still`, its derivative is 0. */
  identity: Operation<[Id], { readonly still?: true }>;

  negate: Operation<[Id], None>;
  abs: Operation<[Id], None>;
  /** −1, 0 or 1. */
  sign: Operation<[Id], None>;
  exp: Operation<[Id], None>;
  log: Operation<[Id], None>;
  sqrt: Operation<[Id], None>;
  sin: Operation<[Id], None>;
  cos: Operation<[Id], None>;
  tan: Operation<[Id], None>;
  tanh: Operation<[Id], None>;
  floor: Operation<[Id], None>;
  add: Operation<[Id, Id], None>;
  subtract: Operation<[Id, Id], None>;
  multiply: Operation<[Id, Id], None>;
  divide: Operation<[Id, Id], None>;
  /** aᵇ for real b; NaN for a < 0 unless b is an integer. Constant integer exponents are multiplications instead. */
  power: Operation<[Id, Id], None>;
  maximum: Operation<[Id, Id], None>;
  minimum: Operation<[Id, Id], None>;
  /** Truth values are the numbers 1 and 0. */
  less: Operation<[Id, Id], None>;
  lessEqual: Operation<[Id, Id], None>;
  equal: Operation<[Id, Id], None>;
  /** Entry of the second argument where the first is not 0, else of the third; strict: all three are computed. */
  where: Operation<[Id, Id, Id], None>;

  broadcast: Operation<[Id], None>;
  reshape: Operation<[Id], None>;
  transpose: Operation<[Id], None>;
  /** The entries of an injective view of the argument. */
  slice: Operation<[Id], View>;
  /** Zeros, to which each argument is added through its view: concatenation, padding, and the adjoint of `slice`. */
  assemble: Operation<Id[], { readonly parts: readonly View[] }>;

  /** Over one axis, or over all entries (axis null). */
  sum: Operation<[Id], { readonly axis: number | null }>;
  max: Operation<[Id], { readonly axis: number | null }>;
  /** NumPy's `@` for ranks 1 and 2. */
  matmul: Operation<[Id, Id], None>;
  /** Moore–Penrose pseudoinverse A⁺[n, m] of A[m, n]; singular values below the relative cut-off count as 0. */
  pinv: Operation<[Id], Evidence>;
  /** Orthonormal basis N[n, n − rank] of {v : A v = 0}; each column's entry of largest magnitude is positive. */
  nullSpace: Operation<[Id], { readonly rank: number }>;
  /** Orthonormal basis Q[rank, n] of the rows of A[m, n]. */
  rowSpace: Operation<[Id], { readonly rank: number }>;

  /** table[rows]: entries of the first axis, in the order of `rows` and as often; `table` depends on settings and data alone, or `rows` are constant. */
  gather: Operation<[table: Id, rows: Id], None>;
  /** Numbers that (seed, start, t, stream, element) alone determine; see threefry.ts. seed[2] is its low and its high part. */
  random: Operation<[seed: Id, start: Id, t: Id], Random>;

  /** A counted loop; its results are read by `pick`. Arguments are the initial values of the carried ones. */
  repeat: Operation<Id[], { readonly region: RegionId }>;
  pick: Operation<[Id], { readonly position: number }>;
  carry: Operation<[], { readonly region: RegionId; readonly position: number }>;
  /** Number of the turn of the loop, from 0. */
  turn: Operation<[], { readonly region: RegionId }>;
}

/** Which random numbers. */
export interface Random {
  /** `uniform` in (0, 1); `shuffled`: 0 … count − 1 in an order that is drawn anew each time all have come. */
  readonly kind: 'uniform' | 'shuffled';
  /** What the numbers are for: those of different streams have nothing to do with one another. */
  readonly stream: number;
  /** Of `shuffled`. */
  readonly count: number;
}

/** What is known of a matrix, of a constant one copied from `Structure`: the ground on which a lowering chooses its algorithm. */
export interface Evidence {
  readonly rank?: number;
  readonly conditionNumber?: number;
  /** Singular values below this share of the largest count as 0 in Float64; else `RANK_CUTOFF`. */
  readonly cutoff?: number;
}

export type OpName = keyof Operations;

/** What a value depends on, as a set of bits. Computed when the value is made, never declared. */
export const USES = { setting: 1, time: 2, start: 4, state: 8 } as const;

/** When a value has to be computed. */
export type Level =
  | 'constant' // depends on nothing
  | 'run' // on settings: Float64 on the host, once a run
  | 'time' // on settings and t: Float64 on the host, one row a step
  | 'start' // on the trajectory's start
  | 'step'; // on the state: in the loop

/** When a value with these uses is computed: as late as the latest of them asks. */
export function levelOf(uses: number): Level {
  if (uses & USES.state) return 'step';
  if (uses & USES.start) return uses & USES.time ? 'step' : 'start';
  if (uses & USES.time) return 'time';
  return uses & USES.setting ? 'run' : 'constant';
}

export interface ValueOf<Name extends OpName> {
  readonly op: Name;
  readonly args: Readonly<Operations[Name]['args']>;
  readonly attributes: Operations[Name]['attributes'];
  readonly shape: Shape;
  readonly uses: number;
  /** The innermost loop whose carried values or turn it reads. */
  readonly region: RegionId | null;
}

export type Value = { [Name in OpName]: ValueOf<Name> }[OpName];

export interface Region {
  readonly parent: RegionId | null;
  /** Bound on the number of turns. */
  readonly count: number;
  readonly carries: readonly Id[];
  readonly turn: Id;
  /** The next values of the carried ones. */
  readonly results: readonly Id[];
  /** Truth value, computed from the carried values at the start of a turn: when it is 1, the loop is done. */
  readonly until: Id | null;
}

/** One rule for each operation. A forgotten operation does not compile. */
export type RuleTable<Extra extends readonly unknown[], Result> = {
  readonly [Name in OpName]: (value: ValueOf<Name>, ...extra: Extra) => Result;
};

/** The rule of a table for the operation of a value. */
export function applyRule<Extra extends readonly unknown[], Result>(
  table: RuleTable<Extra, Result>,
  value: Value,
  ...extra: Extra
): Result {
  // The table maps each name to a rule for just that name, which TypeScript cannot follow through a union.
  const rule = table[value.op] as (value: Value, ...extra: Extra) => Result;
  return rule(value, ...extra);
}
