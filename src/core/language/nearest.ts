/** The known name that was probably meant. */

/** Letters that look like Latin ones. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [...'аеорсухіјѕԁһκνορτυιαΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТХ'].map((letter, i) => [
    letter,
    [...'aeopcyxijsdhkvoptuiaABEZHIKMNOPTYXABEKMHOPCTX'][i] ?? letter,
  ]),
);

const folded = (name: string): string =>
  [...name.toLowerCase()].map((letter) => LOOKALIKES.get(letter) ?? letter).join('');

/** The candidate with the fewest edits, if they are few for a name of this length; among equals the one that begins alike. Else the only one that begins with it. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const allowed = name.length <= 2 ? 0 : name.length <= 4 ? 1 : 2;
  let best: string | null = null;
  let fewest = allowed + 1;
  let alike = 0;
  const longer: string[] = [];
  for (const candidate of candidates) {
    if (name.length >= 3 && folded(candidate).startsWith(folded(name))) longer.push(candidate);
    if (Math.abs(candidate.length - name.length) > allowed) continue;
    const distance = edits(folded(name), folded(candidate));
    const prefix = commonPrefix(name, candidate);
    if (distance < fewest || (best !== null && distance === fewest && prefix > alike)) {
      [best, fewest, alike] = [candidate, distance, prefix];
    }
  }
  return best ?? (longer.length === 1 ? (longer[0] ?? null) : null);
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn a into b. */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
