/** Measures of an iterate, the same for every method: a method never grades itself. */

import { constraintSlopes } from '../analysis/evidence/constraint-slopes.ts';
import { kinkRow, kinksOf } from '../analysis/evidence/kinks.ts';
import { haveRowsCorners } from '../analysis/optimum/rows-at-corner.ts';
import { hasOwnCorners } from '../analysis/optimum/slopes-at-corner.ts';
import type { Expr } from '../language/expr.ts';
import { addDefinitions, baseScope, expressionValue, lossOf, objectiveOf, residualOf } from '../problem/elaborate.ts';
import { kinkRows } from '../problem/kink-rows.ts';
import type { Constraint, Problem } from '../problem/problem.ts';
import { boundaryRows } from '../problem/set-rows.ts';
import { gradient, jacobian } from '../tensor/derivatives.ts';
import { reachable } from '../tensor/evaluate.ts';
import { operationsFor } from '../tensor/operations.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import { type SparseMatrix, stackedRows } from '../tensor/sparse.ts';
import type { Id, Region, Value } from '../tensor/value.ts';
import { compactTable } from './compact.ts';

/** A program from (x, t) to everything that grades it. Plain data. */
export interface Measure {
  readonly values: readonly Value[];
  readonly regions: readonly Region[];
  readonly size: number;
  /** Inputs x[n], t and T. */
  readonly x: Id;
  readonly time: Id;
  readonly steps: Id;
  /** f(x, t) as typed, and the gradient [n] of what methods minimise: f and the soft constraints. */
  readonly loss: Id;
  readonly gradient: Id;
  /** Residuals of what must hold, in the order typed, [rows]. */
  readonly residual: Id;
  /** Jacobian of the residuals, [rows, n]; of the rows that are not `steady` where some are. */
  readonly jacobian: Id;
  /** Of large Jacobians, the rows that are the same at every point, by their entries that are not 0. */
  readonly steady?: SteadyRows;
  /** For each row, whether it must be = 0 or ≤ 0. */
  readonly relations: readonly Relation[];
  /** Residuals of the soft constraints, [soft rows], which restrict nothing. */
  readonly softResidual: Id;
  readonly softRows: readonly SoftRow[];
  /** All rows in the order typed: row i of `relations`, or row i − relations.length of `softRows`. */
  readonly typed: readonly number[];
  /** Numbers that the text names by `let` and that change along a run, in the order typed. */
  readonly named: readonly NamedValue[];
  /** Where what methods minimise has corners that no row shares: there `gradient` is one slope of many, and the problem tells which. */
  readonly bent?: Problem;
  /** Where rows have corners: there `jacobian` is one slope of many, and the problem tells which answer to each other. */
  readonly bentRows?: Problem;
}

type Relation = Constraint['relation'];

export interface SteadyRows {
  /** Positions among the rows, ascending. */
  readonly rows: Int32Array;
  /** Their gradients, [rows, n]. */
  readonly slopes: SparseMatrix;
}

export interface SoftRow {
  readonly relation: Relation;
  /** w of `soft(w):`; the row's multiplier is w·h, or w·max(0, g). */
  readonly weight: number;
}

export interface NamedValue {
  readonly name: string;
  readonly id: Id;
}

/** Of more names, the first ones are read out. */
const MOST_NAMES = 12;
/** A name that loss and constraints do not use takes at most so many operations a record, or as many as the loss. */
const NAME_OPERATIONS = 20_000;

/** The definitions that are one number, and depend on x or t. */
function namedValues(ops: Ops, { parameters, definitions }: Problem, inputs: Inputs, loss: Id): NamedValue[] {
  const [x, t, T] = inputs;
  const scope = baseScope(ops, parameters, x, t, T);
  addDefinitions(ops, scope, definitions);
  const most = Math.max(NAME_OPERATIONS, operationsFor(ops, loss));
  return definitions
    .flatMap(({ name }): NamedValue[] => {
      const value = scope.get(name);
      if (!value || value.shape.length > 0) return [];
      const leadsTo = reachable(ops, [value.id]);
      const changes = leadsTo.has(x.id) || leadsTo.has(t.id);
      return changes && operationsFor(ops, value.id) <= most ? [{ name, id: value.id }] : [];
    })
    .slice(0, MOST_NAMES);
}

type Inputs = readonly [x: Tensor, t: Tensor, T: Tensor];

