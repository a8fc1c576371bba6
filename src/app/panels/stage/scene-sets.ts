/** The constraints as the figures draw them: rows, balls, and samples on the grid of the shown axes. */
import type { AffineSystem, Structure } from '../../../core/analysis/structure.ts';
import type { AbsoluteEvidence, BoundEvidence, ConstraintFacts } from '../../../core/contracts.ts';
import { at } from '../../../core/diagnostic.ts';
import { once } from '../../../core/once.ts';
import type { Matrix } from '../../../core/tensor/matrix.ts';
import type { Axes, FeasibleSet } from '../../figures/scene.ts';
import type { Field } from '../../store/view-slice.ts';
import type { Study } from '../../study.ts';

interface Rows {
  readonly A: readonly ArrayLike<number>[];
  readonly b: readonly number[];
}

/** Beyond this many entries, bounds are not written out as rows. */
const MOST_WRITTEN = 1e6;

export function feasibleSets({ structure, problem }: Study, axes: Axes, field: Field | null): FeasibleSet[] {
  const { affine, constraints } = structure;
  const { size } = problem;
  const offsets = new Map((field?.sample.offsets ?? []).map(({ index, b }) => [index, b]));
  const rows = constraints.map((facts) => inequalityRows(facts, axes, size, offsets.get(facts.index)));
  // The grid has the constraints that are not affine, in their order.
  const curved = constraints.filter((facts) => facts.affine === null);
  const rest = curved.filter(({ index }) => !rows[index]);
  return [
    ...(affine ? [{ kind: 'affine' as const, ...affine, b: movedOffsets(affine, offsets), spectrum: affine }] : []),
    ...halfSpaces(rows, constraints, size),
    ...rest.flatMap((facts) =>
      axes.length === 3
        ? inSpace(facts, structure, size, field, curved.indexOf(facts), axes)
        : field
          ? (cross(facts, axes, field) ?? sampled(facts, curved.indexOf(facts), axes, field))
          : [],
    ),
  ];
}

/** b of all affine equalities, those that move at the sampled step. */
function movedOffsets({ b, constraintOfRow }: AffineSystem, offsets: ReadonlyMap<number, readonly number[]>): number[] {
  const seen = new Map<number, number>();
  return b.map((offset, row) => {
    const constraint = at(constraintOfRow, row);
    const position = seen.get(constraint) ?? 0;
    seen.set(constraint, position + 1);
    return offsets.get(constraint)?.[position] ?? offset;
  });
}

/** A x ≤ b of all linear inequalities together. */
function halfSpaces(
  rows: readonly (Rows | null)[],
  constraints: readonly ConstraintFacts[],
  size: number,
): FeasibleSet[] {
  const parts = rows.flatMap((part) => (part ? [part.A] : []));
  if (parts.every(({ length }) => length === 0)) return [];
  const A = matricesOf(constraints)(parts, size);
  const isMoving = constraints.some((facts, i) => facts.isMoving && rows[i]);
  return [{ kind: 'half-spaces', A, b: rows.flatMap((part) => part?.b ?? []), isMoving }];
}

/** The rows of all parts as one matrix: the same one as before while they are the same, since each redraw asks for millions of entries. */
const matricesOf = once((_: readonly ConstraintFacts[]) => {
  let known: { readonly parts: readonly Rows['A'][]; readonly matrix: Matrix } | null = null;
  return (parts: readonly Rows['A'][], columns: number): Matrix => {
    const before = known;
    const isSame = before?.parts.length === parts.length && parts.every((part, k) => part === before.parts[k]);
    if (isSame) return before.matrix;
    const rows = parts.flat();
    const data = new Float64Array(rows.length * columns);
    rows.forEach((row, i) => {
      data.set(row, i * columns);
    });
    const matrix = { rows: rows.length, columns, data };
    known = { parts, matrix };
    return matrix;
  };
});

/** Bounds as rows over all entries. */
const boundRows = once(
  ({ entries, scales, b }: BoundEvidence, size: number): Rows => ({
    A: entries.map((entry, row) => dense(size, [entry], [at(scales, row)])),
    b,
  }),
);

