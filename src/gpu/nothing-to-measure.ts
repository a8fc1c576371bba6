/** What grades a job of which only the path is wanted. */
import type { Job } from '../core/run/run.ts';
import { Ops } from '../core/tensor/ops.ts';

/** A problem without rows, of loss 0. */
export function nothingToMeasure(size: number): Job['measure'] {
  const ops = new Ops();
  const x = ops.input('start', 'x', [size]);
  const [time, steps, loss, none] = [
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
    ops.constant(0),
    ops.zeros(0),
  ];
  const gradient = ops.multiply(0, x);
  return {
    values: ops.values,
    regions: [],
    size,
    x: x.id,
    time: time.id,
    steps: steps.id,
    loss: loss.id,
    gradient: gradient.id,
    residual: none.id,
    jacobian: ops.zeros([0, size]).id,
    relations: [],
    softResidual: none.id,
    softRows: [],
    typed: [],
    named: [],
  };
}
