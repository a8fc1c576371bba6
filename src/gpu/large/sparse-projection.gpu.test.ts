import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { matrixVector, pseudoinverse } from '../../core/tensor/matrix.ts';
import { gpuForTests } from '../kernels/gpu-for-tests.ts';
import { seeded, seededNumbers } from '../kernels/seeded.ts';
import { openSparseProjection, type SparseEnd, type SparseOptions } from './sparse-projection.ts';
import type { SparseRows } from './sparse-rows.ts';
import { squareSums } from './square-sums.fixture.ts';

const U = 2 ** -24; // unit roundoff of float32

/** A row as [column, value] of its entries, and what it has to be. */
interface Row {
  readonly entries: readonly (readonly [number, number])[];
  readonly target: number;
}

const lengthOf = (entries: Row['entries']): number => Math.hypot(...entries.map(([, value]) => Math.fround(value)));

function sparse(columns: number, rows: readonly Row[]): SparseRows {
  const starts = [0];
  for (const { entries } of rows) starts.push(at(starts, starts.length - 1) + entries.length);
  const all = rows.flatMap(({ entries }) => entries);
  const [indices, values] = [all.map(([column]) => column), all.map(([, value]) => value)];
  return { columns, starts, indices, values, targets: rows.map(({ target }) => target) };
}

async function project(
  system: SparseRows,
  x: Float64Array,
  options: SparseOptions = {},
): Promise<{ readonly x: Float32Array; readonly again: Float32Array; readonly end: SparseEnd }> {
  const gpu = await gpuForTests();
  const live = gpu.ledger.bytes;
  const opened = await openSparseProjection(gpu, system, options);
  if (!opened.ok) throw new Error(opened.diagnostics[0]?.message);
  const { vector } = opened.value;
  vector.write(0, Float32Array.from(x));
  const end = await opened.value.project();
  const result = await vector.read(0, x.length);
  await opened.value.project();
  const again = await vector.read(0, x.length);
  opened.value.destroy();
  expect(gpu.ledger.bytes).toBe(live);
  expect(gpu.uncaptured).toEqual([]);
  return { x: result, again, end };
}

/** x − (D A)⁺ D (A x − b), D = 1 / ‖aᵢ‖, in Float64: the nearest of the points whose distances from the rows have the least squares. */
function nearest({ columns }: SparseRows, rows: readonly Row[], x: Float64Array): Float64Array {
  const data = new Float64Array(rows.length * columns);
  const residual = new Float64Array(rows.length);
  rows.forEach(({ entries, target }, i) => {
    const length = lengthOf(entries) || 1;
    residual[i] = (entries.reduce((sum, [j, value]) => sum + Math.fround(value) * at(x, j), 0) - target) / length;
    for (const [j, value] of entries) data[i * columns + j] = Math.fround(value) / length;
  });
  const step = matrixVector(pseudoinverse({ rows: rows.length, columns, data }), residual);
  return x.map((entry, j) => entry - at(step, j));
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (entry, i) => Math.abs(entry - at(b, i))));

const N = 60;

/** Rows of two to seven entries of different sizes, which a point of entries in [−1, 1] satisfies. */
function consistent(count: number, seed: number): Row[] {
  const next = seeded(seed);
  const inside = seededNumbers(N, seed + 1);
  return Array.from({ length: count }, () => {
    const columns = new Set(Array.from({ length: 2 + Math.floor(6 * next()) }, () => Math.floor(N * next())));
    const scale = 10 ** (6 * next() - 3);
    const entries = [...columns].map((j) => [j, Math.fround(scale * (next() - 0.5))] as const);
    return { entries, target: entries.reduce((sum, [j, value]) => sum + value * at(inside, j), 0) };
  });
}

const some = consistent(24, 3);
const one = at(some, 0);
const whole: Row = { entries: Array.from({ length: N }, (_, j) => [j, 1] as const), target: 3 };
const CASES: readonly (readonly [string, readonly Row[], SparseEnd['status']])[] = [
  ['rows that overlap', some, 'met'],
  ['rows that are all 0', some.map(({ entries }) => ({ entries, target: 0 })), 'met'],
  ['more rows than unknowns, which depend on each other', consistent(90, 5), 'met'],
  [
    'a row twice, again in other units, and one of zeros',
    [
      ...some,
      one,
      { entries: one.entries.map(([j, value]) => [j, -8 * value] as const), target: -8 * one.target },
      { entries: [], target: 0 },
    ],
    'met',
  ],
  ['a sum of all, among shorter rows', [whole, ...some.slice(0, 12)], 'met'],
  ['a row that contradicts another', [...some, { ...one, target: one.target + 1 }], 'contradictory'],
  [
    'more rows than unknowns that contradict each other',
    consistent(90, 5).map(({ entries, target }, i) => ({
      entries,
      target: target + ((i % 3) - 1) * lengthOf(entries),
    })),
    'contradictory',
  ],
];

describe.each([
  ['rows summed by a lane', { team: 'quad' }],
  ['rows summed by a team', { team: 'quad', longestRow: 3 }],
] as const)('the nearest point of sparse equations, %s', (_, options) => {
  const x = seededNumbers(N, 1).map((entry) => 2 * entry);

  it.each(CASES)('%s', async (_, rows, status) => {
    const system = sparse(N, rows);
    const { x: found, again, end } = await project(system, x, options);
    expect(end.status).toBe(status);
    const within = status === 'met' ? 2e-5 : 5e-4; // 1e-7 κ, or 1e-6 κ² of distances of about 1
    expect(difference(found, nearest(system, rows, x))).toBeLessThan(within);
    expect(difference(again, found)).toBeLessThan(within);
    if (status === 'met') expect(end.distance).toBeLessThanOrEqual(16 * U * end.size);
    else expect(end.distance).toBeGreaterThan(0.1);
  });

  it('does not depend on the order of the rows', async () => {
    const [a, b] = [
      await project(sparse(N, some), x, options),
      await project(sparse(N, some.toReversed()), x, options),
    ];
    expect(difference(a.x, b.x)).toBeLessThan(1e-5);
  });

  it('is a mask where each row has one entry', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ entries: [[3 * i, 0.7] as const], target: 0 }));
    const { x: found, end } = await project(sparse(N, rows), x, options);
    found.forEach((entry, j) => {
      if (j % 3 === 0) expect(Math.abs(entry)).toBeLessThan(16 * U * U);
      else expect(entry).toBe(at(x, j));
    });
    expect(end.status).toBe('met');
  });
});

