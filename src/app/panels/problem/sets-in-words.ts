/** What several sets are together: a product where they share no entries, else what they have in common. */
import type { RecognizedSet } from '../../../core/analysis/structure.ts';

type Part = Pick<RecognizedSet, 'kind' | 'coordinates'>;

/** `Ball ∩ Ball`, `Ball × Simplex`, `Ball × … × Ball (12)`, `(Ball ∩ Half-space) × Simplex`; empty for none. */
export function setsInWords(sets: readonly Part[], titleOf: (kind: string) => string): string {
  const groups = overlapping(sets).map((group) => group.map(({ kind }) => titleOf(kind)));
  const words = groups.map((titles) => joined(titles, '∩'));
  return joined(
    words.map((word, i) => (words.length > 1 && (groups[i]?.length ?? 0) > 1 ? `(${word})` : word)),
    '×',
  );
}

/** The sets in groups that share entries, each in the order of its first set. */
function overlapping(sets: readonly Part[]): Part[][] {
  if (sets.length < 2) return sets.map((set) => [set]);
  const groupOfEntry: (Part[] | undefined)[] = [];
  const groups = new Set<Part[]>();
  for (const set of sets) {
    const met = new Set<Part[]>();
    for (const entry of set.coordinates) {
      const group = groupOfEntry[entry];
      if (group) met.add(group);
    }
    const [group = [], ...others] = met.size === 0 ? [] : [...groups].filter((one) => met.has(one));
    groups.add(group);
    group.push(set);
    for (const entry of set.coordinates) groupOfEntry[entry] = group;
    for (const other of others) {
      groups.delete(other);
      group.push(...other);
      for (const { coordinates } of other) for (const entry of coordinates) groupOfEntry[entry] = group;
    }
  }
  return [...groups];
}

/** Words between a sign; the same word more than twice is counted. */
function joined(words: readonly string[], sign: '∩' | '×'): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const parts = [...counts].map(([word, count]) => {
    if (count > 2) return `${word} ${sign} … ${sign} ${word} (${count})`;
    return count === 2 ? `${word} ${sign} ${word}` : word;
  });
  return parts.join(` ${sign} `);
}
