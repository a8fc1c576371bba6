/** Projections as their definitions read: nothing shared with the catalogue. Test support. */
import { at } from '../diagnostic.ts';
import { dot, minus, norm, plus, product, pseudoinverse, type Rows, times, type Vector } from './vectors.ts';

export type Projection = (x: Vector, t: number) => number[];

export const ontoAffine = (A: Rows, b: (t: number) => Vector): Projection => {
  const inverse = pseudoinverse(A);
  return (x, t) => minus(x, product(inverse, minus(product(A, x), b(t))));
};
export const ontoBox =
  (lo: Vector, hi: Vector): Projection =>
  (x) =>
    x.map((entry, i) => Math.min(Math.max(entry, at(lo, i)), at(hi, i)));
export const ontoSimplex =
  (total: number): Projection =>
  (x) => {
    const top = Math.max(...x);
    const u = x.map((entry) => entry - top).sort((a, b) => b - a);
    const sums = u.map((_, k) => u.slice(0, k + 1).reduce((sum, entry) => sum + entry, 0));
    const r = u.filter((entry, k) => (k + 1) * entry > at(sums, k) - total).length;
    const theta = (at(sums, r - 1) - total) / r;
    return x.map((entry) => Math.max(entry - top - theta, 0));
  };
export const ontoL1Ball =
  (radius: number): Projection =>
  (x, t) => {
    const lengths = x.map(Math.abs);
    if (lengths.reduce((sum, entry) => sum + entry, 0) <= radius) return [...x];
    return ontoSimplex(radius)(lengths, t).map((entry, i) => Math.sign(at(x, i)) * entry);
  };
export const ontoHalfSpace =
  (a: Vector, b: number): Projection =>
  (x) =>
    minus(x, times(Math.max(dot(a, x) - b, 0) / dot(a, a), a));
export const ontoBall =
  (center: Vector, radius: number, isSphere = false): Projection =>
  (x) => {
    const away = minus(x, center);
    if (!isSphere && norm(away) <= radius) return [...x];
    return plus(center, times(radius / norm(away), away));
  };
export const alternating =
  (sets: readonly Projection[], cycles: number): Projection =>
  (x, t) => {
    let y = [...x];
    for (let cycle = 0; cycle < cycles; cycle++) for (const onto of sets) y = onto(y, t);
    return y;
  };
/** `increments`, given, persist between calls. */
export const dykstra =
  (sets: readonly Projection[], cycles: number, increments?: number[][]): Projection =>
  (x, t) => {
    const p = increments ?? sets.map(() => x.map(() => 0));
    let y = [...x];
    for (let cycle = 0; cycle < cycles; cycle++)
      sets.forEach((onto, i) => {
        const moved = plus(y, at(p, i));
        y = onto(moved, t);
        p[i] = minus(moved, y);
      });
    return y;
  };
