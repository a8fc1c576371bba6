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
