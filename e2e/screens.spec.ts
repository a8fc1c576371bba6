/** Every screen under the Content-Security-Policy: none breaks it, and none asks another origin. */
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';
import { expectNothingElse, watch } from './support/policy.ts';

const EXPERIMENT = {
  version: 1,
  title: 'every screen',
  problem:
    'param w[2,2] = [[0.5, 0.2], [0.1, 0.2]]\nminimize sum((w - [[0.7, 0.1], [0.4, 0]])^2)\nsubject to\n  sum(w) = 1\n  w[0,0] - w[1,1] = 0.2',
  runs: [
    { method: 'projected-gradient', steps: 40 },
    { method: 'penalty', steps: 40 },
  ],
} as const;

async function compute(page: Page, experiment: object): Promise<void> {
  await page.evaluate(async (given) => {
    await window.feasible.load(given as Parameters<typeof window.feasible.load>[0]);
    await window.feasible.run({ executor: 'reference' });
  }, experiment);
}

const button = (page: Page, name: string | RegExp, exact = true) => page.getByRole('button', { name, exact }).first();

/** Opens, waits until what it shows is there, and closes. */
async function visit(page: Page, opener: Locator, shown: Locator): Promise<void> {
  await opener.click();
  await expect(shown.first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('no screen breaks the policy, or asks another origin', async ({ page }) => {
  const watched = await watch(page);
  await openPage(page);
  const plot = page.locator('section[aria-label="Figure"] .js-plotly-plot, [role="application"] canvas').first();

  // the picture in every view, with its formulas
  await compute(page, EXPERIMENT);
  await expect(page.getByRole('region', { name: 'The problem as a formula' }).locator('.katex').first()).toBeVisible();
  const view = page.getByLabel('View', { exact: true });
  const kinds = await view
    .locator('option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  expect(kinds.length).toBeGreaterThan(6);
  for (const kind of kinds) {
    await view.selectOption(kind);
    await expect(plot).toBeVisible();
    if (kind === '3d')
      await expect(page.locator('section[aria-label="Figure"] .gl-container canvas').first()).toBeVisible();
  }
  await view.selectOption('2d');

  // what opens over the page
  const dialog = page.getByRole('dialog');
  await visit(page, button(page, 'how A⁺ is found'), dialog.locator('.js-plotly-plot'));
  await visit(page, button(page, 'Data...').or(button(page, /^Data/)).first(), dialog.getByText(/file/i));
  await visit(page, button(page, 'Table'), dialog.getByRole('table'));
  await visit(page, button(page, 'Lessons'), dialog.getByText('Tied weights').first());
  await visit(page, button(page, /^My experiments/), dialog.getByRole('textbox', { name: 'Keep what is open as' }));
  await visit(page, button(page, /^Conditions of an optimum/), dialog.getByRole('region', { name: 'Lagrangian' }));
  await page.getByRole('application').first().focus();
  await page.keyboard.press('Shift+?');
  await expect(dialog.getByText('Keys').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+K');
  await expect(page.getByRole('textbox', { name: 'Find a command' })).toBeVisible();
  await page.keyboard.press('Escape');

  // a map of starts
  await button(page, 'Map').click();
  await dialog
    .getByRole('button', { name: /compute|make|run/i })
    .first()
    .click();
  await expect(dialog.locator('.js-plotly-plot').first()).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('Escape'); // the first one stops a map that is still computed
    await expect(dialog).toBeHidden({ timeout: 1000 });
  }).toPass();

  // data from a file, looked at before it is taken
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['a,b\n1,2\n3,4\n'], 'small.csv', { type: 'text/csv' }));
    const editor = document.querySelector('.cm-content'); // which takes files of its own, if it is let
    editor?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(dialog.getByRole('table', { name: 'First rows of the file' })).toBeVisible();
  await page.keyboard.press('Escape');

  // sharing: every tab, and every file
  await button(page, 'Share').click();
  await expect(dialog.getByRole('img', { name: 'The link as a QR code' })).toBeVisible();
  await dialog.getByRole('tab', { name: 'Embed' }).click();
  await expect(dialog.getByRole('img', { name: 'The badge: open in Feasible' })).toBeVisible();
  await dialog.getByRole('tab', { name: 'Export' }).click();
  const saves = dialog.getByRole('button', { name: /^Save: / });
  const files = new Map<string, string>();
  for (let k = 0; k < (await saves.count()); k++) {
    const [file] = await Promise.all([page.waitForEvent('download'), saves.nth(k).click()]);
    files.set(file.suggestedFilename(), readFileSync(await file.path(), 'utf8'));
  }
  expect([...files.keys()].map((name) => name.slice(name.indexOf('.')))).toEqual([
    ...['.py', '.numpy.py', '.jax.py', '.csv', '.runs.json', '.tex', '.png', '.svg', '.html', '.feasible.json'],
  ]);
  await page.keyboard.press('Escape');

  // a lesson, and the picture in a frame of its own
  const link = await page.evaluate(() => window.feasible.link());
  await page.goto('about:blank');
  await openPage(page, '#lesson=roads-to-the-simplex.1');
  await expect(page.getByRole('region', { name: /^Lesson: / })).toBeVisible();
  await expect(plot).toBeVisible();
  await expectNothingElse(page, watched);
  await page.goto('about:blank');
  await page.goto(`./?embed=1${link}`);
  await expect(plot).toBeVisible();
  await expectNothingElse(page, watched);

  // the exported page has a policy of its own, and is whole without anything else
  const html = files.get('every-screen.html') ?? '';
  await page.route('**/saved.html', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('about:blank'); // what the frame still fetched is no request of the page
  const before = watched.requests.length;
  await page.goto('./saved.html');
  await expect(page.getByRole('heading', { name: 'every screen' })).toBeVisible();
  expect(await page.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  expect(watched.requests.slice(before).filter((url) => !/^data:|saved\.html$/.test(url))).toEqual([]);
  await expectNothingElse(page, watched);
});
