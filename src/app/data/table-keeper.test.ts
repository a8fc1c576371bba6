import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { namedTablesOf, tablesOf, withTables } from '../../core/experiment/tables.ts';
import { createDataSlice } from '../store/data-slice.ts';
import type { Store, StoreApi } from '../store/store.ts';
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

  it('are in the file of the experiment, and on the device that opens it', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [i]);
    const devices = [createTableKeeper(memory()), createTableKeeper(memory())] as const;
    const entry = await devices[0].keep({ columns: ['a'], rows }, 'long.csv');
    const experiment = { version: 1, problem: 'minimize x^2', data: { long: entry } } as Experiment;
    const inFile = await withTables(experiment, devices[0].find);
    expect(inFile.data).toEqual({ long: { columns: ['a'], rows } });
    const elsewhere = createDataSlice(devices[1])(() => undefined, () => ({}) as Store, {} as StoreApi); // biome-ignore format: one call
    expect(namedTablesOf((await elsewhere.keepingItsTables(inFile)).data)).toEqual([
      ['long', { sha256: entry.sha256, name: 'long.csv' }],
    ]);
    expect(await devices[1].find(entry.sha256)).toEqual({ columns: ['a'], rows });
    expect((await withTables(experiment, async () => null)).data).toEqual({ long: entry }); // what is not here stays a name
  });

  it('travel in a link while they are small', () => {
    expect(fitsIntoLink(table)).toBe(true);
    expect(fitsIntoLink({ columns: ['a'], rows: Array.from({ length: 5000 }, (_, i) => [i]) })).toBe(false);
  });
});
