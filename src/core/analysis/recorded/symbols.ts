/** A table in which a problem's functions are recorded to be looked at, and a machine that evaluates them. */
import type { Problem } from '../../problem/problem.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { Ops, type Tensor } from '../../tensor/ops.ts';

export interface Symbols {
  readonly ops: Ops;
  readonly x: Tensor;
  readonly t: Tensor;
  readonly T: Tensor;
}

/** An empty table with x[n], t and T as inputs. */
export function symbolsOf(problem: Problem): Symbols {
  const ops = new Ops();
  return {
    ops,
    x: ops.input('start', 'x', [problem.size]),
    t: ops.input('time', 't', []),
    T: ops.input('setting', 'T', []),
  };
}

/** At t = 0 and x = 0, for any number of steps. */
export function machineOf({ ops, T }: Symbols): Machine {
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  return machine;
}
