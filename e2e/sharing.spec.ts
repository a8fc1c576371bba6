/** What is shared arrives: the playhead and the view of a link, the link in the system's share sheet, animations as files. */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { loadAndRun, openPage } from './support/page.ts';

const EXPERIMENT = {
  version: 1,
  title: 'shared',
  problem: 'param a = 3\nparam b = 0\nparam c = 1\nminimize (a - 1)^2 + 4*(b - 2)^2 + c^2\nsubject to a + b + c = 2',
  runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 60 }],
} as const;

/** "step 7 / 60" of the transport. */
const playhead = (page: Page) => page.getByRole('group', { name: 'Playback' }).getByText(/^step \d/);

async function standAt(page: Page, presses: number): Promise<void> {
  const figure = page.getByRole('application', { name: /^Figure/ });
  await figure.focus();
  await page.keyboard.press('Home');
  for (let k = 0; k < presses; k++) await page.keyboard.press('ArrowRight');
  await expect(playhead(page)).toHaveText(`step ${presses} / 60`);
}

test('a link with my view and playhead opens there, at rest', async ({ page, context }) => {
  await openPage(page);
  await loadAndRun(page, EXPERIMENT, 'reference');
  await standAt(page, 7);
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('switch', { name: 'Include my view and playhead' })).toBeChecked();
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  await dialog.getByRole('switch', { name: 'Include my view and playhead' }).uncheck({ force: true });
  await expect(dialog.getByRole('textbox', { name: 'Link' })).not.toHaveValue(link);

  const other = await context.newPage();
  await openPage(other, new URL(link).hash);
  await expect(playhead(other)).toHaveText('step 7 / 60');
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  // what the reader does then is theirs: the address carries no old playhead
  const carried = await other.evaluate(async () => JSON.parse(String(await window.feasible.export('json'))).view);
  expect(carried?.playhead).toBeUndefined();
});

test('the system’s share sheet is offered where there is one, with the link', async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(navigator, {
      share: (data: ShareData) => {
        Object.assign(window, { shared: data });
        return Promise.resolve();
      },
    });
  });
  await openPage(page);
  await loadAndRun(page, EXPERIMENT, 'reference');
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.getByRole('button', { name: 'Send …' }).click();
  expect(await page.evaluate(() => (window as unknown as { shared: ShareData }).shared)).toEqual({
    title: 'shared',
    url: link,
  });
});

for (const [format, magic] of [
  ['GIF', 'GIF89a'],
  ['WebM', '\x1a\x45\xdf\xa3'],
] as const) {
  test(`the playing figure is saved as ${format}`, async ({ page }) => {
    await openPage(page);
    await loadAndRun(page, EXPERIMENT, 'reference');
    await page.getByRole('button', { name: 'Figure: table, picture, view' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: `Save the animation as ${format}` }).click();
    await expect(page.getByRole('progressbar', { name: 'Progress of the animation' })).toBeVisible();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`figure.${format.toLowerCase()}`);
    const bytes = readFileSync(await file.path());
    expect(bytes.subarray(0, magic.length).toString('latin1')).toBe(magic);
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(bytes.length).toBeLessThan(20_000_000);
    if (process.env.KEEP) await file.saveAs(`${process.env.KEEP}/${file.suggestedFilename()}`);
    await expect(page.getByRole('progressbar', { name: 'Progress of the animation' })).toHaveCount(0);
  });
}

test('an animation that is cancelled saves nothing', async ({ page }) => {
  await openPage(page);
  await loadAndRun(page, EXPERIMENT, 'reference');
  let saved = 0;
  page.on('download', () => {
    saved += 1;
  });
  await page.getByRole('button', { name: 'Figure: table, picture, view' }).click();
  await page.getByRole('menuitem', { name: 'Save the animation as WebM' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('progressbar', { name: 'Progress of the animation' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Figure: table, picture, view' }).click();
  await expect(page.getByRole('menuitem', { name: 'Save the animation as GIF' })).toBeVisible();
  expect(saved).toBe(0);
});
