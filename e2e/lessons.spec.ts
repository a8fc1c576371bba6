/** Every lesson from its first step to its last, as a reader goes through it: a guess, the answer, the task. */
import { readdirSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

/** Each task is solved by the tests of the lessons; here, as a reader does it, the last one of a lesson, and all of them in the full tests. */
const solvesAll = process.env.FEASIBLE_FULL !== undefined;

const ids = readdirSync('src/catalog/lessons').map((file) => file.replace(/\.ts$/, ''));

test('the list opens a lesson; a reload stays in it; leaving it brings back what was open', async ({ page }) => {
  await openPage(page);
  const title = page.getByRole('textbox', { name: 'Title of the experiment' });
  const before = await title.inputValue();
  await page.getByRole('button', { name: 'Lessons' }).click();
  await page.getByRole('button', { name: /Corner of the box/ }).click();
  await expect(page.getByRole('region', { name: /^Lesson: / })).toContainText('Step 1 of 3');
  await expect(title).not.toHaveValue(before);
  const lesson = page.getByRole('region', { name: /^Lesson: / });
  await lesson.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/#lesson=corner-of-the-box\.2$/);
  await page.reload();
  await expect(lesson).toContainText('Step 2 of 3');
  await title.fill('My own corner');
  await expect(page).toHaveURL(/#lesson=corner-of-the-box\.2&e=/);
  await page.reload();
  await expect(title).toHaveValue('My own corner');
  await expect(lesson).toContainText('Step 2 of 3');
  await page.getByRole('button', { name: 'Leave the lesson' }).click();
  await expect(title).toHaveValue(before);
  await page.goBack();
  await expect(title).toHaveValue('My own corner');
  await expect(lesson).toContainText('Step 2 of 3');
});

test.describe('each lesson, in one page', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await openPage(page);
  });
  test.afterAll(() => page.close());

  for (const id of ids)
    test(`lesson ${id}`, async () => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#lesson=${id}.1`);
      const lesson = page.getByRole('region', { name: /^Lesson: / });
      await expect(lesson).toContainText(/Step 1 of \d/);
      const [, count] = /Step 1 of (\d)/.exec((await lesson.textContent()) ?? '') ?? [];
      for (let step = 1; step <= Number(count); step++) {
        await expect(lesson).toContainText(`Step ${step} of ${count}`);
        await expect(page.getByText('Not run', { exact: true }).first()).toBeVisible(); // the answer is not given away
        const option = lesson.getByRole('radio').first();
        if (await option.isVisible()) await option.check();
        else for (const field of await lesson.getByRole('textbox').all()) await field.fill('0.75');
        const picture = page.getByRole('button', { name: 'Guess here' }); // a question for a point is answered there, too
        const answer = lesson.getByRole('status').first();
        if ((await picture.count()) > 0)
          await expect(async () => {
            // the picture of the lesson before may give way to this one between press and release
            if (await picture.isVisible()) await picture.click({ position: { x: 40, y: 40 }, timeout: 3000 });
            await expect(answer).toBeVisible({ timeout: 3000 });
          }).toPass();
        else await lesson.getByRole('button', { name: 'Check my guess' }).click();
        await expect(answer).toContainText(/^(Right|Not quite|You said)/);
        await expect(lesson.getByText('Your turn.')).toBeVisible();
        if (solvesAll || step === Number(count)) {
          await lesson.getByRole('button', { name: 'Hint' }).click();
          await lesson.getByRole('button', { name: 'Show a solution' }).click();
          await expect(lesson.getByText('Done. That is it.')).toBeVisible();
        }
        if (step < Number(count)) await lesson.getByRole('button', { name: 'Next' }).click();
      }
      expect(Number(count)).toBeGreaterThan(1);
      await lesson.getByRole('button', { name: 'Leave the lesson' }).click();
      await expect(lesson).toHaveCount(0); // what the next test sees is its own
    });
});

test('a link to a lesson that there is not says so', async ({ page }) => {
  await openPage(page, '#lesson=no-such-lesson.1');
  await expect(page.getByRole('alert')).toContainText('no-such-lesson');
});
