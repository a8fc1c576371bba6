/** The problem of the small contests: three entries, two equalities. */

export const START: readonly [number, number, number] = [0.5, 0.25, 0.75];

export const TWO_ROWS = `param x1 = ${START[0]}
param x2 = ${START[1]}
param x3 = ${START[2]}
minimize (x1 - 2)^2 + (x2 + 1)^2 + x3^2
subject to
  x1 + x2 = 1
  x2 + x3 = 0.5`;

/** The foot of (2, −1, 0) on both planes. */
export const EXACT: readonly [number, number, number] = [1.5, -0.5, 1];

export const RATE = 0.1;

/** So slow that no start rests before the thousandth step. */
export const SLOW_RATE = RATE / 50;
