import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../../diagnostic.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { sparseFrom, toSparse } from '../../tensor/sparse.ts';
import { MultiplierSolver } from './kkt.ts';
import { SparseMultiplierSolver } from './sparse-multipliers.ts';

type Relation = 'equality' | 'inequality';

/** Both solutions of one point; rows are dense. */
function both(rows: readonly (readonly number[])[], relations: readonly Relation[], gradient: readonly number[]) {
  const n = gradient.length;
  const data = Float64Array.from(rows.flat());
  const slope = Float64Array.from(gradient);
  const residual = new Float64Array(rows.length);
  return {
    dense: new MultiplierSolver().solve(slope, { relations, jacobian: data, residual }, 1),
    sparse: new SparseMultiplierSolver().solve(
      slope,
      { relations, jacobian: toSparse(rows.length, n, data), residual },
      1,
    ),
    remainder: (multipliers: Float64Array) =>
      slope.map((value, j) => rows.reduce((sum, row, i) => sum + at(multipliers, i) * at(row, j), value)),
  };
}

const number = fc.double({ min: -3, max: 3, noNaN: true, noDefaultInfinity: true });
const weight = fc.oneof(fc.double({ min: 0.2, max: 3, noNaN: true }), fc.double({ min: -3, max: -0.2, noNaN: true }));
/** Rows of such weights depend on each other, or do not: nearer than 1e-6 they would count as dependent, by the squares of `ProfileFactor`. */
const tenths = fc.oneof(fc.integer({ min: 2, max: 30 }), fc.integer({ min: -30, max: -2 })).map((tenth) => tenth / 10);
const relation = fc.constantFrom<Relation>('equality', 'inequality');

/** Groups of entries with one row each, and bounds of some entries. */
const groups = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }).chain((sizes) => {
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const entries = fc.tuple(
    ...sizes.map((size) => fc.tuple(fc.array(weight, { minLength: size, maxLength: size }), relation)),
  );
  const bounds = fc.uniqueArray(fc.tuple(fc.nat(n - 1), fc.constantFrom(-1, 1)), { selector: ([j]) => j });
  const gradient = fc.array(number, { minLength: n, maxLength: n });
  return fc.record({ sizes: fc.constant(sizes), entries, bounds, gradient });
});

/** The groups' rows in all n entries, one group after the other. */
function rowsOfGroups(sizes: readonly number[], entries: readonly (readonly [number[], Relation])[], n: number) {
  let before = 0;
  return entries.map(([weights], i) => {
    const first = before;
    before += at(sizes, i);
    return Array.from({ length: n }, (_, j) => weights[j - first] ?? 0);
  });
}

const unit = (n: number, j: number, value: number) => Array.from({ length: n }, (_, k) => (k === j ? value : 0));

