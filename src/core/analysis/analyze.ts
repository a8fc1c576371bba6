/** Problem × constraint kinds → Structure: what each constraint is, and whether the affine ones can be satisfied together. */
import type { ConstraintFacts, ConstraintKind } from '../contracts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { finished, type Stages } from '../stages.ts';
import { affineSystem, explainAffine, FACTORIZATION_LIMIT } from './affine/affine-system.ts';
import { factStages, lossDegree } from './evidence/facts.ts';
import { claimsOfFlats, claimsOfMovingFlats } from './evidence/flat-claims.ts';
import { rankBesideOthers } from './evidence/flats.ts';
import { withoutMatricesOfSets } from './evidence/matrices-of-sets.ts';
import { areDisjoint, areProjectable, joinSets, recognizeLines, recognizeSets } from './evidence/recognize.ts';
import { rankTogether } from './evidence/sparse-evidence.ts';
import { tiedGroups } from './evidence/ties.ts';
import { contradictionsIn, explainContradictions } from './feasibility/contradictions.ts';
import { areAllHeld } from './straight.ts';
import type { AffineSystem, RecognizedSet, Structure } from './structure.ts';

/** `straight` of the structure; a set that is among `known` as that object. */
function straightSets(
  constraints: readonly ConstraintFacts[],
  affine: AffineSystem | null,
  kinds: readonly ConstraintKind[],
  known: readonly RecognizedSet[],
): RecognizedSet[] | null {
  const equalities = constraints.filter(({ relation }) => relation === 'equality');
  const areAffine = equalities.length > 0 && equalities.every(({ degree }) => degree <= 1);
  if (!areAffine || areAllHeld({ affine, constraints })) return null;
  const sets = joinSets(recognizeSets(constraints, kinds, equalities), constraints, kinds, equalities);
  const isSame = (one: RecognizedSet, other: RecognizedSet) =>
    one.kind === other.kind && String(one.constraints) === String(other.constraints);
  return areProjectable(equalities, sets) && areDisjoint(sets)
    ? sets.map((set) => known.find((other) => isSame(other, set)) ?? set)
    : null;
}

/** Rank of the equalities beside that of the affine system: by the rows of all, where they are known, or where ties read entries that no other equality reads, and so does each of the sums, and of the flats. */
function rankBeside(constraints: readonly ConstraintFacts[], affine: AffineSystem | null): number {
  const equalities = constraints.filter(({ relation }) => relation === 'equality');
  const ties = equalities.filter((line) => !line.affine && line.ties);
  const flats = [...claimsOfFlats(equalities), ...claimsOfMovingFlats(equalities)];
  const inFlats = new Set(flats.flatMap((flat) => flat.constraints));
  const others = equalities.filter((line) => !ties.includes(line) && !inFlats.has(line.index));
  const groups = tiedGroups(ties);
  if (!areDisjoint([...others, ...flats, { coordinates: groups.flat() }]))
    return Math.max(0, (rankTogether(equalities) ?? 0) - (affine?.rank ?? 0));
  const ofFlats = flats.reduce((sum, flat) => sum + rankBesideOthers(flat, constraints), 0);
  const rest = others.reduce(
    (sum, line) => sum + (line.affine ? 0 : line.sums ? line.rows : (line.sparse?.rank ?? 0)),
    0,
  );
  return ofFlats + rest + groups.reduce((sum, { length }) => sum + length - 1, 0);
}

const isAffineEquality = ({ relation, affine }: ConstraintFacts): boolean => relation === 'equality' && affine !== null;

/** Facts of every constraint, the sets that the kinds recognise in them, and the affine system with its rank. */
export const analyze = (problem: Problem, kinds: readonly ConstraintKind[]): Structure =>
  finished(analyzeStages(problem, kinds));

/** `analyze`, with pauses: after each constraint, and between what is made of all of them. `known`: facts of every constraint. */
export function* analyzeStages(
  problem: Problem,
  kinds: readonly ConstraintKind[],
  known?: readonly ConstraintFacts[],
): Stages<Structure> {
  const constraints = withoutMatricesOfSets(known ?? (yield* factStages(problem)));
  const rowsOf = (relation: 'equality' | 'inequality') =>
    constraints.filter((facts) => facts.relation === relation).reduce((sum, { rows }) => sum + rows, 0);
  const equalityRows = rowsOf('equality');
  const heldRows = constraints.reduce((sum, line) => sum + (isAffineEquality(line) ? line.rows : 0), 0);
  const tooLarge = heldRows ** 2 * problem.size > FACTORIZATION_LIMIT;
  const affine = tooLarge ? null : yield* affineSystem(constraints, problem.size);
  yield;
  // Sets with formulas of their own need no matrix of equations.
  const recognizable = tooLarge
    ? constraints.map((line) => (isAffineEquality(line) ? { ...line, affine: null } : line))
    : constraints;
  const apart = recognizeSets(recognizable, kinds);
  yield;
  const sets = joinSets(apart, recognizable, kinds);
  yield;
  const parts = recognizeSets(
    recognizable,
    kinds.filter(({ isIntersection }) => !isIntersection),
  );
  yield;
  const lines = recognizeLines(recognizable, kinds);
  yield;
  const claimed = new Set(sets.flatMap((set) => set.constraints));
  const unrecognized = constraints.map(({ index }) => index).filter((index) => !claimed.has(index));
  const contradictions = contradictionsIn(problem, constraints);
  yield;
  const straight = straightSets(recognizable, affine, kinds, sets);
  const limit: Diagnostic[] =
    tooLarge && !straight
      ? [
          {
            severity: 'warning',
            message: `${heldRows} equality rows in ${problem.size} parameters are too many to analyse here (limit: rows² · parameters ≤ ${FACTORIZATION_LIMIT.toExponential(0)}).`,
          },
        ]
      : [];
  return {
    size: problem.size,
    lossDegree: lossDegree(problem),
    constraints,
    equalityRows,
    inequalityRows: rowsOf('inequality'),
    sets,
    parts,
    lines,
    unrecognized,
    affine,
    contradictions,
    hasExactProjection: unrecognized.length === 0 && sets.every((set) => set.hasProjection) && areDisjoint(sets),
    straight,
    blocks: problem.parameters.map(({ offset, shape }) => ({ offset, shape })),
    degreesOfFreedom: problem.size - (affine?.rank ?? 0) - rankBeside(recognizable, affine),
    diagnostics: [
      ...limit,
      ...(affine ? explainAffine(problem, affine) : []),
      ...explainContradictions(problem, contradictions),
    ],
  };
}
