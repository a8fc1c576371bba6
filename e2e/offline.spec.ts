/** After the first visit the page needs no network. */
import { expect, test } from '@playwright/test';
import { openPage } from './support/page.ts';

test.use({ serviceWorkers: 'allow' });

test('the page works without a network after the first visit, from a link too', async ({ page, context }) => {
  await openPage(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready; // everything is kept once it is active
  });
  const link = await page.evaluate(async () => {
    await window.feasible.load({
      version: 1,
      title: 'kept',
      problem: 'minimize (x - 2)^2 subject to x <= 1',
      runs: [],
    });
    return window.feasible.link();
  });
  await context.setOffline(true);
  await page.goto('about:blank');
  await openPage(page, link);
  await expect(page.getByRole('textbox', { name: 'Title of the experiment' })).toHaveValue('kept');
  const [run] = await page.evaluate(async () => {
    await window.feasible.load({
      version: 1,
      problem: 'minimize (x - 2)^2 subject to x <= 1',
      runs: [{ method: 'projected-gradient' }],
    });
    return window.feasible.run({ executor: 'reference' });
  });
  expect(run?.iterates.at(-1)?.[0]).toBeCloseTo(1, 6);
});
