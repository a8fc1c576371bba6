import { expect, it } from 'vitest';
import { expand } from '../../core/program/expand.ts';
import { specialize } from '../../core/program/specialize.ts';
import { lower } from './lower.ts';
import { networkJob } from './network.fixture.ts';
import { dispatchCount, printPlan } from './plan.ts';

it('trains a network in eight dispatches a step: bias, activation, mask and update are in the ends of its five products', async () => {
  const { program, settings } = networkJob([96, 24, 40, 3], 'sgd');
  const plan = lower(specialize(expand(program), settings));
  expect(dispatchCount(plan.step)).toBe(8);
  expect(printPlan(plan).match(/^ {2}product = matmul/gm)).toHaveLength(5);
  await expect(printPlan(plan)).toMatchFileSnapshot('./network.golden.txt');
});
