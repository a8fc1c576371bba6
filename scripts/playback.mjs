// `npm run bench:playback`: what playing and editing cost on the built page, with ten runs of 10,000 recorded steps each.
//   node scripts/playback.mjs [--minutes 5] [--heap] [--url http://localhost:4173/]
// Without --url: builds what is stale and serves it. With --heap: only the growth of the heap in the plane.
// Prints, never asserts: the times are those of this machine now. Limits: README of bench, "Playback".
import { loadavg } from 'node:os';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.mjs';
import { ensureBuild, ensureDependencies, freePort } from './setup.mjs';

const RUNS = 10;
const STEPS = 10_000;
const FRAMES_SECONDS = 20;
const LIMITS = { median: 4, p95: 8, longTask: 50, heap: 1e6, contexts: 2 };

/** @param {string} name */
function argument(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Runs in the page before its own scripts: times what a frame's callbacks and their microtasks take; counts WebGL contexts. */
function watch() {
  const frames = /** @type {number[]} */ ([]);
  const contexts = /** @type {Set<WeakRef<WebGLRenderingContext>>} */ (new Set());
  let current = { at: -1, spent: 0 };
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    request((time) => {
      const began = performance.now();
      if (time !== current.at) {
        if (current.at >= 0 && current.spent > 0) frames.push(current.spent);
        current = { at: time, spent: 0 };
      }
      callback(time);
      queueMicrotask(() => {
        current.spent += performance.now() - began;
      });
    });
  const getContext = HTMLCanvasElement.prototype.getContext;
  /** @this {HTMLCanvasElement} @param {any[]} given */
  function remembering(...given) {
    const context = Reflect.apply(getContext, this, given);
    if (context && /webgl/.test(given[0])) contexts.add(new WeakRef(context));
    return context;
  }
  HTMLCanvasElement.prototype.getContext = /** @type {any} */ (remembering);
  const live = () => new Set([...contexts].map((one) => one.deref()).filter((one) => one && !one.isContextLost())).size;
  Object.assign(window, {
    playbackWatch: {
      reset: () => {
        frames.length = 0;
      },
      read: () => ({ frames: [...frames], contexts: live() }),
    },
  });
}

/** @param {readonly number[]} values @param {number} share */
const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;

/**
 * The tasks of the page's main thread during an act, in ms: the longest by the wall, which counts the time that other processes hold the
 * core, and by the processor's time of the thread; and what the scripts of each frame took of that.
 * @param {import('playwright').Browser} browser @param {import('playwright').Page} page @param {() => Promise<void>} act
 */
async function tasksDuring(browser, page, act) {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8'));
  /** @type {{ name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number }[]} */
  const events = traceEvents;
  const frame = events.find(({ name }) => name === 'FireAnimationFrame'); // the renderer whose frames are drawn
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && pid === frame?.pid && tid === frame.tid,
  );
  const callbacks = events.filter(
    (one) => one.name === frame?.name && one.ph === 'X' && one.tid === frame.tid && one.pid === frame.pid,
  );
  const scripts = tasks.map(({ ts, dur = 0 }) =>
    callbacks.reduce((sum, one) => (one.ts >= ts && one.ts < ts + dur ? sum + (one.tdur ?? 0) : sum), 0),
  );
  return {
    frames: scripts.filter((spent) => spent > 0).map((spent) => spent / 1000),
    wall: Math.max(0, ...tasks.map(({ dur = 0 }) => dur)) / 1000,
    processor: Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    count: tasks.length,
  };
}

/** What a hand does, by name. Between two movements lies what a quick hand takes. @type {Record<string, (page: import('playwright').Page) => Promise<void>>} */
const HAND = {
  async typing(page) {
    await page.locator('.cm-line', { hasText: 'minimize' }).click();
    for (const key of ['End', 'End', ...' + 0*x']) {
      await page.keyboard.press(key === ' ' ? 'Space' : key);
      await page.waitForTimeout(250);
    }
  },
  async 'sliding a number'(page) {
    await page.locator('.cm-line', { hasText: 'param x' }).click();
    await page.keyboard.press('End');
    await page.getByRole('slider', { name: /^The number/ }).focus();
    for (let k = 0; k < 12; k++) {
      await page.keyboard.press(k % 6 < 3 ? 'ArrowRight' : 'ArrowLeft');
      await page.waitForTimeout(120);
    }
  },
  async 'hiding and showing a run'(page) {
    const eye = page.getByRole('button', { name: /^Show .* in the figures/ }).nth(1);
    for (let k = 0; k < 4; k++) {
      await eye.click();
      await page.waitForTimeout(700);
    }
  },
};

/** In space the hand turns the scene, too, while it plays. @param {import('playwright').Page} page */
async function turning(page) {
  const scene = await page.locator('.gl-container').first().boundingBox();
  if (!scene) throw new Error('the scene is drawn');
  const [x, y] = [scene.x + scene.width / 2, scene.y + scene.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let k = 0; k < 120; k++) await page.mouse.move(x + 120 * Math.sin(k / 9), y + 60 * Math.sin(k / 14));
  await page.mouse.up();
}

/** What follows the last movement of a hand is drawn by then. */
const SETTLED_MS = 3000;

/** @param {import('playwright').Browser} browser @param {import('playwright').Page} page */
async function measureHand(browser, page) {
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  for (const [name, act] of Object.entries(HAND)) await measureAct(browser, page, name, act);
}

