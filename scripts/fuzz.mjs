// `npm run fuzz`: the tests of Node with FEASIBLE_FUZZ=1, by which fuzz tests make many more runs.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureDependencies, ROOT } from './setup.mjs';

ensureDependencies();
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'node', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, FEASIBLE_FUZZ: '1' },
});
process.exitCode = status ?? 1;
