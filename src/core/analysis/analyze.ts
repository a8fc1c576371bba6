/** Problem × constraint kinds → Structure: what each constraint is, and whether the affine ones can be satisfied together. */
import type { ConstraintKind } from '../contracts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { affineSystem, explainAffine, FACTORIZATION_LIMIT } from './affine-system.ts';
import { contradictionsIn, explainContradictions } from './contradictions.ts';
import { factsOf, lossDegree } from './facts.ts';
import { areDisjoint, recognizeLines, recognizeSets } from './recognize.ts';
import type { Structure } from './structure.ts';

/** Facts of every constraint, the sets that the kinds recognise in them, and the affine system with its rank. */
export function analyze(problem: Problem, kinds: readonly ConstraintKind[]): Structure {
  const constraints = factsOf(problem);
  const rowsOf = (relation: 'equality' | 'inequality') =>
    constraints.filter((facts) => facts.relation === relation).reduce((sum, { rows }) => sum + rows, 0);
  const equalityRows = rowsOf('equality');
  const tooLarge = equalityRows ** 2 * problem.size > FACTORIZATION_LIMIT;
  const affine = tooLarge ? null : affineSystem(constraints, problem.size);
  const sets = tooLarge ? [] : recognizeSets(constraints, kinds);
  const lines = tooLarge ? [] : recognizeLines(constraints, kinds);
  const claimed = new Set(sets.flatMap((set) => set.constraints));
  const unrecognized = constraints.map(({ index }) => index).filter((index) => !claimed.has(index));
  const contradictions = contradictionsIn(problem, constraints);
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
    lines,
    unrecognized,
    affine,
    contradictions,
    hasExactProjection: unrecognized.length === 0 && sets.every((set) => set.hasProjection) && areDisjoint(sets),
    degreesOfFreedom: problem.size - (affine?.rank ?? 0),
    diagnostics: [
      ...limit,
      ...(affine ? explainAffine(problem, affine) : []),
      ...explainContradictions(problem, contradictions),
    ],
  };
}
