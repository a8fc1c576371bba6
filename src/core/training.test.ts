import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Machine } from './tensor/evaluate.ts';
import { Ops } from './tensor/ops.ts';
import { scheduledRate, scheduledShare, TRAINING } from './training.ts';

it('gives a chart the learning rate that a step has', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TRAINING.schedule.options),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (schedule, t, schedulePeriod, factor) => {
        const T = 500;
        const ops = new Ops();
        const time = ops.input('time', 't', []);
        const settings = { schedule, schedulePeriod, scheduleFactor: ops.constant(factor) };
        const rate = scheduledRate(ops, ops.constant(0.1), settings, time, ops.constant(T));
        const machine = new Machine(ops);
        machine.numbers(time.id)[0] = t;
        machine.procedure([rate.id])();
        const share = scheduledShare({ schedule, schedulePeriod, scheduleFactor: factor }, t, T);
        expect(machine.numbers(rate.id)[0]).toBeCloseTo(0.1 * share, 12);
      },
    ),
  );
});
