/** Norms of vectors of any length. */
import { at } from '../diagnostic.ts';

/** ‖x‖₂ of a vector of any length. */
export function euclideanNorm(x: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += at(x, i) ** 2;
  return Math.sqrt(squares);
}

/** ‖x‖∞ = max |xᵢ|; 0 for a vector without entries. */
export function maximumNorm(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(at(x, i)));
  return largest;
}
