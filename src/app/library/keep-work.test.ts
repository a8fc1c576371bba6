import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeAnalyst, fakeCatalog, fakeExecutor } from '../store/fakes.fixture.ts';
import { createStore } from '../store/store.ts';
import { keepWork } from './keep-work.ts';
import type { Library } from './library.ts';

/** The page, in a browser that keeps the open work or refuses. */
function open() {
  const disk = { isFull: false, kept: [] as (string | undefined)[] };
  const library = {
    keepOpen: async ({ title }) => {
      if (disk.isFull) throw new DOMException('no room', 'QuotaExceededError');
      disk.kept.push(title);
    },
  } satisfies Pick<Library, 'keepOpen'> as unknown as Library;
  const store = createStore(
    { analyst: fakeAnalyst(), executor: fakeExecutor(), catalog: fakeCatalog },
    { version: 1, problem: 'minimize x' },
  );
  keepWork(store, library);
  const edit = async (title: string) => {
    store.getState().setTitle(title);
    await vi.advanceTimersByTimeAsync(1000);
    return store.getState().isUnkept;
  };
  return { disk, store, edit };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', new EventTarget());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the open work', () => {
  it('is kept when editing pauses', async () => {
    const { disk, edit } = open();
    expect(await edit('one')).toBe(false);
    expect(disk.kept).toEqual(['one']);
  });

  it('that the browser refuses to keep is told once, and no more once it is kept', async () => {
    const { disk, store, edit } = open();
    disk.isFull = true;
    expect(await edit('one')).toBe(true);
    store.getState().tellUnkept(false); // the reader knows
    expect(await edit('two')).toBe(false);
    disk.isFull = false;
    expect(await edit('three')).toBe(false);
    disk.isFull = true;
    expect(await edit('four')).toBe(true);
    disk.isFull = false;
    expect(await edit('five')).toBe(false);
    expect(disk.kept).toEqual(['three', 'five']);
  });
});
