import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { decodeLink, encodeLink } from '../../core/experiment/link/codec.ts';
import { type Address, followAddress } from './address.ts';
import { openInProcess } from './in-process.fixture.ts';

const named = (title: string): Experiment => ({ version: 1, title, problem: 'param x = 1\nminimize x^2', runs: [] });

async function linkTo(title: string): Promise<string> {
  const encoded = await encodeLink(named(title));
  return encoded.ok ? encoded.value : '';
}

/** A history with entries that hold hashes. */
function fakeBrowser(hash: string, kept = new Map<string, string>()) {
  const entries = [hash];
  const listeners: { type: string; listener: () => void }[] = [];
  let place = 0;
  const tell = (...types: string[]) => {
    for (const { type, listener } of [...listeners]) if (types.includes(type)) listener();
  };
  const browser = {
    entries,
    kept,
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
      removeItem: (key: string) => void kept.delete(key),
    },
    location: {
      get hash() {
        return entries[place] ?? '';
      },
      get href() {
        return `https://example.org/page${entries[place]}`;
      },
    },
    history: {
      pushState: (_: unknown, __: string, address?: string | URL | null) => {
        place += 1;
        entries.splice(place, entries.length, String(address));
      },
      replaceState: (_: unknown, __: string, address?: string | URL | null) => {
        entries[place] = String(address);
      },
    },
    addEventListener: (type: string, listener: () => void) => void listeners.push({ type, listener }),
    removeEventListener: (gone: string, listener: () => void) => {
      const at = listeners.findIndex((one) => one.type === gone && one.listener === listener);
      if (at >= 0) listeners.splice(at, 1);
    },
    /** Back, forward, or a pasted address; the browser tells twice. */
    go(steps: number) {
      place += steps;
      tell('hashchange');
      tell('popstate');
    },
    /** The hand goes down or up somewhere in the page. */
    hand(type: 'pointerdown' | 'pointerup' | 'pointercancel') {
      tell(type);
    },
    /** A reload, or another page. */
    leave() {
      tell('pagehide');
    },
    paste(address: string) {
      browser.history.pushState(null, '', address);
      browser.go(0);
    },
  };
  return browser;
}

let address: Address;
async function open(hash = '', kept?: Map<string, string>) {
  const store = openInProcess(named('default'));
  const browser = fakeBrowser(hash, kept);
  address = followAddress(store, catalog, browser);
  await address.opened;
  const titles = () => Promise.all(browser.entries.map(titleOf));
  return { store, browser, titles, title: () => store.getState().experiment.title };
}

async function titleOf(hash: string): Promise<string> {
  const decoded = await decodeLink(hash);
  return decoded.ok ? (decoded.value.experiment.title ?? '') : hash;
}

/** Once edits have paused; compression takes real time. */
async function eventually(check: () => void | Promise<void>): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000);
  await vi.waitFor(check, { timeout: 5000, interval: 5 });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  address.end();
  vi.useRealTimers();
});

