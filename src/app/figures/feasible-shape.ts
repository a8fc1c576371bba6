/** What the linear constraints leave on the shown axes: the shadow of {x : A x = b, C x ≤ d}. */
import { at } from '../../core/diagnostic.ts';
import { once } from '../../core/once.ts';
import { affineShadow, type Row, unit } from './affine-shadow.ts';
import { areFree } from './free-entries.ts';
import type { FeasibleSet } from './scene.ts';

export interface Shape {
  /** Independent; null where nothing is left. */
  readonly equalities: readonly Row[] | null;
  readonly halfSpaces: readonly Row[];
  /** Whether these rows say all; else the shadow is somewhere within them. */
  readonly isExact: boolean;
}

/** One row over all entries, by its entries that are not 0. */
interface Sparse {
  readonly columns: Int32Array;
  readonly values: Float64Array;
  readonly offset: number;
}

interface Bounds {
  least: number;
  greatest: number;
}

/**
 * A row over hidden entries restricts the shown ones as far as the bounds of the hidden ones let it: w ≥ 0 and Σ w = 1 give
 * w₀ + w₁ ≤ 1. That is the whole shadow where no hidden entry stands in two such rows.
 */
export function feasibleShape(sets: readonly FeasibleSet[], axes: readonly number[]): Shape {
  const equal = sets.filter((set) => set.kind === 'affine');
  const equalRows = equal.flatMap(sparseRows);
  const lessRows = sets.filter((set) => set.kind === 'half-spaces').flatMap(sparseRows);
  const bounds = boundsOf(equalRows, lessRows);
  if ([...bounds.values()].some(({ least, greatest }) => least > greatest)) {
    return { equalities: null, halfSpaces: [], isExact: true };
  }
  const equalities =
    equal.length === 0 || isFree(equal, axes)
      ? []
      : affineShadow(
          stacked(equal),
          equal.flatMap(({ b }) => [...b]),
          axes,
        );
  const hides = ({ columns }: Sparse) => columns.some((column) => !axes.includes(column));
  const coupling = [...equalRows, ...lessRows].filter((row) => row.columns.length > 1 && hides(row));
  return {
    equalities,
    halfSpaces: [
      ...lessRows.flatMap((row) => shadowOf(row, bounds, axes)),
      ...equalRows.filter(hides).flatMap((row) => [1, -1].flatMap((sign) => shadowOf(row, bounds, axes, sign))),
    ],
    isExact: !shareHidden(coupling, axes),
  };
}

/** Fewer rows are eliminated sooner. */
const LEAST_ROWS = 64;

/** Whether many rows are known to say nothing of the shown entries. */
function isFree([set, another]: readonly Linear[], axes: readonly number[]): boolean {
  if (!set?.spectrum || another || set.spectrum.A !== set.A || set.A.rows < LEAST_ROWS) return false;
  const known = freedoms(set.A);
  const found = known.get(axes.join()) ?? areFree(set.spectrum, axes);
  known.set(axes.join(), found);
  return found;
}

const freedoms = once((_: Linear['A']) => new Map<string, boolean>());

/** Whether a hidden entry stands in two of the rows. */
function shareHidden(rows: readonly Sparse[], axes: readonly number[]): boolean {
  if (rows.length < 2) return false;
  const seen = new Set<number>();
  return rows.some(({ columns }) =>
    columns.some((column) => !axes.includes(column) && seen.size === seen.add(column).size),
  );
}

/** Whether the shadow is the whole of the shown axes. */
export const isEverything = ({ equalities, halfSpaces }: Shape): boolean =>
  equalities !== null && equalities.length + halfSpaces.length === 0;

/** Whether a point on the shown axes is in all half-spaces. */
export const isWithin = (point: readonly number[], rows: readonly Row[]): boolean =>
  rows.every(
    ({ coefficients, offset }) =>
      coefficients.reduce((sum, coefficient, k) => sum + coefficient * (point[k] ?? 0), 0) <= offset,
  );

type Linear = Extract<FeasibleSet, { kind: 'affine' | 'half-spaces' }>;

const sparseRows = ({ A, b }: Linear): Sparse[] =>
  entriesOf(A).map((entries, row) => ({ ...entries, offset: b[row] ?? 0 }));

/** Packed: as pairs, the million entries of 500 dense rows were 100 MB. */
const entriesOf = once(({ rows, columns: width, data }: Linear['A']) =>
  Array.from({ length: rows }, (_, row) => {
    const all = data.subarray(row * width, (row + 1) * width);
    const count = all.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
    const [columns, values] = [new Int32Array(count), new Float64Array(count)];
    let k = 0;
    for (let column = 0; column < width; column++) {
      const value = all[column] ?? 0;
      if (value === 0) continue;
      columns[k] = column;
      values[k++] = value;
    }
    return { columns, values };
  }),
);

function stacked(sets: readonly Linear[]): Linear['A'] {
  const [first] = sets;
  if (first && sets.length === 1) return first.A;
  const data = Float64Array.from(sets.flatMap(({ A }) => [...A.data]));
  return { rows: sets.reduce((sum, { A }) => sum + A.rows, 0), columns: first?.A.columns ?? 0, data };
}

function boundsOf(equalRows: readonly Sparse[], lessRows: readonly Sparse[]): Map<number, Bounds> {
  const bounds = new Map<number, Bounds>();
  const restrict = ({ columns, values, offset }: Sparse, isEqual: boolean) => {
    const [column, another] = columns;
    const [scale = 0] = values;
    if (column === undefined || another !== undefined) return;
    const known = bounds.get(column) ?? { least: -Infinity, greatest: Infinity };
    const value = offset / scale;
    if (isEqual || scale > 0) known.greatest = Math.min(known.greatest, value);
    if (isEqual || scale < 0) known.least = Math.max(known.least, value);
    bounds.set(column, known);
  };
  for (const row of equalRows) restrict(row, true);
  for (const row of lessRows) restrict(row, false);
  return bounds;
}

/** shown ≤ offset − least (hidden) of sign · row, of unit length; none where the hidden entries can make up for anything. */
function shadowOf(
  { columns, values, offset }: Sparse,
  bounds: ReadonlyMap<number, Bounds>,
  axes: readonly number[],
  sign = 1,
): Row[] {
  const coefficients = axes.map(() => 0);
  let rest = sign * offset;
  for (let i = 0; i < columns.length; i++) {
    const column = at(columns, i);
    const value = sign * at(values, i);
    const k = axes.indexOf(column);
    if (k >= 0) coefficients[k] = value;
    else {
      const { least, greatest } = bounds.get(column) ?? { least: -Infinity, greatest: Infinity };
      rest -= value * (value > 0 ? least : greatest);
      if (!Number.isFinite(rest)) return [];
    }
  }
  return coefficients.some((value) => value !== 0) ? [unit(coefficients, rest)] : [];
}
