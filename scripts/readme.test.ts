/** The examples of the README and of the documents are programs: they are compiled as strictly as the source. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  CHARTS,
  HIDDEN_FORCES,
  HIDEABLE,
  SAMPLES,
  SCALES,
  SLICES_ALONG,
  VIEW_KINDS,
} from '../src/core/experiment/experiment.ts';
import { TRAINING } from '../src/core/training.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

const examples = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => ({ page, code })),
);

/** Fields and methods of the interfaces in a file: of those that are named, or of all. */
function fieldsIn(file: string, interfaces = '\\w+'): string[] {
  const bodies = textOf(`src/${file}`).matchAll(new RegExp(`interface (?:${interfaces})\\b[^{]*\\{(.*?)\\n\\}`, 'gs'));
  return [...bodies].flatMap(([, body = '']) =>
    [...body.matchAll(/^ {2}(?:readonly (\w+)\??:|(\w+)\()/gm)].map(([, field, method]) => field ?? method ?? ''),
  );
}

const API = [
  ...fieldsIn('app/api/types.ts').filter((name) => name !== 'feasible'), // of the window
  ...fieldsIn('core/experiment/experiment.ts'),
  ...fieldsIn('core/diagnostic.ts', 'Diagnostic|Fix'),
  ...fieldsIn('core/analysis/feasibility/conflict.ts', 'Conflict'),
  ...fieldsIn('core/analysis/optimum/optimum.ts', 'Optimum'),
  ...fieldsIn('core/analysis/optimum/polish.ts', 'GradedPoint'),
  ...fieldsIn('core/analysis/optimum/descent.ts', 'Ray'),
  ...fieldsIn('core/experiment/study/no-optimum.ts', 'NoOptimum'),
  ...[CHARTS, HIDEABLE, SAMPLES, SCALES, SLICES_ALONG, VIEW_KINDS, [HIDDEN_FORCES], Object.keys(TRAINING)].flat(),
];

describe('the documents', () => {
  it('name every verb, field and choice of the API and of the experiment', () => {
    const code = [...textOf('docs/api.md').matchAll(/`([^`]+)`/g)].map(([, written]) => written).join('\n');
    expect(API.length).toBeGreaterThan(150);
    expect(API.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(code))).toEqual([]);
  });

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
