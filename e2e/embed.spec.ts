/** Three frames in one page of another origin, driven by messages; and what the frame does for its size and options. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import { openPage } from './support/page.ts';

/** A server of its own: pages that a test makes up may not frame a page of this machine. */
let server: Server;
let html = '';
test.beforeAll(async () => {
  server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
test.afterAll(() => void server.close());

const problem = (target: number) =>
  `param a = 0\nparam b = 0\nminimize (a - ${target})^2 + (b - 1)^2\nsubject to a + b = 1`;

/** A page around frames, with `ask(frame, verb, …args)` for messages. `attributes`: of every frame. */
async function openHost(page: Page, frames: readonly string[], attributes = '') {
  html = `<!doctype html><body>${frames
    .map(
      (src, i) => `<iframe id="f${i}" ${attributes} width="480" height="${i === 2 ? 200 : 420}" src="${src}"></iframe>`,
    )
    .join('')}</body>`;
  await page.addInitScript(() => {
    if (window.top !== window) return;
    const heard: MessageEvent[] = [];
    window.addEventListener('message', (event) => heard.push(event));
    const find = (accept: (event: MessageEvent) => boolean): Promise<Record<string, unknown>> =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          const event = heard.find(accept);
          if (!event) return;
          clearInterval(timer);
          resolve(event.data);
        }, 50);
      });
    let last = 0;
    const frameOf = (i: number) => document.querySelector<HTMLIFrameElement>(`#f${i}`)?.contentWindow;
    Object.assign(window, {
      ready: (i: number) => find((event) => event.source === frameOf(i) && event.data.event === 'ready'),
      ask(i: number, verb: string, ...args: unknown[]) {
        last += 1;
        const id = last;
        frameOf(i)?.postMessage({ feasible: 1, id, verb, args }, '*');
        return find((event) => event.source === frameOf(i) && event.data.id === id);
      },
    });
  });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

declare global {
  interface Window {
    ready(frame: number): Promise<Record<string, unknown>>;
    ask(frame: number, verb: string, ...args: unknown[]): Promise<Record<string, unknown>>;
  }
}

test.use({ contextOptions: { reducedMotion: 'no-preference' } });

