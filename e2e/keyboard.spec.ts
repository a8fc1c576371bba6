/** Without a pointer, and without motion. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

/** More controls than any screen has. */
const MOST_TABS = 80;

/** Whatever has the focus, with a ring around it that one sees. */
async function expectSeenFocus(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return 'none';
    const { width, height } = focused.getBoundingClientRect();
    return focused.matches(':focus-visible') && width > 0 && height > 0 ? 'seen' : focused.outerHTML.slice(0, 120);
  });
  expect(seen).toBe('seen');
}

/** Tab by Tab to one control; at each stop the focus is to be seen. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const isThere = () => wanted.evaluate((element) => element === document.activeElement);
  for (let k = 0; k < MOST_TABS; k++) {
    await page.keyboard.press('Tab');
    await expectSeenFocus(page);
    if (await isThere()) return;
  }
  expect(await isThere(), 'reached by Tab').toBe(true);
}

test('with the keyboard alone one comes from the first look to a copied link', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPage(page);
  const title = page.getByRole('textbox', { name: 'Title of the experiment' });
  await tabTo(page, title);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('By keys alone');
  const editor = page.getByRole('textbox', { name: /^Problem:/ });
  await tabTo(page, editor);
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n  x >= -3');
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Find a command' }).waitFor();
  await page.keyboard.type('share');
  await page.keyboard.press('Enter');
  const copy = page.getByRole('button', { name: 'Copy link' });
  await copy.waitFor();
  await tabTo(page, copy);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/#e=1g\./);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('Escape');
  await expect(copy).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeFocused();
  await tabTo(page, editor);
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Find a command' }).waitFor();
  await page.keyboard.press('Escape');
  await expect(editor).toBeFocused();

  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole('textbox', { name: 'Title of the experiment' })).toHaveValue('By keys alone');
  await expect(other.getByRole('textbox', { name: /^Problem:/ })).toContainText('x >= -3');
});

test('with less motion wanted everything stands until it is played', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openPage(page);
  const play = page.getByRole('button', { name: 'Play', exact: true });
  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  await expect(play).toBeEnabled();
  await expect(pause).toHaveCount(0);
  await play.click();
  await expect(pause).toBeVisible();
  const playhead = page.getByRole('slider', { name: 'Step' });
  await playhead.press('End'); // taken by the slider, it stays where the hand puts it
  await expect(play).toBeVisible();
  await expect(playhead).toHaveAttribute('aria-valuetext', /^step (\d+) of \1$/);
  await expect(playhead).toHaveValue('1000');
  await playhead.press('Home');
  await playhead.press('Shift+ArrowRight');
  await playhead.press('ArrowLeft');
  await expect(playhead).toHaveAttribute('aria-valuetext', /^step 9 of /);
});