/** f, ∇f[n], h and g of all rows, their Jacobian[rows, n] and the residuals of soft rows, of an iterate x[n] at step t of T. */
export function gradedBy(ops: Ops, problem: Problem, x: Tensor, t: Tensor, T: Tensor) {
  const loss = (point: Tensor) => lossOf(ops, problem, point, t, T);
  const objective = (point: Tensor) => objectiveOf(ops, problem, point, t, T);
  const rowsOf = (constraint: Constraint, point: Tensor): Tensor => {
    const valued = (vector: Tensor) => (expr: Expr) => expressionValue(ops, problem, expr, vector, t, T);
    const slope = () => valued(ops.still(gradient(ops, objective, x)));
    return (
      boundaryRows(ops, constraint, valued(point), slope) ??
      kinkAt(constraint, point) ??
      kinkRows(ops, constraint, valued(point), slope) ??
      residualOf(ops, problem, constraint, point, t, T)
    );
  };
  const kinks = kinksOf(problem);
  /** Of soft constraints none: they restrict nothing, and their index counts apart. */
  const kinkAt = (constraint: Constraint, point: Tensor): Tensor | null => {
    const kink = problem.constraints.includes(constraint) ? kinks.get(constraint.index) : undefined;
    const slope = () => ops.still(gradient(ops, objective, x));
    return kink ? kinkRow(ops, kink, residualOf(ops, problem, constraint, point, t, T), point, slope()) : null;
  };
  const residuals = (constraints: readonly Constraint[], point: Tensor) =>
    constraints.length === 0 ? ops.zeros(0) : ops.concat(constraints.map((constraint) => rowsOf(constraint, point)));
  return {
    loss: loss(x),
    gradient: gradient(ops, objective, x),
    residual: residuals(problem.constraints, x),
    jacobianOf: (constraints: readonly Constraint[]) => jacobian(ops, (point) => residuals(constraints, point), x),
    softResidual: residuals(problem.soft, x),
    relations: problem.constraints.flatMap((constraint) => eachRow(constraint, constraint.relation)),
  };
}

/**
 * The program that grades iterates of a problem, the same for every method. Without rows held apart as steady, all of the Jacobian is
 * one matrix, however large.
 */
export function recordMeasure(problem: Problem, steady: SteadyConstraints | null = heldApart(problem)): Measure {
  const ops = new Ops();
  const x = ops.input('start', 'x', [problem.size]);
  const t = ops.input('time', 't', []);
  const T = ops.input('setting', 'T', []);
  const graded = gradedBy(ops, problem, x, t, T);
  const named = namedValues(ops, problem, [x, t, T], graded.loss.id);
  const J = graded.jacobianOf(problem.constraints.filter(({ index }) => !steady?.indices.has(index)));
  const graders = [x, t, T, graded.loss, graded.gradient, graded.residual, J, graded.softResidual].map(({ id }) => id);
  const roots = [...graders, ...named.map(({ id }) => id)];
  const { values, regions, renumber } = compactTable(ops, roots);
  const [xId, time, steps, lossId, gradientId, residualId, jacobianId, softResidual] = graders.map(renumber) as [
    Id,
    Id,
    Id,
    Id,
    Id,
    Id,
    Id,
    Id,
  ];
  return {
    values,
    regions,
    size: problem.size,
    x: xId,
    time,
    steps,
    loss: lossId,
    gradient: gradientId,
    residual: residualId,
    jacobian: jacobianId,
    relations: graded.relations,
    softResidual,
    softRows: problem.soft.flatMap((constraint) => {
      const { relation, weight } = constraint;
      return eachRow(constraint, { relation, weight });
    }),
    typed: typedRows(problem),
    named: named.map(({ name, id }) => ({ name, id: renumber(id) })),
    ...(steady && { steady: steady.rows }),
    ...(isSmall(problem) && hasOwnCorners(problem) && { bent: problem }),
    ...(isSmall(problem) && haveRowsCorners(problem) && { bentRows: problem }),
  };
}

const rowsOf = ({ constraints }: Problem): number => constraints.reduce((sum, { rows }) => sum + rows, 0);

/** Jacobians with more entries are taken apart: into rows that are the same at every point, and the rest. */
const DENSE_ENTRIES = 50_000;

/** Constraints of which all rows are steady. */
export interface SteadyConstraints {
  readonly indices: ReadonlySet<number>;
  readonly rows: SteadyRows;
}

/** Those of a large Jacobian; null of a small one. */
export const heldApart = (problem: Problem): SteadyConstraints | null =>
  rowsOf(problem) * problem.size <= DENSE_ENTRIES ? null : steadyConstraints(problem);

/** The affine constraints whose slopes are numbers; null where there are none. */
export function steadyConstraints(problem: Problem): SteadyConstraints | null {
  let before = 0;
  const found = problem.constraints.flatMap((constraint) => {
    const slopes = constraintSlopes(problem, constraint);
    const first = before;
    before += constraint.rows;
    return slopes ? [{ index: constraint.index, first, slopes }] : [];
  });
  if (found.length === 0) return null;
  const all = found.map(({ slopes }) => slopes);
  const positions = found.flatMap(({ first, slopes }) => Array.from({ length: slopes.rows }, (_, k) => first + k));
  return {
    indices: new Set(found.map(({ index }) => index)),
    rows: { rows: Int32Array.from(positions), slopes: stackedRows(problem.size, all) },
  };
}

/** Corners are looked at in small problems only: their slopes take second derivatives. */
const MOST_PARAMETERS = 40;
const MOST_ROWS = 120;

const isSmall = (problem: Problem): boolean => problem.size <= MOST_PARAMETERS && rowsOf(problem) <= MOST_ROWS;

const eachRow = <Entry>({ rows }: Constraint, entry: Entry): Entry[] => new Array<Entry>(rows).fill(entry);

/** Positions of the rows in the order typed, where those that must hold are numbered before those that should. */
function typedRows({ constraints, soft }: Problem): number[] {
  let before = 0;
  const placed = [...constraints, ...soft].map(({ span, rows }) => {
    const own = Array.from({ length: rows }, (_, row) => before + row);
    before += rows;
    return { from: span[0], own };
  });
  return placed.sort((a, b) => a.from - b.from).flatMap(({ own }) => own); // a set's relations share a span: their order stays
}
