/** The built folder on any server: below some path, offline, and what happens when a newer build takes its place. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { expect, type Page, test } from '@playwright/test';

test.use({ serviceWorkers: 'allow' });

const PATH = '/some/where/else/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

let server: Server;
/** What is asked for above the path, or is not in the build. */
let strays: string[] = [];
let isNewer = false;

test.beforeEach(async () => {
  strays = [];
  isNewer = false;
  server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    try {
      if (!pathname.startsWith(PATH)) throw new Error('above the path');
      const name =
        normalize(pathname.slice(PATH.length)) === '.' ? 'index.html' : normalize(pathname.slice(PATH.length));
      if (name.startsWith('..')) throw new Error('above the folder');
      const body = await readFile(join('dist', name));
      response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
      response.setHeader('cache-control', 'no-store');
      response.end(name === 'sw.js' && isNewer ? `${body.toString()}\n// a newer build\n` : body);
    } catch {
      if (!pathname.endsWith('favicon.ico')) strays.push(pathname);
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
test.afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;

async function open(page: Page) {
  await page.goto(address());
  await page.waitForFunction(() => 'feasible' in window);
}

test('runs below any path: page, workers, data, icons and offline', async ({ page, context, request }) => {
  await open(page);
  const runs = await page.evaluate(async () => {
    await window.feasible.load({
      version: 1,
      problem:
        'data X[333,4], species[333], male[333] = penguins()\nparam w = 0\nminimize mean((X[:, 0] - w*X[:, 1])**2)\nsubject to w <= 0.5',
      runs: [{ method: 'projected-gradient', steps: 20 }],
    });
    return window.feasible.run({ executor: 'reference' });
  });
  expect(runs[0]?.status).toMatch(/finished|converged/);
  const manifest = await (await request.get(`${address()}manifest.webmanifest`)).json();
  expect(manifest.icons.map(({ sizes }: { sizes: string }) => sizes)).toEqual(['any', '192x192', '512x512', '512x512']);
  for (const { src, sizes } of manifest.icons) {
    const icon = await request.get(new URL(src, address()).href);
    expect(icon.ok()).toBe(true);
    if (sizes === 'any') continue;
    const png = await icon.body();
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
  }
  await page.evaluate(() => navigator.serviceWorker.ready);
  expect(strays).toEqual([]);
  await context.setOffline(true);
  await open(page);
});

test('a newer build is offered, and taken only when the reader says so, with the open work', async ({ page }) => {
  await open(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload(); // now the service worker answers
  await page.waitForFunction(() => 'feasible' in window && navigator.serviceWorker.controller !== null);
  const title = page.getByRole('textbox', { name: 'Title of the experiment' });
  await title.fill('work in progress');
  await expect(page.getByText('A newer version of Feasible is ready.')).toHaveCount(0);
  isNewer = true;
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update();
  });
  await expect(page.getByText('A newer version of Feasible is ready.')).toBeVisible();
  await expect(title).toHaveValue('work in progress'); // nothing reloads by itself
  await title.fill('typed at the last moment'); // before the address is written
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: /reload|update|take/i }).click()]);
  await page.waitForFunction(() => 'feasible' in window);
  await expect(title).toHaveValue('typed at the last moment');
});
