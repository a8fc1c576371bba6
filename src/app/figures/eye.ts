/** Where the eye of a picture in space stands before anybody turns it. */
import type { Row } from './affine-shadow.ts';
import { lineOfPlanes } from './clip.ts';

type Direction = readonly number[];

/** From half above, at a side. */
const USUAL: Direction = [1.42, -1.6, 0.74];
/** The same from the other three sides. */
const SIDES: readonly Direction[] = [USUAL, [1.42, 1.6, 0.74], [-1.42, 1.6, 0.74], [-1.42, -1.6, 0.74]];

/** Less of a sheet is a sliver: sin 17°. From one of the four sides each sheet shows at least 0.32. */
const SLIVER = 0.3;

/**
 * Of four sides the usual one, unless from there the flat set of these rows is seen edge-on, or as a point: then the side that shows
 * most of it. `lengths`: what one unit of each axis measures in the picture. The narrower the panel (`aspect`: width by height), the
 * farther the eye, so that its sides are not cut off.
 */
export function eyeFor(aspect: number, equalities: readonly Row[], lengths: Direction) {
  const far = Math.max(1.1, 0.3 + 1 / aspect); // with its numbers, also those at the lowest corner
  const shown = SIDES.map((side) => shownFrom(side, equalities, lengths));
  const best = (shown[0] ?? 1) < SLIVER ? (SIDES[shown.indexOf(Math.max(...shown))] ?? USUAL) : USUAL;
  const [x = 0, y = 0, z = 0] = best.map((entry) => far * entry);
  return { x, y, z };
}

/** Share of a sheet's area, or of a line's length, that is seen from there; 1 of anything else. */
function shownFrom(side: Direction, [first, second, ...more]: readonly Row[], lengths: Direction): number {
  if (!first || more.length > 0) return 1;
  if (!second) return Math.abs(cosine(side, scaled(first.coefficients, lengths, -1)));
  const line = lineOfPlanes(first, second);
  return line ? Math.sqrt(1 - cosine(side, scaled(line.direction, lengths, 1)) ** 2) : 1;
}

const scaled = (direction: Direction, lengths: Direction, power: 1 | -1): number[] =>
  direction.map((entry, k) => entry * (lengths[k] ?? 1) ** power);

const cosine = (a: Direction, b: Direction): number =>
  a.reduce((sum, entry, k) => sum + entry * (b[k] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));
