/** What a visitor loads, in bytes as they travel (Brotli). Read from the build that is served. */
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const ASSETS = 'dist/assets/';
const KILOBYTE = 1000;

const files = readdirSync(ASSETS);
const text = (file: string) => readFileSync(ASSETS + file, 'utf8');
const weight = (found: Iterable<string>) =>
  [...found].reduce((sum, file) => sum + brotliCompressSync(readFileSync(ASSETS + file)).length, 0) / KILOBYTE;

/** The one script that is built from this source file. */
function script(name: string): string {
  const found = files.filter((file) => file.startsWith(`${name}-`) && file.endsWith('.js'));
  expect(found, name).toHaveLength(1);
  return found[0] as string;
}

/** The scripts that the given ones import, and they themselves; what is fetched later (`import()`) is not among them. */
function withImports(scripts: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const waiting = [...scripts];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, imported] of text(file).matchAll(/\b(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
      waiting.push(imported as string);
  }
  return seen;
}

/** Scripts and styles that `index.html` names. */
const first = [...readFileSync('dist/index.html', 'utf8').matchAll(/"\.\/assets\/([^"]+\.(?:js|css))"/g)].map(
  ([, file]) => file as string,
);
const isScript = (file: string) => file.endsWith('.js');
const named = withImports(first.filter(isScript));

test('the frame of the page is there after 180 kB', () => {
  const loaded = new Set([...first, ...named]);
  expect(loaded.size).toBeGreaterThan(1);
  console.log(`first: ${weight(loaded).toFixed(1)} kB`);
  expect(weight(loaded)).toBeLessThanOrEqual(180);
});

test('all that the page computes and shows, without Plotly, is there after 300 kB', () => {
  const loaded = withImports([...named, script('workshop')]);
  expect(loaded.size).toBeGreaterThan(named.size);
  console.log(`with what computes: ${weight(loaded).toFixed(1)} kB`);
  expect(weight(loaded)).toBeLessThanOrEqual(300);
});

test('Plotly comes after them, and its third dimension apart', () => {
  const [plane, space] = [script('plotly-2d'), script('plotly-3d')];
  const before = withImports([...named, script('workshop')]);
  expect([...before].filter((file) => file.startsWith('plotly-2d') || file.startsWith('plotly-3d'))).toEqual([]);
  expect([...withImports([plane])]).not.toContain(space);
  console.log(`Plotly: ${weight([plane]).toFixed(1)} kB, space ${weight([space]).toFixed(1)} kB`);
  expect(weight([plane])).toBeLessThanOrEqual(380);
});

test('no script imports the entry of a worker: Safari would evaluate it once more, and two would answer each message', () => {
  const all = files.filter(isScript);
  const entries = new Set(
    all.flatMap((file) =>
      [...text(file).matchAll(/new URL\([`"'](?:\.\/)?([\w-]*worker-[\w-]+\.js)[`"']/g)].map(([, entry]) => entry),
    ),
  );
  expect(entries.size).toBe(2);
  const imported = all.flatMap((file) =>
    [...text(file).matchAll(/\b(?:from|import)\s*\(?[`"']\.\/([^`"']+\.js)[`"']/g)].map(([, name]) => name),
  );
  expect(imported.length).toBeGreaterThan(20);
  expect(imported.filter((name) => entries.has(name))).toEqual([]);
});

test('every style of Mantine that the scripts name is in the build', () => {
  const classes = (source: string) => new Set(source.match(/\bm_[0-9a-f]{6,8}\b/g));
  const known = classes(readFileSync('node_modules/@mantine/core/styles.css', 'utf8'));
  const namedThere = classes(files.filter(isScript).map(text).join('\n'));
  const styled = classes(
    files
      .filter((file) => file.endsWith('.css'))
      .map(text)
      .join('\n'),
  );
  const used = [...namedThere].filter((name) => known.has(name));
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter((name) => !styled.has(name))).toEqual([]);
});
