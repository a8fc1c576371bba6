/** What is shared arrives: the playhead and the view of a link, the link in the system's share sheet, animations as files. */
import { readFileSync } from 'node:fs';
import { type Download, expect, type Page, test } from '@playwright/test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { atRest, loadAndRun, openPage } from './support/page.ts';

declare global {
  interface Window {
    /** What the page gave to the share sheet. */
    shared?: ShareData;
  }
}

const EXPERIMENT = {
  version: 1,
  title: 'shared',
  problem: 'param a = 3\nparam b = 0\nparam c = 1\nminimize (a - 1)^2 + 4*(b - 2)^2 + c^2\nsubject to a + b + c = 2',
  runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 60 }],
} as const;

/** "step 7 / 60" of the transport. */
const playhead = (page: Page) => page.getByRole('group', { name: 'Playback' }).getByText(/^step \d/);

async function standAt(page: Page, presses: number): Promise<void> {
  const figure = page.getByRole('application', { name: /^Figure/ });
  await figure.focus();
  await page.keyboard.press('Home');
  for (let k = 0; k < presses; k++) await page.keyboard.press('ArrowRight');
  await expect(playhead(page)).toHaveText(`step ${presses} / 60`);
}

test('a link with my view and playhead opens there, at rest', async ({ page, context }) => {
  await openPage(page);
  await loadAndRun(page, EXPERIMENT, 'reference');
  await standAt(page, 7);
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('switch', { name: 'Include my view and playhead' })).toBeChecked();
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  await dialog.getByRole('switch', { name: 'Include my view and playhead' }).uncheck({ force: true });
  await expect(dialog.getByRole('textbox', { name: 'Link' })).not.toHaveValue(link);

  const other = await context.newPage();
  await openPage(other, new URL(link).hash);
  await expect(playhead(other)).toHaveText('step 7 / 60');
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  // what the reader does then is theirs: the address carries no old playhead
  const carried = await other.evaluate(async () => JSON.parse(String(await window.feasible.export('json'))).view);
  expect(carried?.playhead).toBeUndefined();
});

/** What Plotly's resolved layout says of the picture: ranges in the plane, the eye in space. */
const seen = (page: Page) =>
  page.evaluate(() => {
    interface Drawn extends Element {
      _fullLayout?: {
        xaxis?: { range: number[] };
        yaxis?: { range: number[] };
        scene?: { _scene?: { getCamera?: () => { eye: { x: number; y: number; z: number } } } };
      };
    }
    const graph = document.querySelector<Drawn>('section[aria-label="Figure"] .js-plotly-plot');
    const { xaxis, yaxis, scene } = graph?._fullLayout ?? {};
    return { x: xaxis?.range ?? [], y: yaxis?.range ?? [], eye: scene?._scene?.getCamera?.().eye };
  });

/** The link of the dialog, as it stands after one has looked at the page. */
async function shared(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click();
  const link = new URL(await page.getByRole('textbox', { name: 'Link' }).inputValue()).hash;
  await page.keyboard.press('Escape');
  return link;
}

test('a link carries the part of the plane that is looked at, what is hidden, and the chosen view', async ({
  page,
  context,
}) => {
  await openPage(page);
  await loadAndRun(page, { ...EXPERIMENT, view: { kind: '2d', axes: ['b', 'c'], hide: ['optimum'] } }, 'reference');
  const plot = page.locator('section[aria-label="Figure"] .nsewdrag').first();
  await expect(plot).toBeVisible();
  const before = await atRest(() => seen(page)); // the frame of before the runs gives way to theirs
  await plot.hover();
  for (let turn = 0; turn < 3; turn++) await page.mouse.wheel(0, -240);
  const width = ({ x: [from = 0, to = 0] }: { x: number[] }) => to - from;
  await expect.poll(async () => width(await seen(page)) < 0.8 * width(before)).toBe(true);
  const viewOf = async (one: Page) =>
    JSON.parse(String(await one.evaluate(() => window.feasible.export('json')))).view ?? {};
  await expect.poll(async () => (await viewOf(page)).camera).toBeDefined();
  const { chosen } = await atRest(async () => ({ chosen: await seen(page), written: (await viewOf(page)).camera }));
  const link = await shared(page);

  const other = await context.newPage();
  await openPage(other, link);
  await expect(other.locator('section[aria-label="Figure"] .nsewdrag').first()).toBeVisible();
  for (const [axis, range] of Object.entries({ x: chosen.x, y: chosen.y }) as ['x' | 'y', number[]][])
    for (const end of [0, 1])
      await expect.poll(async () => (await seen(other))[axis][end]).toBeCloseTo(range[end] ?? Number.NaN, 2);
  expect(await viewOf(other)).toMatchObject({ kind: '2d', axes: ['b', 'c'], hide: ['optimum'], camera: {} });
  await expect(other.getByRole('application', { name: /^Figure/ }).getByLabel(/over b, c\./)).toBeVisible();

  await other.getByRole('button', { name: 'Figure: table, picture, view' }).click();
  await other.getByRole('menuitem', { name: 'Reset the view' }).click();
  await expect.poll(async () => width(await seen(other))).toBeCloseTo(width(before), 2);
  expect((await viewOf(other)).camera).toBeUndefined();
});

