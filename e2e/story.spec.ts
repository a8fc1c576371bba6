/** What a person lives through on the page, from the first look to a shared link. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import type { Experiment } from '../src/app/api/types.ts';
import { openPage } from './support/page.ts';

const editor = (page: Page): Locator => page.getByRole('textbox', { name: /^Problem:/ });
const title = (page: Page): Locator => page.getByRole('textbox', { name: 'Title of the experiment' });
const figure = (page: Page): Locator => page.getByLabel(/^Trajectories over /);
const diagnostics = (page: Page): Locator => page.getByRole('list', { name: 'What the text says that needs a look' });
const computedOn = (page: Page): Locator => page.getByRole('button', { name: /^Computed on:/ });

/** The last loss of each run, as the cards show it. */
const losses = (page: Page): Promise<string[]> =>
  page.getByRole('region', { name: 'Runs' }).locator('dl > div:first-child > dd').allTextContents();

async function lossesWhenDone(page: Page, count: number): Promise<string[]> {
  await expect.poll(async () => (await losses(page)).length).toBeGreaterThanOrEqual(count);
  await expect(page.getByText('Running', { exact: true })).toHaveCount(0); // only now: before the first record none runs yet
  return losses(page);
}

/** The page with its first experiment drawn and done. */
async function openFirst(page: Page): Promise<string[]> {
  await openPage(page);
  await expect(figure(page)).toBeVisible();
  return lossesWhenDone(page, 3);
}

async function textOf(page: Page): Promise<string> {
  return (await page.evaluate(async () => JSON.parse(String(await window.feasible.export('json'))))).problem;
}

/** Replaces one part of the text, as somebody who selects it and types; the page has read it. */
async function retype(page: Page, from: string, to: string): Promise<void> {
  const text = await textOf(page);
  expect(text).toContain(from);
  const retyped = text.replace(from, to);
  await editor(page).fill(retyped);
  await expect.poll(async () => (await textOf(page)).trimEnd()).toBe(retyped.trimEnd()); // the editor may end a line more
}

/** Opens an experiment; its text is in the editor, where keys are about to change it. */
async function load(page: Page, experiment: Experiment): Promise<void> {
  const loaded = await page.evaluate((given) => window.feasible.load(given), experiment);
  expect(loaded.ok).toBe(true);
  await expect(editor(page)).toContainText('minimize');
  await expect(title(page)).toHaveValue(experiment.title ?? '');
}

const named = (name: string): Experiment => ({
  version: 1,
  title: name,
  problem: 'param a = 1\nparam b = 3\nminimize a^2 + b^2\nsubject to\n  a + b = 1\n',
  runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 } }],
});

test.use({ contextOptions: { reducedMotion: 'no-preference' } });

test('the page opens with three runs that are drawn and move', async ({ page }) => {
  await openFirst(page);
  await expect(figure(page)).toHaveAccessibleName(/^Trajectories over x, y(.*steps){3}/);
  const moving = page.getByRole('main').locator('canvas').last();
  const pixels = () => moving.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const before = await pixels();
  await expect.poll(pixels).not.toBe(before);
  await expect(computedOn(page)).toHaveAccessibleName(/GPU|CPU/);
});

test('a number changed in the text changes the results', async ({ page }) => {
  const before = await openFirst(page);
  await retype(page, '(x - 2)', '(x - 4)');
  await expect.poll(() => losses(page)).not.toEqual(before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => losses(page)).toEqual(before);
});

