// `npm run bench`: the tables of measure.ts in a headless Chromium.
//   node bench/run.mjs [groups: accuracy loops swarm …]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { CHROMIUM_ARGUMENTS, findChromium } from '../scripts/chromium.mjs';
import { publish } from './report.mjs';

const LONGEST_MS = 600_000;

/**
 * Times of the PyTorch columns, or null where PyTorch is not installed.
 * @returns {import('./measure.ts').TorchTimes | null}
 */
function torchColumns() {
  const run = spawnSync(process.env.PYTHON ?? '/usr/bin/python3', [`${bench}peers/torch_columns.py`], {
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
  return run.status === 0 ? JSON.parse(run.stdout) : null;
}

const bench = fileURLToPath(new URL('.', import.meta.url));
if (!existsSync(`${bench}node_modules`)) {
  console.log('Installing the peers beside the bench …');
  spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: bench, stdio: 'inherit' });
}
const executablePath = findChromium();
const server = await createServer({ logLevel: 'warn', server: { port: 0, hmr: false } });
await server.listen();
const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, ...(executablePath && { executablePath }) });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  page.on('console', (message) => message.type() === 'warning' && console.warn(message.text()));
  const only = process.argv.slice(2);
  const query = only.length > 0 ? `?auto&only=${only.join(',')}` : '?auto';
  await page.goto(new URL(`bench/index.html${query}`, server.resolvedUrls?.local[0]).href);
  // Vite may load the page a second time, once it has found its dependencies.
  const handle = await page.waitForFunction(() => window.report, undefined, { timeout: LONGEST_MS, polling: 500 });
  const report = await handle.jsonValue();
  if (!report || 'failure' in report) throw new Error(report?.failure ?? 'no report');
  const torch = torchColumns();
  const rows = (torch?.columns ?? []).map(
    ({ name, ms, error }) => `| ${name} | ${ms.toPrecision(3)} | ${error.toExponential(1)} |`,
  );
  const table = torch
    ? [
        '',
        `### PyTorch ${torch.version} on the CPU, one thread, after the page`,
        '',
        '| column | ms, median | error |',
        '| --- | --- | --- |',
        ...rows,
        '',
      ]
    : ['', 'PyTorch is not installed here.', ''];
  publish('browser', { ...report, ...(torch && { torch }), markdown: report.markdown + table.join('\n') });
} finally {
  await browser.close();
  await server.close();
}
