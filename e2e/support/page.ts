/** What the stories and comparisons share: the page's API, called from a test. */
import type { Page } from '@playwright/test';
import type { Experiment, RunResult } from '../../src/app/api/types.ts';
import type { ExecutorChoice } from '../../src/core/run/run.ts';

/** Opens the page (with a link, if given) and waits until it takes calls and keys: the frame of before is gone. */
export async function openPage(page: Page, hash = ''): Promise<void> {
  await page.goto(`./${hash}`);
  await page.waitForFunction(() => 'feasible' in window && !document.querySelector('.first, [aria-busy="true"]'));
}

export async function loadAndRun(
  page: Page,
  experiment: Experiment,
  executor: ExecutorChoice,
): Promise<readonly RunResult[]> {
  return page.evaluate(
    async ([given, choice]) => {
      const loaded = await window.feasible.load(given);
      if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
      return window.feasible.run({ executor: choice });
    },
    [experiment, executor] as const,
  );
}
