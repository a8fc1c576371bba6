/** Every lesson does what it says: short texts, short links, claims that its runs keep, tasks that can be solved. */
import { describe, expect, it } from 'vitest';
import { encodeLink } from '../core/experiment/link/codec.ts';
import { holds } from '../core/lesson.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { broken, outcomesOf } from './lessons.fixture.ts';
import { lessons } from './lessons.ts';

const executor = createReferenceExecutor({
  now: () => performance.now(),
  pause: () => Promise.resolve(),
  reason: 'test',
});

const MOST_WORDS = 60;
const LONGEST_LINK = 600;

describe('lessons', () => {
  it('stand in an order without gaps or doubles', () => {
    expect(lessons.map(({ order }) => order)).toEqual(lessons.map((_, i) => i + 1));
  });

  describe.each(lessons)('$title', ({ steps, summary, source }) => {
    it('has two to six steps, a summary and a source', () => {
      expect(steps.length).toBeGreaterThanOrEqual(2);
      expect(steps.length).toBeLessThanOrEqual(6);
      expect(summary.trim() && source.trim()).toBeTruthy();
    });

    it.each(steps)('$title: short words, a short link', async ({ text, experiment, ask }) => {
      expect(text.replace(/\$[^$]*\$/g, 'formula').split(/\s+/).length).toBeLessThanOrEqual(MOST_WORDS);
      expect((text.match(/\$/g) ?? []).length % 2).toBe(0);
      const link = await encodeLink(experiment);
      expect(link.ok && link.value.length).toBeLessThanOrEqual(LONGEST_LINK);
      if (ask?.kind === 'choice') expect(ask.options[ask.answer]).toBeDefined();
    });

    it.each(steps)('$title: what it expects happens', async ({ experiment, expect: claims, ask, task }) => {
      const outcomes = await outcomesOf(experiment, executor, 'reference');
      expect(claims.length).toBeGreaterThan(0);
      expect(broken(claims, outcomes)).toEqual([]);
      if (ask?.kind === 'number') expect(Number.isFinite(ask.answer(outcomes))).toBe(true);
      expect(task.claims.every((claim) => holds(claim, outcomes))).toBe(false); // else there is nothing to do
      const solved = await outcomesOf(task.solution, executor, 'reference');
      expect(broken(task.claims, solved)).toEqual([]);
    });
  });
});
