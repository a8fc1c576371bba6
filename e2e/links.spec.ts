/** The codec on the browser's own streams: what Node's streams do is tested in `src/core/experiment`. */
import { expect, test } from '@playwright/test';
import { openPage } from './support/page.ts';

test('every prefix and every changed character of a link is refused, or changes nothing', async ({ page }) => {
  await openPage(page);
  const wrong = await page.evaluate(async () => {
    const { load, link: linkOf, export: exported } = window.feasible;
    const link = await linkOf();
    const original = String(await exported('json'));
    const found: string[] = [];
    for (let length = '#e='.length; length < link.length; length++) {
      const loaded = await load(link.slice(0, length));
      if (loaded.ok) found.push(`a prefix of ${length} characters opened`);
      else if (!/incomplete/.test(loaded.diagnostics[0]?.message ?? ''))
        found.push(`${length}: ${loaded.diagnostics[0]?.message}`);
    }
    for (let place = '#e='.length; place < link.length; place++) {
      const other = String.fromCharCode(link.charCodeAt(place) ^ 1);
      const loaded = await load(`${link.slice(0, place)}${other}${link.slice(place + 1)}`);
      if (loaded.ok && String(await exported('json')) !== original)
        found.push(`another experiment by a change at ${place}`);
    }
    return found;
  });
  expect(wrong).toEqual([]);
});

test('a link that unpacks to much more is refused quickly, and the page goes on', async ({ page }) => {
  await openPage(page);
  const outcome = await page.evaluate(async () => {
    const text = `{"version":1,"problem":"","notes":"${' '.repeat(8_000_000)}"}`;
    const packed = await new Response(
      new Blob([text]).stream().pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer();
    const binary = Array.from(new Uint8Array(packed), (byte) => String.fromCharCode(byte)).join('');
    const payload = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const loaded = await window.feasible.load(`#e=1g.${payload}`);
    return { length: payload.length, message: loaded.ok ? 'opened' : loaded.diagnostics[0]?.message };
  });
  expect(outcome.length).toBeLessThan(16_384);
  expect(outcome.message).toMatch(/more than 65,536 bytes/);
});

test('anchors that are not ours leave the page alone', async ({ page }) => {
  await openPage(page, '#section-3');
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(page.url()).toMatch(/#section-3$/);
});

test('a link to what is costly opens at once, says what it costs, and waits, its problem unread', async ({ page }) => {
  await openPage(page);
  const link = await page.evaluate(async () => {
    const problem = 'param w[1000000]\nminimize sum((w - 1)**2)\nsubject to w >= 0';
    await window.feasible.load({ version: 1, title: 'a million', problem, runs: [{ method: 'projected-gradient' }] });
    return window.feasible.link();
  });
  await page.goto('about:blank');
  await openPage(page, link);
  await expect(
    page.getByText(/^This experiment waits: reading its problem alone takes about .* billion/),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run it' })).toBeEnabled();
  await expect(page.getByRole('textbox', { name: 'Title of the experiment' })).toHaveValue('a million');
});
