import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { createLibrary, type Keeper } from './library.ts';

function open(initial: Record<string, unknown> = {}) {
  const values = new Map(Object.entries(initial));
  const keeper: Keeper = {
    get: async (key) => structuredClone(values.get(key)),
    set: async (key, value) => void values.set(key, structuredClone(value)),
  };
  let clock = 1000;
  return { library: createLibrary(keeper, () => clock++), values };
}

const experiment = (title: string): Experiment => ({ version: 1, title, problem: 'param x = 1\nminimize x^2' });

describe('the library', () => {
  it('lists what was saved, the newest first, and replaces what has the same name', async () => {
    const { library } = open();
    await library.save('one', experiment('a'));
    await library.save('two', experiment('b'));
    await library.save('one', experiment('c'));
    const list = await library.list();
    expect(list.map(({ name, experiment: { title } }) => [name, title])).toEqual([
      ['one', 'c'],
      ['two', 'b'],
    ]);
  });

  it('removes an entry, and puts it back', async () => {
    const { library } = open();
    await library.save('one', experiment('a'));
    const [entry] = await library.list();
    if (!entry) throw new Error('it is there');
    await library.remove(entry.id);
    expect(await library.list()).toEqual([]);
    await library.restore(entry);
    expect(await library.list()).toEqual([entry]);
  });

  it('keeps entries that it cannot read, and does not show them', async () => {
    const broken = { id: 'x', name: 'from a later version', savedAt: 1, experiment: { version: 99 } };
    const { library, values } = open({ 'feasible.library': [broken, 'nonsense'] });
    await library.save('one', experiment('a'));
    expect((await library.list()).map(({ name }) => name)).toEqual(['one']);
    expect(values.get('feasible.library')).toEqual(expect.arrayContaining([broken, 'nonsense']));
  });

  it('keeps the open work, and drops what is no experiment', async () => {
    const { library } = open();
    expect(await library.lastOpen()).toBeNull();
    await library.keepOpen(experiment('mine'));
    expect(await library.lastOpen()).toEqual(experiment('mine'));
    expect(await open({ 'feasible.open': { version: 1, problem: 7 } }).library.lastOpen()).toBeNull();
  });
});
