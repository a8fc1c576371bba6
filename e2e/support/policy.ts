/** What a page does against its Content-Security-Policy, and what it asks for. */
import { expect, type Page } from '@playwright/test';

/** The address in a violation by `new Function` and the like. */
export const EVAL = 'eval';

declare global {
  interface Window {
    observed: { violations: string[]; probe: string };
  }
}

/**
 * Watches a page from its first moment: violations of the policy, what the browser logs about it (workers report only
 * there), and requests. A timer of the page tries `new Function`: Playwright's own `evaluate` is let past the policy.
 */
export async function watch(page: Page) {
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

/** Nothing but the deliberate probe was against the policy, and nothing was asked of another origin. */
export async function expectNothingElse(page: Page, { requests, complaints }: Awaited<ReturnType<typeof watch>>) {
  const { violations } = await page.evaluate(() => window.observed);
  expect(violations.filter((uri) => uri !== EVAL)).toEqual([]);
  expect(complaints.filter((text) => !/unsafe-eval|'eval'|string as JavaScript/.test(text))).toEqual([]);
  const { origin } = new URL(page.url());
  expect(requests.filter((url) => !/^(data|blob|about):/.test(url) && new URL(url).origin !== origin)).toEqual([]);
}
