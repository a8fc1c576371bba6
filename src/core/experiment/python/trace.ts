/** What `Ops` records, with calls of named functions left standing: so that a script reads as the method was written. */
import type { State } from '../../contracts.ts';
import { at, invariant } from '../../diagnostic.ts';
import { isPythonWord } from '../../language/print-python.ts';
import { type Operand, Ops, type Tensor } from '../../tensor/ops.ts';
import { broadcastShapes, type Shape } from '../../tensor/shape.ts';
import type { Id, Source } from '../../tensor/value.ts';

/** One result of a call; equal calls are one value. */
export interface Call {
  readonly name: string;
  readonly args: readonly Id[];
  /** Which of its results, and of how many. */
  readonly result: number;
  readonly results: number;
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
  /** Those of them that are the problem's parameters, and the names to unpack the first argument to. */
  readonly unpacking?: { readonly ids: ReadonlySet<Id>; readonly text: string };
}

type Numbers = Readonly<Record<string, readonly number[]>>;

/** Settings that are 0 or 1 are written as such, and what they switch off is left out: 0·a = 0 for every finite a. */
export class TraceOps extends Ops {
  readonly calls = new Map<Id, Call>();

  constructor(private readonly settings: Numbers = {}) {
    super();
  }

  override input(source: Source, name: string, shape: Shape): Tensor {
    const numbers = source === 'setting' && shape.length === 0 ? this.settings[name] : undefined;
    const [only] = numbers ?? [];
    return only === 0 || only === 1 ? this.constant(only) : super.input(source, name, shape);
  }

  /** A call of a function of the script. Arguments without entries are left out. */
  call(name: string, args: readonly Tensor[], shape: Shape, result = 0, results = 1): Tensor {
    const kept = args.filter((arg) => !arg.shape.includes(0)).map(({ id }) => id);
    const tensor = super.input('state', `${name}(${kept})#${result}`, shape);
    this.calls.set(tensor.id, { name, args: kept, result, results });
    return tensor;
  }

  override multiply(a: Operand, b: Operand): Tensor {
    const [left, right] = [this.tensor(a), this.tensor(b)];
    if (this.scalarConstant(left) !== 0 && this.scalarConstant(right) !== 0) return super.multiply(a, b);
    const shape = broadcastShapes(left.shape, right.shape);
    invariant(shape, 'factors broadcast');
    return this.broadcast(0, shape);
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
