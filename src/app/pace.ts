/** For what comes in faster than it can be drawn: on a slow machine, records arrive while the last ones are still being shown. */

export interface Pace {
  /** Acts now, or as soon as the rest is over; requests in between are one. */
  request(): void;
  /** Nothing that is still wanted happens any more. */
  end(): void;
}

export interface Clock {
  readonly now: () => number;
  readonly later: (turn: () => void, ms: number) => void;
}

export const pageClock: Clock = { now: () => performance.now(), later: (turn, ms) => void setTimeout(turn, ms) };

/**
 * Acts no sooner than after as long a rest as the last time took with all that it set off: half of the time at most goes into it, and
 * the other half is left for what comes in and for the reader's hand.
 */
export function paced(act: () => void, { now, later }: Clock = pageClock): Pace {
  let isResting = false;
  let isWanted = false;
  let hasEnded = false;
  const next = () => {
    if (isResting || !isWanted || hasEnded) return;
    [isWanted, isResting] = [false, true];
    const began = now();
    act();
    const rest = () => {
      const awake = () => {
        isResting = false;
        next();
      };
      later(awake, now() - began);
    };
    later(rest, 0); // what it set off has its turn before
  };
  return {
    request() {
      isWanted = true;
      next();
    },
    end() {
      hasEnded = true;
    },
  };
}
