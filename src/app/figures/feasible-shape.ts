/** What the linear constraints leave on the shown axes: the shadow of {x : A x = b, C x ≤ d}. */
import { affineShadow, type Row, unit } from './affine-shadow.ts';
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
  readonly entries: readonly (readonly [column: number, value: number])[];
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
    equal.length === 0
      ? []
      : affineShadow(
          stacked(equal),
          equal.flatMap(({ b }) => [...b]),
          axes,
        );
  const opposite = ({ entries, offset }: Sparse): Sparse => ({
    entries: entries.map(([column, value]) => [column, -value]),
    offset: -offset,
  });
  const hides = ({ entries }: Sparse) => entries.some(([column]) => !axes.includes(column));
  const coupling = [...equalRows, ...lessRows].filter((row) => row.entries.length > 1 && hides(row));
  const both = equalRows.filter(hides).flatMap((row) => [row, opposite(row)]);
  const coupled = coupling.flatMap(({ entries }) => entries.flatMap(([c]) => (axes.includes(c) ? [] : [c])));
  return {
    equalities,
    halfSpaces: [...lessRows, ...both].flatMap((row) => shadowOf(row, bounds, axes)),
    isExact: new Set(coupled).size === coupled.length,
  };
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

function sparseRows({ A, b }: Linear): Sparse[] {
  return b.map((offset, row) => {
    const entries: [number, number][] = [];
    for (let column = 0; column < A.columns; column++) {
      const value = A.data[row * A.columns + column] ?? 0;
      if (value !== 0) entries.push([column, value]);
    }
    return { entries, offset };
  });
}

function stacked(sets: readonly Linear[]): Linear['A'] {
  const [first] = sets;
  if (first && sets.length === 1) return first.A;
  const data = Float64Array.from(sets.flatMap(({ A }) => [...A.data]));
  return { rows: sets.reduce((sum, { A }) => sum + A.rows, 0), columns: first?.A.columns ?? 0, data };
}

function boundsOf(equalRows: readonly Sparse[], lessRows: readonly Sparse[]): Map<number, Bounds> {
  const bounds = new Map<number, Bounds>();
  const restrict = ({ entries: [entry, ...more], offset }: Sparse, isEqual: boolean) => {
    if (!entry || more.length > 0) return;
    const [column, scale] = entry;
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

/** shown ≤ offset − least (hidden), of unit length; none where the hidden entries can make up for anything. */
function shadowOf({ entries, offset }: Sparse, bounds: ReadonlyMap<number, Bounds>, axes: readonly number[]): Row[] {
  const coefficients = axes.map(() => 0);
  let rest = offset;
  for (const [column, value] of entries) {
    const k = axes.indexOf(column);
    const { least, greatest } = bounds.get(column) ?? { least: -Infinity, greatest: Infinity };
    if (k >= 0) coefficients[k] = value;
    else rest -= value * (value > 0 ? least : greatest);
  }
  return Number.isFinite(rest) && coefficients.some((value) => value !== 0) ? [unit(coefficients, rest)] : [];
}
