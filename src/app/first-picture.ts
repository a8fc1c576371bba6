/**
 * What stands on the page before any script has run: the default experiment, drawn once and for all, and moving. A test keeps
 * the file `first-picture.svg` equal to it; the build puts that file into the page.
 */
import { runStyle } from './figures/run-style.ts';

/** Iterates of one run in the plane, in their order. */
export type Path = readonly (readonly [number, number])[];

export interface FirstPicture {
  readonly paths: readonly Path[];
  /** Corners of the feasible set. */
  readonly feasible: Path;
}

const [WIDTH, HEIGHT, MARGIN] = [640, 420, 36];
/** Seconds of one turn, and how far apart the points of a drawn path are at least. */
const TURN = 4;
const SPACING = 1.5;

export function drawFirstPicture({ paths, feasible }: FirstPicture): string {
  const points = [...feasible, ...paths.flat()];
  const range = (k: 0 | 1) => {
    const values = points.map((point) => point[k]);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [xs, ys] = [range(0), range(1)];
  const scale = Math.min((WIDTH - 2 * MARGIN) / (xs[1] - xs[0]), (HEIGHT - 2 * MARGIN) / (ys[1] - ys[0]));
  const place = ([x, y]: readonly [number, number]) =>
    [
      Math.round(10 * (WIDTH / 2 + scale * (x - (xs[0] + xs[1]) / 2))) / 10,
      Math.round(10 * (HEIGHT / 2 - scale * (y - (ys[0] + ys[1]) / 2))) / 10,
    ] as const;
  const outline = (path: Path) =>
    `M${thinned(path.map(place))
      .map((point) => point.join(' '))
      .join('L')}`;
  const runs = paths.map((path, i) => {
    const [light, dark] = [runStyle(i, 'light'), runStyle(i, 'dark')];
    const color = `light-dark(${light.color}, ${dark.color})`;
    const d = outline(path);
    return [
      `<path d="${d}" fill="none" stroke-width="2" opacity="0.5" style="stroke: ${color}"/>`,
      `<circle class="head" r="7" style="fill: ${color}; offset-path: path('${d}')"/>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Three methods keep two numbers between 0 and 1">`,
    '<style>',
    `.head { animation: go ${TURN}s cubic-bezier(0.1, 0.6, 0.3, 1) infinite; offset-rotate: 0deg; }`,
    '@keyframes go { from { offset-distance: 0; } 80%, to { offset-distance: 100%; } }',
    '@media (prefers-reduced-motion: reduce) { .head { animation: none; offset-distance: 100%; } }',
    '</style>',
    `<path d="${outline(feasible)}Z" stroke-width="1.5" style="fill: light-dark(#dbe6ff, #1f2a44); stroke: light-dark(#1d4ed8, #7aa2ff)"/>`,
    ...runs,
    '</svg>',
    '',
  ].join('\n');
}

/** Without points that are nearer than can be seen; the last one stays. */
function thinned(path: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  path.forEach((point, i) => {
    const before = kept.at(-1);
    const isFar = !before || Math.hypot(point[0] - before[0], point[1] - before[1]) >= SPACING;
    if (isFar || i === path.length - 1) kept.push(point);
  });
  return kept;
}
