/** Tells whether an edit continues the one before: letters of a word, positions of a slider. Such edits are undone together. */

const PAUSE_MS = 1500;

export interface Burst {
  /** Whether an edit of this thing, made now, belongs to the last one. */
  continues(thing: string): boolean;
  /** The next edit stands for itself. */
  end(): void;
}

export function createBurst(now: () => number): Burst {
  let last = { thing: '', at: Number.NEGATIVE_INFINITY };
  return {
    continues(thing) {
      const at = now();
      const continues = thing === last.thing && at - last.at < PAUSE_MS;
      last = { thing, at };
      return continues;
    },
    end() {
      last = { thing: '', at: Number.NEGATIVE_INFINITY };
    },
  };
}
