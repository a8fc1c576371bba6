/** The start of the runs: dragged, placed by a click, moved by keys, typed as numbers; on a curve, in a plane, as a matrix. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import type { Experiment } from '../src/app/api/types.ts';
import { atRest, openPage, takeInHand } from './support/page.ts';

const handle = (page: Page): Locator => page.getByRole('button', { name: /^Start: / });

const textOf = (page: Page): Promise<string> =>
  page.evaluate(async () => JSON.parse(String(await window.feasible.export('json'))).problem);

/** The numbers that the text gives as the start of x, y. */
async function startIn(page: Page, names: readonly string[]): Promise<number[]> {
  const text = await textOf(page);
  return names.map((name) => Number(new RegExp(`^param ${name} = (\\S+)`, 'm').exec(text)?.[1]));
}

/** The first loss of the first run: of the start it ran from. */
const firstLoss = (page: Page): Promise<number | undefined> =>
  page.evaluate(async () => (await window.feasible.run())[0]?.loss[0]);

async function load(page: Page, experiment: Experiment): Promise<void> {
  const opened = await page.evaluate(async (given) => {
    const result = await window.feasible.load(given);
    if (result.ok) await window.feasible.run();
    return result.ok;
  }, experiment);
  expect(opened).toBe(true);
  await expect(page.getByLabel(/^Trajectories over /)).toBeVisible();
}

const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 40 } as const;

test('a click on the start and a click in the picture place it, without a drag', async ({ page }) => {
  await openPage(page);
  await expect(handle(page)).toBeVisible();
  await handle(page).click();
  const layer = page.getByRole('button', { name: 'Place the start here' });
  await expect(layer).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(layer).toBeHidden();
  await handle(page).click();
  const box = await layer.boundingBox();
  if (!box) throw new Error('the layer has a place');
  await layer.click({ position: { x: 0.7 * box.width, y: 0.5 * box.height } });
  await expect(layer).toBeHidden();
  await expect.poll(() => startIn(page, ['x', 'y'])).not.toEqual([0.2, 0.9]);
  const [x = 0, y = 0] = await startIn(page, ['x', 'y']);
  expect(await firstLoss(page)).toBeCloseTo(((x - 2) ** 2 + 3 * (y - 0.4) ** 2) / 2, 5);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => startIn(page, ['x', 'y'])).toEqual([0.2, 0.9]);
});

test('numbers are typed exactly, and the runs follow', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'Start…' }).click();
  const field = page.getByRole('textbox', { name: 'Start of x' });
  await field.fill('0.123456789');
  await expect.poll(() => startIn(page, ['x', 'y'])).toEqual([0.123456789, 0.9]);
  await expect.poll(() => firstLoss(page)).toBeCloseTo(((0.123456789 - 2) ** 2 + 3 * 0.25) / 2, 5);
  await field.press('ArrowUp');
  await expect.poll(async () => (await startIn(page, ['x']))[0]).toBeCloseTo(0.223456789, 9);
  await page.getByRole('button', { name: 'Place by a click' }).click();
  await expect(page.getByRole('button', { name: 'Place the start here' })).toBeVisible();
});

test('entries of a matrix have fields of their own; a random start is drawn again', async ({ page }) => {
  await openPage(page);
  await load(page, {
    version: 1,
    problem: 'param V[2,2] = [[1, 1/3], [0, 2]]\nparam w[2] ~ normal(0, 1)\nminimize sum(V*V) + sum(w*w)',
    runs: [run],
  });
  await page.getByRole('button', { name: 'Start…' }).click();
  await page.getByRole('textbox', { name: 'Start of V[1,0]' }).fill('-4');
  await expect.poll(() => textOf(page)).toContain('param V[2,2] = [[1, 1/3], [-4, 2]]');
  const first = await page.getByRole('textbox', { name: 'Start of w[0]' }).inputValue();
  await page.getByRole('button', { name: 'Draw again (seed 0)' }).click();
  await expect(page.getByRole('textbox', { name: 'Start of w[0]' })).not.toHaveValue(first);
});

test('of one parameter the start is dragged along the loss, and moved by arrows', async ({ page }) => {
  await openPage(page);
  await load(page, { version: 1, problem: 'param x = 3\nminimize (x - 1)^2\nsubject to\n  x <= 4', runs: [run] });
  await expect(handle(page)).toHaveAccessibleName(/^Start: x 3\. /);
  const before = await takeInHand(page, handle(page));
  await page.mouse.move(before.x - 74, before.y - 214, { steps: 8 });
  await expect(handle(page), 'in the hand until it is let go').toBeVisible();
  await expect.poll(async () => (await startIn(page, ['x']))[0]).toBeLessThan(2.9);
  await atRest(() => startIn(page, ['x'])); // the last movement is written
  await page.mouse.up();
  await expect
    .poll(async () => {
      const [x = 0] = await startIn(page, ['x']);
      return Math.abs(((await firstLoss(page)) ?? Number.NaN) - (x - 1) ** 2);
    })
    .toBeLessThan(1e-5);
  const [dragged = 0] = await startIn(page, ['x']);
  await expect(handle(page)).toHaveAccessibleName(new RegExp(`^Start: x ${dragged}\\. `));
  await handle(page).press('ArrowRight');
  await expect.poll(async () => (await startIn(page, ['x']))[0]).toBeGreaterThan(dragged);
  const after = await takeInHand(page, handle(page));
  await page.mouse.move(after.x + 386, after.y - 14, { steps: 8 });
  await expect(handle(page), 'in the hand where the loss leaves the picture').toBeVisible();
  const aside = (page.viewportSize()?.width ?? 1280) - 20;
  await page.mouse.move(aside, after.y);
  const edge = await atRest(() => startIn(page, ['x']));
  await page.mouse.move(aside + 10, after.y, { steps: 5 });
  expect(await atRest(() => startIn(page, ['x'])), 'waits at the edge for a hand beyond it').toEqual(edge);
  await page.mouse.up();
  await expect(page.locator('[data-held]'), 'let go').toHaveCount(0);
});
