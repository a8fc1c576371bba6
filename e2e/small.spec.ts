/** Screens with little room, and pages read from near: the picture is whole, and one who lost sight of the runs comes back. */
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

const figure = (page: Page) => page.getByRole('region', { name: 'Figure' });

/** The first graph is the picture. */
const axisTitle = (page: Page) => figure(page).locator('.xtitle').first();

for (const [name, viewport] of [
  ['a phone held across', { width: 844, height: 390 }],
  ['a page at 400 %', { width: 320, height: 256 }],
] as const) {
  test.describe(name, () => {
    test.use({ viewport, hasTouch: true });

    test('the picture has at least 200 px, none of it is cut off, and nothing scrolls sideways', async ({ page }) => {
      await openPage(page);
      await expect(axisTitle(page)).toBeAttached();
      const box = await figure(page).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(200);
      await expect(async () => {
        await axisTitle(page).scrollIntoViewIfNeeded({ timeout: 2000 }); // a graph that is drawn once more has another
        await expect(axisTitle(page)).toBeInViewport({ ratio: 1, timeout: 2000 });
      }).toPass();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true });

  test('a picture that was pulled away comes back by one tap', async ({ page }) => {
    await openPage(page);
    const start = page.getByRole('button', { name: /^Start: x/ });
    const showAll = page.getByRole('button', { name: 'Show all' });
    await expect(start).toBeVisible();
    await expect(showAll).toHaveCount(0);
    await expect(async () => {
      const box = await figure(page).boundingBox();
      const [x, y] = [(box?.x ?? 0) + 60, (box?.y ?? 0) + (box?.height ?? 0) - 80];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 270, y, { steps: 5 });
      await page.mouse.up();
      await expect(start).toHaveCount(0, { timeout: 2000 });
    }).toPass();
    await showAll.tap();
    await expect(start).toBeVisible();
    await expect(showAll).toHaveCount(0);
  });
});
