/** A lesson in the store: a question holds the runs back, answers and tasks are kept, and what was open comes back. */
import { describe, expect, it, vi } from 'vitest';
import { lessons } from '../../catalog/lessons.ts';
import { at } from '../../core/diagnostic.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { emptyCatalog, fakeAnalyst, fakeExecutor } from './fakes.fixture.ts';
import { isHiddenNow } from './hidden-parts.ts';
import { lessonHash, lessonLink, readLessonHash } from './lesson-link.ts';
import { isAsking, judged } from './lesson-slice.ts';
import { createStore } from './store.ts';

const own: Experiment = { version: 1, title: 'My own', problem: 'param a = 1\nminimize a^2', runs: [] };

const open = async (id: string, position = 0, executor = fakeExecutor()) => {
  const store = createStore(
    { executor, analyst: fakeAnalyst(), catalog: emptyCatalog, lessons: async () => lessons },
    own,
  );
  const isOpen = await store.getState().openLesson(id, position);
  return { store, isOpen };
};

const first = at(lessons, 0);

describe('lessons in the store', () => {
  it('opens a step, and holds its runs back while a question is not answered', async () => {
    const { store, isOpen } = await open(first.id);
    expect(isOpen).toBe(true);
    expect(store.getState().experiment).toBe(first.steps[0]?.experiment);
    expect(isAsking(store.getState().lesson)).toBe(true);
    expect(store.getState().isHeld).toBe(true);
    expect(isHiddenNow(store.getState(), 'optimum')).toBe(true);
    store.getState().guess(1);
    expect(isAsking(store.getState().lesson)).toBe(false);
    expect(isHiddenNow(store.getState(), 'optimum')).toBe(false);
    expect(store.getState().lesson?.guess).toBe(1);
  });

  it('holds every step until there is a guess', async () => {
    const { store } = await open(first.id);
    store.getState().guess(null);
    store.getState().goToStep(1);
    expect(store.getState().lesson).toMatchObject({ position: 1, guess: undefined });
    expect(store.getState().isHeld).toBe(true);
  });

  it('judges by runs of the open step alone, however soon the next one is answered', async () => {
    const executor = fakeExecutor();
    const { store } = await open(first.id, 0, executor);
    const finish = (call: number) => vi.waitFor(() => at(executor.calls, call).finish());
    store.getState().guess(null);
    await finish(0);
    await vi.waitFor(() => expect(judged(store.getState())).not.toBeNull());
    store.getState().goToStep(1);
    store.getState().guess(null); // the picture of the step before is still shown
    expect(store.getState().picture?.results).not.toEqual([]);
    expect(judged(store.getState())).toBeNull();
    await finish(1);
    await vi.waitFor(() => expect(judged(store.getState())).toHaveLength(first.steps[1]?.experiment.runs?.length ?? 0));
  });

  it('shows a solution under the title and in the view of its step', async () => {
    const { store } = await open(first.id);
    const { title, task } = first.steps[0] ?? {};
    store.getState().solve();
    expect(store.getState().experiment.problem).toBe(task?.solution.problem);
    expect(store.getState().experiment.title).toBe(title);
    expect(store.getState().lesson?.position).toBe(0);
  });

  it('brings back what was open, whatever was edited meanwhile', async () => {
    const { store } = await open(first.id);
    store.getState().editText('param q = 1\nminimize q^2');
    store.getState().goToStep(1);
    store.getState().leaveLesson();
    expect(store.getState().lesson).toBeNull();
    expect(store.getState().experiment).toEqual(own);
  });

  it('brings back the work of an earlier visit where the page began with the lesson', async () => {
    const { store } = await open(first.id);
    const earlier = { ...own, title: 'Earlier' };
    store.getState().returnTo(earlier);
    store.getState().leaveLesson();
    expect(store.getState().experiment).toEqual(earlier);
    expect(store.getState().kept).toBeNull();
  });

  it('ends when something else is opened', async () => {
    const { store } = await open(first.id);
    store.getState().load(own);
    expect(store.getState().lesson).toBeNull();
  });

  it('keeps which steps were done, once each', async () => {
    const { store } = await open(first.id, 1);
    store.getState().finishStep();
    store.getState().goToStep(0);
    store.getState().finishStep();
    store.getState().finishStep();
    expect(store.getState().progress).toEqual({ [first.id]: [0, 1] });
  });

  it('opens nothing for a lesson or a step that there is not', async () => {
    for (const [id, position] of [
      ['no-such-lesson', 0],
      [first.id, 99],
    ] as const) {
      const { store, isOpen } = await open(id, position);
      expect(isOpen).toBe(false);
      expect(store.getState().experiment).toEqual(own);
    }
  });

  it('has links that name lesson and step', () => {
    const link = lessonLink('https://example.org/app/#e=1g.x', first.id, 1);
    expect(link).toBe(`https://example.org/app/#lesson=${first.id}.2`);
    expect(readLessonHash(new URL(link).hash)).toEqual({ id: first.id, position: 1, link: null });
    expect(readLessonHash(`#lesson=${first.id}`)).toEqual({ id: first.id, position: 0, link: null });
    expect(readLessonHash(lessonHash(first.id, 1, '#e=1g.x'))).toEqual({ id: first.id, position: 1, link: '#e=1g.x' });
    for (const hash of ['#lesson=', '#lesson=A.1', '#lesson=a.1.2', '#e=1g.a', '#lesson=a/../b'])
      expect(readLessonHash(hash)).toBeNull();
  });
});
