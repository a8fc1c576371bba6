/** Lines without a counterpart in the language: why, thrown where it is seen. */

/** Why a line has no counterpart, caught by who asked for one. `isHeld`: it is read as it is, and what it says cannot be. */
export class Refused extends Error {
  constructor(
    reason: string,
    readonly isHeld: boolean,
  ) {
    super(reason);
  }
}

export function refuse(reason: string): never {
  throw new Refused(reason, false);
}

/** What a line says cannot be. */
export function contradict(reason: string): never {
  throw new Refused(reason, true);
}
