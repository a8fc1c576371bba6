import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGUMENTS, findChromium } from './scripts/chromium.mjs';

const port = Number(process.env.FEASIBLE_E2E_PORT ?? 4273);
const report = process.env.FEASIBLE_REPORT; // a file for scripts/test.mjs
const executablePath = findChromium();

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/e2e',
  workers: 2, // they wait for the adapter, for frames and for workers: one page alone leaves a core idle
  timeout: 300_000, // software adapters are slow, and machines are shared: it only ends what hangs; no time is asserted
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(report),
  retries: report ? 1 : 0, // a machine that is busy: what failed at first is named in the summary, and is to be mended
  reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list',
  use: {
    baseURL: `http://localhost:${port}/`,
    launchOptions: { args: CHROMIUM_ARGUMENTS, ...(executablePath ? { executablePath } : {}) },
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: 'reduce' }, // what plays takes half a core here; stories of motion ask for it
    trace: 'off',
    serviceWorkers: 'block', // a test sees the build, not what an earlier visit kept; offline.spec.ts allows them
  },
  webServer: {
    command: `node scripts/start.mjs --port ${port}`, // the build, brought up to date first
    url: `http://localhost:${port}/`,
    timeout: 300_000,
    reuseExistingServer: false,
  },
});