/** @param {import('playwright').Browser} browser @param {import('playwright').Page} page @param {string} name @param {(page: import('playwright').Page) => Promise<void>} act */
async function measureAct(browser, page, name, act) {
  const tasks = await tasksDuring(browser, page, async () => {
    await act(page);
    await page.waitForTimeout(SETTLED_MS);
  });
  line(`${name}, longest of ${tasks.count} tasks, processor's time`, tasks.processor, LIMITS.longTask, 'ms');
  return tasks;
}

/** @param {string} what @param {number} value @param {number} limit @param {string} unit */
const line = (what, value, limit, unit) =>
  console.log(`${value <= limit ? 'within' : 'OVER  '}  ${what}: ${value.toFixed(2)} ${unit} (limit ${limit} ${unit})`);

const methods = ['projected-gradient', 'penalty', 'augmented-lagrangian'];

/** @param {'x, y' | 'x, y, z'} space */
const experiment = (space) => ({
  version: /** @type {const} */ (1),
  title: `Ten runs over ${space}`,
  problem: [
    'param x = 0.2',
    'param y = 0.9',
    ...(space === 'x, y, z' ? ['param z = 0.5'] : []),
    `minimize ((x - 2)^2 + 3*(y - 0.4)^2${space === 'x, y, z' ? ' + (z - 1)^2' : ''})/2`,
    'subject to',
    '  0 <= x <= 1',
    '  0 <= y <= 1',
  ].join('\n'),
  runs: Array.from({ length: RUNS }, (_, i) => ({
    method: methods[i % methods.length] ?? 'penalty',
    optimizer: { kind: 'sgd', learningRate: 0.0004 * (i + 1) },
    steps: STEPS,
    record: Array.from({ length: STEPS }, (_, k) => k + 1), // the start is there anyway
  })),
});

/** @param {import('playwright').Page} page @param {ReturnType<typeof experiment>} given */
async function showAndPlay(page, given) {
  const records = await page.evaluate(async (value) => {
    const { feasible } = window;
    const loaded = await feasible.load(value);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
    const results = await feasible.run();
    return results.map(({ steps }) => steps.length);
  }, given);
  await page.waitForTimeout(3000); // figures are drawn after the last result
  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  if (!(await pause.isVisible())) await page.getByRole('button', { name: 'Play', exact: true }).click();
  await pause.waitFor();
  return records;
}

async function main() {
  const minutes = Number(argument('--minutes') ?? 5);
  let url = argument('--url');
  let server;
  if (url === undefined) {
    ensureDependencies();
    ensureBuild();
    const { preview } = await import('vite');
    const port = await freePort(4373);
    server = await preview({ preview: { port, strictPort: true } });
    url = `http://localhost:${port}/`;
  }
  const { chromium } = await import('@playwright/test');
  const executablePath = findChromium();
  const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, ...(executablePath ? { executablePath } : {}) });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
    await page.addInitScript(watch);
    await page.goto(url);
    await page.waitForFunction(() => 'feasible' in window && !document.querySelector('.first, [aria-busy="true"]'));
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      await page.waitForTimeout(500);
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    };
    const measureHeap = async () => {
      const before = await heap();
      for (let minute = 1; minute <= minutes; minute++) {
        await page.waitForTimeout(60_000);
        const growth = (await heap()) - before;
        if (minute < minutes) console.log(`        after ${minute} min: ${(growth / 1000).toFixed(0)} kB`);
        else line(`heap growth in ${minutes} min of looping`, growth, LIMITS.heap, 'bytes');
      }
    };
    if (process.argv.includes('--heap')) {
      await showAndPlay(page, experiment('x, y'));
      return await measureHeap();
    }
    const read = () => page.evaluate('playbackWatch.read()');
    for (const space of /** @type {const} */ (['x, y', 'x, y, z'])) {
      const records = await showAndPlay(page, experiment(space));
      console.log(
        `\n${RUNS} runs over ${space}, ${Math.min(...records)} to ${Math.max(...records)} records each; load ${loadavg()[0]?.toFixed(1)}`,
      );
      await page.evaluate('playbackWatch.reset()');
      await page.waitForTimeout(FRAMES_SECONDS * 1000);
      const seen = /** @type {{ frames: number[], contexts: number }} */ (await read());
      console.log(`        ${seen.frames.length} frames in ${FRAMES_SECONDS} s`);
      line('JavaScript a frame, median', quantile(seen.frames, 0.5), LIMITS.median, 'ms');
      line('JavaScript a frame, 95th percentile', quantile(seen.frames, 0.95), LIMITS.p95, 'ms');
      const tasks = await tasksDuring(browser, page, () => page.waitForTimeout(FRAMES_SECONDS * 1000));
      line(
        "JavaScript a frame, 95th percentile of the processor's time",
        quantile(tasks.frames, 0.95),
        LIMITS.p95,
        'ms',
      );
      line(`longest of ${tasks.count} tasks, processor's time`, tasks.processor, LIMITS.longTask, 'ms');
      console.log(`        by the wall: ${tasks.wall.toFixed(1)} ms, with what other processes took of the core`);
      line('live WebGL contexts', seen.contexts, LIMITS.contexts, '');
      if (space === 'x, y') await measureHeap();
      if (space === 'x, y, z') {
        const { frames } = await measureAct(browser, page, 'turning the scene', turning);
        line(
          `JavaScript a frame meanwhile, 95th percentile of the processor's time`,
          quantile(frames, 0.95),
          LIMITS.p95,
          'ms',
        );
      }
      await measureHand(browser, page);
    }
  } finally {
    await browser.close();
    await server?.close();
  }
}

await main();
