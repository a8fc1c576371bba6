/** What is wrong with a system of affine equalities, as evidence that a reader can check by adding lines. */
import { dependentRows } from '../../analysis/affine/affine-system.ts';
import type { Conflict } from '../../analysis/feasibility/conflict.ts';
import { nameOfRow, type Statement, statementsOf } from '../../analysis/statements.ts';
import type { AffineSystem } from '../../analysis/structure.ts';
import { combination } from '../../analysis/wording.ts';
import { at, invariant } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import type { Problem } from '../../problem/problem.ts';
import { matrixVector, pseudoinverse } from '../../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';

/** Bound on rows² · columns for explanations: they are made while somebody waits. */
const EXPLANATION_LIMIT = 1e7;

/** Weights below this part of the largest are rounding. */
const NEGLIGIBLE = 1e-9;

export interface RedundantLine {
  readonly line: number;
  readonly combination: string;
}

const isSmall = ({ A }: AffineSystem): boolean => A.rows ** 2 * A.columns <= EXPLANATION_LIMIT;

/** The statement in which a row is typed, and the row's name. */
function placesOf(
  problem: Problem,
  { constraintOfRow }: AffineSystem,
): { line: number; statement: Statement; name: string }[] {
  const statements = statementsOf(problem);
  return constraintOfRow.map((index, row) => {
    const statement = statements.find(({ constraints }) => constraints.some((one) => one.index === index));
    invariant(statement, 'every constraint is in a statement');
    return { line: statement.line, statement, name: nameOfRow(statement, index, row - constraintOfRow.indexOf(index)) };
  });
}

/**
 * The residual r = b − A x of the least-squares point: rᵀA = 0 but rᵀb = ‖r‖² > 0, so the lines weighted by r add up to
 * 0 = ‖r‖². Scaled so that its least weight is 1. Null where the rows agree, or are too many to explain.
 */
export function affineConflict(problem: Problem, system: AffineSystem): Conflict | null {
  if (system.isConsistent || !isSmall(system)) return null;
  const { A, b } = system;
  const reached = matrixVector(A, matrixVector(pseudoinverse(A), b));
  const residual = b.map((entry, i) => entry - at(reached, i));
  const largest = maximumNorm(residual);
  const rows = residual.flatMap((weight, row) => (Math.abs(weight) > NEGLIGIBLE * largest ? [row] : []));
  const places = placesOf(problem, system);
  const amounts = new Map<Statement, number>();
  for (const row of rows) {
    const { statement } = at(places, row);
    amounts.set(statement, Math.max(amounts.get(statement) ?? 0, Math.abs(at(residual, row))));
  }
  const least = Math.min(...rows.map((row) => Math.abs(at(residual, row))));
  const scale = Math.sign(at(residual, at(rows, 0))) / least;
  const weights = rows.map((row) => ({ weight: scale * at(residual, row), name: at(places, row).name }));
  const sum = rows.reduce((total, row) => total + scale * at(residual, row) * at(b, row), 0);
  const involved = [...amounts].sort(([one], [other]) => one.line - other.line);
  return {
    lines: [...new Set(involved.map(([{ line }]) => line))],
    constraints: involved.flatMap(([{ constraints }]) => constraints.map(({ index }) => index)),
    certificate: `${combination(weights)} gives 0 = ${shortNumber(sum)}`,
    relaxations: involved.map(([{ line }, amount]) => ({ line, amount })),
    relaxation: euclideanNorm(residual),
  };
}

/** Rows that are combinations of the rows before them. */
export function redundantLines(problem: Problem, system: AffineSystem): RedundantLine[] {
  if (system.rank === system.A.rows || !system.isConsistent) return [];
  const places = placesOf(problem, system);
  return dependentRows(system).map(({ row, terms }) => ({
    line: at(places, row).line,
    combination: combination(terms.map((term) => ({ weight: term.weight, name: at(places, term.row).name }))),
  }));
}
