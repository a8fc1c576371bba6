import { describe, expect, it } from 'vitest';
import { changesOf, frameSize, frameSteps } from './animation-frames.ts';

describe('frames of an animation', () => {
  it.each([
    { lastStep: 1, speed: 8, scale: 'linear' as const },
    { lastStep: 200, speed: 1, scale: 'log' as const },
    { lastStep: 1_000_000, speed: 0.25, scale: 'log' as const },
  ])('go from the first step to the last, and are few: $lastStep steps at speed $speed', (playback) => {
    const steps = frameSteps(playback, 20);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBeCloseTo(playback.lastStep, 6);
    expect(steps.every((step, k) => k === 0 || step > (steps[k - 1] ?? 0))).toBe(true);
    expect(steps.length).toBeLessThanOrEqual(8 * 20 + 1);
    expect(steps.length).toBeGreaterThanOrEqual(20);
  });

  it.each([
    [1440, 900],
    [390, 700],
    [3000, 10],
    [0, 0],
  ])('of a graph of %i × %i pixels are no longer than asked for, and even', (width, height) => {
    const size = frameSize(width, height, 640);
    for (const side of size) {
      expect(side).toBeGreaterThanOrEqual(2);
      expect(side).toBeLessThanOrEqual(640);
      expect(side % 2).toBe(0);
    }
  });
});

it('of a frame only what changed is written, over what was there', () => {
  const [before, after] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(1, 7, 3, 5)];
  const drawn = changesOf(before, after, 9);
  expect([...drawn]).toEqual([9, 7, 9, 5]);
  expect(drawn.map((color, i) => (color === 9 ? (before[i] ?? 0) : color))).toEqual(after);
});
