/** The page without a network: a service worker keeps the build, and a newer one waits until the reader takes it. */
import { registerSW } from 'virtual:pwa-register';

const PATIENCE_MS = 3000;

interface Offline {
  /** Writes the open work where the next visit finds it. */
  readonly keep: () => Promise<void>;
  /** Asks whether to take the newer version now; `take` reloads. */
  readonly offer: (take: () => void) => void;
}

/** Nothing reloads by itself: `offer` is called with what reloads, and the open work is kept first. */
export function workOffline({ keep, offer }: Offline): void {
  const { serviceWorker } = navigator;
  const reload = () => window.location.reload();
  /** A worker that is busy holds the newer one back, and the plugin then waits for minutes: the page is loaded anew in any case. */
  async function take(): Promise<void> {
    serviceWorker.addEventListener('controllerchange', reload, { once: true });
    await update(true);
    setTimeout(reload, PATIENCE_MS);
  }
  const update = registerSW({
    onNeedRefresh() {
      offer(() => void keep().finally(take));
    },
    onRegisterError() {
      // a private window, or a page that is opened as a file: everything works, but only with a network
    },
  });
}