test('a link carries the eye of a picture in space', async ({ page, context }) => {
  await page.setViewportSize({ width: 800, height: 1400 });
  await openPage(page);
  await loadAndRun(page, { ...EXPERIMENT, view: { kind: '3d' } }, 'reference');
  await expect.poll(async () => (await seen(page)).eye?.z).toBeGreaterThan(0.9); // in a narrow picture the eye is farther away
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(async () => (await seen(page)).eye?.z).toBeCloseTo(1.1 * 0.74, 2); // so far that the lowest numbers are seen, too
  const figure = page.locator('section[aria-label="Figure"] .js-plotly-plot');
  const before = (await seen(page)).eye;
  const box = (await figure.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 120, y + 40, { steps: 8 });
  await page.mouse.up();
  await expect
    .poll(async () => JSON.parse(String(await page.evaluate(() => window.feasible.export('json')))).view?.camera)
    .toBeDefined();
  const turned = (await atRest(() => seen(page))).eye; // it glides on a little
  expect(turned).not.toEqual(before);
  const link = await shared(page);

  const other = await context.newPage();
  await openPage(other, link);
  for (const axis of ['x', 'y', 'z'] as const)
    await expect.poll(async () => (await seen(other)).eye?.[axis]).toBeCloseTo(turned?.[axis] ?? Number.NaN, 2);
});

test('the link is read from its QR code, and offered to the system’s share sheet where there is one', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.assign(navigator, {
      share: (data: ShareData) => {
        Object.assign(window, { shared: data });
        return Promise.resolve();
      },
    });
  });
  await openPage(page);
  await loadAndRun(page, EXPERIMENT, 'reference');
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  const code = page.getByRole('img', { name: 'The link as a QR code' });
  const wasmBinary = new Uint8Array(readFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer;
  prepareZXingModule({ overrides: { wasmBinary } });
  const read = async (picture: Buffer) => (await readBarcodes(new Uint8Array(picture))).map(({ text }) => text);
  await expect.poll(async () => read(await code.screenshot()), 'the dialog has faded in').toEqual([link]);
  await page.getByRole('button', { name: 'Show the QR code on the whole screen' }).click();
  const whole = page.getByRole('button', { name: 'Close the QR code' });
  await expect(whole).toBeVisible();
  await expect.poll(async () => read(await page.screenshot())).toEqual([link]);
  await page.keyboard.press('Escape'); // leads back to the dialog, and no further
  await expect(whole).toHaveCount(0);
  await expect.poll(async () => read(await code.screenshot())).toEqual([link]);
  await page.getByRole('button', { name: 'Send …' }).click();
  expect(await page.evaluate(() => window.shared)).toEqual({
    title: 'shared',
    url: link,
  });
});

test('the playing figure is saved as GIF and as WebM; cancelled, nothing is saved', async ({ page }) => {
  await openPage(page);
  await loadAndRun(page, EXPERIMENT, 'reference');
  const menu = page.getByRole('button', { name: 'Figure: table, picture, view' });
  const progress = page.getByRole('progressbar', { name: 'Progress of the animation' });
  const save = async (format: string) => {
    await menu.click();
    await page.getByRole('menuitem', { name: `Save the animation as ${format}` }).click();
  };
  const saved: Download[] = [];
  page.on('download', (file) => saved.push(file));

  await save('WebM');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toHaveCount(0);
  for (const [format, magic] of [
    ['GIF', 'GIF89a'],
    ['WebM', '\x1a\x45\xdf\xa3'],
  ] as const) {
    const download = page.waitForEvent('download');
    await save(format);
    await expect(progress).toBeVisible();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`figure.${format.toLowerCase()}`);
    const bytes = readFileSync(await file.path());
    expect(bytes.subarray(0, magic.length).toString('latin1')).toBe(magic);
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(bytes.length).toBeLessThan(20_000_000);
    if (process.env.KEEP) await file.saveAs(`${process.env.KEEP}/${file.suggestedFilename()}`);
    await expect(progress).toHaveCount(0);
  }
  expect(saved).toHaveLength(2); // none of the one that was cancelled
});
