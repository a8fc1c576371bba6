import { describe, expect, it } from 'vitest';
import { at } from '../../diagnostic.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { Ops, type Tensor } from '../../tensor/ops.ts';
import { movementOf } from './movements.ts';

const d = [1, -2, 0, 3, 5];
const e = [2, 1, 1, 0, -1];

type Side = (ops: Ops, t: Tensor, T: Tensor) => Tensor;

/** y = x − b(t), its movement, and b at a step of a run of so many. */
function moving(side: Side) {
  const ops = new Ops();
  const [x, t, T] = [ops.input('start', 'x', [5]), ops.input('time', 't', []), ops.input('setting', 'T', [])];
  const y = ops.subtract(x, ops.broadcast(side(ops, t, T), [5]));
  const machine = new Machine(ops);
  const compute = machine.procedure([y.id]);
  const at = (step: number, steps: number): number[] => {
    machine.numbers(t.id)[0] = step;
    machine.numbers(T.id)[0] = steps;
    compute();
    return Array.from(machine.numbers(y.id), (entry) => -entry);
  };
  return { found: movementOf(ops, y.id), at };
}

const times = (ops: Ops, numbers: readonly number[], factor: Tensor) => ops.multiply(ops.constant(numbers), factor);

describe('where the right-hand side of rows moves', () => {
  it.each<[string, Side, number]>([
    ['all rows alike', (_, t) => t, 1],
    ['a share of the run', (ops, t, T) => ops.divide(t, T), 1],
    ['a wave, each row its own share', (ops, t) => times(ops, d, ops.sin(t)), 1],
    ['two of them', (ops, t) => ops.add(times(ops, d, ops.sin(t)), times(ops, e, t)), 2],
    [
      'two that are multiples',
      (ops, t) =>
        ops.add(
          times(ops, d, ops.sin(t)),
          times(
            ops,
            d.map((entry) => 2 * entry),
            t,
          ),
        ),
      1,
    ],
    ['some rows only', (ops, t) => ops.concat([ops.constant([1, 2, 3]), ops.multiply(t, ops.constant([1, 0]))]), 1],
  ])('few of its entries tell all: %s', (_, side, count) => {
    const { found, at: sideAt } = moving(side);
    if (!found) throw new Error('it moves along few directions');
    expect(found.rows).toHaveLength(count);
    const before = sideAt(0, 50);
    for (const step of [1, 7, 50]) {
      const now = sideAt(step, 50);
      now.forEach((entry, i) => {
        const told = found.rows.reduce(
          (sum, row, k) => sum + (at(now, row) - at(before, row)) * at(at(found.shapes, k), i),
          at(before, i),
        );
        expect(Math.abs(entry - told)).toBeLessThan(1e-12 * (1 + Math.abs(entry)));
      });
    }
  });

  it.each<[string, Side]>([
    ['each row has a frequency of its own', (ops, t) => ops.sin(times(ops, d, t))],
    [
      'two of its numbers are multiplied only after they were spread over the rows',
      (ops, t) => ops.multiply(times(ops, d, t), ops.broadcast(ops.sin(t), [5])),
    ],
    ['settings reach the rows one by one', (ops, t, T) => ops.add(ops.exp(times(ops, d, T)), t)],
    ['it does not', (ops) => ops.constant(d)],
  ])('nothing is said where %s', (_, side) => {
    expect(moving(side).found).toBeNull();
  });
});