test('a page of another origin drives three frames', async ({ page, baseURL }) => {
  await openHost(page, [
    `${baseURL}?embed=1&autoplay=0`,
    `${baseURL}?embed=1&theme=dark&hide=transport`,
    `${baseURL}?embed=1`,
  ]);
  for (const i of [0, 1, 2]) {
    expect(await page.evaluate((frame) => window.ready(frame), i)).toMatchObject({ feasible: 1, event: 'ready' });
    const loaded = await page.evaluate(
      ([frame, text]) =>
        window.ask(frame, 'load', { version: 1, problem: text, runs: [{ method: 'null-space', steps: 200 }] }),
      [i, problem(i)] as const,
    );
    expect(loaded).toMatchObject({ ok: true, value: { ok: true } });
  }
  for (const i of [0, 1, 2]) {
    const answer = await page.evaluate((frame) => window.ask(frame, 'run', { executor: 'reference' }), i);
    const [run] = answer.value as { iterates: number[][]; status: string }[];
    expect(run?.status).toMatch(/finished|converged/);
    // (a − c)² + (b − 1)² on a + b = 1 is least at a = c/2
    expect(run?.iterates.at(-1)).toEqual([expect.closeTo(i / 2, 6), expect.closeTo(1 - i / 2, 6)]);
  }
  const frame = (i: number) => page.frameLocator(`#f${i}`);
  await expect(
    frame(0)
      .getByRole('button', { name: /^(play|pause)/i })
      .first(),
  ).toBeVisible();
  await expect(frame(1).getByRole('button', { name: /^(play|pause)/i })).toHaveCount(0);
  await expect(frame(2).getByRole('button', { name: /^(play|pause)/i })).toHaveCount(0); // too low
  await expect(frame(1).locator(':root')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  const open = frame(0).getByRole('link', { name: 'Open in Feasible' });
  await expect(open).toHaveAttribute('href', /^\/#e=1g\./);
  expect(page.frames().filter((one) => one.url().includes('#'))).toEqual([]); // frames do not write their addresses

  const link = String((await page.evaluate(() => window.ask(0, 'link'))).value);
  await openPage(page, link);
  await expect(page.getByRole('main')).toBeVisible();
});

test('the first picture moves by itself, unless the address says that it is not to', async ({ page, baseURL }) => {
  await openPage(page);
  const link = await page.evaluate(async (text) => {
    await window.feasible.load({ version: 1, problem: text, runs: [{ method: 'penalty', steps: 5000 }] });
    return window.feasible.link();
  }, problem(1));
  await openHost(page, [`${baseURL}?embed=1${link}`, `${baseURL}?embed=1&autoplay=0${link}`]);
  const [moves, rests] = [page.frameLocator('#f0'), page.frameLocator('#f1')];
  const step = (frame: typeof moves) => frame.getByRole('group', { name: 'Playback' }).getByText(/^step \d/);
  await expect(rests.getByRole('slider', { name: /step/i }).first()).toBeEnabled();
  await expect(step(rests)).toHaveText('step 5,000 / 5,000'); // the whole path
  await expect(moves.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect(step(moves)).not.toHaveText('step 5,000 / 5,000');
  await expect(rests.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(step(rests)).toHaveText('step 5,000 / 5,000'); // meanwhile
});

test('a frame answers no other origin than the one it is told', async ({ page, baseURL }) => {
  await openHost(page, [`${baseURL}?embed=1&origin=https://elsewhere.example`]);
  await expect(page.frameLocator('#f0').getByRole('link', { name: 'Open in Feasible' })).toBeVisible();
  const answer = await page.evaluate(() =>
    Promise.race([
      window.ask(0, 'link').then(() => 'answered'),
      new Promise((resolve) => setTimeout(() => resolve('silence'), 3000)),
    ]),
  );
  expect(answer).toBe('silence');
});

test('a frame without an origin, as notebooks have, has no storage and no workers, and computes the same', async ({
  page,
  baseURL,
}) => {
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await openHost(page, [`${baseURL}?embed=1&autoplay=0`], 'sandbox="allow-scripts"');
  expect(await page.evaluate(() => window.ready(0))).toMatchObject({ feasible: 1, event: 'ready' });
  const loaded = await page.evaluate(
    (text) =>
      window.ask(0, 'load', {
        version: 1,
        problem: text,
        runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 } }],
      }),
    problem(1),
  );
  expect(loaded).toMatchObject({ ok: true, value: { ok: true } });
  for (const executor of ['gpu', 'reference']) {
    const answer = await page.evaluate((choice) => window.ask(0, 'run', { executor: choice }), executor);
    const [run] = answer.value as { iterates: number[][]; status: string }[];
    expect(run?.status).toMatch(/finished|converged/);
    expect(run?.iterates.at(-1)).toEqual([expect.closeTo(0.5, 4), expect.closeTo(0.5, 4)]);
  }
  const { value: analysis } = await page.evaluate(() => window.ask(0, 'analyze'));
  expect(analysis).toMatchObject({
    feasible: 'yes',
    rank: 1,
    optimum: { x: [expect.closeTo(0.5, 6), expect.anything()] },
  });
  expect(String((await page.evaluate(() => window.ask(0, 'link'))).value)).toMatch(/^#e=1g\./);
  expect(String((await page.evaluate(() => window.ask(0, 'export', 'csv'))).value)).toMatch(/^# \{/);
  // what takes long is stopped by what is asked next: nothing is ended from outside here, it lets others have their turn
  const [stopped, next] = await page.evaluate(async (text) => {
    const run = { method: 'penalty', steps: 10_000_000, record: [0, 10_000_000] };
    await window.ask(0, 'load', { version: 1, problem: text, runs: [run] });
    const long = window.ask(0, 'run', { executor: 'reference' });
    await window.ask(0, 'load', { version: 1, problem: text, runs: [{ method: 'projected-gradient', steps: 20 }] });
    const short = window.ask(0, 'run', { executor: 'reference' });
    return Promise.all([long, short]);
  }, problem(1));
  expect(stopped?.value).toMatchObject([{ status: 'stopped' }]);
  expect(next?.value).toMatchObject([{ status: expect.stringMatching(/finished|converged/) }]);
  const frame = page.frameLocator('#f0');
  await expect(frame.locator('.js-plotly-plot').first()).toBeVisible();
  await frame.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(frame.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  expect(errors).toEqual([]);
});
