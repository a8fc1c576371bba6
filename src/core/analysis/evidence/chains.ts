/** Lines that put entries in order, x₂ ≤ x₀ ≤ x₁: from pairs to chains. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';

/** All of one length, each from its lowest entry on. */
export type Chains = readonly (readonly number[])[];

/** A matrix of the rows of longer chains is not held. */
const MOST_ENTRIES = 2000;
const MOST_CHAINS = 16;

/** xᵢ ≤ xⱼ. */
type Pair = readonly [lower: number, upper: number];

const isSome = (entry: number): boolean => entry !== 0;

/** Of a line each of whose rows says a (xᵢ − xⱼ) ≤ 0. */
function pairsOf({ relation, isMoving, affine }: ConstraintFacts): Pair[] | null {
  if (relation !== 'inequality' || isMoving || !affine || affine.b.some((entry) => entry !== 0)) return null;
  const pairs: Pair[] = [];
  for (const row of affine.A) {
    const i = row.findIndex(isSome);
    const j = row.findLastIndex(isSome);
    if (i === j || at(row, i) !== -at(row, j) || row.slice(i + 1, j).some(isSome)) return null;
    pairs.push(at(row, i) > 0 ? [i, j] : [j, i]);
  }
  return pairs;
}

/** The chains that lines of pairs xᵢ ≤ xⱼ make together; null where they say anything else, or less than of three entries. */
export function chainsOf(lines: readonly ConstraintFacts[]): Chains | null {
  const pairs: Pair[] = [];
  for (const line of lines) {
    const own = pairsOf(line);
    if (!own) return null;
    pairs.push(...own);
  }
  const above = new Map(pairs);
  const uppers = new Set(above.values());
  if (above.size < pairs.length || uppers.size < pairs.length) return null; // it branches
  const lowest = [...above.keys()].filter((entry) => !uppers.has(entry)).sort((a, b) => a - b);
  const chains = lowest.map((first) => {
    const chain: number[] = [];
    for (let entry: number | undefined = first; entry !== undefined; entry = above.get(entry)) chain.push(entry);
    return chain;
  });
  const length = chains[0]?.length ?? 0;
  const isWhole = chains.length * (length - 1) === pairs.length; // else some entries go round in a circle
  const areAlike = chains.every((chain) => chain.length === length);
  return isWhole && areAlike && length >= 3 && length <= MOST_ENTRIES && chains.length <= MOST_CHAINS ? chains : null;
}
