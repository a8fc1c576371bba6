/**
 * The transport: one wall clock for all figures. It lives outside React's renders: layers that move read `position` in
 * `onFrame`, controls read `getSnapshot`, which changes at most ten times a second while it plays.
 */
import { positionAt, stepAt, type TimeScale } from './step-scale.ts';

export interface PlaybackSnapshot {
  /** In [0, 1]. */
  readonly position: number;
  /** Nearest whole step. */
  readonly step: number;
  readonly lastStep: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly isLooping: boolean;
  readonly scale: TimeScale;
}

/** Time as the browser gives it; tests bring their own. */
export interface FrameClock {
  now(): number;
  request(callback: () => void): number;
  cancel(handle: number): void;
}

export interface Playback {
  subscribe(listener: () => void): () => void;
  getSnapshot(): PlaybackSnapshot;
  /** The step under the playhead, not rounded. */
  exactStep(): number;
  /** Called in each frame that moves the playhead and after each jump, with the step, not rounded. Returns what ends it. */
  onFrame(listener: (step: number) => void): () => void;
  play(): void;
  pause(): void;
  toggle(): void;
  /** From the first step, in motion unless the reader prefers stillness. */
  restart(): void;
  seek(position: number): void;
  seekStep(step: number): void;
  stepBy(count: number): void;
  setSpeed(speed: number): void;
  setLooping(isLooping: boolean): void;
  setScale(scale: TimeScale): void;
  /** The greatest step of any run. A playhead that stood at the end stays at the end. */
  setLastStep(lastStep: number): void;
  dispose(): void;
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;

/** Milliseconds between changes of the snapshot while it plays. */
const READ_OUT_INTERVAL = 100;
/** How long the end is held before a loop starts again. */
const HOLD_MS = 1200;
/** A frame counts as at most this long, so that a hidden tab does not jump on its return. */
const LONGEST_FRAME = 100;

/** Milliseconds from first to last step at speed 1: short runs are over sooner, long ones are compressed. */
export const duration = (lastStep: number): number => Math.max(2500, Math.min(8000, 150 * lastStep));

const browserClock: FrameClock = {
  now: () => performance.now(),
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
};

const prefersReducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export interface PlaybackOptions {
  readonly clock?: FrameClock;
  readonly isStill?: () => boolean;
  readonly initial?: Partial<PlaybackSnapshot>;
}

export function createPlayback({
  clock = browserClock,
  isStill = prefersReducedMotion,
  initial,
}: PlaybackOptions = {}): Playback {
  const state = {
    position: 1,
    lastStep: 0,
    isPlaying: false,
    speed: 1,
    isLooping: true,
    scale: 'log' as TimeScale,
    ...initial,
  };
  const readers = new Set<() => void>();
  const movers = new Set<(step: number) => void>();
  let handle = 0;
  let lastFrame = 0;
  let lastReadOut = 0;
  let held = 0;

  const exactStep = () => stepAt(state.position, state.lastStep, state.scale);
  const take = (): PlaybackSnapshot => ({ ...state, step: Math.round(exactStep()) });
  let snapshot = take();

  const move = () => {
    const step = exactStep();
    for (const mover of movers) mover(step);
  };
  const publish = () => {
    snapshot = take();
    lastReadOut = clock.now();
    for (const reader of readers) reader();
  };
  const stop = () => {
    state.isPlaying = false;
    clock.cancel(handle);
  };
  const frame = () => {
    const now = clock.now();
    const elapsed = Math.min(LONGEST_FRAME, now - lastFrame);
    lastFrame = now;
    const from = state.position;
    advance(elapsed);
    // While the end is held, nothing moves: what is drawn stays as it is.
    if (state.position !== from) move();
    if (!state.isPlaying || now - lastReadOut >= READ_OUT_INTERVAL) publish();
    if (state.isPlaying) handle = clock.request(frame);
  };
  const advance = (elapsed: number) => {
    if (state.position < 1) {
      state.position = Math.min(1, state.position + (elapsed * state.speed) / duration(state.lastStep));
      held = 0;
      return;
    }
    held += elapsed;
    if (!state.isLooping) stop();
    else if (held >= HOLD_MS) state.position = 0;
  };
  const start = () => {
    if (state.isPlaying || state.lastStep <= 0) return;
    if (state.position >= 1) state.position = 0;
    state.isPlaying = true;
    lastFrame = clock.now();
    handle = clock.request(frame);
  };
  const jump = (position: number) => {
    state.position = Math.max(0, Math.min(1, position));
    held = 0;
    move();
    publish();
  };
  const change = (patch: Partial<typeof state>) => {
    Object.assign(state, patch);
    move();
    publish();
  };
  const seekStep = (step: number) =>
    jump(positionAt(Math.max(0, Math.min(state.lastStep, step)), state.lastStep, state.scale));
  const restart = () => {
    stop();
    state.position = isStill() ? 1 : 0;
    if (!isStill()) start();
    move();
    publish();
  };

  return {
    subscribe: (listener) => enlist(readers, listener),
    getSnapshot: () => snapshot,
    exactStep,
    onFrame(listener) {
      listener(exactStep());
      return enlist(movers, listener);
    },
    play() {
      start();
      publish();
    },
    pause() {
      stop();
      publish();
    },
    toggle() {
      if (state.isPlaying) stop();
      else start();
      publish();
    },
    restart,
    seek: jump,
    seekStep,
    stepBy(count) {
      stop();
      seekStep(Math.round(exactStep()) + count);
    },
    setSpeed: (speed) => change({ speed }),
    setLooping: (isLooping) => change({ isLooping }),
    setScale(scale) {
      const step = exactStep();
      change({ scale, position: positionAt(step, state.lastStep, scale) });
    },
    setLastStep(lastStep) {
      if (lastStep === state.lastStep) return;
      const step = Math.min(exactStep(), lastStep);
      const isAtEnd = state.position >= 1;
      if (lastStep <= 0) stop();
      change({ lastStep, position: isAtEnd ? 1 : positionAt(step, lastStep, state.scale) });
    },
    dispose() {
      stop();
      readers.clear();
      movers.clear();
    },
  };
}

function enlist<T>(set: Set<T>, member: T): () => void {
  set.add(member);
  return () => set.delete(member);
}
