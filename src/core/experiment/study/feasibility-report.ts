/** All that is known about whether the constraints can be met, put together: optimum, affine equalities, bounds, linear programs. */
import { explainAffine } from '../../analysis/affine/affine-system.ts';
import type { LinearSolver } from '../../analysis/affine/linear-program.ts';
import type { Conflict } from '../../analysis/feasibility/conflict.ts';
import { type Feasibility, feasibilityStages } from '../../analysis/feasibility/feasibility.ts';
import { violationAt } from '../../analysis/optimum/model.ts';
import type { Optimum } from '../../analysis/optimum/optimum.ts';
import type { AffineSystem, Structure } from '../../analysis/structure.ts';
import { listed, named } from '../../analysis/wording.ts';
import type { ConstraintKind } from '../../contracts.ts';
import { at, type Diagnostic } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { affineConflict } from './affine-report.ts';
import { leastBeyond } from './least-beyond.ts';
import { pointByNewton } from './newton-point.ts';
import { pointBySets, type SetProjection } from './set-projection.ts';

/** Whether the structure alone proves that no point meets all constraints. */
export const isContradictory = ({ affine, contradictions }: Structure): boolean =>
  contradictions.length > 0 || affine?.isConsistent === false;

/** What is known where an optimum was found, and else what a search for a feasible point found. */
export function* judgedFeasibility(optimum: Optimum | null, search: () => Stages<Feasibility>): Stages<Feasibility> {
  return optimum ? { verdict: 'yes', point: optimum.x } : yield* search();
}

/** `feasibilityOf` with what is known beside it; with its pauses. */
export function* searchedFeasibility(
  problem: Problem,
  structure: Structure,
  solver: LinearSolver | null,
  projection: SetProjection | null,
  kinds: readonly ConstraintKind[],
): Stages<Feasibility> {
  const { affine } = structure;
  const searched = yield* feasibilityStages(problem, structure, solver, leastBeyond(problem, kinds));
  const conflict = searched.conflict
    ? inEqualities(problem, affine, searched.conflict)
    : isContradictory(structure) && affine && affineConflict(problem, affine);
  if (conflict) return { verdict: isOfFirstStep(structure, conflict) ? 'unknown' : 'no', conflict };
  if (isContradictory(structure)) return { verdict: 'no' };
  const isMoving = structure.constraints.some((one) => one.isMoving);
  if (searched.verdict === 'yes' && isMoving) {
    const isFree = affine === null || affine.rank === affine.A.rows; // rows of full rank agree whatever b(t) is
    const areEqualities = structure.constraints.every(({ relation, affine: rows }) => relation === 'equality' && rows);
    return isFree && areEqualities ? searched : { verdict: 'unknown' };
  }
  if (searched.verdict !== 'unknown' || isMoving) return searched;
  // Beyond the size that is searched, and where the search came to nothing: by nearest points that are known, and by Newton's steps.
  if (projection) yield* projection.ahead();
  const found =
    (projection && pointBySets(problem, projection, (x) => violationAt(problem, x))) ?? pointByNewton(problem);
  return found ? { verdict: 'yes', point: [...found] } : searched;
}

/** Whether lines of a conflict move: it is one at step 0, and proves nothing of later steps. */
const isOfFirstStep = ({ constraints }: Structure, conflict: Conflict): boolean =>
  constraints.some(({ index, isMoving }) => isMoving && conflict.constraints.includes(index));

/** A conflict of affine equalities alone is proved by adding them up, and measured by least ‖A x − b‖₂. */
function inEqualities(problem: Problem, system: AffineSystem | null, conflict: Conflict): Conflict {
  const involved = problem.constraints.filter(({ index }) => conflict.constraints.includes(index));
  if (!system || involved.some(({ index }) => !system.constraintOfRow.includes(index))) return conflict;
  const rows = system.constraintOfRow.flatMap((index, row) =>
    involved.some((one) => one.index === index) ? [row] : [],
  );
  const { columns, data } = system.A;
  const sums = affineConflict(problem, {
    ...system,
    A: {
      rows: rows.length,
      columns,
      data: Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
    },
    b: rows.map((row) => at(system.b, row)),
    constraintOfRow: rows.map((row) => at(system.constraintOfRow, row)),
    isConsistent: false,
  });
  return sums ? { ...conflict, certificate: sums.certificate, relaxation: sums.relaxation } : conflict;
}

/** What the structure says, and of a conflict why, once: its equalities by a smallest sum of them instead of by all that are off. */
export function notesOf(problem: Problem, structure: Structure, { verdict, conflict }: Feasibility): Diagnostic[] {
  const { affine, contradictions, diagnostics } = structure;
  const isMoving = structure.constraints.some((one) => one.isMoving);
  if (!conflict) return [...diagnostics, ...(verdict === 'unknown' && !isMoving ? unknownNote(problem) : [])];
  const isKnown = contradictions.some(({ constraints }) =>
    constraints.every((index) => conflict.constraints.includes(index)),
  );
  if (isKnown) return [...diagnostics];
  const ofAll = affine && !affine.isConsistent ? explainAffine(problem, affine).map(({ message }) => message) : [];
  const told = conflictNotes(problem, conflict, isOfFirstStep(structure, conflict));
  return [...diagnostics.filter(({ message }) => !ofAll.includes(message)), ...told];
}

/** That nothing was found proves nothing. */
const unknownNote = ({ constraints }: Problem): Diagnostic[] =>
  constraints.slice(-1).map(({ span }) => ({
    severity: 'note',
    message: 'Whether some point meets all constraints is not known: none was found, and none could be ruled out.',
    span,
  }));

/** The conflict in words. */
function conflictNotes(problem: Problem, conflict: Conflict, isOfFirst: boolean): Diagnostic[] {
  const all = problem.constraints.filter(({ index }) => conflict.constraints.includes(index));
  const involved = all.filter((one, i) => all.findIndex((other) => named(other) === named(one)) === i);
  const last = at(involved, involved.length - 1);
  const contradiction =
    involved.length === 1
      ? `${named(last)} ${last.rows === 1 ? 'cannot be satisfied' : 'contradicts itself'}`
      : `${listed(involved.map(named))} contradict each other`;
  const claim = isOfFirst ? `${contradiction} at step 0, which says nothing of later steps` : contradiction;
  const others = involved.slice(0, -1).map(
    ({ span }): Diagnostic => ({
      severity: 'note',
      message: `This is one of the lines that contradict each other; why is said at line ${last.line}.`,
      span,
    }),
  );
  return [{ severity: 'warning', message: `${claim}: ${conflict.certificate}.`, span: last.span }, ...others];
}
