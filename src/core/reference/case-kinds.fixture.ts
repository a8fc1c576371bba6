/** Fewer cases than all of them, of every kind. */

export interface Kind {
  readonly problem: string;
  readonly method: string;
}

/** The last case of each problem and method; unless `isWhole`, only so many of them that each problem and each method is in one. */
export function casesOfEachKind<T extends Kind>(cases: readonly T[], isWhole: boolean): readonly T[] {
  const kinds = [...new Map(cases.map((one) => [`${one.problem} ${one.method}`, one] as const)).values()];
  if (isWhole) return kinds;
  const seen = new Set<string>();
  return kinds.filter(({ problem, method }) => {
    const isNew = !seen.has(`problem ${problem}`) || !seen.has(`method ${method}`);
    if (isNew) seen.add(`problem ${problem}`).add(`method ${method}`);
    return isNew;
  });
}
