/** axe-core on the main screens, in both themes: WCAG 2.2 A and AA. */
import { gzipSync } from 'node:zlib';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { accessibilityFaults } from './support/axe.ts';
import { openPage } from './support/page.ts';

const withRemark = `#e=1g.${gzipSync(
  JSON.stringify({
    version: 1,
    problem: 'minimize (x - 2)^2 + y^2 subject to x + y <= 1',
    runs: [{ method: 'magic' }, { method: 'penalty' }],
  }),
).toString('base64url')}`;

interface Screen {
  readonly name: string;
  readonly hash: string;
  open?(page: Page): Promise<void>;
}

const MAIN: readonly Screen[] = [
  { name: 'the playground', hash: '' },
  { name: 'a link with a remark', hash: withRemark },
  { name: 'a lesson with a question', hash: '#lesson=corner-of-the-box.1' },
];

/** With `npm run test:full`. */
const FURTHER: readonly Screen[] = [
  {
    name: 'the list of lessons',
    hash: '',
    open: (page) => page.getByRole('button', { name: 'Lessons' }).click(),
  },
  { name: 'a lesson with a task', hash: '#lesson=walk-on-a-line.2' },
];

const SCREENS = process.env.FEASIBLE_FULL ? [...MAIN, ...FURTHER] : MAIN;

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** What axe finds when nothing fades in or out any more: colours are read when they are there. */
async function findFaults(page: Page, within = 'html'): Promise<readonly string[]> {
  await expect(page.getByLabel(/^Trajectories over /)).toBeVisible();
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => {
      return playState !== 'running' || effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY;
    }),
  );
  return accessibilityFaults(page, within);
}

for (const scheme of ['light', 'dark'] as const)
  for (const { name, hash, open } of SCREENS)
    test(`${scheme}: ${name}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(PHONE);
      await openPage(page, hash);
      await open?.(page);
      for (const size of [PHONE, DESK]) {
        await page.setViewportSize(size);
        await expect(page.locator('.cm-editor')).toHaveCount(size === DESK ? 1 : 0); // a phone has a plain text area
        expect(await findFaults(page), `${size.width} wide`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${size.width} wide scrolls sideways`).toBeLessThanOrEqual(0);
      }
    });

/** What opens over the page, by what opens it on a desk. */
const OVER_THE_PAGE: readonly (readonly [name: string, open: (page: Page) => Promise<void>])[] = [
  ...(['Share', 'Lessons', 'Table', 'Map'] as const).map(
    (name) => [name, (page: Page) => page.getByRole('button', { name, exact: true }).click()] as const,
  ),
  ['data', (page) => page.getByRole('button', { name: /^Data/ }).click()],
  ['my experiments', (page) => page.getByRole('button', { name: /^My experiments/ }).click()],
  ['the conditions', (page) => page.getByRole('button', { name: /^Conditions of an optimum/ }).click()],
  ['the keys', (page) => page.keyboard.press('Shift+?')],
  ['the commands', (page) => page.keyboard.press('Control+K')],
];

/** Smaller than 24 × 24 px: too small to be hit (WCAG 2.5.8), counted without what stands in a line of text. */
const tooSmall = (layer: Locator) =>
  layer.getByRole('button').evaluateAll((buttons) =>
    buttons.flatMap((button) => {
      const { width, height } = button.getBoundingClientRect();
      return width > 0 && Math.min(width, height) < 23.9 ? [`${button.textContent}: ${width} × ${height}`] : [];
    }),
  );

for (const scheme of process.env.FEASIBLE_FULL ? (['light', 'dark'] as const) : (['light'] as const))
  test(`${scheme}: what opens over the page has names, contrast and targets, and goes by Esc`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize(DESK);
    await openPage(page);
    await expect(page.getByText('Converged').first()).toBeVisible();
    for (const [name, open] of OVER_THE_PAGE)
      await test.step(name, async () => {
        await page.getByRole('heading', { name: 'Runs' }).click(); // keys are the page's own again
        await open(page);
        const layer = page.getByRole('dialog');
        await expect(layer).toBeVisible();
        expect(await findFaults(page, '[role="dialog"]'), name).toEqual([]);
        expect(await tooSmall(layer), name).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(layer).toHaveCount(0);
      });
  });

for (const scheme of ['light', 'dark'] as const)
  test(`more contrast, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce', contrast: 'more' });
    await openPage(page);
    expect(await findFaults(page), 'more contrast').toEqual([]);
    await page.emulateMedia({ contrast: null, forcedColors: 'active' });
    expect(await findFaults(page), 'forced colours').toEqual([]);
  });
