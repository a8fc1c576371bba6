import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';
import { EVAL, expectNothingElse, watch } from './support/policy.ts';

/** `policies`: how many the page has (header, meta element); each reports the one deliberate violation, and no other. */
async function expectPolicyHolds(page: Page, policies: number, watched: Awaited<ReturnType<typeof watch>>) {
  const { requests, complaints } = watched;
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.observed.probe)).toBe('EvalError');
  await page.waitForLoadState('networkidle');

  const { violations } = await page.evaluate(() => window.observed);
  expect(violations).toEqual(Array(policies).fill(EVAL));
  expect(complaints).toEqual([]);

  const { origin } = new URL(page.url());
  expect(requests.length).toBeGreaterThan(1);
  expect(requests.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin)).toEqual([]);
}

test('the built page keeps its Content-Security-Policy and asks no other origin', async ({ page }) => {
  const seen = await watch(page);
  const headers = await page.request.get('./').then((response) => response.headers());
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
  await expectPolicyHolds(page, 2, seen);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toBe(headers['content-security-policy']);
  expect(policy).not.toMatch(/'unsafe-eval'|script-src[^;]*'unsafe-inline'|https?:/);
});

test('the policy holds on hosts that set no headers', async ({ page }) => {
  const seen = await watch(page);
  await page.route('./', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { 'content-type': 'text/html' } });
  });
  await expectPolicyHolds(page, 1, seen);
});

/** Strings that would run, load or break out wherever text is taken for more than text. */
const HOSTILE = `"><img src=//evil.example/x onerror=window.pwned=1><script>window.pwned=1</script><a href="javascript:window.pwned=1">x</a>\u202e\${7*7}`;

test('hostile texts are texts on every screen, and no screen breaks the policy', async ({ page }) => {
  const watched = await watch(page);
  await openPage(page);
  await page.evaluate(async (text) => {
    const loaded = await window.feasible.load({
      version: 1,
      title: text.slice(0, 200),
      notes: text,
      problem: `param a = 0\nparam b = 0\nminimize (a - 1)^2 + b^2 # ${text}\nsubject to\n  tie: a + b = 0.5\n  a >= 0`,
      runs: [
        { method: 'projected-gradient', label: text.slice(0, 200), steps: 50 },
        { method: text.slice(0, 200), optimizer: { kind: text.slice(0, 200) } },
      ],
      view: { hide: [text.slice(0, 200)] },
    });
    if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join());
    await window.feasible.run({ executor: 'reference' });
    for (const kind of ['json', 'csv', 'svg', 'png', 'pytorch'] as const) await window.feasible.export(kind);
  }, HOSTILE);
  await page.getByRole('button', { name: 'Share' }).click();
  for (const tab of ['Embed', 'Export', 'Link']) await page.getByRole('tab', { name: tab, exact: true }).click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('tab', { name: 'Export', exact: true })
      .click()
      .then(() => page.getByRole('button', { name: 'Save: Picture as a page (HTML)' }).click()),
  ]);
  expect(saved.suggestedFilename()).toMatch(/^[\p{L}\p{N}-]+\.html$/u);
  await page.keyboard.press('Escape');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Lessons' }).click();
  await expect(dialog.getByText('Tied weights').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Control+K');
  await expect(page.getByRole('textbox', { name: 'Find a command' })).toBeVisible();
  await page.keyboard.press('Escape');
  const link = await page.evaluate(() => window.feasible.link());
  await page.goto('about:blank');
  await page.goto(`./?embed=1${link}`);
  await expect(page.getByRole('link', { name: 'Open in Feasible' })).toBeVisible();
  await expect(page.locator('.js-plotly-plot').first()).toBeVisible();
  await page.waitForLoadState('networkidle'); // a picture of the text would have been asked for, and have failed
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  await expectNothingElse(page, watched);
  expect(watched.requests.filter((url) => url.includes('evil'))).toEqual([]);
});
