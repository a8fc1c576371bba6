/** What the stories and comparisons share: the page's API, called from a test. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Experiment, RunResult } from '../../src/app/api/types.ts';
import type { ExecutorChoice } from '../../src/core/run/run.ts';

/** Opens the page (with a link, if given) and waits until it takes calls and keys: the frame of before is gone. */
export async function openPage(page: Page, hash = ''): Promise<void> {
  await page.goto(`./${hash}`);
  await page.waitForFunction(() => 'feasible' in window && !document.querySelector('.first, [aria-busy="true"]'));
}

/** Presses on a handle, and gives the middle of it: at rest, since a picture that finds its frame moves what lies on it. */
export async function takeInHand(page: Page, handle: Locator): Promise<{ readonly x: number; readonly y: number }> {
  await expect(async () => {
    await handle.hover();
    await page.mouse.down();
    const isHeld = (await page.locator('[data-held]').count()) > 0;
    if (!isHeld) await page.mouse.up(); // it went from under the pointer
    expect(isHeld, 'the handle is in the hand').toBe(true);
  }).toPass();
  const box = await handle.boundingBox();
  if (!box) throw new Error('what is held has a place');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** What is read, once it has been the same for a second. */
export async function atRest<Read>(read: () => Promise<Read>): Promise<Read> {
  const found: Read[] = [];
  await expect(async () => {
    found.unshift(await read());
    expect(JSON.stringify(found[0])).toBe(JSON.stringify(found[1]));
  }).toPass({ intervals: [1000] });
  return found[0] as Read;
}

export async function loadAndRun(
  page: Page,
  experiment: Experiment,
  executor: ExecutorChoice,
): Promise<readonly RunResult[]> {
  return page.evaluate(
    async ([given, choice]) => {
      const loaded = await window.feasible.load(given);
      if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
      return window.feasible.run({ executor: choice });
    },
    [experiment, executor] as const,
  );
}
