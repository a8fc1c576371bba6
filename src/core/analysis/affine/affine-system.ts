/** All affine equalities of a problem as one system A x = b: rank, conditioning, contradictions, redundant rows. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at, type Diagnostic, invariant } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import type { Problem } from '../../problem/problem.ts';
import { finished, type Stages } from '../../stages.ts';
import type { Matrix } from '../../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { nameOfRow, statementsOf } from '../statements.ts';
import type { AffineSystem } from '../structure.ts';
import { combination, listed, named } from '../wording.ts';
import { blocksOf, type FactoredBlock, factoredBlocks, spectrumOf, unreached } from './blocks.ts';
import { type Dependency, dependenciesOf } from './row-dependencies.ts';

/** Bound on rows² · columns for the Float64 factorisation: some seconds at most. */
export const FACTORIZATION_LIMIT = 1e9;

/** A residual below this, relative to ‖b‖ + ‖A‖‖x‖, counts as rounding. */
const CONSISTENCY = 1e-9;

/** Stacks the affine equalities, with pauses; null where there are none. */
export function* affineSystem(facts: readonly ConstraintFacts[], size: number): Stages<AffineSystem | null> {
  const equalities = facts.filter(({ relation, affine }) => relation === 'equality' && affine);
  const rows = equalities.flatMap(({ index, affine }) =>
    (affine?.A ?? []).map((row, i) => ({ index, row, b: at(affine?.b ?? [], i) })),
  );
  if (rows.length === 0) return null;
  const A: Matrix = { rows: rows.length, columns: size, data: new Float64Array(rows.length * size) };
  rows.forEach(({ row }, i) => A.data.set(row, i * size));
  const b = rows.map((row) => row.b);
  const blocks = yield* factoredBlocks(A);
  const { singularValues, rank, conditionNumber } = spectrumOf(blocks, A);
  yield;
  const residual = leastSquaresResidual(blocks, b, singularValues[0] ?? 0);
  const inconsistency = euclideanNorm(residual);
  const scale = euclideanNorm(b) + Number.MIN_VALUE;
  return {
    A,
    b,
    rank,
    conditionNumber,
    singularValues,
    inconsistency,
    isMoving: equalities.some(({ affine }) => affine?.isMoving),
    constraintOfRow: rows.map(({ index }) => index),
    isConsistent: inconsistency <= CONSISTENCY * scale,
  };
}

/** b − A A⁺ b: what of b the columns of A cannot reach. It is orthogonal to the columns: its entries weigh the conflicting rows. */
function leastSquaresResidual(blocks: readonly FactoredBlock[], b: readonly number[], largest: number): Float64Array {
  const residual = Float64Array.from(b);
  for (const block of blocks) {
    const rest = unreached(
      block,
      block.rows.map((row) => at(b, row)),
      largest,
    );
    block.rows.forEach((row, k) => {
      residual[row] = at(rest, k);
    });
  }
  return residual;
}

/** The contradiction or the redundant rows of the system, in words. */
export function explainAffine(problem: Problem, system: AffineSystem): Diagnostic[] {
  return system.isConsistent ? explainRedundancy(problem, system) : [explainConflict(problem, system)];
}

function explainConflict(
  problem: Problem,
  { A, b, constraintOfRow, inconsistency, singularValues }: AffineSystem,
): Diagnostic {
  const weights = leastSquaresResidual(finished(factoredBlocks(A)), b, singularValues[0] ?? 0);
  const largest = maximumNorm(weights);
  const involved = new Set(constraintOfRow.filter((_, i) => Math.abs(at(weights, i)) > 1e-9 * largest));
  const constraints = problem.constraints.filter(({ index }) => involved.has(index));
  const last = at(constraints, constraints.length - 1);
  const distance = shortNumber(inconsistency, 3);
  return {
    severity: 'warning',
    message:
      constraints.length === 1
        ? `${named(last)} contradicts itself: no point satisfies it (least ‖A x − b‖ = ${distance}).`
        : `${listed([...new Set(constraints.map(named))])} contradict each other: no point satisfies them all (least ‖A x − b‖ = ${distance}).`,
    span: last.span,
  };
}

/** The rows of the system that the rows before them span, each as their combination, in the order of the rows. */
export const dependentRows = ({ A }: Pick<AffineSystem, 'A'>): Dependency[] =>
  blocksOf(A)
    .flatMap(({ rows, matrix }) =>
      dependenciesOf(matrix).map(({ row, terms }) => ({
        row: at(rows, row),
        terms: terms.map((term) => ({ ...term, row: at(rows, term.row) })),
      })),
    )
    .sort((a, b) => a.row - b.row);

/**
 * A row that the rows before it span adds nothing; a line adds nothing where that is true of all of its rows. Of rows of one line
 * that depend on each other, as of `W = W.T`, nothing is said: nobody typed them one by one.
 */
function explainRedundancy(problem: Problem, { A, constraintOfRow, rank }: AffineSystem): Diagnostic[] {
  if (rank === A.rows) return [];
  const statements = new Map(
    statementsOf(problem).flatMap((statement) => statement.constraints.map(({ index }) => [index, statement] as const)),
  );
  const firstRows = new Map<number, number>();
  constraintOfRow.forEach((index, row) => {
    if (!firstRows.has(index)) firstRows.set(index, row);
  });
  const statementOf = (row: number) => {
    const index = at(constraintOfRow, row);
    const found = statements.get(index);
    invariant(found, 'every constraint is in a statement');
    return { statement: found, name: nameOfRow(found, index, row - (firstRows.get(index) ?? row)) };
  };
  const dependent = dependentRows({ A });
  const dependentOf = new Map<number, Dependency[]>();
  for (const one of dependent) {
    const index = at(constraintOfRow, one.row);
    dependentOf.set(index, [...(dependentOf.get(index) ?? []), one]);
  }
  const share = `(rank ${rank} of ${A.rows} rows)`;
  return [...dependentOf].flatMap(([index, own]): Diagnostic[] => {
    const constraint = at(problem.constraints, index);
    const { statement } = statementOf(at(own, 0).row);
    const isOfOthers = ({ terms }: Dependency) => terms.some((term) => statementOf(term.row).statement !== statement);
    const follow = own.length === constraint.rows && !constraint.membership ? own : own.filter(isOfOthers);
    const [first] = follow;
    if (!first) return [];
    const terms = first.terms.map((term) => ({ weight: term.weight, name: statementOf(term.row).name }));
    const isShort = follow.length === 1 && terms.length > 0 && terms.length <= MOST_TERMS;
    const how = isShort ? ` (it is ${combination(terms)})` : '';
    const isWhole = follow.length === constraint.rows;
    const which = isWhole
      ? named(constraint)
      : `${follow.length === 1 ? 'One' : follow.length} of the ${constraint.rows} rows of ${named(constraint)}`;
    const [verb, adds] = isWhole || follow.length === 1 ? ['follows', 'adds'] : ['follow', 'add'];
    return [
      {
        severity: 'note',
        message: `${which} ${verb} from the equalities before it${how} and ${adds} nothing ${share}.`,
        span: constraint.span,
      },
    ];
  });
}

/** Longer sums are not written out. */
const MOST_TERMS = 6;
