// Brings dependencies and build up to date, and does nothing when they are. Plain Node: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const CACHE = join(ROOT, '.cache');

const INSTALLED_STAMP = join(ROOT, 'node_modules', '.feasible-stamp');
const BUILD_STAMP = join(CACHE, 'build.stamp');
const BUILD_SOURCES = ['bench', 'index.html', 'package-lock.json', 'vite.config.ts', 'public', 'shaders', 'src'];
const NO_SOURCES = /[\\/](?:node_modules|results)[\\/]/;

/** @param {string} file @param {string} content */
const holds = (file, content) => existsSync(file) && readFileSync(file, 'utf8') === content;

/** All files at or under a path, sorted, without tests. @param {string} path @returns {string[]} */
function filesUnder(path) {
  const whole = join(ROOT, path);
  if (!existsSync(whole)) return [];
  if (statSync(whole).isFile()) return [whole];
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !NO_SOURCES.test(file))
    .sort();
}

/** @param {string[]} files @param {string[]} more */
function hashOf(files, more = []) {
  const hash = createHash('sha256');
  for (const text of more) hash.update(`${text}\0`);
  for (const file of files)
    hash
      .update(`${file.slice(ROOT.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/** Runs the npm that started this script, or the one on the path. @param {string[]} args */
function npm(args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Feasible needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

/** Installs what the lockfile names, if the last installation was for another lockfile, platform or Node. */
export function ensureDependencies() {
  checkNode();
  const major = process.versions.node.split('.')[0];
  const wanted = hashOf([join(ROOT, 'package-lock.json')], [process.platform, process.arch, `node ${major}`]);
  if (holds(INSTALLED_STAMP, wanted)) return;
  console.log('Installing dependencies …');
  const { status } = npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) throw new Error('Installing the dependencies failed: see above.');
  writeFileSync(INSTALLED_STAMP, wanted);
}

/** Builds `dist`, if the sources changed since the last build. A build that fails leaves the last good one in place. */
export function ensureBuild() {
  const wanted = hashOf(BUILD_SOURCES.flatMap(filesUnder));
  const dist = join(ROOT, 'dist');
  if (existsSync(join(dist, 'index.html')) && holds(BUILD_STAMP, wanted)) return;
  console.log('Building …');
  const fresh = join(CACHE, `build-${process.pid}`);
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', fresh], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error('The build failed: see above.');
  }
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(BUILD_STAMP, wanted);
}

/** The first port from `port` on that nothing listens on. @param {number} port @returns {Promise<number>} */
export async function freePort(port) {
  for (let candidate = port; candidate < port + 100; candidate += 1) {
    const isFree = await new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(candidate, 'localhost', () => server.close(() => resolve(true)));
    });
    if (isFree) return candidate;
  }
  throw new Error(`No free port between ${port} and ${port + 99}.`);
}
