import { describe, expect, it } from 'vitest';
import { createBurst } from './burst.ts';

function timed() {
  let now = 0;
  const burst = createBurst(() => now);
  return {
    burst,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

describe('edits that are undone together', () => {
  it('are those of one thing without a pause', () => {
    const { burst, wait } = timed();
    expect(burst.continues('text')).toBe(false);
    wait(1000);
    expect(burst.continues('text')).toBe(true);
    expect(burst.continues('start')).toBe(false);
    wait(2000);
    expect(burst.continues('start')).toBe(false);
  });

  it('are all that one hand does, however long it rests', () => {
    const { burst, wait } = timed();
    burst.continues('start');
    wait(5000);
    burst.hold(true);
    expect(burst.continues('start'), 'of an earlier drag').toBe(false);
    wait(5000);
    expect(burst.continues('start')).toBe(true);
    wait(5000);
    expect(burst.continues('start'), 'a slow result').toBe(true);
    burst.hold(false);
    wait(2000);
    expect(burst.continues('start'), 'after it').toBe(false);
  });
});
