import { expect, it } from 'vitest';
import { newestWins } from './newest-wins.ts';

it('makes the first call and the newest of those that come meanwhile', async () => {
  const made: number[] = [];
  const release: (() => void)[] = [];
  const ask = newestWins(async (request: number) => {
    made.push(request);
    await new Promise<void>((resolve) => release.push(resolve));
    return request;
  });
  const answers = [1, 2, 3].map(ask);
  release[0]?.();
  await answers[0];
  await Promise.resolve();
  release[1]?.();
  expect(await Promise.all(answers)).toEqual([1, 3, 3]);
  expect(made).toEqual([1, 3]);
});

it('goes on after a call that failed', async () => {
  const ask = newestWins(async (request: number) => {
    if (request === 1) throw new Error('no');
    return request;
  });
  const [first, second] = [ask(1), ask(2)];
  await expect(first).rejects.toThrow('no');
  expect(await second).toBe(2);
});
