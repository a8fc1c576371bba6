/** The lines of the constraints: dragged, moved by keys, placed by a click; each writes a number of the text. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { atRest, loadAndRun, openPage, takeInHand } from './support/page.ts';

const side = (page: Page): Locator => page.getByRole('button', { name: /^Constraint .*x <= / });

const textOf = (page: Page): Promise<string> =>
  page.evaluate(async () => JSON.parse(String(await window.feasible.export('json'))).problem);

const bound = async (page: Page): Promise<number> => Number(/0 <= x <= (\S+)/.exec(await textOf(page))?.[1]);

const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).click();

/** Where the clamped run ends: on the side of the box. */
const end = (page: Page) => page.evaluate(async () => (await window.feasible.run())[0]?.iterates.at(-1)?.[0]);

test('a side of the box is dragged, moved by keys and placed by a click', async ({ page }) => {
  await openPage(page);
  const at = await takeInHand(page, side(page));
  await page.mouse.move(at.x - 44, at.y, { steps: 5 });
  await expect.poll(() => bound(page)).toBeLessThan(1);
  await page.mouse.move(at.x - 114, at.y, { steps: 5 });
  await expect(side(page), 'in the hand until it is let go').toBeVisible();
  await expect.poll(() => bound(page)).toBeLessThan(0.85);
  await atRest(() => bound(page)); // the last movement is written, too: it belongs to the drag
  await page.mouse.up();
  await expect.poll(async () => Math.abs(((await end(page)) ?? 0) - (await bound(page)))).toBeLessThan(1e-5);
  await undo(page); // the whole drag
  await expect.poll(() => bound(page)).toBe(1);
  const back = async () => {
    const box = await side(page).boundingBox();
    return Math.abs((box ? box.x + box.width / 2 : 0) - at.x);
  };
  await expect.poll(back, 'the arrow is on the line again').toBeLessThan(2);

  await side(page).press('ArrowRight');
  await expect.poll(() => bound(page)).toBeGreaterThan(1);
  const step = (await bound(page)) - 1;
  for (let k = 0; k < 2; k++) await page.keyboard.press('ArrowRight'); // faster than the text is read: none is lost
  await expect.poll(() => bound(page)).toBeCloseTo(1 + 3 * step, 6);
  const undone = async () => {
    await undo(page);
    return bound(page);
  };
  await expect.poll(undone, 'one step of the history, or one each').toBe(1);
  await expect.poll(back).toBeLessThan(2);

  await side(page).click();
  const layer = page.getByRole('button', { name: 'Let the constraint pass here' });
  const box = await layer.boundingBox();
  if (!box) throw new Error('the layer has a place');
  await layer.click({ position: { x: 0.3 * box.width, y: 0.4 * box.height } });
  await expect(layer).toBeHidden();
  await expect.poll(() => bound(page)).toBeLessThan(0.8);
});

test('a problem with fewer parameters takes the place of another, and its lines can be taken', async ({ page }) => {
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  await openPage(page);
  const many = 'param p[6] = 0.1\nminimize sum(p^2)\nsubject to\n  p[0] + p[1] = 1\n  p[1] >= 0.1';
  await loadAndRun(page, { version: 1, problem: many, runs: [{ method: 'projected-gradient', steps: 50 }] }, 'fused');
  await expect(page.getByRole('button', { name: /^Constraint .*p\[0\]/ }).first()).toBeVisible();
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('param x = 0, y = 1\nminimize x^2 + y^2\nsubject to\n  x + y = 1\n  y >= 0.2');
  await expect(page.getByRole('button', { name: /^Constraint .*x \+ y/ })).toBeVisible();
  expect(faults).toEqual([]);
});
