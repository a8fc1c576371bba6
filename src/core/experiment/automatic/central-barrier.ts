/** The first coefficient of a logarithmic barrier, from the point where a run starts. */

import type { StartMeasures } from '../../contracts.ts';
import { type Matrix, matrixVector, pseudoinverse, transposed } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';

/** How far the coefficient may be from one that makes the barrier as steep as the loss. */
const LEAST = 1e-2;
const MOST = 10;

/**
 * β = −‖P∇f‖²/(P∇f·P∇φ), which minimises ‖P(∇f/β + ∇φ)‖: the start is then as near to the central path as it can be. φ = −Σ log sⱼ
 * with sⱼ = −gⱼ, and 1 + |gⱼ| where gⱼ ≥ 0; P = I − J_h⁺J_h. Where both pull the same way, and beyond [1/100, 10] of it, ‖P∇f‖·s/m of
 * m rows. Source: Boyd & Vandenberghe 2004, Convex Optimization, §11.3.1 (choice of t⁽⁰⁾ = 1/β).
 */
export function centralBarrier({ rows, scale }: StartMeasures): number {
  const { slope, inequalities, inequalityJacobian, equalityJacobian } = rows();
  const weights = inequalities.map((g) => 1 / (g < 0 ? -g : 1 + Math.abs(g)));
  const wall = matrixVector(transposed(inequalityJacobian), weights);
  const [down, away] = [tangent(equalityJacobian, slope), tangent(equalityJacobian, wall)];
  const together = down.reduce((sum, entry, i) => sum + entry * (away[i] as number), 0);
  const steep = euclideanNorm(down);
  const usual = (steep * scale) / inequalities.length;
  const central = together < 0 ? -(steep * steep) / together : usual;
  return Math.min(MOST * usual, Math.max(LEAST * usual, central));
}

/** v − J⁺ J v. */
function tangent(J: Matrix, v: Float64Array): Float64Array {
  if (J.rows === 0) return v;
  const normal = matrixVector(pseudoinverse(J), matrixVector(J, v));
  return v.map((entry, i) => entry - (normal[i] as number));
}
