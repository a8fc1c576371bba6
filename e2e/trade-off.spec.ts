/** The optimum as one number of the text moves: called up from the number under the cursor, and a value of it written back. */
import { expect, test } from '@playwright/test';
import { openPage } from './support/page.ts';

test('a budget is drawn against the least loss, with its price, and another one is taken', async ({ page }) => {
  await openPage(page);
  await page.evaluate(() =>
    window.feasible.load({
      version: 1,
      problem: 'param x\nparam y\nlet b = 1\nminimize x^2 + y^2\nsubject to\n  budget: x + y = b\n  x <= 0.75',
      runs: [],
    }),
  );
  await page.getByText('let b = 1', { exact: true }).click();
  await page.keyboard.press('End');
  await page.getByRole('button', { name: 'Trade-off curve of this number…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Trade-off curve' });
  for (const title of ['Least loss', 'Optimal parameters', 'Multipliers at the optimum'])
    await expect(dialog.getByLabel(`${title} against b`).locator('.scatterlayer .trace').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'All numbers' }).click();
  const cells = (number: string) =>
    dialog.getByRole('row').filter({ has: page.getByRole('rowheader', { name: number, exact: true }) });
  await expect(cells('1')).toHaveText('10.50.50.5−10'); // b, f* = b²/2, x*, y*, λ = −b, μ of a bound that is not felt
  await expect(cells('2')).toContainText('−2.5'); // beyond 1.5 the bound holds x back: f* = 0.75² + (b − 0.75)²
  await dialog.getByLabel('This value').fill('1.25');
  await dialog.getByRole('button', { name: 'Write it into the text' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('let b = 1.25', { exact: true })).toBeVisible();
});
