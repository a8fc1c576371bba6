import fc from 'fast-check';
import { expect, it } from 'vitest';
import { components } from './components.ts';

/** By the definition: groups grow while a piece outside shares an entry with one inside. */
function grown(pieces: readonly { readonly coordinates: readonly number[] }[]) {
  const rest = new Set(pieces);
  const groups: (typeof pieces)[] = [];
  for (const first of pieces) {
    if (!rest.delete(first)) continue;
    const group = [first];
    for (const one of group)
      for (const other of [...rest])
        if (other.coordinates.some((entry) => one.coordinates.includes(entry)) && rest.delete(other)) group.push(other);
    groups.push(pieces.filter((piece) => group.includes(piece)));
  }
  return groups;
}

it('are groups that share entries, by whatever chain, each in the order given', () => {
  const piece = fc.record({ coordinates: fc.uniqueArray(fc.nat(12), { maxLength: 4 }) });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const places = (groups: readonly (readonly unknown[])[]) =>
        groups.map((group) => group.map((one) => (pieces as readonly unknown[]).indexOf(one)));
      const found = places(components(pieces));
      expect(new Set(found.map(String))).toEqual(new Set(places(grown(pieces)).map(String)));
      const last = found.map((group) => Math.max(...group));
      expect(last).toEqual([...last].sort((a, b) => a - b));
    }),
  );
});
