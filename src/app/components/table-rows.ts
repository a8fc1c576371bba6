/** Which records a table shows, and how it writes their numbers. */

const ROWS = 200;

/** Seven digits, with a true minus sign; nothing where there is no number. */
export const readNumber = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : Number(value.toPrecision(7)).toString().replaceAll('-', '−');

/** All records while they fit; else the first half as they are, and the rest evenly. */
export function chosenRecords(count: number): number[] {
  if (count <= ROWS) return Array.from({ length: count }, (_, i) => i);
  const half = ROWS / 2;
  return Array.from({ length: ROWS }, (_, i) =>
    i < half ? i : Math.round(half + ((i - half + 1) / half) * (count - 1 - half)),
  );
}
