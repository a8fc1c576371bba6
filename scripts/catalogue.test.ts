/** What an optimizer is like, its own file says: code that asked for one by name would not know the next. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const DEFAULT = 'sgd';
const others = readdirSync('src/catalog/optimizers')
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((id) => id !== DEFAULT);
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|fixture)\.|\/(reference|lessons)\//.test(file));

it('no code asks for an optimizer by name', () => {
  expect(sources.length).toBeGreaterThan(500);
  const name = new RegExp(`(\\w+: )?'(?:${others.join('|')})'`, 'g');
  const named = sources.filter((file) =>
    // Examples choose one, and files say which they are.
    [...readFileSync(`src/${file}`, 'utf8').matchAll(name)].some(([, key]) => key !== 'kind: ' && key !== 'id: '),
  );
  expect(named).toEqual([]);
});