for (const [name, width] of [
  ['on a desk', 1280],
  ['on a phone', 390],
] as const) {
  test(`a number under the cursor has a slider that writes the text, ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await openPage(page);
    await load(page, named('A slider'));
    await editor(page).click();
    await page.keyboard.press('Control+Home');
    await expect(page.getByRole('slider', { name: /^The number/ })).toHaveCount(0);
    await page.keyboard.press('End');
    await page.getByRole('slider', { name: 'The number 1 in line 1' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('slider', { name: 'The number 1.2 in line 1' })).toBeVisible();
    await expect.poll(() => textOf(page)).toContain('param a = 1.2\n');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => textOf(page)).toContain('param a = 1\n');
  });
}

/** `press`: by a click or by a touch. The list of constraints is open. */
async function changeConstraints(page: Page, problem: string, press: (button: Locator) => Promise<void>) {
  const list = page.getByRole('region', { name: 'Constraints' });
  const own = list.getByRole('switch', { name: 'Use b >= 0' });
  await press(own);
  await expect(own).not.toBeChecked();
  expect(await textOf(page)).toMatch(/\n {2}# b >= 0\n$/);
  const choose = async (item: string) => {
    await press(list.getByRole('button', { name: 'More for b >= 0' }).last());
    await press(page.getByRole('menuitem', { name: item }));
  };
  await choose('Duplicate');
  await expect(list.getByRole('switch')).toHaveCount(3);
  await press(list.getByRole('switch').last());
  await choose('Move up');
  await expect.poll(() => textOf(page)).toMatch(/\n {2}b >= 0\n {2}# b >= 0\n$/);
  for (const _ of ['moved', 'taken back', 'duplicated', 'left out'])
    await press(page.getByRole('button', { name: 'Undo' })); // each is a step of its own
  await expect.poll(() => textOf(page)).toBe(problem);
}

const listed = `${named('').problem}  b >= 0\n`;

test('constraints are left out, copied and moved without typing', async ({ page }) => {
  await openPage(page);
  await load(page, { ...named('A list'), problem: listed });
  await page.getByRole('button', { name: /^Constraints/ }).click();
  await changeConstraints(page, listed, (button) => button.click());
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('constraints are left out, copied and moved by a thumb, and the page stays where it is', async ({ page }) => {
    await openPage(page);
    await load(page, { ...named('A list'), problem: listed });
    const notice = page.getByText(/waits/);
    const first = page.getByRole('switch', { name: 'Use a + b = 1' });
    await expect(notice).toBeVisible();
    await expect(page.getByText('Begin with')).toBeVisible(); // the page has its length, and what comes late has come:
    await expect(
      page.getByRole('region', { name: 'The problem as a formula' }).locator('.katex').first(),
    ).toBeVisible();
    await page.evaluate(() => scrollTo(0, 300)); // the list is in sight, the end of the page is not
    await first.tap();
    await expect(notice).toHaveCount(0);
    expect(await page.evaluate(() => scrollY)).toBe(300);
    await page.getByRole('button', { name: 'Undo' }).tap();
    await changeConstraints(page, listed, (button) => button.tap());
  });
});

test('lines are moved and copied by keys', async ({ page }) => {
  await openPage(page);
  await load(page, named('Lines'));
  await editor(page).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(() => textOf(page)).toMatch(/^param b = 3\nparam a = 1\nminimize/);
  await page.keyboard.press('Control+End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await expect.poll(() => textOf(page)).toMatch(/ {2}a \+ b = 1\n {2}a \+ b = 1\n$/);
});

test('a copied link shows the same in another tab', async ({ page, context }) => {
  const before = await openFirst(page);
  await retype(page, '(x - 2)', '(x - 3)');
  await expect.poll(() => losses(page)).not.toEqual(before);
  await title(page).fill('Shared with a class');
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toMatch(/^http:\/\/localhost:\d+\/#e=1g\./);
  expect(link.length).toBeLessThan(1000);
  const shown = await lossesWhenDone(page, 3);

  const other = await context.newPage();
  await other.goto(link);
  await expect(title(other)).toHaveValue('Shared with a class');
  expect(await textOf(other)).toBe(await textOf(page));
  await expect(figure(other)).toBeVisible();
  expect(await lossesWhenDone(other, 3)).toEqual(shown);
});

test('back and forward walk through what was open', async ({ page }) => {
  await openFirst(page);
  const first = await title(page).inputValue();
  for (const name of ['one', 'two']) {
    await load(page, named(name));
    const link = await page.evaluate(() => window.feasible.link());
    await expect(page, 'the address is that of what was opened').toHaveURL(({ hash }) => hash === link);
  }
  for (const [move, expected] of [
    ['back', 'one'],
    ['back', first],
    ['forward', 'one'],
    ['forward', 'two'],
  ] as const) {
    await (move === 'back' ? page.goBack() : page.goForward());
    await expect(title(page)).toHaveValue(expected);
  }
});

test('a loaded experiment waits for Run; undo brings back what was open, and a choice; a reload keeps the last edit', async ({
  page,
}) => {
  await openFirst(page);
  const before = await textOf(page);
  await load(page, named('from a program'));
  await expect(page.getByText(/waits/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => textOf(page)).toBe(before);

  const optimizer = page.getByRole('combobox', { name: 'Optimizer' }).first();
  const chosen = await optimizer.inputValue();
  await optimizer.click();
  await page.getByRole('option', { name: 'Adam', exact: true }).click();
  await expect(optimizer).toHaveValue('Adam');
  await page.keyboard.press('Control+z'); // the focus is in the field of the choice
  await expect(optimizer).toHaveValue(chosen);

  await title(page).fill('Edited a moment ago');
  await page.reload(); // before the address holds it
  await expect(title(page)).toHaveValue('Edited a moment ago');
});

test('a broken link keeps the work and says what is wrong', async ({ page }) => {
  await openFirst(page);
  const whole = await page.evaluate(() => window.feasible.link());
  await retype(page, '(x - 2)', '(x - 5)');
  const work = await textOf(page);
  for (const [link, complaint] of [
    [whole.slice(0, -7), /incomplete/],
    [`${whole.slice(0, 40)}${whole.charAt(40) === 'A' ? 'B' : 'A'}${whole.slice(41)}`, /damaged|incomplete/],
    [whole.replace('#e=1g', '#e=9g'), /newer version/],
  ] as const) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, link);
    await expect(page.getByRole('alert').filter({ hasText: complaint })).toBeVisible();
    expect(await textOf(page)).toBe(work);
  }
});

test('half-typed text keeps the picture', async ({ page }) => {
  const before = await openFirst(page);
  await retype(page, '(y - 0.4)^2', '(y - ');
  await expect(diagnostics(page)).toContainText('Error');
  await expect(figure(page)).toBeVisible();
  expect(await losses(page)).toEqual(before);
});

test('an unknown name gets the nearest one proposed, by keys, too', async ({ page }) => {
  await openPage(page);
  await load(page, { ...named('names'), problem: 'param weight[2] = [1, 2]\nminimize sum(wieght**2)\n' });
  await expect(diagnostics(page)).toContainText(/wieght.*weight/s);
  await diagnostics(page)
    .getByRole('button', { name: /weight/ })
    .press('Enter');
  await expect(diagnostics(page)).toBeHidden();
  expect(await textOf(page)).toContain('sum(weight**2)');
  await expect(editor(page)).toBeFocused(); // the button is gone: who came by keys is not lost
});

test('equalities that contradict each other are named before anything runs', async ({ page }) => {
  await openPage(page);
  await load(page, {
    ...named('contradiction'),
    problem: 'param a = 1\nparam b = 3\nminimize a^2 + b^2\nsubject to\n  a + b = 1\n  a + b = 2\n',
  });
  await expect(page.getByRole('main')).toContainText(/contradict.*line 5.*line 6/s);
  const analysis = await page.evaluate(() => window.feasible.analyze());
  expect(analysis).toMatchObject({
    feasible: 'no',
    conflict: { lines: [5, 6], certificate: 'line 5 − line 6 gives 0 = −1' },
  });
});

test('without WebGPU WebAssembly runs, and the page says so', async ({ page }) => {
  await page.addInitScript(() => {
    delete (Navigator.prototype as { gpu?: unknown }).gpu;
  });
  await openFirst(page);
  await expect(computedOn(page)).toHaveAccessibleName(/CPU · WebAssembly/);
  const results = await page.evaluate(() => window.feasible.run());
  expect(results.map(({ executor }) => executor)).toEqual(['wasm', 'wasm', 'wasm']);
  const [asked] = await page.evaluate(() => window.feasible.run({ executor: 'fused' }));
  expect(asked).toMatchObject({ status: 'failed', message: expect.stringMatching(/./) });
});
