import { expect, it } from 'vitest';
import { candidatesFor, familyFor } from './choose-product.ts';
import { gpuForTests } from './gpu-for-tests.ts';
import { SHAPES, tuneProducts } from './tune-products.ts';

/** A clock that ticks when it is read: what is chosen by it says nothing, and it never waits. */
const clock = () => {
  let time = 0;
  return () => time++;
};

it('chooses a family for a class, and leaves nothing in use', async () => {
  const gpu = await gpuForTests();
  const before = { ...gpu.ledger };
  const tuned = await tuneProducts(gpu, { now: clock(), goesOn: () => true }, ['small']);
  expect([familyFor(SHAPES.small, gpu), ...candidatesFor('small')]).toContain(tuned?.small);
  expect(gpu.ledger).toEqual(before);
});

it('gives way to a run', async () => {
  const gpu = await gpuForTests();
  const before = { ...gpu.ledger };
  let asked = 0;
  expect(await tuneProducts(gpu, { now: clock(), goesOn: () => asked++ < 3 }, ['small'])).toBeNull();
  expect(asked).toBe(4);
  expect(gpu.ledger).toEqual(before);
});
