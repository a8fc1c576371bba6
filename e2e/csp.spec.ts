import { expect, type Page, test } from '@playwright/test';

/** The address in a violation by `new Function` and the like. */
const EVAL = 'eval';

declare global {
  interface Window {
    observed: { violations: string[]; probe: string };
  }
}

/**
 * Watches a page from its first moment: violations of the policy, what the browser logs about it (workers report only
 * there), and requests. A timer of the page tries `new Function`: Playwright's own `evaluate` is let past the policy.
 */
async function watch(page: Page) {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.context().on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  await page.addInitScript(() => {
    window.observed = { violations: [], probe: 'not tried' };
    document.addEventListener('securitypolicyviolation', (event) => {
      window.observed.violations.push(event.blockedURI);
    });
    addEventListener('load', () => {
      setTimeout(() => {
        try {
          window.observed.probe = String(new Function('return 6 * 7')());
        } catch (error) {
          window.observed.probe = error instanceof Error ? error.name : 'thrown';
        }
      }, 0);
    });
  });
  return { requests, complaints };
}

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
