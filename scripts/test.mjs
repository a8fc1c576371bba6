// `npm test`: every check there is, fast ones first, one browser at a time. The last line is `N passed, N failed`.
//   node scripts/test.mjs [--full]     --full: also what takes long (FEASIBLE_FULL=1)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { CACHE, ensureBuild, ensureDependencies, freePort, ROOT } from './setup.mjs';

/**
 * @typedef {import('./vitest-report.mjs').TestReport} TestReport
 * @typedef {import('@playwright/test/reporter').JSONReportSuite} JSONReportSuite
 * @typedef {TestReport & { suite: string }} SuiteTest
 */

const bin = {
  biome: join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  tsc: join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
  vitest: join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
  playwright: join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js'),
};

if (process.argv.includes('--full')) process.env.FEASIBLE_FULL = '1';

/** @param {string} script @param {string[]} args @param {Record<string, string>} [env] */
function node(script, args, env = {}) {
  const { status, error } = spawnSync(process.execPath, [script, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error) console.error(error.message);
  return status === 0;
}

/** A check without tests of its own counts as one. @param {string} suite @param {() => boolean} check @returns {SuiteTest[]} */
function single(suite, check) {
  heading(suite);
  const start = performance.now();
  const passed = attempt(check);
  return [
    { suite, name: suite, file: '', state: passed ? 'passed' : 'failed', milliseconds: performance.now() - start },
  ];
}

/** @param {() => boolean} check */
function attempt(check) {
  try {
    return check();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

/** @param {string} text */
const heading = (text) => console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 100 - text.length))}`);

/**
 * Runs a suite that writes a report, and reads it. A suite that fails without a failed test, or that has no tests, has failed.
 * @param {string} suite
 * @param {(report: string) => boolean} run
 * @param {(report: string) => TestReport[]} read
 * @returns {SuiteTest[]}
 */
function reported(suite, run, read) {
  heading(suite);
  const report = join(CACHE, `report-${suite.replaceAll(' ', '-')}.json`);
  rmSync(report, { force: true });
  const passed = run(report);
  const tests = existsSync(report) ? read(readFileSync(report, 'utf8')) : [];
  const isExplained = tests.length > 0 && (passed || tests.some(({ state }) => state === 'failed'));
  if (!isExplained) {
    const name = tests.length === 0 ? '(no tests ran)' : '(the suite itself)';
    tests.push({ name, file: '', state: 'failed', milliseconds: 0 });
  }
  return tests.map((test) => ({ ...test, suite }));
}

/** @param {string} project */
const vitest = (project) =>
  reported(
    `Vitest, ${project}`,
    (report) =>
      node(bin.vitest, ['run', '--project', project, '--reporter=default', '--reporter=./scripts/vitest-report.mjs'], {
        FEASIBLE_REPORT: report,
      }),
    (report) => JSON.parse(report),
  );

/** The tests in a suite of Playwright's JSON report. @param {JSONReportSuite} suite @param {string[]} [titles] @returns {TestReport[]} */
function playwrightTests(suite, titles = []) {
  const inner = (suite.suites ?? []).flatMap((child) => playwrightTests(child, [...titles, child.title]));
  const own = suite.specs.flatMap((spec) =>
    spec.tests.map(({ status, results, annotations }) => {
      const note = annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
      const failedFirst = status === 'flaky' && (results[0]?.error?.message ?? 'without a message');
      return /** @type {TestReport} */ ({
        name: [...titles, spec.title].join(' › '),
        file: spec.file,
        state: status === 'skipped' ? 'skipped' : status === 'unexpected' ? 'failed' : 'passed',
        milliseconds: results.reduce((sum, { duration }) => sum + duration, 0),
        ...(note ? { note } : {}),
        ...(failedFirst ? { failedFirst } : {}),
      });
    }),
  );
  return [...own, ...inner];
}

/** @param {number} port */
const playwright = (port) =>
  reported(
    'Playwright, the built page',
    (report) => node(bin.playwright, ['test'], { FEASIBLE_REPORT: report, FEASIBLE_E2E_PORT: String(port) }),
    (report) => {
      /** @type {import('@playwright/test/reporter').JSONReport} */
      const { suites, errors } = JSON.parse(report);
      const tests = suites.flatMap((suite) => playwrightTests(suite));
      for (const { message } of errors) {
        tests.push({ name: message ?? '(an error)', file: '', state: 'failed', milliseconds: 0 });
      }
      return tests;
    },
  );

/** Finds a Chromium, or gets one: Playwright's, else the system's. */
async function ensureChromium() {
  const { findChromium } = await import('./chromium.mjs');
  if (findChromium()) return;
  console.log('No Chromium found: getting one …');
  if (node(bin.playwright, ['install', 'chromium']) && findChromium()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const apt = (/** @type {string[]} */ ...args) => spawnSync('apt-get', args, { stdio: 'inherit' }).status === 0;
    if (apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', 'chromium') && findChromium())
      return;
  }
  throw new Error('There is no Chromium, and none could be installed. Set CHROME_PATH to one.');
}

/** @param {SuiteTest[]} tests @param {TestReport['state']} state */
const count = (tests, state) => tests.filter((test) => test.state === state).length;
/** @param {number} milliseconds */
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2).padStart(8)} s`;
/** @param {SuiteTest} test */
const place = ({ suite, file, name }) => [suite, file, name].filter(Boolean).join(' › ');