describe('the address', () => {
  it('opens the link that the page came with, and undo does not lead behind it', async () => {
    const { store, title } = await open(await linkTo('theirs'));
    expect(title()).toBe('theirs');
    expect(store.temporal.getState().pastStates).toEqual([]);
  });

  it('leaves foreign anchors alone', async () => {
    const { store, title } = await open('#section');
    expect(title()).toBe('default');
    expect(store.getState().notices).toEqual([]);
  });

  it('is written once edits pause, without new entries', async () => {
    const { store, browser, titles } = await open();
    for (const title of ['a', 'ab', 'abc']) {
      store.getState().setTitle(title);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(browser.entries).toEqual(['']);
    await eventually(async () => expect(await titles()).toEqual(['abc']));
  });

  it('holds no older link once the experiment is too large for one: a reload opens the kept work', async () => {
    const { store, browser, titles } = await open();
    store.getState().setTitle('small');
    await eventually(async () => expect(await titles()).toEqual(['small']));
    store
      .getState()
      .editText(
        `# ${Array.from({ length: 19_000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * i * 7919) % 20_011))).join('')}`,
      );
    await eventually(() => expect(browser.entries).toEqual(['https://example.org/page']));
    expect(await address.share()).toMatchObject({ ok: false });
  });

  it.each([
    ['', 300],
    ['a link', 300],
    ['a link, while the next is being packed', 1000],
  ])('goes on after a reload with edits that it does not hold yet: %j', async (title, pause) => {
    const hash = title && (await linkTo(title));
    const first = await open(hash);
    first.store.getState().setTitle('edited');
    vi.advanceTimersByTime(pause);
    first.browser.leave();
    expect(first.browser.entries).toEqual([hash]);
    address.end();
    const elsewhere = await open(await linkTo('another'), new Map(first.browser.kept));
    expect(elsewhere.title()).toBe('another');
    expect(elsewhere.browser.kept.size).toBe(0);
    address.end();
    const again = await open(hash, first.browser.kept);
    expect([address.isResumed, again.title(), again.browser.kept.size]).toEqual([true, 'edited', 0]);
    await eventually(async () => expect(await again.titles()).toEqual(['edited']));
    again.browser.leave();
    expect(again.browser.kept.size).toBe(0); // the address holds all
  });

  it('is not written while one types on, nor while a hand is down', async () => {
    const { store, browser, titles } = await open();
    for (let length = 1; length <= 6; length++) {
      store.getState().setTitle('typing'.slice(0, length));
      await vi.advanceTimersByTimeAsync(700);
    }
    expect(browser.entries).toEqual(['']);
    browser.hand('pointerdown');
    await vi.advanceTimersByTimeAsync(5000);
    expect(browser.entries).toEqual(['']);
    browser.hand('pointerup');
    await eventually(async () => expect(await titles()).toEqual(['typing']));
  });

  it('has an entry for each experiment that was opened: back and forward walk through them', async () => {
    const { store, browser, titles, title } = await open();
    store.getState().load(named('one'));
    await eventually(async () => expect(await titles()).toEqual(['default', 'one']));
    store.getState().setTitle('one, edited');
    store.getState().load(named('two'));
    await eventually(async () => expect(await titles()).toEqual(['default', 'one, edited', 'two']));
    for (const [steps, expected] of [
      [-1, 'one, edited'],
      [-1, 'default'],
      [2, 'two'],
    ] as const) {
      browser.go(steps);
      await eventually(() => expect(title()).toBe(expected));
    }
    expect(await titles()).toEqual(['default', 'one, edited', 'two']);
  });

  it('names the step of a lesson, and holds what the reader made of it', async () => {
    const { store, browser, title } = await open('#lesson=corner-of-the-box.1');
    const { experiment, goToStep } = store.getState();
    goToStep(1);
    await eventually(() =>
      expect(browser.entries).toEqual(['#lesson=corner-of-the-box.1', '#lesson=corner-of-the-box.2']),
    );
    store.getState().setTitle('changed');
    await eventually(() => expect(browser.entries[1]).toMatch(/^#lesson=corner-of-the-box\.2&e=/));
    address.end();

    const again = await open(browser.entries[1]);
    expect(again.title()).toBe('changed');
    expect(again.store.getState().lesson).toMatchObject({ position: 1, guess: null });
    again.store.getState().setTitle('changed again');
    again.browser.leave(); // before the address holds it
    address.end();
    const resumed = await open(again.browser.entries[0], again.browser.kept);
    expect([address.isResumed, resumed.title(), resumed.store.getState().lesson?.position]).toEqual([
      true,
      'changed again',
      1,
    ]);

    const shared = await address.share();
    expect(shared).toMatchObject({ ok: true, value: expect.stringMatching(/page#e=/) }); // what is sent is the experiment
    resumed.store.getState().leaveLesson();
    await eventually(async () =>
      expect(await resumed.titles()).toEqual([expect.stringMatching(/^#lesson=/), 'default']),
    );
    resumed.browser.go(-1);
    await eventually(() => expect(resumed.store.getState().lesson?.position).toBe(1));
    expect(title()).toBe('changed');
    expect(experiment.title).not.toBe('changed');
  });

  it('stays the one that is gone to while what was opened before is being packed', async () => {
    const { store, browser, titles, title } = await open();
    store.getState().load(named('one'));
    browser.paste('#lesson=corner-of-the-box.1');
    await eventually(() => expect(store.getState().lesson).not.toBeNull());
    for (const title of ['a', 'b', 'c', 'd']) await linkTo(title); // what was being packed is packed by then
    expect(browser.entries.at(-1)).toBe('#lesson=corner-of-the-box.1');
    expect(await titles()).not.toContain('one');
    expect(title()).toBe(store.getState().lesson?.lesson.steps[0]?.experiment.title);
  });

  it('that is broken says so, keeps the work, and stays in the history', async () => {
    const { store, browser, titles, title } = await open();
    const broken = (await linkTo('theirs')).slice(0, -5);
    browser.paste(broken);
    await eventually(() => expect(store.getState().notices).toHaveLength(1));
    expect(title()).toBe('default');
    expect(store.getState().notices).toMatchObject([
      { severity: 'error', message: expect.stringMatching(/incomplete/) },
    ]);
    store.getState().setTitle('mine');
    await eventually(async () => expect(await titles()).toEqual(['', broken, 'mine']));
  });

  it('can be shared at once, whole', async () => {
    const { store } = await open();
    store.getState().setTitle('shared');
    const link = await address.share();
    expect(link).toMatchObject({ ok: true, value: expect.stringMatching(/^https:\/\/example\.org\/page#e=1g\./) });
    expect(link.ok && (await titleOf(link.value))).toBe('shared');
  });

  it('opened by a stranger may be undone', async () => {
    const { store, browser, title } = await open();
    browser.paste(await linkTo('theirs'));
    await eventually(() => expect(title()).toBe('theirs'));
    store.getState().undo();
    expect(title()).toBe('default');
  });
});
