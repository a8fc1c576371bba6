/** The page before all of it has arrived. */
import { expect, test } from '@playwright/test';

const WORKSHOP = /\/assets\/workshop-[^/]*\.js$/;

test.use({ contextOptions: { reducedMotion: 'no-preference' } });

test('the frame with a moving picture, and an API that keeps its promises, are there before what computes', async ({
  page,
}) => {
  let deliver = () => {};
  const delivery = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  await page.route(WORKSHOP, async (route) => {
    await delivery;
    await route.continue();
  });
  await page.route(/\/assets\/plotly-[^/]*\.js$/, () => {}); // nothing is drawn
  await page.goto('./');
  const loading = page.getByRole('status', { name: 'The page is loading' });
  const picture = page.getByRole('img', { name: /three methods/i });
  await expect(loading.locator(picture)).toBeVisible();
  const animations = () => page.evaluate(() => document.getAnimations().length);
  expect(await animations()).toBeGreaterThan(0);
  const loaded = page.evaluate(() =>
    window.feasible.load({ version: 1, problem: 'param x = 2\nminimize x^2', runs: [], view: {} }),
  );
  deliver();
  expect(await loaded).toMatchObject({ ok: true });
  await expect(loading).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  await expect(page.getByLabel('Loading the figure').first()).toBeAttached();
  await expect(picture).toHaveCount(0); // it is of the first example
});

test('a part that does not arrive is told, and the page can be loaded again', async ({ page }) => {
  await page.route(WORKSHOP, (route) => route.abort());
  await page.goto('./');
  await expect(page.getByText('The page did not load whole')).toBeVisible();
  const refused = await page.evaluate(() => window.feasible.link().catch((error: unknown) => String(error)));
  expect(refused).toMatch(/error/i);
  await page.unroute(WORKSHOP);
  await page.getByRole('button', { name: 'Load it again' }).click();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
});
