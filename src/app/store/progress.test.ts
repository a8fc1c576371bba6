import { describe, expect, it } from 'vitest';
import { progressText, shareDone } from './progress.ts';
import type { RunResult } from './run-slice.ts';

type Part = Pick<RunResult, 'job' | 'trajectory' | 'end'>;
const run = (steps: number, recorded: number, isOver = false) =>
  ({ job: { steps }, trajectory: { steps: [0, recorded] }, end: isOver ? {} : null }) as unknown as Part;

describe('how far runs are', () => {
  it('counts recorded steps of all, ended runs whole, and none of those that cannot run', () => {
    expect(shareDone([run(100, 50), run(300, 50)])).toBe(0.25);
    expect(shareDone([run(100, 10, true), run(100, 50)])).toBe(0.75);
    expect(shareDone([{ job: null, trajectory: null, end: null }, run(100, 50)])).toBe(0.5);
    expect(shareDone([])).toBe(0);
  });

  it('says what is left at the pace so far, once that is a second', () => {
    expect(progressText(0, 5000)).toBe('');
    expect(progressText(0.25, 4000)).toBe('25 %, 12 s left');
    expect(progressText(0.5, 600)).toBe('50 %');
    expect(progressText(0.01, 60_000)).toBe('1 %, 99 min left');
    expect(progressText(0.002, 700), 'no 6 minutes for a run of two seconds').toBe('0 %');
    expect(progressText(0.002, 5000)).toBe('0 %, 42 min left');
    expect(progressText(1, 60_000)).toBe('100 %');
  });
});
