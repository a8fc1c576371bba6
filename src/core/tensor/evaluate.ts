/** Runs recorded values in Float64: one preallocated array a value, one closure an operation. */
import { at, invariant } from '../diagnostic.ts';
import { Ops, type Tensor } from './ops.ts';
import { reachable, type ValueTable } from './reachable.ts';
import { prepare } from './reference.ts';
import { sizeOf } from './shape.ts';
import { type Id, levelOf, type RegionId, type Value } from './value.ts';

export { reachable, type ValueTable };

const isConstant = ({ uses }: Value): boolean => levelOf(uses) === 'constant';

function runAll(kernels: readonly (() => void)[]): void {
  for (const kernel of kernels) kernel();
}

/** Holds the numbers of a table's values and computes chosen ones of them on demand. */
export class Machine {
  private readonly arrays = new Map<Id, Float64Array>();

  constructor(private readonly table: ValueTable) {}

  /** The numbers of one value; inputs are set by writing into it. */
  numbers(id: Id): Float64Array {
    const known = this.arrays.get(id);
    if (known) return known;
    const value = at(this.table.values, id);
    const isAlias = value.op === 'identity' || value.op === 'reshape';
    const array = isAlias
      ? this.numbers(at(value.args, 0))
      : value.op === 'constant'
        ? value.attributes.data
        : new Float64Array(sizeOf(value.shape));
    this.arrays.set(id, array);
    return array;
  }

  /**
   * A procedure that computes the targets, of what is constant only the first time; values that `include` refuses are taken as they are,
   * and then all is computed each time.
   */
  procedure(targets: Iterable<Id>, include?: (value: Value) => boolean): () => void {
    const needed = [...reachable(this.table, targets)].sort((a, b) => a - b);
    if (include) {
      const kernels = this.kernelsOf(needed, null, include);
      return () => runAll(kernels);
    }
    let constant = this.kernelsOf(needed, null, isConstant);
    const changing = this.kernelsOf(needed, null, (value) => !isConstant(value));
    return () => {
      runAll(constant);
      constant = [];
      runAll(changing);
    };
  }

  private kernelsOf(
    needed: readonly Id[],
    region: RegionId | null,
    include: (value: Value) => boolean,
  ): (() => void)[] {
    const kernels: (() => void)[] = [];
    for (const id of needed) {
      const value = at(this.table.values, id);
      // What a loop computes is computed in it, whatever its level: the turn alone makes it new.
      if (value.region !== region || (region === null && !include(value))) continue;
      const kernel = this.kernelOf(id, value, needed, include);
      if (kernel) kernels.push(kernel);
    }
    return kernels;
  }

  private kernelOf(
    id: Id,
    value: Value,
    needed: readonly Id[],
    include: (value: Value) => boolean,
  ): (() => void) | null {
    if (value.op === 'identity' || value.op === 'reshape') return null;
    if (value.op === 'repeat') return this.loop(value, needed, include);
    if (value.op === 'pick') return this.pick(value, this.numbers(id));
    const args = value.args.map((argument) => ({
      data: this.numbers(argument),
      shape: at(this.table.values, argument).shape,
    }));
    return prepare(value, args, this.numbers(id));
  }

  private loop(
    value: Extract<Value, { op: 'repeat' }>,
    needed: readonly Id[],
    include: (value: Value) => boolean,
  ): () => void {
    const { count, carries, turn, results, until } = at(this.table.regions, value.attributes.region);
    const carried = carries.map((id) => this.numbers(id));
    const initial = value.args.map((id) => this.numbers(id));
    const next = results.map((id) => this.numbers(id));
    const held = next.map((array) => new Float64Array(array.length));
    const body = this.kernelsOf(needed, value.attributes.region, include);
    const turns = this.numbers(turn);
    const done = until === null ? null : this.numbers(until);
    return () => {
      carried.forEach((array, i) => array.set(at(initial, i)));
      for (let k = 0; k < count; k++) {
        turns[0] = k;
        for (const kernel of body) kernel();
        if (done && done[0] !== 0) return;
        held.forEach((array, i) => array.set(at(next, i)));
        carried.forEach((array, i) => array.set(at(held, i)));
      }
    };
  }

  private pick({ args: [loop], attributes }: Extract<Value, { op: 'pick' }>, out: Float64Array): () => void {
    const repeat = at(this.table.values, loop);
    invariant(repeat.op === 'repeat', 'pick reads a loop');
    const carried = this.numbers(at(at(this.table.regions, repeat.attributes.region).carries, attributes.position));
    return () => out.set(carried);
  }
}

/** The numbers of a tensor that depends on no input. */
export function evaluate(build: (ops: Ops) => Tensor): Float64Array {
  const ops = new Ops();
  const { id } = build(ops);
  const machine = new Machine(ops);
  machine.procedure([id])();
  return machine.numbers(id);
}

/** A recorded function of one vector as a function of numbers; the array that it returns is its own, made anew each call. */
export function evaluator(
  size: number,
  build: (ops: Ops, x: Tensor) => Tensor,
): (x: ArrayLike<number>) => Float64Array {
  const ops = new Ops();
  const x = ops.input('start', 'x', [size]);
  const y = build(ops, x);
  const machine = new Machine(ops);
  const run = machine.procedure([y.id]);
  return (point) => {
    machine.numbers(x.id).set(point);
    run();
    return machine.numbers(y.id).slice();
  };
}
