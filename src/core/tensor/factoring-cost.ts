/** What is taken by factorisations of matrices: sizes alone, nothing is computed. */

/** From so many rows² · columns on (of the wide one of A and Aᵀ) reflections are sooner done than rotations, by a factor of ten and more. */
export const LARGE = 50_000;

/** What factorisations take grows with it: the shorter side squared times the longer. */
export const volumeOf = (rows: number, columns: number): number => Math.min(rows, columns) * rows * columns;

/** About how many scalar operations rank, pseudoinverse and bases of a matrix of this shape take: measured, one is about a nanosecond of one thread. */
export function factoringOperations(rows: number, columns: number): number {
  const volume = volumeOf(rows, columns);
  return 200 * Math.min(volume, LARGE) + 5 * volume;
}

/** About how many more the basis of the null space takes. */
export function complementOperations(rows: number, columns: number): number {
  const free = Math.max(0, columns - rows);
  return columns * free * (Math.min(rows, columns) + free / 2);
}
