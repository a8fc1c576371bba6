import { expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { analyzeStages } from './analysis/analyze.ts';
import { study, studyStages } from './experiment/study/study.ts';
import { parse } from './language/parse.ts';
import { check } from './problem/check.ts';
import { finishedUnless } from './stages.ts';

/** Not convex, so that its optimum is looked for from many points. */
const HEAVY =
  'param w[6] = 0.3\nminimize sum(sin(3*w) + 0.1*w^2) + exp(w[0]*w[1])\nsubject to\n  sum(w^2) <= 4\n  w[0]*w[1] >= -1';

const breaths = async (text: string, most: number) => {
  let count = 0;
  const result = await finishedUnless(
    studyStages(text, 0, catalog),
    () => count >= most,
    async () => {
      count += 1;
    },
  );
  return { result, count };
};

it('a study in stages is the study', async () => {
  const { result, count } = await breaths(HEAVY, Number.POSITIVE_INFINITY);
  expect(count).toBeGreaterThan(10);
  expect(JSON.stringify(result)).toBe(JSON.stringify(study(HEAVY, 0, catalog)));
});

it('ends at the pause at which it is overtaken, and no later', async () => {
  for (const most of [1, 2, 7]) expect(await breaths(HEAVY, most)).toEqual({ result: null, count: most });
});

it('is left between any two constraints, too: nobody waits for what many lines are', async () => {
  const lines = Array.from({ length: 30 }, (_, k) => `  x[${k % 4}]**2 + ${k + 1}*x[${(k + 1) % 4}] <= ${k + 9}`);
  const text = `param x[4]\nminimize sum((x - 1)**2)\nsubject to\n${lines.join('\n')}`;
  expect((await breaths(text, 12)).count).toBe(12);
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  expect(problem.ok && [...analyzeStages(problem.value, catalog.constraints)].length).toBeGreaterThan(30);
});

it('says what is wrong with a text before anything is analysed', async () => {
  const { result, count } = await breaths('minimize (x', 1);
  expect(result?.ok).toBe(false);
  expect(count).toBe(0);
});
