import type { Page } from '@playwright/test';
import axe from 'axe-core';

declare global {
  interface Window {
    /** Once its source was evaluated there. */
    axe: typeof axe;
  }
}

const CONFORMANCE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * What axe-core finds against WCAG 2.2 A and AA in one element of the page: each rule with the elements that break it.
 * In the page itself, without frames, of which it has none: @axe-core/playwright opens a window of its own each time.
 */
export async function accessibilityFaults(page: Page, within = 'html'): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(`${axe.source}; undefined`);
  return page.evaluate(
    async ([selector, values]) => {
      const frames = [...document.querySelectorAll(`${selector} iframe`)].map(
        ({ outerHTML }) => `a frame: ${outerHTML}`,
      );
      const { violations } = await window.axe.run(selector, {
        runOnly: { type: 'tag', values },
        resultTypes: ['violations'],
      });
      return [...frames, ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)];
    },
    [within, CONFORMANCE] as const,
  );
}
