/** Axes that are listed anew with each scene, as they were first listed: what follows from them is not computed again. */
import { useState } from 'react';

/** The array of an earlier render for as long as its entries are those of `entries`. */
export function useSameEntries<Entries extends readonly number[]>(entries: Entries): Entries {
  const [kept, setKept] = useState(entries);
  const isSame = entries.length === kept.length && entries.every((entry, i) => entry === kept[i]);
  if (!isSame) setKept(entries);
  return isSame ? kept : entries;
}
