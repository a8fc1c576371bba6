/** Problem × constraint kinds → Structure: what each constraint is, and whether the affine ones can be satisfied together. */
import type { ConstraintFacts, ConstraintKind, Part } from '../contracts.ts';
import { at, type Diagnostic } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { affineSystem, explainAffine, FACTORIZATION_LIMIT } from './affine-system.ts';
import { coordinatesOf, factsOf, lossDegree } from './facts.ts';
import type { RecognizedSet, Structure } from './structure.ts';

/** Facts of every constraint, the sets that the kinds recognise in them, and the affine system with its rank. */
export function analyze(problem: Problem, kinds: readonly ConstraintKind[]): Structure {
  const constraints = factsOf(problem);
  const rowsOf = (relation: 'equality' | 'inequality') =>
    constraints.filter((facts) => facts.relation === relation).reduce((sum, { rows }) => sum + rows, 0);
  const equalityRows = rowsOf('equality');
  const tooLarge = equalityRows ** 2 * problem.size > FACTORIZATION_LIMIT;
  const affine = tooLarge ? null : affineSystem(constraints, problem.size);
  const sets = tooLarge ? [] : recognizeSets(constraints, kinds, problem.size);
  const claimed = new Set(sets.flatMap((set) => set.constraints));
  const unrecognized = constraints.map(({ index }) => index).filter((index) => !claimed.has(index));
  const limit: Diagnostic[] = tooLarge
    ? [
        {
          severity: 'warning',
          message: `${equalityRows} equality rows in ${problem.size} parameters are too many to analyse here (limit: rows² · parameters ≤ ${FACTORIZATION_LIMIT.toExponential(0)}).`,
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
    unrecognized,
    affine,
    hasExactProjection: unrecognized.length === 0 && sets.every((set) => set.hasProjection) && areDisjoint(sets),
    degreesOfFreedom: problem.size - (affine?.rank ?? 0),
    diagnostics: [...limit, ...(affine ? explainAffine(problem, affine) : [])],
  };
}

/** One line at a time, then several lines together where the kind can say their intersection. */
function recognizeSets(
  facts: readonly ConstraintFacts[],
  kinds: readonly ConstraintKind[],
  size: number,
): RecognizedSet[] {
  const free = new Set(facts.map(({ index }) => index));
  const sets: RecognizedSet[] = [];
  for (const kind of kinds) {
    const parts: Part[] = facts.flatMap((constraint) => {
      const data = free.has(constraint.index) ? kind.recognize(constraint) : null;
      return data ? [{ data, constraints: [constraint.index], isMoving: constraint.affine?.isMoving ?? false }] : [];
    });
    const combined = parts.length > 1 ? (kind.combine?.(parts) ?? null) : null;
    const claims: Part[] = combined
      ? [
          {
            data: combined,
            constraints: parts.flatMap((part) => part.constraints),
            isMoving: parts.some((part) => part.isMoving),
          },
        ]
      : parts;
    for (const { data, constraints, isMoving } of claims) {
      constraints.forEach((index) => free.delete(index));
      sets.push({
        kind: kind.id,
        data,
        constraints,
        isMoving,
        coordinates: coordinates(facts, constraints, size),
        hasProjection: Boolean(kind.project),
      });
    }
  }
  return sets.sort((a, b) => at(a.constraints, 0) - at(b.constraints, 0));
}

/** Entries of x that the constraints restrict; all of them where that is not known. */
function coordinates(facts: readonly ConstraintFacts[], constraints: readonly number[], size: number): number[] {
  const used = new Set(
    constraints.flatMap((index) => {
      const { affine } = at(facts, index);
      return affine ? coordinatesOf(affine) : Array.from({ length: size }, (_, i) => i);
    }),
  );
  return [...used].sort((a, b) => a - b);
}

function areDisjoint(sets: readonly RecognizedSet[]): boolean {
  const all = sets.flatMap((set) => set.coordinates);
  return new Set(all).size === all.length;
}