describe('multipliers of a sparse Jacobian', () => {
  it('are those of the dense one where groups of entries have a row each', () => {
    fc.assert(
      fc.property(groups, ({ sizes, entries, gradient }) => {
        const rows = rowsOfGroups(sizes, entries, gradient.length);
        const { dense, sparse } = both(
          rows,
          entries.map(([, own]) => own),
          gradient,
        );
        expect(maximumNorm(sparse.multipliers.map((m, i) => m - at(dense.multipliers, i)))).toBeLessThan(1e-10);
        expect(Math.abs(sparse.stationarity - dense.stationarity)).toBeLessThan(1e-10);
      }),
    );
  });

  it('leave as little as those of the dense one, with bounds in the groups, too', () => {
    fc.assert(
      fc.property(groups, ({ sizes, entries, bounds, gradient }) => {
        const rows = rowsOfGroups(sizes, entries, gradient.length);
        const relations = entries.map(([, own]) => own);
        const bounded = bounds.map(([j, sign]) => unit(gradient.length, j, sign));
        const { dense, sparse, remainder } = both(
          [...rows, ...bounded],
          [...relations, ...bounded.map(() => 'inequality' as const)],
          gradient,
        );
        expect(sparse.stationarity).toBeLessThan(dense.stationarity + 1e-10);
        expect(sparse.stationarity).toBeGreaterThan(dense.stationarity - 1e-10);
        const rest = remainder(sparse.multipliers);
        expect(Math.abs(Math.hypot(...rest) - sparse.stationarity)).toBeLessThan(1e-10); // what it says is what they leave
        sparse.multipliers.forEach((m, i) => {
          if (i >= rows.length || relations[i] === 'inequality') expect(m).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });

  it('are those of the dense one where rows overlap', () => {
    const [e, i] = ['equality', 'inequality'] as const;
    const returning = {
      // a step that holds a row at 0 comes back to the rows that it set out with
      rows: [
        [0, 0, 0, -1, 0],
        [0, -1, 0, 0, 0],
        [1, 0, 0, 1, 0],
        [0, 0, 0, 1, 2],
        [0, 0, 0, -1, 1],
        [2, 0, 1, 0, 0],
        [-1, 0, 0, 0, 0],
      ],
      gradient: [1, 0, 2, -1, 0],
      relations: [i, e, e, i, e, e, i],
    };
    const overlapping = fc.integer({ min: 2, max: 8 }).chain((n) =>
      fc.record({
        rows: fc.array(fc.array(fc.oneof(fc.constant(0), tenths), { minLength: n, maxLength: n }), {
          minLength: 1,
          maxLength: 2 * n,
        }),
        gradient: fc.array(number, { minLength: n, maxLength: n }),
        relations: fc.array(relation, { minLength: 2 * n, maxLength: 2 * n }),
      }),
    );
    fc.assert(
      fc.property(overlapping, ({ rows, gradient, relations }) => {
        const { dense, sparse } = both(rows, relations.slice(0, rows.length), gradient);
        expect(sparse.stationarity).toBeLessThan(dense.stationarity + 1e-9);
        expect(sparse.stationarity).toBeGreaterThan(dense.stationarity - 1e-6); // its turns may end before
      }),
      { examples: [[returning]] },
    );
  });

  it('leave nothing at a point where some balance the slope, on a field that falls both ways', () => {
    const side = 16;
    const falls = [side, 1].flatMap((by) =>
      Array.from({ length: side * side }, (_, j) => [j, j + by] as const).filter(
        ([j, k]) => k < side * side && (by === side || k % side > j % side),
      ),
    );
    const J = toSparse(
      falls.length,
      side * side,
      falls.flatMap(([j, k]) => {
        const row = new Array<number>(side * side).fill(0);
        [row[j], row[k]] = [-1, 1];
        return row;
      }),
    );
    const slope = new Float64Array(side * side);
    falls.forEach(([j, k], i) => {
      const m = Math.max(0, Math.sin(i * i));
      slope[j] = at(slope, j) + m;
      slope[k] = at(slope, k) - m;
    });
    const held = { relations: falls.map(() => 'inequality' as const), jacobian: J, residual: new Float64Array(J.rows) };
    const { multipliers, stationarity } = new SparseMultiplierSolver().solve(slope, held, 1);
    expect(stationarity).toBeLessThan(1e-10);
    expect(Math.min(...multipliers)).toBeGreaterThanOrEqual(0);
  });

  it('are looked for where the slope is not a number, and end', () => {
    const { sparse } = both([[1, 1]], ['inequality'], [Number.NaN, 1]);
    expect(sparse.stationarity).toBeNaN();
  });

  it('leave the mean of each group’s slope to a sum: λ = −a·∇f / ‖a‖²', () => {
    const [groups, size] = [300, 200];
    const J = sparseFrom(groups, groups * size, 1e6, (row) => [[rowOfOnes(groups * size, row * size, size), 0, 1]]);
    const gradient = Float64Array.from({ length: groups * size }, (_, j) => Math.sin(j));
    if (!J) throw new Error('too large');
    const { multipliers } = new SparseMultiplierSolver().solve(
      gradient,
      {
        relations: Array.from({ length: groups }, () => 'equality'),
        jacobian: J,
        residual: new Float64Array(groups),
      },
      1,
    );
    multipliers.forEach((m, i) => {
      const own = gradient.subarray(i * size, (i + 1) * size);
      expect(m).toBeCloseTo(-own.reduce((sum, g) => sum + g, 0) / size, 13);
    });
  });

  it('of a chain of ten thousand equal entries, and of a circle, which depends on itself, leave nothing but the mean', () => {
    for (const isClosed of [false, true]) {
      const n = 10_000;
      const rows = isClosed ? n : n - 1;
      const starts = Int32Array.from({ length: rows + 1 }, (_, i) => 2 * i);
      const jacobian = {
        rows,
        columns: n,
        starts,
        indices: Int32Array.from({ length: 2 * rows }, (_, k) =>
          k >> 1 === n - 1 ? (k & 1) * (n - 1) : (k >> 1) + (k & 1),
        ),
        values: Float64Array.from({ length: 2 * rows }, (_, k) => (k & 1 ? 1 : -1)),
      };
      const gradient = Float64Array.from({ length: n }, (_, j) => Math.sin(j) + 0.5);
      const { stationarity } = new SparseMultiplierSolver().solve(
        gradient,
        { relations: Array.from({ length: rows }, () => 'equality'), jacobian, residual: new Float64Array(rows) },
        1,
      );
      const sum = gradient.reduce((total, g) => total + g, 0);
      expect(Math.abs(stationarity - Math.abs(sum) / Math.sqrt(n))).toBeLessThan(1e-8);
    }
  });
});

const rowOfOnes = (columns: number, from: number, count: number) => ({
  rows: 1,
  columns,
  starts: Int32Array.of(0, count),
  indices: Int32Array.from({ length: count }, (_, k) => from + k),
  values: new Float64Array(count).fill(1),
});
