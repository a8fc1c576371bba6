/** The standard form of the problem and the conditions of an optimum, at the playhead. */
import { expect, test } from '@playwright/test';
import { accessibilityFaults } from './support/axe.ts';
import { openPage } from './support/page.ts';

for (const width of [1440, 390])
  test(`the conditions follow the playhead, and the picture stays in use, ${width} wide`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await openPage(page);
    await expect(page.getByLabel(/^Trajectories over /)).toBeVisible();
    const open = page.getByRole('button', { name: 'Conditions of an optimum…' });
    await open.click();
    const panel = page.getByRole('dialog', { name: 'Conditions of an optimum' });
    const stationary = panel.getByRole('row', { name: /^Stationary/ });
    // The box: four inequalities, and a corner where x ≤ 1 carries the gradient −1.
    await expect(panel.getByRole('table', { name: 'The constraints at the playhead' }).getByRole('row')).toHaveCount(5);
    const figure = page.getByRole('application', { name: /^Figure;/ });
    await figure.press('End');
    await expect(stationary.getByLabel('met', { exact: true })).toBeVisible();
    await expect(
      panel
        .getByRole('row', { name: /line 7/ })
        .nth(1)
        .getByRole('cell'),
    ).toHaveText(['0', '1']);
    await expect(panel).toContainText('strict local minimum');
    await figure.press('Home');
    await expect(stationary.getByLabel('not met')).toBeVisible();
    // A method with multipliers of its own is graded beside.
    await panel.getByRole('combobox', { name: 'Run' }).selectOption({ label: 'Augmented Lagrangian' });
    await expect(panel.getByRole('columnheader', { name: 'method’s own' })).toHaveCount(2);
    // And the optimum itself: the same pull, whatever the playhead does.
    await panel.getByRole('combobox', { name: 'Run' }).selectOption({ label: 'The optimum' });
    await expect(panel.getByRole('table', { name: 'The constraints at the optimum' })).toBeVisible();
    await expect(stationary.getByLabel('met', { exact: true })).toBeVisible();
    await expect(panel).toContainText('strict local minimum');
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Close the conditions' }).click();
    await expect(panel).toBeHidden();
  });
