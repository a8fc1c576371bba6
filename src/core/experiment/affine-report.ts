/** What is wrong with a system of affine equalities, as evidence that a reader can check by adding lines. */
import { dependentRows } from '../analysis/affine-system.ts';
import type { Conflict } from '../analysis/feasibility.ts';
import type { AffineSystem } from '../analysis/structure.ts';
import { at } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { euclideanNorm, matrixVector, maximumNorm, pseudoinverse } from '../tensor/matrix.ts';

/** Bound on rows² · columns for explanations: they are made while somebody waits. */
const EXPLANATION_LIMIT = 1e7;

/** Weights below this part of the largest are rounding. */
const NEGLIGIBLE = 1e-9;

export interface RedundantLine {
  readonly line: number;
  readonly combination: string;
}

const isSmall = ({ A }: AffineSystem): boolean => A.rows ** 2 * A.columns <= EXPLANATION_LIMIT;

const lineOfRow = (problem: Problem, { constraintOfRow }: AffineSystem, row: number): number =>
  at(problem.constraints, at(constraintOfRow, row)).line;

/**
 * The residual r = b − A x of the least-squares point: rᵀA = 0 but rᵀb = ‖r‖² > 0, so the lines weighted by r add up to
 * 0 = ‖r‖². Scaled so that its largest weight is 1. Null where the rows agree, or are too many to explain.
 */
export function affineConflict(problem: Problem, system: AffineSystem): Conflict | null {
  if (system.isConsistent || !isSmall(system)) return null;
  const { A, b } = system;
  const reached = matrixVector(A, matrixVector(pseudoinverse(A), b));
  const residual = b.map((entry, i) => entry - at(reached, i));
  const largest = maximumNorm(residual);
  const rows = residual.flatMap((weight, row) => (Math.abs(weight) > NEGLIGIBLE * largest ? [row] : []));
  const amounts = new Map<number, number>();
  for (const row of rows) {
    const line = lineOfRow(problem, system, row);
    amounts.set(line, Math.max(amounts.get(line) ?? 0, Math.abs(at(residual, row))));
  }
  const sign = Math.sign(at(residual, at(rows, 0)));
  const weights = rows.map((row) => ({
    weight: (sign * at(residual, row)) / largest,
    line: lineOfRow(problem, system, row),
  }));
  const sum = rows.reduce((total, row) => total + (sign * at(residual, row) * at(b, row)) / largest, 0);
  return {
    lines: [...amounts.keys()].sort((a, c) => a - c),
    certificate: `${combination(weights)} gives 0 = ${short(sum)}`,
    relaxations: [...amounts].map(([line, amount]) => ({ line, amount })),
    relaxation: euclideanNorm(residual),
  };
}

/** Rows that are combinations of the rows before them. */
export function redundantLines(problem: Problem, system: AffineSystem): RedundantLine[] {
  if (system.rank === system.A.rows || !system.isConsistent) return [];
  return dependentRows(system).map(({ row, terms }) => ({
    line: lineOfRow(problem, system, row),
    combination: combination(
      terms.map((term) => ({ weight: term.weight, line: lineOfRow(problem, system, term.row) })),
    ),
  }));
}

/** `line 5 − 2 · line 6`; `0` for no terms. */
function combination(terms: readonly { readonly weight: number; readonly line: number }[]): string {
  const written = terms
    .filter(({ weight }) => Math.abs(weight) > NEGLIGIBLE)
    .map(({ weight, line }, k) => {
      const size = short(Math.abs(weight));
      const factor = size === '1' ? '' : `${size} · `;
      const sign = weight < 0 ? '− ' : k > 0 ? '+ ' : '';
      return `${sign}${factor}line ${line}`;
    });
  return written.length > 0 ? written.join(' ') : '0';
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
