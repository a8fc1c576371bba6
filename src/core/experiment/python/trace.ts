/** What `Ops` records, with calls of named functions left standing: so that a script reads as the method was written. */
import type { State } from '../../contracts.ts';
import { at, invariant } from '../../diagnostic.ts';
import { isPythonWord } from '../../language/print-python.ts';
import { type DifferentiableMap, mapTensors, type Operand, Ops, type Tensor, type Tensors } from '../../tensor/ops.ts';
import { broadcastShapes, type Shape } from '../../tensor/shape.ts';
import type { Id, Source } from '../../tensor/value.ts';
import { type NamedFunctions, SAYS, snakeCase } from './named-functions.ts';

/** One result of a call; equal calls are one value. */
export interface Call {
  readonly name: string;
  readonly args: readonly Id[];
  /** Which of its results, and of how many. */
  readonly result: number;
  readonly results: number;
  /** What the script calls this result. */
  readonly resultName?: string;
}

/** A function of the script: what it computes, in a table of its own. */
export interface TracedFunction {
  readonly name: string;
  /** What it returns, as a sentence. */
  readonly says: string;
  readonly parameters: readonly { readonly name: string; readonly id: Id }[];
  readonly results: readonly { readonly name: string; readonly id: Id }[];
  readonly ops: TraceOps;
  /** Names that the reader knows for values: parameters of the problem, data, intermediate values. */
  readonly names: ReadonlyMap<Id, string>;
  /** Names for values that are computed here. */
  readonly hints?: ReadonlyMap<Id, string>;
  /** The names to unpack the first argument to, of what its lines read. */
  readonly unpacking?: (isRead: (name: string) => boolean) => string;
}

type Numbers = Readonly<Record<string, readonly number[]>>;

/** Settings that are 0 or 1 are written as such, and what they switch off is left out: 0·a = 0 for every finite a. */
export class TraceOps extends Ops {
  readonly calls = new Map<Id, Call>();

  /** Names for values that are computed here. */
  readonly hints = new Map<Id, string>();

  /** `named`: takes the functions that are called by a name; absent: they are written where they are used. */
  constructor(
    private readonly settings: Numbers = {},
    private readonly functions: NamedFunctions | null = null,
    override readonly iterateMap: ((trained: Tensor, t: Tensor) => DifferentiableMap) | null = null,
  ) {
    super();
  }

  override label(names: Tensors): void {
    for (const [name, { id }] of Object.entries(names)) if (!this.calls.has(id)) this.hints.set(id, snakeCase(name));
  }

  override named<Args extends Tensors, Results extends Tensors>(
    name: string,
    args: Args,
    f: (ops: Ops, args: Args) => Results,
  ): Results {
    const { functions } = this;
    if (functions === null) return super.named(name, args, f);
    const inner = new TraceOps(this.settings, functions);
    const own = mapTensors(
      args,
      (tensor, key) => constantLike(this, inner, tensor) ?? inner.input('state', key, tensor.shape),
    );
    const results = f(inner, own);
    inner.label(results);
    const reached = reaches(
      inner,
      Object.values(results).map(({ id }) => id),
    );
    const used = Object.keys(args).filter((key) => reached.has(idOf(own, key)) && this.isArgument(own, key, inner));
    const called = functions.add({
      name,
      says: SAYS[name] ?? '',
      parameters: used.map((key) => ({ name: snakeCase(key), id: idOf(own, key) })),
      results: Object.entries(results).map(([key, { id }]) => ({ name: snakeCase(key), id })),
      ops: inner,
      names: new Map(),
      hints: inner.hints,
    });
    const given = used.map((key) => args[key] as Tensor);
    const names = Object.keys(results);
    return mapTensors(results, ({ shape }, key) =>
      this.call(called, given, shape, names.indexOf(key), names.length, snakeCase(key)),
    );
  }

  private isArgument = (own: Tensors, key: string, inner: TraceOps): boolean =>
    at(inner.values, idOf(own, key)).op === 'input';

  override input(source: Source, name: string, shape: Shape): Tensor {
    const numbers = source === 'setting' && shape.length === 0 ? this.settings[name] : undefined;
    const [only] = numbers ?? [];
    return only === 0 || only === 1 ? this.constant(only) : super.input(source, name, shape);
  }

  /** A call of a function of the script. Arguments without entries are left out. */
  call(name: string, args: readonly Tensor[], shape: Shape, result = 0, results = 1, resultName?: string): Tensor {
    const kept = args.filter((arg) => !arg.shape.includes(0)).map(({ id }) => id);
    const tensor = super.input('state', `${name}(${kept})#${result}`, shape);
    this.calls.set(tensor.id, { name, args: kept, result, results, ...(resultName && { resultName }) });
    return tensor;
  }

  override multiply(a: Operand, b: Operand): Tensor {
    const [left, right] = [this.tensor(a), this.tensor(b)];
    if (this.scalarConstant(left) !== 0 && this.scalarConstant(right) !== 0) return super.multiply(a, b);
    const shape = broadcastShapes(left.shape, right.shape);
    invariant(shape, 'factors broadcast');
    return this.broadcast(0, shape);
  }

  override power(a: Operand, b: Operand): Tensor {
    const [base, exponent] = [this.tensor(a), this.tensor(b)];
    const shape = broadcastShapes(base.shape, exponent.shape);
    return this.scalarConstant(base) === 1 && shape ? this.broadcast(1, shape) : super.power(a, b);
  }

  override where(a: Operand, b: Operand, c: Operand): Tensor {
    const condition = this.scalarConstant(this.tensor(a));
    if (condition === null) return super.where(a, b, c);
    const [chosen, other] = (condition === 0 ? [c, b] : [b, c]).map((branch) => this.tensor(branch));
    invariant(chosen && other, 'there are two branches');
    const branches = broadcastShapes(chosen.shape, other.shape);
    const shape = branches && broadcastShapes(branches, this.tensor(a).shape);
    invariant(shape, 'branches broadcast');
    return this.broadcast(chosen, shape);
  }
}

/** The same numbers in another table, where a value is made of numbers alone. */
function constantLike(from: TraceOps, to: TraceOps, tensor: Tensor): Tensor | null {
  const value = from.valueOf(tensor);
  if (value.op === 'constant') return to.constant(value.attributes.data, value.shape);
  if (value.op !== 'broadcast') return null;
  const [id] = value.args;
  const inner = constantLike(from, to, { id, shape: at(from.values, id).shape });
  return inner && to.broadcast(inner, value.shape);
}

/** What values are computed from, through calls and loops. */
export function reaches(ops: TraceOps, roots: readonly Id[]): Set<Id> {
  const found = new Set<Id>();
  const pending = [...roots];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const value = at(ops.values, id);
    pending.push(...value.args, ...(ops.calls.get(id)?.args ?? []));
    if (value.op !== 'repeat') continue;
    const { results, until } = at(ops.regions, value.attributes.region);
    pending.push(...results, ...(until === null ? [] : [until]));
  }
  return found;
}

/** Of a part of what a step returns. */
export function idOf(state: State, name: string): Id {
  const tensor = state[name];
  invariant(tensor, `a step returns ${name}`);
  return tensor.id;
}

/** State is local: its names give way to Python's words alone, and to the arguments beside them. */
export const stateName = (name: string): string =>
  isPythonWord(name) || name === 't' || name === 'slope' ? `${name}_` : name;
