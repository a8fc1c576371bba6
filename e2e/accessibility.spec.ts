/** axe-core on the main screens, in both themes: WCAG 2.2 A and AA. */
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

const withRemark = `#e=1g.${gzipSync(
  JSON.stringify({
    version: 1,
    problem: 'minimize (x - 2)^2 + y^2 subject to x + y <= 1',
    runs: [{ method: 'magic' }, { method: 'penalty' }],
  }),
).toString('base64url')}`;

interface Screen {
  readonly name: string;
  readonly hash: string;
  open?(page: Page): Promise<void>;
}

const MAIN: readonly Screen[] = [
  { name: 'the playground', hash: '' },
  { name: 'a link with a remark', hash: withRemark },
  { name: 'a lesson with a question', hash: '#lesson=corner-of-the-box.1' },
];

/** With `npm run test:full`. */
const FURTHER: readonly Screen[] = [
  {
    name: 'the list of lessons',
    hash: '',
    open: (page) => page.getByRole('button', { name: 'Lessons' }).click(),
  },
  { name: 'a lesson with a task', hash: '#lesson=walk-on-a-line.2' },
];

const SCREENS = process.env.FEASIBLE_FULL ? [...MAIN, ...FURTHER] : MAIN;

for (const scheme of ['light', 'dark'] as const)
  for (const size of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    test(`${scheme}, ${size.width} wide`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(size);
      for (const { name, hash, open } of SCREENS) {
        await page.goto('about:blank');
        await openPage(page, hash);
        await expect(page.getByLabel(/^Trajectories over /)).toBeVisible();
        await open?.(page);
        await page.waitForTimeout(500); // a dialog fades in: colours are read when they are there
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
          .analyze();
        const found = violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        expect(found).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
      }
    });

for (const scheme of ['light', 'dark'] as const)
  for (const asked of [{ contrast: 'more' }, { forcedColors: 'active' }] as const)
    test(`more contrast, ${scheme}: ${Object.values(asked)[0] ?? ''}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce', ...asked });
      await openPage(page);
      await expect(page.getByLabel(/^Trajectories over /)).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    });
