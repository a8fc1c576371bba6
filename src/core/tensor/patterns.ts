/** Patterns of equal entries in matrices, and means over the entries that are equal: views, no matrix of equations. */
import { at } from '../diagnostic.ts';
import { gather, runsOf } from './coordinates.ts';
import type { Ops, Tensor } from './ops.ts';

/** Positions (i, j), i < j or i ≤ j, of an n × n matrix, row by row. */
const upperTriangle = (n: number, { diagonal }: { readonly diagonal: boolean }): number[] =>
  Array.from({ length: n * n }, (_, k) => k).filter((k) => k % n > Math.floor(k / n) - (diagonal ? 1 : 0));

/** Entries of the upper triangle of S[n, n] as one vector. */
export const upperEntries = (ops: Ops, S: Tensor, diagonal: boolean): Tensor => {
  const n = at(S.shape, 0);
  return gather(ops, ops.reshape(S, [n * n]), upperTriangle(n, { diagonal }));
};

/** Element (i, j) of an m × n matrix among m rows of m + n − 1 entries, where each diagonal is a column. */
const sheared = (m: number, n: number) => ({ offset: m - 1, strides: [m + n - 2, 1] });

/** Entry k: the sum of the diagonal j − i = k − (m − 1), of A[m, n]. */
function diagonalSums(ops: Ops, A: Tensor): Tensor {
  const [m, n] = [at(A.shape, 0), at(A.shape, 1)];
  return ops.sum(ops.assemble([{ part: A, view: sheared(m, n) }], [m, m + n - 1]), 0);
}

/** The m × n matrix whose diagonal j − i = k − (m − 1) holds entry k. */
function fromDiagonals(ops: Ops, diagonals: Tensor, m: number, n: number): Tensor {
  const repeated = ops.broadcast(ops.reshape(diagonals, [1, m + n - 1]), [m, m + n - 1]);
  return ops.slice(repeated, { ...sheared(m, n), shape: [m, n] });
}

/** Each entry the mean of its diagonal: the nearest Toeplitz matrix. */
export function diagonalMeans(ops: Ops, A: Tensor): Tensor {
  const [m, n] = [at(A.shape, 0), at(A.shape, 1)];
  const lengths = Float64Array.from({ length: m + n - 1 }, (_, k) => Math.min(k + 1, m + n - 1 - k, m, n));
  return fromDiagonals(ops, ops.divide(diagonalSums(ops, A), ops.constant(lengths)), m, n);
}

/** Each entry the mean over all (i, j) with the same j − i modulo n: the nearest circulant matrix. */
export function cyclicMeans(ops: Ops, A: Tensor): Tensor {
  const n = at(A.shape, 0);
  const sums = diagonalSums(ops, A); // differences −(n − 1) … n − 1
  const part = (from: number, count: number) => ops.slice(sums, { offset: from, strides: [1], shape: [count] });
  const later = ops.add(part(0, n - 1), part(n, n - 1)); // differences 1 … n − 1, with those that are n lower
  const means = ops.divide(n > 1 ? ops.concat([later, part(n - 1, 1), later]) : sums, n);
  return fromDiagonals(ops, means, n, n);
}

/** Positions with equal labels, in order of first appearance. */
export function groupsOf(labels: readonly number[]): number[][] {
  const groups = new Map<number, number[]>();
  labels.forEach((label, k) => {
    const known = groups.get(label);
    if (known) known.push(k);
    else groups.set(label, [k]);
  });
  return [...groups.values()];
}

/** Groups of one size, and their members: the first of each group, then the second, … */
interface Alike {
  readonly size: number;
  readonly count: number;
  readonly members: readonly number[];
}

function alike(labels: readonly number[]): Alike[] {
  const bySize = new Map<number, number[][]>();
  for (const group of groupsOf(labels)) {
    const own = bySize.get(group.length);
    if (own) own.push(group);
    else bySize.set(group.length, [group]);
  }
  return [...bySize].map(([size, groups]) => ({
    size,
    count: groups.length,
    members: Array.from({ length: size }, (_, k) => groups.map((group) => at(group, k))).flat(),
  }));
}

/** For each position, its place among the members. */
function placesOf(all: readonly Alike[]): number[] {
  const place: number[] = [];
  let next = 0;
  for (const { members } of all)
    for (const position of members) {
      place[position] = next;
      next += 1;
    }
  return place;
}

/** Views of which means are made: each is a dispatch. */
const MOST_RUNS = 256;

/** Whether means over the entries with equal labels take few views. */
export function areFewRuns(labels: readonly number[]): boolean {
  const all = alike(labels);
  const lists = [...all.map(({ members }) => members), placesOf(all)];
  return lists.reduce((sum, list) => sum + runsOf(list).length, 0) <= MOST_RUNS;
}

/** Each entry the mean of the entries with its label. Groups of one size are summed together. */
export function groupMeans(ops: Ops, x: Tensor, labels: readonly number[]): Tensor {
  const all = alike(labels);
  const parts = all.map(({ size, count, members }) => {
    const rows = ops.reshape(gather(ops, x, members), [size, count]);
    if (size === 1) return rows;
    const means = ops.divide(ops.sum(rows, 0), size);
    return ops.broadcast(ops.reshape(means, [1, count]), rows.shape);
  });
  return gather(ops, ops.concat(parts), placesOf(all));
}
