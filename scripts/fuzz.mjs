// `npm run fuzz [files]`: the tests of Node that try random cases, with FEASIBLE_FUZZ=1, by which they try many more of them.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, ROOT } from './setup.mjs';

/** What tells them from others: they read the switch, or the counts that depend on it. */
const READS_COUNTS = /FEASIBLE_FUZZ|\/samples\.ts'/;

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.gpu.test.ts'))
  .map((file) => join('src', file))
  .filter((file) => READS_COUNTS.test(readFileSync(join(ROOT, file), 'utf8')));

ensureDependencies();
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const asked = process.argv.slice(2);
const shown = ['--reporter=verbose']; // with the time that each took
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'node', ...shown, ...(asked.length > 0 ? asked : files)],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, FEASIBLE_FUZZ: '1' } },
);
process.exitCode = status ?? 1;
