/** Long computations as generators that pause between their parts: run through at once, or with a look around at each pause. */

export type Stages<Result> = Generator<void, Result>;

/** The result, without a pause. */
export function finished<Result>(stages: Stages<Result>): Result {
  for (;;) {
    const stage = stages.next();
    if (stage.done) return stage.value;
  }
}

/** The result, with a breath at each pause; null as soon as it is wanted no more. */
export async function finishedUnless<Result>(
  stages: Stages<Result>,
  isOvertaken: () => boolean,
  breathe: () => Promise<void>,
): Promise<Result | null> {
  for (;;) {
    const stage = stages.next();
    if (stage.done) return stage.value;
    await breathe();
    if (isOvertaken()) return null;
  }
}

/** Gives others their turn, where `everyMs` have passed since the last: what works in parts may then pause as often as it likes. */
export function breathing(now: () => number, pause: () => Promise<void>, everyMs: number): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since < everyMs) return;
    await pause();
    since = now();
  };
}
