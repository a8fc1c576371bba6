/** What a teacher needs: parts hidden by the link until the class has guessed, larger text, a page on paper. */
import { expect, type Page, test } from '@playwright/test';
import { accessibilityFaults } from './support/axe.ts';
import { openPage } from './support/page.ts';

const display = (page: Page) => page.getByRole('dialog', { name: 'Display' });

async function openDisplay(page: Page): Promise<void> {
  await openPage(page);
  await expect(page.getByLabel(/^Trajectories over /)).toBeVisible();
  await page.getByRole('button', { name: 'Display' }).click();
  await expect(display(page)).toBeVisible();
}

test('what is hidden stays hidden in the link, until it is shown', async ({ page, context }) => {
  await openDisplay(page);
  const key = page.getByRole('region', { name: 'Figure' });
  await expect(key).toContainText('optimum');
  for (const part of [/^The optimum/, /^The verdicts/, /^The text/, /^The charts/])
    await display(page).getByRole('checkbox', { name: part }).check();
  const link = await page.evaluate(() => window.feasible.link());
  const other = await context.newPage();
  await other.goto(`./${link}`);
  const notice = other.getByRole('note', { name: 'Hidden parts' });
  await expect(notice).toContainText('optimum, verdicts, text, charts');
  await expect(other.getByRole('region', { name: 'Figure' })).toContainText('feasible set');
  await expect(other.getByRole('region', { name: 'Figure' })).not.toContainText('optimum');
  await expect(other.getByRole('region', { name: 'Charts' })).toBeHidden();
  await expect(other.getByRole('textbox', { name: /^Problem:/ })).toBeHidden();
  await expect(other.getByText('Converged')).toHaveCount(0);
  await expect(other.getByRole('definition').filter({ hasText: /^loss 0\.5 at/ })).toHaveCount(0);
  await notice.getByRole('button', { name: 'Show them' }).click();
  await expect(notice).toBeHidden();
  await expect(other.getByText('Converged').first()).toBeVisible();
  await expect(other.getByRole('definition').filter({ hasText: /^loss 0\.5 at/ })).toBeVisible();
  await expect(other.getByRole('region', { name: 'Figure' })).toContainText('optimum');
});

test('larger text is larger, stays on this device, and nothing scrolls sideways', async ({ page }) => {
  await openDisplay(page);
  const size = () =>
    page.getByRole('heading', { name: 'Runs' }).evaluate((e) => Number.parseFloat(getComputedStyle(e).fontSize));
  const before = await size();
  await display(page)
    .getByRole('switch', { name: /^Larger text/ })
    .check();
  await expect.poll(size).toBeGreaterThan(1.2 * before);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible();
  await expect.poll(size).toBeGreaterThan(1.2 * before);
  await expect(page.getByLabel(/^Trajectories over /)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('the menu has no fault that axe finds', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openDisplay(page);
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('on paper there are the problem, the picture and the runs, and nothing else', async ({ page }) => {
  await page.addInitScript(() => {
    window.print = () => {
      window.dispatchEvent(new Event('beforeprint'));
    };
  });
  await openDisplay(page);
  await display(page)
    .getByRole('button', { name: /^Print:/ })
    .click();
  const sheet = page.locator('article');
  await expect(sheet).toBeAttached();
  await page.emulateMedia({ media: 'print' });
  await expect(sheet).toBeVisible();
  await expect(page.getByRole('main')).toBeHidden();
  await expect(sheet).toContainText('The corner of a box');
  await expect(sheet).toContainText('param x = 0.2');
  await expect(sheet.getByRole('row')).toHaveCount(4);
  const picture = sheet.getByRole('img', { name: 'The paths of the runs' });
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), 'it has arrived')
    .toBeGreaterThan(500);
  const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g);
  expect(pages).toHaveLength(1);
});
