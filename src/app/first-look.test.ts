import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterFirstLook } from './first-look.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Whether it has been resolved by now. */
function followed(firstFigure: Promise<void>) {
  let isOver = false;
  void afterFirstLook(firstFigure).then(() => {
    isOver = true;
  });
  return () => isOver;
}

describe('after the first look', () => {
  it('is when the figure is drawn, and the page has nothing to do', async () => {
    let idle: (() => void) | undefined;
    vi.stubGlobal('requestIdleCallback', (callback: () => void) => {
      idle = callback;
    });
    let draw = () => {};
    const isOver = followed(new Promise((resolve) => (draw = resolve)));
    await vi.advanceTimersByTimeAsync(5000);
    expect(idle).toBeUndefined();
    draw();
    await vi.advanceTimersByTimeAsync(2000);
    expect(isOver()).toBe(false);
    idle?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(isOver()).toBe(true);
  });

  it('comes without a figure, too, and where a browser does not say when it is idle', async () => {
    vi.stubGlobal('requestIdleCallback', undefined);
    Reflect.deleteProperty(globalThis, 'requestIdleCallback');
    const isOver = followed(new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(7000);
    expect(isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(3000);
    expect(isOver()).toBe(true);
  });
});
