/** The page that measures the visitor's machine: it keeps the policy, measures what was chosen, saves it, and stops when told. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { EVAL, watch } from './support/policy.ts';

/** Other libraries, where they are installed beside the bench: they take minutes on a slow adapter, and are not what this is about. */
const PEERS = /\/bench\/assets\/(?:jax|tfjs|ort)-[^/]*\.js$/;

test('a visitor measures, saves the report, and cancels', async ({ page }) => {
  const { complaints, requests } = await watch(page);
  await page.route(PEERS, (route) => route.abort());
  await page.goto('./bench/');
  await expect(page.getByText(/^GPU: /)).toContainText('Browser: ');
  for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('alert')).toHaveText('Choose at least one thing to measure.');

  await page.getByRole('checkbox', { name: '1,000 steps, result read back' }).check();
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  const first = page.getByRole('img', { name: /^1000 steps .* Feasible, from text [\d.]+ ms/ });
  await expect(first).toBeVisible({ timeout: 200_000 });
  await expect(page.getByRole('img', { name: /^The same, 32 runs at once/ })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'written by hand' })).toHaveCount(2); // one run, and many at once
  const [json] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save as JSON' }).click(),
  ]);
  const report = JSON.parse(await readFile(await json.path(), 'utf8'));
  expect(report.contests[0].columns[0].name).toBe('Feasible, from text');
  expect(report.adapter).not.toBe('');
  const [markdown] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save as Markdown' }).click(),
  ]);
  expect(await readFile(await markdown.path(), 'utf8')).toContain('| Feasible, from text |');

  await page.getByRole('checkbox', { name: '10,000 steps, one start' }).check();
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert')).toContainText('Cancelled.');
  await expect(page.getByRole('button', { name: 'Measure' })).toBeEnabled();

  expect(complaints).toEqual([]);
  const { violations } = await page.evaluate(() => window.observed);
  expect(violations.filter((address) => address !== EVAL)).toEqual([]); // the probe of `watch` alone
  const { origin } = new URL(page.url());
  expect(requests.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin)).toEqual([]);
});