/** @type {SuiteTest[]} */
const tests = [];
/** @type {string[]} */
const times = [];

/** @param {() => SuiteTest[]} run */
function add(run) {
  const start = performance.now();
  const added = run();
  tests.push(...added);
  const skipped = count(added, 'skipped');
  const counts = `${count(added, 'passed')} passed, ${count(added, 'failed')} failed${skipped ? `, ${skipped} skipped` : ''}`;
  times.push(`${seconds(performance.now() - start)}  ${added[0]?.suite}: ${counts}`);
}

mkdirSync(CACHE, { recursive: true });
const isInstalled = attempt(() => {
  ensureDependencies();
  return true;
});
if (!isInstalled) {
  tests.push({ suite: 'Installation', name: 'Installation', file: '', state: 'failed', milliseconds: 0 });
} else {
  add(() => single('Biome', () => node(bin.biome, ['check', '.'])));
  add(() => single('Import directions', () => node(join(ROOT, 'scripts', 'check-imports.mjs'), [])));
  add(() => single('Types', () => node(bin.tsc, ['-b'])));
  add(() => vitest('node'));
  const noChromium = await ensureChromium().catch((/** @type {Error} */ error) => error);
  if (noChromium)
    add(() =>
      single('Chromium', () => {
        throw noChromium;
      }),
    );
  else add(() => vitest('browser'));
  add(() =>
    single('Build', () => {
      ensureBuild();
      return true;
    }),
  );
  const isBuilt = tests.at(-1)?.state === 'passed';
  if (isBuilt && !noChromium) {
    const port = await freePort(4273);
    add(() => playwright(port));
  }
}

heading('Summary');
const failed = tests.filter(({ state }) => state === 'failed');
const skipped = tests.filter(({ state }) => state === 'skipped');
const slowest = tests
  .filter(({ file }) => file)
  .sort((a, b) => b.milliseconds - a.milliseconds)
  .slice(0, 10);
console.log(`Time\n${times.join('\n')}`);
console.log(
  `\nThe ten slowest tests\n${slowest.map((test) => `${seconds(test.milliseconds)}  ${place(test)}`).join('\n')}`,
);
if (skipped.length > 0) {
  console.log(`\nSkipped\n${skipped.map((test) => `  ${place(test)}: ${test.note ?? 'no reason given'}`).join('\n')}`);
}
const again = tests.filter(({ failedFirst }) => failedFirst);
if (again.length > 0) {
  const lines = again.map((test) => `  ${place(test)}: ${stripVTControlCharacters(test.failedFirst ?? '')}`);
  console.log(`\nPassed only when run again\n${lines.join('\n')}`);
}
if (failed.length > 0) console.log(`\nFailed\n${failed.map((test) => `  ${place(test)}`).join('\n')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
console.log(`\n${count(tests, 'passed')} passed, ${failed.length} failed`);
