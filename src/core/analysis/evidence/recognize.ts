/** Facts × kinds → sets: first claims of several constraints, then line by line, then lines of one kind together. */
import type { Claim, ConstraintFacts, ConstraintKind, SetData } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { RecognizedSet } from '../structure.ts';
import { components } from './components.ts';
import { rowByRow } from './following.ts';

interface KindClaim extends Claim {
  readonly kind: ConstraintKind;
}

/** Each constraint, or each of `some`, in at most one set. */
export function recognizeSets(
  facts: readonly ConstraintFacts[],
  kinds: readonly ConstraintKind[],
  some = facts,
): RecognizedSet[] {
  const claims = claimTogether(facts, kinds, some);
  const taken = new Set(claims.flatMap(({ constraints }) => constraints));
  const left = some.filter(({ index }) => !taken.has(index));
  for (const kind of kinds) {
    const own = left.flatMap((line) => recognized(line, [kind]) ?? []);
    const combined = own.length > 1 ? combine(kind, own) : null;
    claims.push(...(combined ? [combined] : own));
  }
  return claims.map((claim) => setOf(claim, facts)).sort((a, b) => at(a.constraints, 0) - at(b.constraints, 0));
}

/** The sets, and in place of those that overlap, and of constraints, or of `some`, in none, sets that join them. */
export function joinSets(
  sets: readonly RecognizedSet[],
  facts: readonly ConstraintFacts[],
  kinds: readonly ConstraintKind[],
  some = facts,
): RecognizedSet[] {
  const claimed = new Set(sets.flatMap(({ constraints }) => constraints));
  const pieces = [
    ...sets,
    ...some
      .filter(({ index }) => !claimed.has(index))
      .map(({ index, coordinates }) => ({ constraints: [index], coordinates })),
  ];
  const joined = components(pieces).flatMap((group) => {
    const [only] = group;
    if (group.length === 1 && only && 'kind' in only) return [];
    const lines = group.flatMap(({ constraints }) => constraints).sort((a, b) => a - b);
    for (const kind of kinds) {
      const claim = kind.join?.(lines.map((index) => at(facts, index)));
      if (claim) return [{ ...setOf({ kind, ...claim }, facts), isJoined: true as const }];
    }
    return [];
  });
  const taken = new Set(joined.flatMap(({ constraints }) => constraints));
  const left = sets.filter(({ constraints }) => !constraints.some((index) => taken.has(index)));
  return [...left, ...joined].sort((a, b) => at(a.constraints, 0) - at(b.constraints, 0));
}

/** Each constraint that some kind recognises, as a set of its own. */
export const recognizeLines = (facts: readonly ConstraintFacts[], kinds: readonly ConstraintKind[]): RecognizedSet[] =>
  facts.flatMap((line) => {
    const claim = recognized(line, kinds);
    return claim ? [setOf(claim, facts)] : [];
  });

/** Whether no two of the sets restrict the same entry: then their product is projected on part by part. */
export function areDisjoint(sets: readonly Pick<RecognizedSet, 'coordinates'>[]): boolean {
  if (sets.length < 2) return true;
  const all = sets.flatMap((set) => set.coordinates);
  return new Set(all).size === all.length;
}

/** Whether each of the constraints is in a set whose nearest points are known. */
export function areProjectable(constraints: readonly ConstraintFacts[], sets: readonly RecognizedSet[]): boolean {
  const known = new Set(sets.flatMap((set) => (set.hasProjection ? set.constraints : [])));
  return constraints.every(({ index }) => known.has(index));
}

function recognized(line: ConstraintFacts, kinds: readonly ConstraintKind[]): KindClaim | null {
  for (const kind of kinds) {
    const data = kind.recognize(line);
    if (data) return { kind, data, constraints: [line.index], coordinates: line.coordinates };
  }
  return null;
}

/** The kinds' claims, best first, asked anew after each that was granted: what is taken cannot be claimed again. */
function claimTogether(
  facts: readonly ConstraintFacts[],
  kinds: readonly ConstraintKind[],
  some: readonly ConstraintFacts[],
): KindClaim[] {
  const granted: KindClaim[] = [];
  let free = some;
  for (;;) {
    const claims = kinds.flatMap((kind) => (kind.claim?.(free) ?? []).map((claim) => ({ ...claim, kind })));
    if (claims.length === 0) return granted;
    const joined = ({ constraints }: Claim) => constraints.filter((index) => !at(facts, index).bounds).length;
    const relations = ({ constraints }: Claim) => new Set(constraints.map((index) => at(facts, index).relation)).size;
    claims.sort(
      (a, b) => relations(b) - relations(a) || joined(b) - joined(a) || b.constraints.length - a.constraints.length,
    );
    const taken = new Set<number>();
    for (const claim of claims) {
      if (claim.constraints.some((index) => taken.has(index))) continue;
      claim.constraints.forEach((index) => taken.add(index));
      granted.push(claim);
    }
    free = free.filter(({ index }) => !taken.has(index));
  }
}

function combine(kind: ConstraintKind, claims: readonly KindClaim[]): KindClaim | null {
  const coordinates = [...new Set(claims.flatMap((claim) => claim.coordinates))].sort((a, b) => a - b);
  const positionOf = new Map(coordinates.map((coordinate, position) => [coordinate, position]));
  const parts = claims.map(({ data, coordinates: own }) => ({
    data,
    positions: own.map((coordinate) => positionOf.get(coordinate) ?? 0),
  }));
  const data = kind.combine?.(parts, coordinates.length) ?? null;
  return data && { kind, data, constraints: claims.flatMap(({ constraints }) => constraints), coordinates };
}

/** No entry of a box, say, is without a bound. */
const areFinite = (data: SetData): boolean =>
  Object.values(data).every((entry) => [entry].flat(2).every((number) => Number.isFinite(number)));

function setOf(claim: KindClaim, facts: readonly ConstraintFacts[]): RecognizedSet {
  const { kind, data, constraints, coordinates } = claim;
  const isMoving = constraints.some((index) => at(facts, index).isMoving);
  const rows = () => constraints.reduce((sum, index) => sum + at(facts, index).rows, 0);
  const moving = isMoving ? (claim.moving ?? (kind.moving ? { [kind.moving]: rowByRow(rows()) } : null)) : null;
  const follows = !isMoving || moving !== null;
  return {
    kind: kind.id,
    title: kind.title,
    data,
    constraints: [...constraints].sort((a, b) => a - b),
    coordinates,
    isMoving,
    moving,
    isConvex: kind.isConvex,
    isManifold: kind.isManifold === true,
    hasProjection: follows && kind.project !== undefined,
    hasScaledProjection: follows && kind.projectScaled !== undefined,
    isBounded: follows && kind.lowest !== undefined && areFinite(data),
  };
}
