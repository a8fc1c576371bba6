/** The problem of the small contests, as it is typed: three entries, two equalities. */
export const TWO_ROWS = `param x1 = 0.5
param x2 = 0.25
param x3 = 0.75
minimize (x1 - 2)^2 + (x2 + 1)^2 + x3^2
subject to
  x1 + x2 = 1
  x2 + x3 = 0.5`;

export const RATE = 0.1;
