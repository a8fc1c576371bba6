/** Screens with little room, and pages read from near: the picture is whole, and one who lost sight of the runs comes back. */
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

const figure = (page: Page) => page.getByRole('region', { name: 'Figure' });

/** The first graph is the picture. */
const axisTitle = (page: Page) => figure(page).locator('.xtitle').first();

for (const [name, viewport, least] of [
  ['a phone held across', { width: 844, height: 390 }, 240],
  ['a page at 400 %', { width: 320, height: 256 }, 200],
] as const) {
  test.describe(name, () => {
    test.use({ viewport, hasTouch: true });

    test(`the picture has at least ${least} px, none of it is cut off, and nothing scrolls sideways`, async ({
      page,
    }) => {
      await openPage(page);
      await expect(axisTitle(page)).toBeAttached();
      const box = await figure(page).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(least);
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

  test('one finger scrolls the page, also from a line that moves to the sides; two magnify the picture', async ({
    page,
  }) => {
    await openPage(page);
    const start = page.getByRole('button', { name: /^Start: x/ });
    await expect(start).toBeVisible();
    const session = await page.context().newCDPSession(page);
    const box = await figure(page).boundingBox();
    let [x, y] = [(box?.x ?? 0) + 200, (box?.y ?? 0) + 150];
    /** Fingers go down one after the other, and move together. */
    const touch = async (...fingers: readonly (readonly [dx: number, dy: number])[]) => {
      const at = (share: number) =>
        fingers.map(([dx, dy], id) => ({
          id,
          x: x + (fingers.length > 1 ? Math.sign(dx) * 20 : 0) + share * dx,
          y: y + share * dy,
        }));
      const send = (
        type: 'touchStart' | 'touchMove' | 'touchEnd',
        touchPoints: { x: number; y: number; id: number }[],
      ) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
      for (const count of fingers.keys()) await send('touchStart', at(0).slice(0, count + 1));
      for (let step = 1; step <= 10; step++) await send('touchMove', at(step / 10));
      await send('touchEnd', []);
    };
    await touch([-80, 40], [80, 40]);
    await expect(page.getByRole('button', { name: 'Show all' })).toBeVisible();
    expect(await page.evaluate(() => [scrollY, visualViewport?.scale])).toEqual([0, 1]);
    await page.getByRole('button', { name: 'Show all' }).tap();
    await expect(page.getByRole('button', { name: 'Show all' })).toHaveCount(0);
    await touch([0, -120]);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(60);
    await expect(page.getByRole('button', { name: 'Show all' })).toHaveCount(0);
    await page.evaluate(() => scrollTo(0, 0));
    const side = await page.getByRole('button', { name: /^Constraint x <= 1/ }).boundingBox();
    [x, y] = [(side?.x ?? 0) + 14, (side?.y ?? 0) + 14];
    await touch([0, -120]);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(60);
    await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled(); // the line is where it was
  });

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
