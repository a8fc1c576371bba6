/** Problem × constraint kinds → Structure: what each constraint is, and whether the affine ones can be satisfied together. */
import type { ConstraintFacts, ConstraintKind } from '../contracts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { affineSystem, explainAffine, FACTORIZATION_LIMIT } from './affine-system.ts';
import { contradictionsIn, explainContradictions } from './contradictions.ts';
import { factsOf, lossDegree } from './facts.ts';
import { areDisjoint, joinSets, recognizeLines, recognizeSets } from './recognize.ts';
import type { Structure } from './structure.ts';

const isAffineEquality = ({ relation, affine }: ConstraintFacts): boolean => relation === 'equality' && affine !== null;

/** Facts of every constraint, the sets that the kinds recognise in them, and the affine system with its rank. */
export function analyze(problem: Problem, kinds: readonly ConstraintKind[]): Structure {
  const constraints = factsOf(problem);
  const rowsOf = (relation: 'equality' | 'inequality') =>
    constraints.filter((facts) => facts.relation === relation).reduce((sum, { rows }) => sum + rows, 0);
  const equalityRows = rowsOf('equality');
  const heldRows = constraints.reduce((sum, line) => sum + (isAffineEquality(line) ? line.rows : 0), 0);
  const tooLarge = heldRows ** 2 * problem.size > FACTORIZATION_LIMIT;
  const affine = tooLarge ? null : affineSystem(constraints, problem.size);
  // Sets with formulas of their own need no matrix of equations.
  const recognizable = tooLarge
    ? constraints.map((line) => (isAffineEquality(line) ? { ...line, affine: null } : line))
    : constraints;
  const sets = joinSets(recognizeSets(recognizable, kinds), recognizable, kinds);
  const parts = recognizeSets(
    recognizable,
    kinds.filter(({ isIntersection }) => !isIntersection),
  );
  const lines = recognizeLines(recognizable, kinds);
  const claimed = new Set(sets.flatMap((set) => set.constraints));
  const unrecognized = constraints.map(({ index }) => index).filter((index) => !claimed.has(index));
  const contradictions = contradictionsIn(problem, constraints);
  const limit: Diagnostic[] = tooLarge
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
    blocks: problem.parameters.map(({ offset, shape }) => ({ offset, shape })),
    degreesOfFreedom: problem.size - (affine?.rank ?? 0),
    diagnostics: [
      ...limit,
      ...(affine ? explainAffine(problem, affine) : []),
      ...explainContradictions(problem, contradictions),
    ],
  };
}
