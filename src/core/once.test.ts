import { expect, it } from 'vitest';
import { once } from './once.ts';

it('finds what follows from an object once, though it be nothing', () => {
  const asked: object[] = [];
  const sizeOf = once((list: readonly number[], least: number) => {
    asked.push(list);
    return list.length > least ? list.length : undefined;
  });
  const [long, short] = [[1, 2, 3], [1]];
  expect([long, short, long, short].map((list) => sizeOf(list, 2))).toEqual([3, undefined, 3, undefined]);
  expect(asked).toEqual([long, short]);
});
