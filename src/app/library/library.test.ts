import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { createLibrary, MOST_KEPT, oldestOf, type Shelf } from './library.ts';
import { createOwnTab, type Locks } from './own-tab.ts';

function open(initial: Record<string, unknown> = {}) {
  const values = new Map(Object.entries(initial));
  const shelf: Shelf = {
    get: async (key) => structuredClone(values.get(key)),
    set: async (key, value) => void values.set(key, structuredClone(value)),
    keys: async () => [...values.keys()],
    remove: async (key) => void values.delete(key),
    change: async (key, edit) => void values.set(key, structuredClone(edit(structuredClone(values.get(key))))),
  };
  let clock = 1000;
  const locks = fakeLocks();
  const tab = (session = fakeSession()) => {
    const held = locks.page();
    const browser = { sessionStorage: session, navigator: { locks: held }, crypto };
    return { library: createLibrary(shelf, () => clock++, createOwnTab(browser)), session, close: held.close };
  };
  return { ...tab(), tab, values };
}

function fakeSession(copied?: Map<string, string>) {
  const items = new Map(copied);
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

/** Locks of one browser: a page holds its own until it closes. */
function fakeLocks() {
  const taken = new Set<string>();
  const page = () => {
    const own = new Set<string>();
    const request: Locks['request'] = async (name, _, hold) => {
      const isFree = !taken.has(name);
      if (isFree) for (const held of [taken, own]) held.add(name);
      hold(isFree ? {} : null);
    };
    return { request, close: () => own.forEach((name) => taken.delete(name)) };
  };
  return { page };
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

  it('keeps what two tabs save at once', async () => {
    const { library, tab } = open();
    const { library: other } = tab();
    await Promise.all([library.save('one', experiment('a')), other.save('two', experiment('b'))]);
    expect((await library.list()).map(({ name }) => name).sort()).toEqual(['one', 'two']);
  });

  it('holds so many: the next takes the place of what was kept longest ago, and of nothing else', async () => {
    const kept = Array.from({ length: MOST_KEPT }, (_, k) => ({
      id: `${k}`,
      name: `number ${k}`,
      savedAt: k,
      experiment: experiment('a'),
    }));
    const { library } = open({ 'feasible.library': kept });
    const oldest = oldestOf(await library.list());
    expect(oldest?.name).toBe('number 0');
    await library.save('number 7', experiment('b')); // the same name: nothing goes
    expect(await library.list()).toHaveLength(MOST_KEPT);
    await library.save('one more', experiment('c'));
    const names = (await library.list()).map(({ name }) => name);
    expect(names).toHaveLength(MOST_KEPT);
    expect(names).not.toContain('number 0');
    expect(names).toEqual(expect.arrayContaining(['one more', 'number 1', 'number 7']));
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

  it('renames an entry and leaves it in its place, but never over another', async () => {
    const { library } = open();
    for (const name of ['one', 'two']) await library.save(name, experiment(name));
    const [two, one] = await library.list();
    if (!one || !two) throw new Error('both are there');
    expect(await library.rename(one.id, 'first')).toBe(true);
    expect(await library.list()).toEqual([two, { ...one, name: 'first' }]);
    expect(await library.rename(one.id, 'two')).toBe(false);
    expect(await library.rename(one.id, 'one')).toBe(true);
    expect(await library.list()).toEqual([two, one]);
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
    expect(await open({ 'feasible.open': experiment('older') }).library.lastOpen()).toEqual(experiment('older'));
  });

  it('keeps the work of each tab apart, and goes on in the place of a closed one', async () => {
    const { library: first, close, tab } = open();
    await first.keepOpen(experiment('of the first'));
    const second = tab();
    expect(await second.library.lastOpen()).toEqual(experiment('of the first'));
    await second.library.keepOpen(experiment('of the second'));
    await first.keepOpen(experiment('of the first, later'));
    expect((await first.openElsewhere()).map(({ name }) => name)).toEqual(['of the second']);
    expect((await second.library.openElsewhere()).map(({ name }) => name)).toEqual(['of the first, later']);

    close();
    const third = tab().library;
    expect(await third.lastOpen()).toEqual(experiment('of the first, later'));
    await third.keepOpen(experiment('of the third'));
    expect((await second.library.openElsewhere()).map(({ name }) => name)).toEqual(['of the third']);
    for (const { id } of await third.openElsewhere()) await third.forgetOpen(id);
    expect(await third.openElsewhere()).toEqual([]);
  });

  it('knows a tab again after a reload, and tells its copy from it', async () => {
    const { library, close, session, tab } = open();
    await library.keepOpen(experiment('mine'));
    const copy = tab(fakeSession(session.items));
    await copy.library.keepOpen(experiment('of the copy'));
    expect((await copy.library.openElsewhere()).map(({ name }) => name)).toEqual(['mine']);
    close();
    const reloaded = tab(session).library;
    await reloaded.keepOpen(experiment('mine, later'));
    expect((await copy.library.openElsewhere()).map(({ name }) => name)).toEqual(['mine, later']);
  });
});
