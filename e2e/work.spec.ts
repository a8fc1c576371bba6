/** What becomes of one's work: it comes back, is kept under names, goes to files, and commands are found by typing. */
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

const title = (page: Page) => page.getByRole('textbox', { name: 'Title of the experiment' });

/** The titles of the work that is open in any tab, as the browser keeps it. */
const keptTitles = (page: Page): Promise<unknown> =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('keyval-store');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const open = IDBKeyRange.bound('feasible.open', 'feasible.open/\uffff');
          const reading = opening.result.transaction('keyval').objectStore('keyval').getAll(open);
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => resolve(reading.result.map(({ experiment }) => experiment.title).sort());
        };
      }),
  );

test('open work comes back at the next visit, and two tabs keep theirs apart', async ({ page, context }) => {
  await openPage(page);
  await title(page).fill('Half done');
  await expect.poll(() => keptTitles(page)).toEqual(['Half done']); // it is written when editing pauses
  await page.goto('about:blank');
  await openPage(page);
  await expect(title(page)).toHaveValue('Half done');
  await expect(page.getByRole('button', { name: 'My experiments: your changes are not kept' })).toBeVisible();
  await expect(page).toHaveURL(/#e=/);
  await page.reload(); // goes on from its address, not from what was kept
  await expect(title(page)).toHaveValue('Half done');

  const other = await context.newPage();
  await openPage(other);
  await expect(title(other)).toHaveValue('Half done');
  await title(other).fill('Of the other tab');
  await expect.poll(() => keptTitles(page)).toEqual(['Half done', 'Of the other tab']);
  await other.close();
  await page.getByRole('button', { name: /^My experiments/ }).click();
  const elsewhere = page.getByRole('region', { name: 'Work of other tabs' });
  await elsewhere.getByRole('button', { name: /^Of the other tab/ }).click();
  await expect(title(page)).toHaveValue('Of the other tab');
});

test('experiments are kept under a name, renamed, opened, removed, and put back', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'My experiments' }).click();
  await page.getByRole('textbox', { name: 'Keep what is open as' }).fill('A box');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('button', { name: /^A box/ })).toBeVisible();
  await page.getByRole('button', { name: 'Rename A box' }).click();
  const name = page.getByRole('dialog').locator('input:focus');
  await expect(name).toHaveValue('A box'); // and all of it is selected
  await page.keyboard.type('A crate');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Rename A crate' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(name).toHaveValue('A crate');
  await page.keyboard.press('Escape'); // leaves the name, not the list
  await page.getByRole('button', { name: 'Take that back' }).click();
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
  await expect(page.getByRole('dialog').getByRole('button').first()).toHaveAccessibleName(/^Tied weights/); // found
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /^Lesson: Tied weights/ })).toBeVisible();
});

test('Escape stops what moves, also while a hint is open', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' }); // nothing plays of itself, between a look and a click
  await openPage(page);
  const play = page.getByRole('button', { name: 'Play', exact: true });
  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  await play.click();
  await expect(pause).toBeVisible();
  await pause.hover();
  await page.keyboard.press('Escape');
  await expect(play).toBeVisible();
});

test('many parameters are seen in pairs, and the slice goes where it is asked to', async ({ page }) => {
  await openPage(page);
  await page.evaluate(async () => {
    await window.feasible.load({
      version: 1,
      problem: 'param w[6] ~ normal(0, 1)\nminimize sum((w - 1)**2)\nsubject to\n  sum(w) = 1',
      runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 30 }],
    });
    await window.feasible.run();
  });
  const view = page.getByLabel('View', { exact: true });
  const first = await view.inputValue();
  await view.selectOption('pairs');
  await expect(page.getByLabel(/^Each against each: /)).toBeVisible();
  await view.selectOption('slice');
  const directions = page.getByLabel('Directions of the slice');
  for (const [value, axis] of [
    ['random', 'random direction 1, draw 0'],
    ['entries', 'change of w[0]'],
    ['parts', 'part of −∇f that is held back'],
  ] as const) {
    await directions.selectOption(value);
    await expect(page.getByRole('application').getByText(axis).first()).toBeVisible();
  }
  await page.getByRole('button', { name: 'Undo' }).click(); // choices in a row are one step
  await expect(view).toHaveValue(first);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(view).toHaveValue('slice');
});
