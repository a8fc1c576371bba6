/** Keeps the open work from visit to visit: written when editing pauses, opened again where no link says otherwise. */
import type { StoreApi } from '../store/store.ts';
import type { Library } from './library.ts';

const PAUSE_MS = 800;

/** Whether there was work to open. What the page begins with is no work until it is edited. In a lesson it comes back when that is left. */
export async function reopenWork(store: StoreApi, library: Library): Promise<boolean> {
  const first = store.getState().experiment;
  const kept = await library.lastOpen().catch(() => null);
  if (kept === null || store.getState().experiment !== first) return false; // the visitor was faster
  if (store.getState().lesson !== null) {
    store.getState().returnTo(kept);
    return true;
  }
  store.getState().load(kept, { isWork: true });
  store.temporal.getState().clear();
  return true;
}

/** A lesson's steps are not the reader's work. Where the browser keeps nothing, that is told once, and again where it had kept in between. */
export function keepWork(store: StoreApi, library: Library): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isKept = true;
  const tell = (kept: boolean) => {
    if (kept !== isKept) store.getState().tellUnkept(!kept);
    isKept = kept;
  };
  const write = () => {
    timer = undefined;
    const { lesson, snapshot } = store.getState();
    if (lesson === null)
      void library.keepOpen(snapshot()).then(
        () => tell(true),
        () => tell(false),
      );
  };
  const end = store.subscribe((state, before) => {
    if (state.experiment !== before.experiment || state.view !== before.view) timer ??= setTimeout(write, PAUSE_MS);
  });
  const writeNow = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    write();
  };
  window.addEventListener('pagehide', writeNow);
  return () => {
    end();
    clearTimeout(timer);
    window.removeEventListener('pagehide', writeNow);
  };
}
