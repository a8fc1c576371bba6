/** The examples of the README and of the documents are programs: they are compiled as strictly as the source. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

const examples = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => ({ page, code })),
);

describe('the documents', () => {
  it('hold examples of window.feasible that compile', () => {
    expect(examples.length).toBeGreaterThan(0);
    const folder = join(ROOT, '.cache', 'readme');
    mkdirSync(folder, { recursive: true });
    for (const [i, { code }] of examples.entries())
      writeFileSync(join(folder, `example${i}.ts`), `const { feasible } = window;\n${code}export {};\n`);
    const config = {
      extends: '../../tsconfig.app.json',
      compilerOptions: { tsBuildInfoFile: null, incremental: false },
      include: ['./*.ts', '../../src/app/api/types.ts', '../../src/core/language/grammar.d.ts'],
      exclude: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const done = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    expect(done.stdout).toBe('');
    expect(done.status).toBe(0);
  });

  it('link to what is there', () => {
    const links = PAGES.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => join(dirname(page), target)),
    );
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });
});