/** The constraint as rows A x ≤ b, where it is that; else null. */
function inequalityRows(facts: ConstraintFacts, axes: Axes, size: number, b?: readonly number[]): Rows | null {
  const { relation, affine, bounds, halfSpaces, absolute, coordinates } = facts;
  if (relation === 'equality') return null;
  const own = bounds && bounds.b.length * size <= MOST_WRITTEN ? boundRows(bounds, size) : affine;
  if (own) return b ? { A: own.A, b } : own;
  if (halfSpaces) return halfSpaces;
  const isSeen = coordinates.every((entry) => axes.includes(entry as Axes[0]));
  return absolute && isSeen ? distanceRows(absolute, coordinates, size) : null;
}

const dense = (size: number, entries: readonly number[], values: readonly number[]): Float64Array => {
  const row = new Float64Array(size);
  entries.forEach((entry, k) => {
    row[entry] = at(values, k);
  });
  return row;
};

/** Σ wᵢ|xᵢ − cᵢ| ≤ r, once for each choice of signs; null where a weight is not positive. */
function distanceRows(
  { weights, center, radius }: AbsoluteEvidence,
  entries: readonly number[],
  size: number,
): Rows | null {
  if (!weights.every((weight) => weight > 0)) return null;
  const signed = Array.from({ length: 2 ** weights.length }, (_, choice) =>
    weights.map((weight, k) => ((choice >> k) & 1 ? -weight : weight)),
  );
  return {
    A: signed.map((row) => dense(size, entries, row)),
    b: signed.map((row) => row.reduce((sum, value, k) => sum + value * at(center, k), radius)),
  };
}

/** A ball or a sphere in all entries as such; of others, what the volume says. */
function inSpace(
  facts: ConstraintFacts,
  { lines }: Structure,
  size: number,
  field: Field | null,
  position: number,
  axes: Axes,
): FeasibleSet[] {
  const set = lines.find(({ constraints }) => constraints[0] === facts.index);
  const { center, radius } = set?.data ?? {};
  const isRound =
    (set?.kind === 'ball' || set?.kind === 'sphere') && set.coordinates.length === size && !facts.isMoving;
  if (isRound && Array.isArray(center) && typeof radius === 'number') {
    return [{ kind: set.kind === 'ball' ? 'ball' : 'sphere', center: center.map(Number), radius }];
  }
  return field?.grid.zs ? sampled(facts, position, axes, field) : [{ kind: 'undrawn', isMoving: facts.isMoving }];
}

/** Two entries of which at most one is not 0: the axes, x₀x₁ = 0. The residual x − P(x) is flat on half of the plane, and has no curve. */
function cross(
  { member, coordinates, isMoving }: ConstraintFacts,
  axes: Axes,
  { grid: { xs, ys } }: Field,
): FeasibleSet[] | null {
  const isSeen = coordinates.length === 2 && coordinates.every((entry) => axes.includes(entry as Axes[0]));
  if (member?.set !== 'sparse' || member.args[0]?.[0]?.[0] !== 1 || !isSeen) return null;
  const values = Float64Array.from({ length: xs.length * ys.length }, (_, i) => {
    return at(xs, i % xs.length) * at(ys, Math.floor(i / xs.length));
  });
  return [{ kind: 'curve', residual: { xs, ys, values }, isMoving, isSlice: false }];
}

/** What the grid says of the constraint; of an equality, row by row. */
function sampled(facts: ConstraintFacts, position: number, axes: Axes, { grid, sample }: Field): FeasibleSet[] {
  const { isMoving, coordinates, relation, rows } = facts;
  const { values = [], seams } = sample.constraints[position] ?? {};
  const isSlice = coordinates.some((entry) => !axes.includes(entry as Axes[0]));
  const kind = relation === 'inequality' ? ('region' as const) : ('curve' as const);
  const drawn = values.map((row): FeasibleSet => {
    const residual = {
      xs: grid.xs,
      ys: grid.ys,
      ...(grid.zs && { zs: grid.zs }),
      values: row,
      ...(seams && { seams }),
    };
    return { kind, residual, isMoving, isSlice };
  });
  const isWhole = relation === 'inequality' ? values.length > 0 : values.length === rows;
  return isWhole ? drawn : [...drawn, { kind: 'undrawn', isMoving }];
}
