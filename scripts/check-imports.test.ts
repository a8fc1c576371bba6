import { describe, expect, it } from 'vitest';
import { findViolations } from './check-imports.mjs';

const refused: [path: string, code: string, message: RegExp][] = [
  [
    'src/core/language/a.ts',
    "import { b } from '../problem/b.ts';",
    /core\/language may import values only from core\/\{diagnostic, number-text, language\}/,
  ],
  ['src/core/language/a.ts', "import { type B } from '../problem/b.ts';", /write `import type`/],
  ['src/core/contracts.ts', "export * from './run/b.ts';", /core\/contracts may import values only/],
  ['src/core/other/a.ts', "import { b } from '../diagnostic.ts';", /has no place in the order/],
  ['src/core/run/a.ts', "import { b } from '../../gpu/b.ts';", /nothing outside core/],
  ['src/core/run/a.ts', "import { useState } from 'react';", /only the packages/],
  ['src/core/run/a.ts', "import { readFile } from 'node:fs';", /only the packages/],
  ['src/core/run/a.ts', "import fc from 'fast-check';", /only the packages/],
  ['src/core/run/a.ts', "import { b } from '../language/samples.ts';", /only tests import/],
  ['src/core/run/a.ts', "import type { B } from '../reference/b.ts';", /only tests import/],
  ['src/main.tsx', "import { b } from './app/store/fakes';", /only tests import/],
  ['src/core/run/a.ts', 'const x = Math.random();', /no unseeded randomness/],
  ['src/core/run/a.ts', 'const now = Date.now();', /no clock/],
  ['src/catalog/methods/a.ts', "import b from './b.ts';", /never imports another/],
  ['src/catalog/methods/a.ts', "import { b } from '../registry.ts';", /never imports another/],
  ['src/catalog/methods/a.ts', "import type { B } from '../../app/store/b.ts';", /imports only core/],
  ['src/gpu/device.ts', "import type { B } from '../core/problem/b.ts';", /tensor machine/],
  ['src/gpu/device.ts', "import { b } from '../catalog/registry.ts';", /tensor machine/],
  ['src/wasm/lower.ts', "import { b } from '../gpu/b.ts';", /machine for programs/],
  ['src/wasm/lower.ts', "import b from 'binaryen';", /no package/],
  ['src/app/figures/a.ts', "import { useStore } from 'zustand';", /no store/],
  ['src/app/figures/a.ts', "import { b } from '../store/b.ts';", /only core and other figures/],
  ['src/app/store/a.ts', "import type { B } from '../../gpu/b.ts';", /executor arrives as an argument/],
  ['src/app/store/a.ts', "import b from '../../catalog/methods/b.ts';", /registry/],
  [
    'src/app/store/a.ts',
    "const w = new Worker(new URL('../../gpu/worker.ts', import.meta.url));",
    /executor arrives as an argument/,
  ],
  ['src/app/panels/a.tsx', "const b = await import('../../gpu/b.ts');", /panels never import gpu/],
  ['src/app/panels/a.tsx', "import { b } from '../../core/tensor/b.ts';", /computed by the run/],
  ['src/app/components/a.tsx', "import { B } from '../panels/b.tsx';", /know no panel/],
  ['src/app/store/a.ts', "import { B } from '../panels/b.tsx';", /the store imports only/],
  ['src/app/study.ts', "import { B } from './panels/b.tsx';", /knows no panel/],
  ['src/app/app.tsx', "import { B } from '../gpu/b.ts';", /hands it in/],
  ['src/app/app.tsx', "import '../main.tsx';", /nobody imports a composition root/],
  ['src/other.ts', "import { b } from './core/run/b.ts';", /files belong in/],
];

const allowed: [path: string, code: string][] = [
  ['src/core/problem/a.ts', "import { b } from '../language/b.ts'; import type { C } from '../run/c.ts';"],
  ['src/core/problem/a.ts', "import { b } from './b'; import { z } from 'zod'; import { c } from '../diagnostic';"],
  ['src/core/problem/a.ts', "// Math.random and Date in a comment\nconst text = 'new Date()';"],
  ['src/core/language/expr.arbitrary.ts', "import { b } from '../problem/b.ts';"],
  ['src/core/language/samples.ts', "import fc from 'fast-check';"],
  ['src/core/problem/a.test.ts', "import { b } from '../language/samples.ts'; import { c } from '../reference/c.ts';"],
  ['src/core/problem/a.test.ts', "import { methods } from '../../catalog/registry.ts'; import { it } from 'vitest';"],
  ['src/catalog/methods/a.ts', "import { defineMethod } from '../../core/contracts.ts';"],
  ['src/catalog/registry.ts', "import a from './methods/a.ts';"],
  [
    'src/gpu/kernels/a.ts',
    "import code from '../../../shaders/a.wgsl?raw'; import { b } from '../../core/program/b.ts';",
  ],
  ['src/gpu/client.ts', "const w = new Worker(new URL('./worker.ts', import.meta.url));"],
  ['src/app/figures/a.ts', "import type { Trajectory } from '../../core/run/trajectory.ts';"],
  ['src/app/store/a.ts', "import { create } from 'zustand'; import { methods } from '../../catalog/registry.ts';"],
  ['src/app/store/a.ts', "import type { B } from '../study.ts'; import { useContext } from 'react';"],
  ['src/app/panels/a.tsx', "import { useStore } from '../store/store.ts'; export const A = () => <p>Don't</p>;"],
  ['src/main.tsx', "const w = new Worker(new URL('./gpu/worker.ts', import.meta.url));"],
];

describe('import directions', () => {
  it.each(refused)('%s may not contain %s', (path, code, message) => {
    expect(findViolations(path, code).map((violation) => violation.message)).toEqual([expect.stringMatching(message)]);
  });

  it.each(allowed)('%s may contain %s', (path, code) => {
    expect(findViolations(path, code)).toEqual([]);
  });
});
