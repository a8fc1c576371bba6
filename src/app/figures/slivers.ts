/** Where sampled inequalities leave less than a cell of the grid: as a line, along the rim of one of several, or where one says. */
import type { Row } from './affine-shadow.ts';
import type { Point } from './clip.ts';
import { runsWithin } from './curve-parts.ts';
import { levelLines } from './level-lines.ts';
import type { Field } from './scene.ts';

/** The largest of several residuals at each point: at most 0 where all of them are. */
export function greatest(fields: readonly Field[]): Field | null {
  const [first, ...more] = fields;
  if (!first) return null;
  const values = Float64Array.from(first.values);
  for (const field of more)
    for (let i = 0; i < values.length; i++)
      values[i] = Math.max(values[i] ?? Number.NaN, field.values[i] ?? Number.NaN);
  return { xs: first.xs, ys: first.ys, values };
}

/**
 * The parts of each rim {field = 0} on which all other fields and rows hold, in cells of which no corner belongs to the set: there
 * its region has no ring. Along the edges of the grid all fields are straight, so what is drawn is as true as the rims are.
 */
export function slivers(fields: readonly Field[], rows: readonly Row[], all: Field): Point[][] {
  return fields.flatMap((field) => {
    const outside = greatest(fields.filter((other) => other !== field));
    return [...(outside ? levelLines(field) : []), ...(field.seams ?? [])]
      .flatMap((line) => runsWithin(line, { rows, outside }))
      .flatMap((run) => missed(run, all));
  });
}

/** The parts of a line in cells without a corner that belongs to the set. */
function missed(line: readonly Point[], { xs, ys, values }: Field): Point[][] {
  const place = (places: ArrayLike<number>, at: number) => {
    const [first, last] = [places[0] ?? 0, places[places.length - 1] ?? 0];
    const position = Math.floor(((at - first) / (last - first)) * (places.length - 1));
    return Math.max(0, Math.min(places.length - 2, position));
  };
  const isMissed = ([x = 0, y = 0]: Point): boolean => {
    const [i, j] = [place(xs, x), place(ys, y)];
    return [0, 1, xs.length, xs.length + 1].every((step) => (values[j * xs.length + i + step] ?? 0) > 0);
  };
  const parts: Point[][] = [];
  let part: Point[] = [];
  line.forEach((point, i) => {
    const last = line[i - 1];
    const middle = last && point.map((value, k) => (value + (last[k] ?? 0)) / 2);
    if (last && middle && isMissed(middle)) {
      if (part.length === 0) part.push(last);
      part.push(point);
    } else if (part.length > 0) {
      parts.push(part);
      part = [];
    }
  });
  if (part.length > 0) parts.push(part);
  return parts;
}
