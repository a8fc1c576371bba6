/** What becomes of one's work: it comes back, is kept under names, goes to files, and commands are found by typing. */
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

const title = (page: Page) => page.getByRole('textbox', { name: 'Title of the experiment' });

/** The title of the open work, as the browser keeps it. */
const keptTitle = (page: Page): Promise<unknown> =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('keyval-store');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction('keyval').objectStore('keyval').get('feasible.open');
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => resolve(reading.result?.title);
        };
      }),
  );

test('open work comes back at the next visit', async ({ page }) => {
  await openPage(page);
  await title(page).fill('Half done');
  await expect.poll(() => keptTitle(page)).toBe('Half done'); // it is written when editing pauses
  await page.goto('about:blank');
  await openPage(page);
  await expect(title(page)).toHaveValue('Half done');
  await expect(page.getByRole('button', { name: 'My experiments: your changes are not kept' })).toBeVisible();
});

test('experiments are kept under a name, opened, removed, and put back', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'My experiments' }).click();
  await page.getByRole('textbox', { name: 'Keep what is open as' }).fill('A box');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('button', { name: /^A box/ })).toBeVisible();
  await page.getByRole('button', { name: 'Duplicate A box' }).click();
  await page.getByRole('button', { name: 'Remove A box copy' }).click();
  await page.getByRole('button', { name: 'Remove A box', exact: true }).click();
  await expect(page.getByRole('button', { name: /^A box/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Take that back' }).click(); // what was removed last
  await page.getByRole('button', { name: /^A box/ }).click();
  await expect(title(page)).toHaveValue('The corner of a box');
});

test('a file holds the experiment, and opens again', async ({ page }) => {
  await openPage(page);
  await title(page).fill('On disk');
  await page.getByRole('button', { name: 'My experiments' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as file' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('On-disk.feasible.json');
  await title(page).fill('Something else', { force: true });
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a file' }).click();
  await (await chooser).setFiles(await file.path());
  await expect(title(page)).toHaveValue('On disk');
});

test('a command is found by typing', async ({ page }) => {
  await openPage(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Find a command' }).fill('tied weights');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /^Lesson: Tied weights/ })).toBeVisible();
});