it('does not depend on how many lanes a team has', async () => {
  const [system, x] = [sparse(N, [whole, ...some]), seededNumbers(N, 1)];
  const [a, b] = [
    await project(system, x, { team: 'quad' }),
    await project(system, x, { team: 'wide', longestRow: 6 }),
  ];
  expect(b.end.status).toBe('met');
  expect(difference(a.x, b.x)).toBeLessThan(1e-5);
});

/** Rows and columns of a square of unknowns: a million of them in the long run of the tests. */
const SIDE = import.meta.env.FEASIBLE_FULL === '1' ? 1000 : 250;

describe(`${SIDE}² unknowns`, () => {
  it('have the sums of their rows and columns, in few turns', async () => {
    const side = SIDE;
    const n = side * side;
    const x = seededNumbers(n, 7);
    const gpu = await gpuForTests();
    const opened = await openSparseProjection(gpu, squareSums(side));
    if (!opened.ok) throw new Error(opened.diagnostics[0]?.message);
    opened.value.vector.write(0, Float32Array.from(x));
    const end = await opened.value.project();
    const found = await opened.value.vector.read(0, n);
    opened.value.destroy();
    expect(end.status).toBe('met');
    expect(end.turns).toBeLessThan(12); // three different singular values
    const sums = { rows: new Float64Array(side), columns: new Float64Array(side), after: new Float64Array(2 * side) };
    x.forEach((entry, k) => {
      const [i, j] = [Math.floor(k / side), k % side];
      sums.rows[i] = at(sums.rows, i) + entry;
      sums.columns[j] = at(sums.columns, j) + entry;
      sums.after[i] = at(sums.after, i) + at(found, k);
      sums.after[side + j] = at(sums.after, side + j) + at(found, k);
    });
    // Each entry moves by its row's mean excess and its column's, less that of all: the closed form for both sums.
    const total = sums.rows.reduce((sum, entry) => sum + entry, 0);
    for (let k = 0; k < n; k += 991) {
      const [i, j] = [Math.floor(k / side), k % side];
      const moved = (1 - at(sums.rows, i)) / side + (1 - at(sums.columns, j)) / side - (side - total) / n;
      expect(Math.abs(at(found, k) - at(x, k) - moved)).toBeLessThan(1e-6);
    }
    expect(difference(sums.after, new Float64Array(2 * side).fill(1))).toBeLessThan(
      16 * U * end.size * Math.sqrt(side),
    );
  });
});

describe('what is told', () => {
  const chain = (n: number): SparseRows =>
    sparse(
      n,
      Array.from({ length: n - 1 }, (_, i) => ({
        entries: [
          [i, -1],
          [i + 1, 1],
        ],
        target: 0.25,
      })),
    );

  it('that there were too few turns, and that it was stopped before the vector changed', async () => {
    const { end } = await project(chain(400), seededNumbers(400, 2), { mostTurns: 5 });
    expect(end).toMatchObject({ status: 'limit', turns: 10 });
    const gpu = await gpuForTests();
    const opened = await openSparseProjection(gpu, chain(400));
    if (!opened.ok) throw new Error('fits');
    const x = Float32Array.from(seededNumbers(400, 2));
    opened.value.vector.write(0, x);
    expect(await opened.value.project(AbortSignal.abort())).toMatchObject({ status: 'stopped' });
    expect(await opened.value.vector.read(0, 400)).toEqual(x);
    opened.value.destroy();
  });

  it('that a vector is not of numbers', async () => {
    const { end } = await project(chain(8), new Float64Array(8).fill(Number.NaN));
    expect(end.status).toBe('non-finite');
  });

  it('what does not fit, in bytes, and what is no system; nothing is held', async () => {
    const gpu = await gpuForTests();
    const live = gpu.ledger.bytes;
    const refused = async (system: SparseRows, options: SparseOptions = {}) => {
      const opened = await openSparseProjection(gpu, system, options);
      return opened.ok || opened.diagnostics[0]?.message;
    };
    const allowed = { maxBufferSize: 8192, maxStorageBufferBindingSize: 8192 };
    expect(await refused(chain(4000), { allowed })).toMatch(/array of 32,008 bytes .* allows 8,192 bytes/);
    expect(await refused(sparse(4, [{ entries: [], target: 2 }]))).toMatch(/Row 0 has no coefficients/);
    expect(
      await refused(
        sparse(4, [
          {
            entries: [
              [1, 1],
              [1, 2],
            ],
            target: 2,
          },
        ]),
      ),
    ).toBe('Row 0 has column 1 twice.');
    expect(await refused(sparse(4, [{ entries: [[4, 1]], target: 2 }]))).toMatch(/column 4, and there are 4/);
    expect(await refused(sparse(4, [{ entries: [[0.5, 1]], target: 2 }]))).toBe('Entry 0 is in no column: 0.5.');
    expect(await refused(sparse(4, [{ entries: [[1, Number.NaN]], target: 2 }]))).toMatch(/not finite/);
    expect(gpu.ledger.bytes).toBe(live);
  });
});
