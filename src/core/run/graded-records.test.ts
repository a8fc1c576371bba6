/** Records on their way out: in whatever slices they are graded, they are what one grade of all is, and a stop is heard between them. */
import { describe, expect, it } from 'vitest';
import affine from '../../catalog/constraints/affine.ts';
import projectedGradient from '../../catalog/methods/projected-gradient.ts';
import sgd from '../../catalog/optimizers/sgd.ts';
import { prepareRun } from '../experiment/prepare-run.ts';
import { studyStructure } from '../experiment/study/study.ts';
import { Grader } from './grade.ts';
import { GradedRecords, type ReadRecords } from './graded-records.ts';
import type { Chunk, Job } from './run.ts';

const catalog = { constraints: [affine], optimizers: [sgd], methods: [projectedGradient], datasets: [] };

function jobOf(text: string): Job {
  const studied = studyStructure(text, 0, catalog);
  if (!studied.ok) throw new Error('the problem is right');
  const job = prepareRun(studied.value, { method: 'projected-gradient', steps: 500 }, 1, catalog);
  if (!job.ok) throw new Error('the run is right');
  return job.value;
}

const job = jobOf('param x = 1\nparam y = 2\nminimize x^2 + y^4\nsubject to x + y = 1');
const COUNT = 300;
const steps = Array.from({ length: COUNT }, (_, k) => k);
const iterates = Float64Array.from({ length: 2 * COUNT }, (_, i) => Math.sin(i));
const read: ReadRecords = (from, to) => ({
  steps: steps.slice(from, to),
  iterates: iterates.subarray(2 * from, 2 * to),
  states: { lambda: Float64Array.from(steps.slice(from, to)) },
});

/** A clock on which each look is so much later than the last. */
const clock = (lookMs: number) => {
  let time = 0;
  return () => {
    time += lookMs;
    return time;
  };
};

describe('records on their way out', () => {
  it.each([0, 1, 40])('are what one grade of all is, where a look at the clock takes %d ms', async (lookMs) => {
    const chunks: Chunk[] = [];
    const breaks = { now: clock(lookMs), pause: () => Promise.resolve() };
    const records = new GradedRecords(job, 'float64', (chunk) => chunks.push(chunk), breaks);
    expect(await records.send(COUNT, read)).toBe(true);
    expect(chunks.flatMap((chunk) => chunk.steps)).toEqual(steps);
    const wanted = new Grader(job.measure, job.steps).grade(steps, iterates);
    for (const name of ['loss', 'violation', 'stationarity', 'multipliers'] as const)
      expect(chunks.flatMap(({ measures }) => [...measures[name]])).toEqual([...wanted[name]]);
    expect([records.lastStep, records.multiplier]).toEqual([COUNT - 1, COUNT - 1]);
  });

  it('let others have their turn after each that takes long, and end where they were told to in it', async () => {
    const controller = new AbortController();
    const sent: number[] = [];
    const pause = async () => {
      if (sent.length >= 20) controller.abort();
    };
    const breaks = { now: clock(40), pause, signal: controller.signal };
    const records = new GradedRecords(job, 'float64', (chunk) => sent.push(...chunk.steps), breaks);
    expect(await records.send(1, read)).toBe(true);
    expect(records.atOnce).toBe(1);
    expect(await records.send(COUNT - 1, (from, to) => read(from + 1, to + 1))).toBe(false);
    expect(sent).toEqual(steps.slice(0, 20));
    expect(records.lastStep).toBe(19);
  });

  it('end in the midst of a slice that takes longer than was expected', async () => {
    const controller = new AbortController();
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses === 5) controller.abort();
    };
    const chunks: Chunk[] = [];
    const breaks = { now: clock(40), pause, signal: controller.signal };
    const records = new GradedRecords(job, 'float64', (chunk) => chunks.push(chunk), breaks);
    expect(records.atOnce).toBeGreaterThan(COUNT);
    expect(await records.send(COUNT, read)).toBe(false);
    expect([pauses, chunks.length, records.lastStep]).toEqual([5, 0, -1]);
  });
});
