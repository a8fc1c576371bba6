/** What the lessons say holds on the GPU as well: claims of every step, and that each task's solution solves it. */
import { describe, expect, it } from 'vitest';
import { broken, outcomesOf } from '../catalog/lessons.fixture.ts';
import { lessons } from '../catalog/lessons.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

describe('lessons on the GPU', () => {
  const { executor, uncaptured } = withTestExecutor();

  it.each(lessons)('$title', async ({ steps }) => {
    for (const { experiment, expect: claims, task } of steps) {
      expect(broken(claims, await outcomesOf(experiment, executor, 'gpu'))).toEqual([]);
      expect(broken(task.claims, await outcomesOf(task.solution, executor, 'gpu'))).toEqual([]);
    }
    expect(await uncaptured()).toEqual([]);
  });
});
