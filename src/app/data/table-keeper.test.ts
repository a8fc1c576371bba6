import { describe, expect, it } from 'vitest';
import { tablesOf } from '../../core/experiment/tables.ts';
import { createTableKeeper, fitsIntoLink } from '../table-keeper.ts';

const memory = () => {
  const map = new Map<string, unknown>();
  return {
    map,
    get: async (key: string) => map.get(key),
    set: async (key: string, value: unknown) => void map.set(key, value),
  };
};
const table = { columns: ['a', 'b'], rows: [[1, 2], [3, 4]] }; // biome-ignore format: a table

describe('tables kept on the device', () => {
  it('are found by the hash of their numbers, the same for the same numbers', async () => {
    const keeper = createTableKeeper(memory());
    const named = await keeper.keep(table, 'a.csv');
    expect(named).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), name: 'a.csv' });
    expect((await keeper.keep({ ...table }, 'b.csv')).sha256).toBe(named.sha256);
    expect(await tablesOf({ a: named }, keeper.find)).toEqual({ ok: true, value: { a: table } });
  });

  it('are missing where they are not there, or where their numbers are others', async () => {
    const store = memory();
    const keeper = createTableKeeper(store);
    const named = await keeper.keep(table, 'a.csv');
    store.map.set([...store.map.keys()][0] ?? '', { ...table, rows: [[1, 2]] });
    expect(await keeper.find(named.sha256)).toBeNull();
    expect(await tablesOf({ a: named }, keeper.find)).toMatchObject({
      ok: false,
      diagnostics: [{ message: expect.stringContaining('a.csv') }],
    });
  });

  it('travel in a link while they are small', () => {
    expect(fitsIntoLink(table)).toBe(true);
    expect(fitsIntoLink({ columns: ['a'], rows: Array.from({ length: 5000 }, (_, i) => [i]) })).toBe(false);
  });
});
