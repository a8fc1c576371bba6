/** What can be proved of each typed constraint by looking at its recorded residual. */
import type { AffineEvidence, BoundEvidence, ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { objectiveOf, residualOf } from '../../problem/elaborate.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import { finished, type Stages } from '../../stages.ts';
import { degreeIn } from '../../tensor/degree.ts';
import { jvp, vjp } from '../../tensor/derivatives.ts';
import { reachable } from '../../tensor/evaluate.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { SparseMatrix } from '../../tensor/sparse.ts';
import type { Id } from '../../tensor/value.ts';
import { entriesRead, singleReads } from '../recorded/reads.ts';
import { machineOf, type Symbols, symbolsOf } from '../recorded/symbols.ts';
import { absoluteEvidence, distanceBounds, distanceHalfSpaces, largestBounds } from './absolute-evidence.ts';
import { coneEvidence } from './cone-evidence.ts';
import { constraintSlopes } from './constraint-slopes.ts';
import { flatOf } from './flats.ts';
import { memberEvidence, withMember } from './members.ts';
import { movementOf } from './movements.ts';
import { lengthEvidence, quadraticEvidence } from './quadratic-evidence.ts';
import { roundEvidence } from './rounds.ts';
import { sparseEvidence } from './sparse-evidence.ts';
import { sumEvidence } from './sum-evidence.ts';
import { areAlike } from './sums.ts';
import { tiesIn } from './ties.ts';

/** A matrix with more entries than this is not written down. */
export const DENSE_LIMIT = 4e6;

/** A matrix with fewer entries is written down, and says all that its rows apart could say. */
const SUMS_LIMIT = 2e5;

/** Degree in x, at fixed t, of what methods minimise. */
export function lossDegree(problem: Problem): number {
  const { ops, x, t, T } = symbolsOf(problem);
  return degreeIn(ops, objectiveOf(ops, problem, x, t, T).id, x.id);
}

/** Facts of every constraint, in the order typed. */
export const factsOf = (problem: Problem): ConstraintFacts[] => finished(factStages(problem));

/** `factsOf`, with a pause after each constraint. */
export function* factStages(problem: Problem): Stages<ConstraintFacts[]> {
  const facts: ConstraintFacts[] = [];
  for (const constraint of problem.constraints) {
    facts.push(constraintFacts(problem, constraint));
    yield;
  }
  return facts;
}

const constraintFacts = (problem: Problem, constraint: Constraint): ConstraintFacts =>
  withMember(rowFacts(problem, constraint), memberEvidence(problem, constraint));

function rowFacts(problem: Problem, constraint: Constraint): ConstraintFacts {
  const symbols = symbolsOf(problem);
  const { ops, x, t, T } = symbols;
  const { index, relation, rows } = constraint;
  const residual = (point: Tensor) => ops.reshape(residualOf(ops, problem, constraint, point, t, T), [rows]);
  const value = residual(x).id;
  const degree = degreeIn(ops, value, x.id);
  const read = entriesRead(ops, value, x.id);
  const isMoving = reachable(ops, [value]).has(t.id);
  const common = {
    index,
    relation,
    rows,
    isMoving,
    affine: null,
    bounds: null,
    sums: null,
    ties: null,
    flat: null,
    sparse: null,
    halfSpaces: null,
    quadratic: null,
    rounds: null,
    absolute: null,
    cone: null,
    member: null,
  };
  if (degree <= 1) {
    const bounds = boundEvidence(symbols, residual);
    const isLarge = rows * problem.size > SUMS_LIMIT;
    const slopes = bounds || !isLarge ? null : constraintSlopes(problem, constraint);
    const b = slopes ? offsets(symbols, value) : [];
    const sums = slopes && sumEvidence(slopes, b);
    const isEquality = relation === 'equality';
    const ties = slopes && isEquality && !isMoving ? tiesIn(slopes, b) : null;
    const movement = slopes && isEquality && isMoving && !sums ? movementOf(ops, value) : null;
    const isFlat = slopes && isEquality && !sums && !ties && (!isMoving || movement);
    const flat = isFlat ? flatOf(slopes, b, movement) : null;
    const isLoose = slopes && isEquality && !sums && !ties && !flat;
    const isKept = rows * problem.size <= DENSE_LIMIT && !(sums && relation === 'equality' && areAlike(sums));
    const affine = isKept
      ? ((slopes && writtenDown(symbols, value, slopes, b)) ?? affineEvidence(symbols, residual, rows))
      : null;
    const coordinates = affine
      ? coordinatesOf(affine)
      : (bounds && ascending(bounds.entries)) || (sums && ascending(sums.groups.flat())) || flat?.coordinates || read;
    const sparse = isLoose && !affine ? sparseEvidence(slopes, b) : null;
    const isProved = [affine, bounds, sums, ties, flat, sparse].some((evidence) => evidence !== null);
    // Too large to be written down, it is straight all the same; else A moves, or is not finite.
    const known = isProved || !isKept ? degree : Number.POSITIVE_INFINITY;
    return { ...common, degree: known, coordinates, affine, bounds, sums, ties, sparse, flat: flat?.evidence ?? null };
  }
  const isBent = degree > 2 && relation === 'inequality';
  const bounds = isBent
    ? (distanceBounds(symbols, value) ?? (rows === 1 ? largestBounds(symbols, value) : null))
    : null;
  const halfSpaces = isBent && !bounds ? distanceHalfSpaces(symbols, value, read) : null;
  if (bounds || halfSpaces) return { ...common, degree, coordinates: read, bounds, halfSpaces };
  if (rows > 1)
    return { ...common, degree, coordinates: read, rounds: roundEvidence(symbols, residual, relation, read) };
  const quadratic = degree === 2 ? quadraticEvidence(symbols, residual, read) : lengthEvidence(symbols, residual, read);
  const absolute = degree === 2 ? null : absoluteEvidence(symbols, value, read);
  const cone = isBent && !quadratic && !absolute ? coneEvidence(symbols, residual, read) : null;
  return { ...common, degree, coordinates: read, quadratic, absolute, cone };
}

const ascending = (entries: readonly number[]): number[] => [...new Set(entries)].sort((a, b) => a - b);

/** Rows that read one entry each, of an affine residual: their slopes are one product with a vector of ones. */
function boundEvidence(symbols: Symbols, residual: (x: Tensor) => Tensor): BoundEvidence | null {
  const { ops, x, t } = symbols;
  const value = residual(x);
  const entries = singleReads(ops, value.id, x.id);
  if (!entries) return null;
  const slope = jvp(ops, residual, x, ops.ones(x.shape));
  if (reachable(ops, [slope.id]).has(t.id)) return null;
  const machine = machineOf(symbols);
  machine.procedure([value.id, slope.id])();
  const scales = [...machine.numbers(slope.id)];
  const b = Array.from(machine.numbers(value.id), negated);
  const isProper =
    scales.every((scale) => Number.isFinite(scale) && scale !== 0) && b.every((entry) => !Number.isNaN(entry));
  return isProper && entries.every((entry) => entry >= 0) ? { entries: [...entries], scales, b } : null;
}

/** A and b of residual(x, t) = A x − b(t), row by row through reverse mode; null where A depends on the step or is not finite. */
function affineEvidence(symbols: Symbols, residual: (x: Tensor) => Tensor, rows: number): AffineEvidence | null {
  const { ops, x, t } = symbols;
  const value = residual(x);
  const seed = ops.input('setting', 'seed', [rows]);
  const row = vjp(ops, residual, x, seed);
  if (reachable(ops, [row.id]).has(t.id)) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([value.id, row.id]);
  const A: number[][] = [];
  for (let i = 0; i < rows; i++) {
    machine.numbers(seed.id).fill(0)[i] = 1;
    run();
    A.push([...machine.numbers(row.id)]);
  }
  const b = Array.from(machine.numbers(value.id), negated);
  const allFinite = A.every((entries) => entries.every(Number.isFinite)) && b.every(Number.isFinite);
  return allFinite ? { A, b, isMoving: reachable(ops, [value.id]).has(t.id) } : null;
}

/** The same of slopes that are known already: a reverse sweep for each of many rows takes long. */
function writtenDown(
  { ops, t }: Symbols,
  value: Id,
  slopes: SparseMatrix,
  b: readonly number[],
): AffineEvidence | null {
  const A = Array.from({ length: slopes.rows }, (_, i) => {
    const row = new Array<number>(slopes.columns).fill(0);
    for (let k = at(slopes.starts, i); k < at(slopes.starts, i + 1); k++)
      row[at(slopes.indices, k)] = at(slopes.values, k);
    return row;
  });
  return b.every(Number.isFinite) ? { A, b, isMoving: reachable(ops, [value]).has(t.id) } : null;
}

/** b(0) of an affine residual. */
function offsets(symbols: Symbols, value: Id): number[] {
  const machine = machineOf(symbols);
  machine.procedure([value])();
  return Array.from(machine.numbers(value), negated);
}

/** −entry, without −0. */
const negated = (entry: number): number => (entry === 0 ? 0 : -entry);

/** Columns of A with an entry that is not 0: the entries of x that the constraint restricts. */
function coordinatesOf({ A }: AffineEvidence): number[] {
  const width = A[0]?.length ?? 0;
  return Array.from({ length: width }, (_, j) => j).filter((j) => A.some((row) => at(row, j) !== 0));
}
