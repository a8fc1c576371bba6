/** A map of starts: a click adds the run of its point, with a start of its own; numbers do the same without a click. */
import { expect, test } from '@playwright/test';
import type { Experiment } from '../src/app/api/types.ts';
import { openPage } from './support/page.ts';

const valleys: Experiment = {
  version: 1,
  problem: 'param x = 0.2\nparam y = 0\nminimize (x^2 - 1)^2 + (y - 2)^2 + 0.3*x\nsubject to\n  y <= 1',
  runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 } }],
  swarm: {
    sample: 'grid',
    size: [20, 20],
    over: [
      { axis: 'x', from: -2, to: 2 },
      { axis: 'y', from: -2, to: 2 },
    ],
  },
};

test('a click on the map adds that start as a run, and so do numbers', async ({ page }) => {
  await openPage(page);
  await page.evaluate(async (given) => {
    await window.feasible.load(given);
    await window.feasible.run();
  }, valleys);
  const experiment = (): Promise<Experiment> =>
    page.evaluate(async () => JSON.parse(String(await window.feasible.export('json'))));
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await page.getByRole('button', { name: 'Compute the map' }).click();
  await expect(page.getByText(/of 400 starts arrive, at 2 points/)).toBeVisible();
  const plot = page.getByLabel('What became of each start');
  const pointAtLeft = async (aside: number) => {
    const box = await plot.boundingBox();
    if (!box) throw new Error('the map has a place');
    await page.mouse.move(box.x + 0.3 * box.width + aside, box.y + 0.5 * box.height);
  };
  await expect(async () => {
    await pointAtLeft(2); // a pointer that stands is not heard
    await pointAtLeft(0);
    await expect(plot.locator('.hoverlayer .hovertext').first()).toBeVisible({ timeout: 2000 });
  }, 'the finished map is drawn, and hears the pointer').toPass();
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByText(/^Added: Projected gradient from/)).toBeVisible();
  await page.getByRole('textbox', { name: 'x', exact: true }).fill('1.5');
  await page.getByRole('button', { name: 'Add a run there' }).click();
  await expect.poll(async () => (await experiment()).runs?.length).toBe(3);
  const { runs = [], problem } = await experiment();
  expect(problem, 'the start of the text stays').toBe(valleys.problem);
  expect(runs[0]?.start).toBeUndefined();
  expect(runs[1]?.start?.[0]).toBeLessThan(0);
  expect(runs[2]?.start?.[0]).toBe(1.5);
  const results = await page.evaluate(() => window.feasible.run());
  expect(results.map(({ iterates }) => iterates[0]?.[0])).toEqual(
    [0.2, ...runs.slice(1).map(({ start }) => start?.[0])].map((x) => expect.closeTo(x ?? 0, 5)),
  );
  expect(results.map(({ iterates }) => Math.sign(iterates.at(-1)?.[0] ?? 0))).toEqual([1, -1, 1]);

  await page.getByText('moves the start', { exact: true }).click();
  await page.getByRole('button', { name: 'Start there' }).click();
  await expect.poll(async () => (await experiment()).problem).toContain('param x = 1.5');
});
