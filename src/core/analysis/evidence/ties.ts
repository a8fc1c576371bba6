/** Entries that affine rows say are equal, where their matrix would be too large to hold. */
import type { Claim, ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { areFewRuns } from '../../tensor/patterns.ts';
import type { SparseMatrix } from '../../tensor/sparse.ts';
import { components } from './components.ts';

/** Rows a (xᵢ − xⱼ) = 0, or 0 = 0, as the groups of entries that they make equal, each ascending; null where a row says something else. */
export function tiesIn({ rows, starts, indices, values }: SparseMatrix, b: ArrayLike<number>): number[][] | null {
  const pairs: { readonly coordinates: readonly number[] }[] = [];
  for (let i = 0; i < rows; i++) {
    const [from, to] = [at(starts, i), at(starts, i + 1)];
    if (b[i] !== 0) return null;
    if (from === to) continue;
    if (to - from !== 2 || at(values, from) !== -at(values, from + 1)) return null;
    pairs.push({ coordinates: [at(indices, from), at(indices, from + 1)] });
  }
  return joined(pairs);
}

const joined = (pieces: readonly { readonly coordinates: readonly number[] }[]): number[][] =>
  components(pieces).map((group) => ascending(group.flatMap(({ coordinates }) => coordinates)));

const ascending = (entries: readonly number[]): number[] => [...new Set(entries)].sort((a, b) => a - b);

/** The groups of entries that these lines together make equal. */
export const tiedGroups = (lines: readonly Pick<ConstraintFacts, 'ties'>[]): number[][] =>
  joined(lines.flatMap(({ ties }) => (ties ?? []).map((coordinates) => ({ coordinates }))));

/** Lines of ties whose matrix is not held: those that share entries together, as the label of each entry. */
export function claimsOfTies(facts: readonly ConstraintFacts[]): Claim<{ groups: readonly number[] }>[] {
  const lines = facts.filter(({ affine, ties }) => !affine && ties !== null && !symmetricBlock(ties));
  return components(lines).flatMap((group) => {
    const labelOf = new Map<number, number>();
    tiedGroups(group).forEach((entries, label) => {
      for (const entry of entries) labelOf.set(entry, label);
    });
    const coordinates = ascending([...labelOf.keys()]);
    const groups = coordinates.map((entry) => labelOf.get(entry) ?? 0);
    return areFewRuns(groups) ? [{ data: { groups }, coordinates, constraints: group.map(({ index }) => index) }] : [];
  });
}

/** Lines W = Wᵀ, of a square block of entries, whose matrix is not held. */
export const claimsOfSymmetry = (facts: readonly ConstraintFacts[]): Claim<Record<never, never>>[] =>
  facts.flatMap(({ index, affine, ties }) => {
    const coordinates = !affine && ties && symmetricBlock(ties);
    return coordinates ? [{ data: {}, coordinates, constraints: [index] }] : [];
  });

/** The entries of W[n, n], row by row, where the ties are those of W = Wᵀ; n ≥ 3, else it is a pair. */
function symmetricBlock(ties: readonly (readonly number[])[]): number[] | null {
  const n = (1 + Math.sqrt(1 + 8 * ties.length)) / 2;
  if (!Number.isInteger(n) || n < 3) return null;
  const first = ties.reduce((least, [entry = 0]) => Math.min(least, entry), Number.POSITIVE_INFINITY) - 1;
  const isMirrored = ties.every(([upper = 0, lower = 0, ...others]) => {
    const [i, j] = [Math.floor((upper - first) / n), (upper - first) % n];
    return others.length === 0 && i < j && lower - first === j * n + i;
  });
  return isMirrored ? Array.from({ length: n * n }, (_, k) => first + k) : null;
}
