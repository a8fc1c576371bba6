/** Tells whether an edit continues the one before: letters of a word, positions of a slider. Such edits are undone together. */

const PAUSE_MS = 1500;

export interface Burst {
  /** Whether an edit of this thing, made now, belongs to the last one. */
  continues(thing: string): boolean;
  /** The next edit stands for itself. */
  end(): void;
  /** While a hand holds something, or waits for what it asked for, no pause ends a burst: one drag is one step, however long it takes. */
  hold(isHeld: boolean): void;
}

export function createBurst(now: () => number): Burst {
  const none = { thing: '', at: Number.NEGATIVE_INFINITY };
  let last = none;
  let isInHand = false;
  return {
    continues(thing) {
      const at = now();
      const continues = thing === last.thing && (isInHand || at - last.at < PAUSE_MS);
      last = { thing, at };
      return continues;
    },
    end() {
      last = none;
    },
    hold(isHeld) {
      if (isHeld && now() - last.at >= PAUSE_MS) last = none; // an earlier drag is over
      isInHand = isHeld;
    },
  };
}
