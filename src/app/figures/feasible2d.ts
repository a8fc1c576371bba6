/** The feasible set in the plane of two entries: the shadow of linear sets, cut by what grids say about curved ones. */
import type { Data } from 'plotly.js';
import type { Row } from './affine-shadow.ts';
import { clipPolygon, halfSpacesInBox, lineInBox, lineOfRow, type Point, slack } from './clip.ts';
import { pointsWithin, runsWithin, spacedPoints, zerosAlong } from './curve-parts.ts';
import { feasibleShape, isEverything, isWithin } from './feasible-shape.ts';
import type { Range } from './figure.ts';
import { closeUp } from './fine-field.ts';
import { levelLines, regionRings } from './level-lines.ts';
import { lookOf } from './look.ts';
import { isField } from './relief.ts';
import type { FeasibleSet, Field, Scene } from './scene.ts';
import { setLabel } from './set-label.ts';
import {
  aloneTraces,
  FLAT_HATCH_NAME,
  HATCH_NAME,
  hatchTraces,
  lineTraces,
  pointTraces,
  regionTraces,
} from './set-traces.ts';
import { greatest, slivers } from './slivers.ts';

type Box = readonly [Range, Range];

/** Sets reach beyond the view, so that panning finds them. */
const REACH = 6;

const grown = ([from, to]: Range): Range => [from - REACH * (to - from), to + REACH * (to - from)];

/** The traces, and what the key says of them. */
export function feasiblePlane(scene: Scene, view: Box): { data: Data[]; label: string | null } {
  const { sets, axes, theme } = scene;
  const look = lookOf(theme);
  const isMoving = sets.some((set) => set.kind === 'affine' && set.isMoving);
  const { equalities, halfSpaces, isExact } = feasibleShape(sets, axes);
  const curves = fieldsOf(scene, 'curve');
  const sampled = fieldsOf(scene, 'region');
  const regions = closeUp(sampled, 'at most 0');
  const outside = greatest(regions);
  const [grid] = [...curves, ...sampled];
  const box: Box = grid ? [rangeOf(grid.xs), rangeOf(grid.ys)] : [grown(view[0]), grown(view[1])];
  const rows = slack(halfSpaces, box);
  const label = (data: Data[], isWhole = true) => ({
    data,
    label: setLabel(sets, {
      isSeen: data.length > 0,
      isExact: isExact && isWhole,
      ...(scene.time !== undefined && { time: scene.time }),
    }),
  });
  const alone = (...kinds: Linear['kind'][]) => aloneTraces(linesAlone(scene, box, kinds), look);
  if (equalities === null) {
    const hasRims = sets.some(({ kind }) => kind === 'half-spaces');
    const all = hasRims ? hatchTraces([], box, look) : [];
    return { data: [...all, ...alone('affine', 'half-spaces')], label: null };
  }

  const hasInequalities = rows.length > 0 || outside !== null;
  const region = hasInequalities ? regionIn(box, rows, outside) : [];
  const isFlat = equalities.length > 0 || curves.length > 0;
  const hatch = hasInequalities ? hatchTraces(region, box, look, isFlat ? FLAT_HATCH_NAME : HATCH_NAME) : [];
  if (!isFlat && rows.length > 0 && !outside && region.length === 0)
    return { data: [...hatch, ...alone('half-spaces')], label: null };
  if (!isFlat)
    return label(
      isEverything({ equalities, halfSpaces, isExact }) && !outside
        ? []
        : [
            ...hatch,
            ...regionTraces(region, look),
            ...(outside ? lineTraces(slivers(regions, rows, outside), look, isMoving) : []),
          ],
    );

  const limits = { rows, outside };
  const [first, second] = equalities;
  if (first && second) {
    const point = crossing(first, second);
    const isKept = isWithin(point, rows) && pointsWithin([point], limits, curves).length > 0;
    return label([...hatch, ...alone('affine'), ...(isKept ? pointTraces([point], look) : [])], curves.length === 0);
  }
  const [firstCurve, ...moreCurves] = curves;
  const { lines, crossed } = first
    ? { lines: straight(first, box, rows, grid !== undefined), crossed: curves }
    : { lines: firstCurve ? closeUp([firstCurve], '0').flatMap(levelLines) : [], crossed: moreCurves };
  const [other, ...rest] = crossed;
  if (other) {
    const points = pointsWithin(
      lines.flatMap((line) => zerosAlong(line, other)),
      limits,
      rest,
    );
    return label([...hatch, ...pointTraces(points, look)], rest.length === 0);
  }
  const kept = grid ? lines.flatMap((line) => runsWithin(line, limits)) : lines;
  return label([...hatch, ...lineTraces(kept, look, isMoving)]);
}

type Linear = Extract<FeasibleSet, { kind: 'affine' | 'half-spaces' }>;

/** Each line and each rim by itself, where one point is on all of them, or none: what a run comes to rest between. */
const linesAlone = ({ sets, axes }: Scene, box: Box, kinds: readonly Linear['kind'][]): (readonly Point[])[] =>
  sets
    .filter((set): set is Linear => kinds.some((kind) => kind === set.kind))
    .filter((set) => !('isSlice' in set) || set.isSlice === undefined) // of entries: another plane may just miss the set
    .flatMap((set) =>
      set.b.map((_, row) => {
        const { equalities, halfSpaces } = feasibleShape([rowOf(set, row)], axes);
        return set.kind === 'affine' ? equalities?.[0] : halfSpaces[0];
      }),
    )
    .flatMap((row) => (row ? straight(row, box, [], false) : []));

const rowOf = <S extends Linear>({ A: { columns, data }, b, ...set }: S, row: number) => ({
  ...set,
  A: { rows: 1, columns, data: data.slice(row * columns, (row + 1) * columns) },
  b: [b[row] ?? 0],
});

function fieldsOf({ sets }: Scene, kind: 'curve' | 'region'): Field[] {
  const fields = sets.flatMap((set) => (set.kind === kind ? [set.residual] : []));
  return fields.filter(isField);
}

const rangeOf = (places: ArrayLike<number>): Range => [places[0] ?? -1, places[places.length - 1] ?? 1];

/** The rings of what the inequalities leave: exact polygons, and on a grid cut by the exact half-planes. */
function regionIn(box: Box, rows: readonly Row[], outside: Field | null): readonly (readonly Point[])[] {
  if (!outside) return [halfSpacesInBox(rows, box)].filter((ring) => ring.length > 2);
  return regionRings(outside)
    .map((ring) => rows.reduce<readonly Point[]>((rest, row) => clipPolygon(rest, row), ring.slice(0, -1)))
    .filter((ring) => ring.length > 2);
}

function straight(row: Row, box: Box, rows: readonly Row[], isCut: boolean): (readonly Point[])[] {
  const { point, direction } = lineOfRow(row);
  const ends = lineInBox(point, direction, box, rows);
  if (!ends) return [];
  return [isCut ? spacedPoints(ends) : ends];
}

/** Where two lines meet; rows of a shadow are independent. */
function crossing(first: Row, second: Row): Point {
  const [a = 0, b = 0] = first.coefficients;
  const [c = 0, d = 0] = second.coefficients;
  const determinant = a * d - b * c;
  return [(first.offset * d - b * second.offset) / determinant, (a * second.offset - first.offset * c) / determinant];
}
