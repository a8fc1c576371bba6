/** Which steps of which lessons were done, kept in the browser. Without storage it lasts as long as the page. */
import { storage } from './storage.ts';
import type { Progress } from './store/lesson-slice.ts';
import type { StoreApi } from './store/store.ts';

const KEY = 'feasible.lessons';

const isProgress = (kept: unknown): kept is Progress =>
  typeof kept === 'object' &&
  kept !== null &&
  Object.values(kept).every((steps) => Array.isArray(steps) && steps.every(Number.isInteger));

export async function followProgress(store: StoreApi): Promise<void> {
  const kept: unknown = await storage.get(KEY).catch(() => undefined);
  if (isProgress(kept)) store.getState().restoreProgress({ ...kept, ...store.getState().progress });
  store.subscribe((state, before) => {
    if (state.progress !== before.progress) void storage.set(KEY, state.progress).catch(() => undefined);
  });
}
