import { describe, expect, it } from 'vitest';
import { createPlayback, duration, type FrameClock } from './playback.ts';
import { positionAt, recordAt, stepAt } from './step-scale.ts';
import { seldomStep } from './use-playback.ts';

/** A clock that stands until it is advanced. */
function handClock() {
  let time = 0;
  let next: (() => void) | null = null;
  const clock: FrameClock = {
    now: () => time,
    request(callback) {
      next = callback;
      return 1;
    },
    cancel() {
      next = null;
    },
  };
  const advance = (milliseconds: number, frame = 16) => {
    for (let passed = 0; passed < milliseconds; passed += frame) {
      time += frame;
      const callback = next;
      next = null;
      callback?.();
    }
  };
  return { clock, advance };
}

const still = (isStill = false) => {
  const { clock, advance } = handClock();
  const playback = createPlayback({ clock, isStill: () => isStill, initial: { scale: 'linear' } });
  playback.setLastStep(100);
  return { playback, advance };
};

describe('step scale', () => {
  it.each(['linear', 'log'] as const)('%s: position and step are each other’s inverse', (scale) => {
    for (const step of [0, 1, 17, 5000])
      expect(stepAt(positionAt(step, 5000, scale), 5000, scale)).toBeCloseTo(step, 8);
    expect(positionAt(3, 0, scale)).toBe(0);
  });
  it('finds the last record at or before a step', () => {
    expect([-1, 0, 1, 1.5, 4, 9].map((step) => recordAt([0, 1, 4], step))).toEqual([-1, 0, 1, 1, 2, 2]);
  });
});

describe('playback', () => {
  it('starts at the end, still, and keeps the end while runs grow', () => {
    const { playback } = still();
    expect(playback.getSnapshot()).toMatchObject({ step: 100, isPlaying: false });
    playback.setLastStep(200);
    expect(playback.getSnapshot().step).toBe(200);
  });
  it('goes from first to last step in its duration and stops without a loop', () => {
    const { playback, advance } = still();
    playback.setLooping(false);
    playback.restart();
    advance(duration(100) / 2);
    expect(playback.exactStep()).toBeCloseTo(50, -1);
    advance(duration(100));
    expect(playback.getSnapshot()).toMatchObject({ step: 100, isPlaying: false });
  });
  it('holds the end, then loops', () => {
    const { playback, advance } = still();
    playback.restart();
    advance(duration(100) + 500);
    expect(playback.getSnapshot()).toMatchObject({ step: 100, isPlaying: true });
    let moves = 0;
    playback.onFrame(() => moves++);
    moves = 0;
    advance(500);
    expect(moves, 'nothing is drawn while the end is held').toBe(0);
    advance(1000);
    expect(moves).toBeGreaterThan(0);
    expect(playback.getSnapshot().step).toBeLessThan(30);
  });
  it('plays four times as fast at speed 4', () => {
    const { playback, advance } = still();
    playback.setSpeed(4);
    playback.restart();
    advance(duration(100) / 8);
    expect(playback.exactStep()).toBeCloseTo(50, -1);
  });
  it('stands still for readers who prefer it, until they press play', () => {
    const { playback, advance } = still(true);
    playback.restart();
    advance(1000);
    expect(playback.getSnapshot()).toMatchObject({ step: 100, isPlaying: false });
    playback.play();
    advance(1000);
    expect(playback.getSnapshot().isPlaying).toBe(true);
  });
  it('tells readers at most ten times a second and movers each frame', () => {
    const { playback, advance } = still();
    let reads = 0;
    let moves = 0;
    playback.subscribe(() => reads++);
    playback.onFrame(() => moves++);
    playback.restart();
    advance(2000);
    expect(reads).toBeLessThanOrEqual(21);
    expect(moves).toBeGreaterThan(120);
  });
  it('tells what is dear to draw a quarter as often while it plays, and each jump while it stands', () => {
    const { playback, advance } = still();
    const seldom = seldomStep(playback);
    const count = { all: 0, seldom: 0 };
    const turns = [0, 2].map((turn) => {
      const drawn: number[] = [];
      seldomStep(playback, turn).subscribe(() => drawn.push(count.all));
      return drawn;
    });
    playback.subscribe(() => count.all++);
    seldom.subscribe(() => count.seldom++);
    playback.restart();
    advance(duration(100) / 2);
    expect(count.seldom).toBe(Math.floor(count.all / 4));
    expect(turns[1]?.length, 'another turn is drawn as often').toBeGreaterThan(1);
    expect(
      turns[0]?.filter((change) => turns[1]?.includes(change)),
      'and never at the same change',
    ).toEqual([]);
    playback.pause();
    expect(seldom.getSnapshot()).toBe(playback.getSnapshot().step);
    playback.stepBy(1);
    expect(seldom.getSnapshot()).toBe(playback.getSnapshot().step);
  });
  it('steps by whole steps, pauses for it, and stays within the run', () => {
    const { playback } = still();
    playback.play();
    playback.seek(0.501);
    playback.stepBy(1);
    expect(playback.getSnapshot()).toMatchObject({ step: 51, isPlaying: false });
    playback.stepBy(1000);
    expect(playback.getSnapshot().step).toBe(100);
  });
  it('keeps the step when the time scale changes', () => {
    const { playback } = still();
    playback.seekStep(40);
    playback.setScale('log');
    expect(playback.getSnapshot().step).toBe(40);
  });
  it('does not play where there is nothing to play', () => {
    const { clock } = handClock();
    const playback = createPlayback({ clock, isStill: () => false });
    playback.play();
    expect(playback.getSnapshot().isPlaying).toBe(false);
  });
  it('does not jump after a hidden tab', () => {
    const { playback, advance } = still();
    playback.restart();
    advance(60_000, 60_000);
    expect(playback.exactStep()).toBeLessThan(5);
  });
});
