/** What can wait until a visitor has seen the page. */

/** The figure is not all there is to be drawn. */
const REST_MS = 1500;

/** Without a figure: a text that cannot be read, a table. */
const WITHOUT_FIGURE_MS = 8000;

/**
 * Resolves when the first figure is drawn and the page has nothing to do. The service worker waits for it, which fetches the whole
 * build: on two cores the first figure came after 4.0 s for 2.8 where both began at once.
 */
export async function afterFirstLook(firstFigure: Promise<void>): Promise<void> {
  await Promise.race([firstFigure, pause(WITHOUT_FIGURE_MS)]);
  await pause(REST_MS);
  if ('requestIdleCallback' in globalThis) {
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: WITHOUT_FIGURE_MS }));
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
