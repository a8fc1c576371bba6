/** All entries at the playhead on a canvas of our own, in the axes of the graph below: Plotly draws nothing while it plays. */
import { DEEPEST } from '../../figures/coincidence.ts';
import {
  axisSuffix,
  cellText,
  diverging,
  isBelow,
  largestEntry,
  type MatrixParameter,
  matrixRuns,
  profileMarks,
} from '../../figures/entries-figure.ts';
import { colorRamp, entriesPaths, entryBetween, profileEntries, shareAfter } from '../../figures/entries-motion.ts';
import { lookOf } from '../../figures/look.ts';
import { dashOf } from '../../figures/motion-path.ts';
import type { Scene } from '../../figures/scene.ts';
import { recordAt } from '../../playback/step-scale.ts';
import { traceSymbol } from './marker-shapes.ts';
import { readAxis } from './projector.ts';
import { APART } from './trail-canvas.ts';

/** Draws one frame at a count of the clock. */
export type DrawEntries = (context: CanvasRenderingContext2D, graph: HTMLElement, step: number) => void;

/** A line for each run through the values of its entries. */
export function profileDrawing(scene: Scene): DrawEntries {
  const paths = entriesPaths(scene);
  const entries = profileEntries(scene.size);
  const { size, ring } = profileMarks(entries.length);
  return (context, graph, step) => {
    const [x, y] = [readAxis(graph, 'xaxis'), readAxis(graph, 'yaxis')];
    if (!x || !y) return;
    context.save();
    context.beginPath();
    context.rect(x._offset, y._offset, x._length, y._length);
    context.clip();
    const [x0, x1] = x.range;
    const [y0, y1] = y.range;
    const across = (i: number) => x._offset + ((i - x0) / (x1 - x0)) * x._length;
    const up = (value: number) => y._offset + (1 - (value - y0) / (y1 - y0)) * y._length;
    const heads: { x: number; y: number }[][] = [];
    for (const { run, steps } of paths) {
      const record = Math.max(0, recordAt(steps, step));
      const share = shareAfter(steps, record, step);
      const places = entries.map((entry, i) => ({
        x: across(i),
        y: up(entryBetween(run.iterates, scene.size, record, share, entry)),
      }));
      heads.push(places);
      context.strokeStyle = run.color;
      context.lineWidth = 1.75;
      context.setLineDash(dashOf(run) as number[]);
      context.beginPath();
      for (const { x: px, y: py } of places) context.lineTo(px, py);
      context.stroke();
    }
    if (size > 0) {
      paths.forEach(({ run }, k) => {
        context.fillStyle = run.color;
        context.beginPath();
        heads[k]?.forEach(({ x: px, y: py }, i) => {
          const later = heads.slice(k + 1).filter((places) => Math.abs((places[i]?.y ?? Number.NaN) - py) < APART);
          const radius = (size + ring * Math.min(DEEPEST, later.length)) / 2;
          context.moveTo(px + radius, py);
          traceSymbol(context, run.symbol, px, py, radius);
        });
        context.fill();
      });
    }
    context.restore();
  };
}

/** Cells with a gap between them and their marks, where there are no more than so many. */
const MOST_CELLS = 400;

/** Pixels of the sign of an entry below 0. */
const MINUS = 7;

/** Whether white is easier to read than black on a pixel (Rec. 709). */
const isDark = (pixels: Uint8ClampedArray, at: number): boolean =>
  0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0) < 140;

/** A heat map for each run, as the still figure has them. */
export function matrixDrawing(scene: Scene, { rows, columns, offset, marks }: MatrixParameter): DrawEntries {
  const look = lookOf(scene.theme);
  const inks =
    scene.theme === 'light' ? { light: look.surface, dark: look.ink } : { light: look.ink, dark: look.surface };
  const ramp = colorRamp(diverging(scene.theme));
  const most = largestEntry(matrixRuns(scene));
  const paths = entriesPaths({ runs: matrixRuns(scene) });
  const image = new ImageData(columns, rows);
  const small = new OffscreenCanvas(columns, rows);
  const pixels = small.getContext('2d');
  const isMarked = rows * columns <= MOST_CELLS;
  return (context, graph, step) => {
    context.imageSmoothingEnabled = false;
    paths.forEach(({ run, steps }, k) => {
      const [x, y] = (['xaxis', 'yaxis'] as const).map((name) => readAxis(graph, `${name}${axisSuffix(k)}`));
      if (!x || !y || !pixels) return;
      const record = Math.max(0, recordAt(steps, step));
      const share = shareAfter(steps, record, step);
      for (let cell = 0; cell < rows * columns; cell++) {
        const value = entryBetween(run.iterates, scene.size, record, share, offset + cell);
        const color = 3 * Math.max(0, Math.min(255, Math.round(127.5 * (1 + value / most))));
        image.data[4 * cell] = ramp[color] ?? 0;
        image.data[4 * cell + 1] = ramp[color + 1] ?? 0;
        image.data[4 * cell + 2] = ramp[color + 2] ?? 0;
        image.data[4 * cell + 3] = Number.isFinite(value) ? 255 : 0;
      }
      pixels.putImageData(image, 0, 0);
      const [x0, x1] = x.range;
      const [y0, y1] = y.range;
      const across = (column: number) => x._offset + ((column - x0) / (x1 - x0)) * x._length;
      const down = (row: number) => y._offset + (1 - (row - y0) / (y1 - y0)) * y._length;
      const [left, top, right, bottom] = [across(-0.5), down(-0.5), across(columns - 0.5), down(rows - 0.5)];
      context.save();
      context.beginPath();
      context.rect(x._offset, y._offset, x._length, y._length);
      context.clip();
      context.fillStyle = look.surface;
      context.fillRect(x._offset, y._offset, x._length, y._length);
      context.drawImage(small, left, top, right - left, bottom - top);
      if (isMarked) {
        context.strokeStyle = look.surface;
        context.lineWidth = 1;
        context.beginPath();
        for (let column = 1; column < columns; column++) {
          context.moveTo(across(column - 0.5), top);
          context.lineTo(across(column - 0.5), bottom);
        }
        for (let row = 1; row < rows; row++) {
          context.moveTo(left, down(row - 0.5));
          context.lineTo(right, down(row - 0.5));
        }
        context.stroke();
        context.font = '12px sans-serif';
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        for (let cell = 0; cell < rows * columns; cell++) {
          const value = entryBetween(run.iterates, scene.size, record, share, offset + cell);
          const mark = marks[cell] ?? '';
          if (mark === '' && !isBelow(value, most)) continue;
          const [px, py] = [across(cell % columns), down(Math.floor(cell / columns))];
          context.fillStyle = isDark(image.data, 4 * cell) ? inks.light : inks.dark;
          if (mark === '') context.fillRect(px - MINUS / 2, py - 0.75, MINUS, 1.5);
          else context.fillText(cellText(mark, value, most), px, py);
        }
      }
      context.restore();
    });
  };
}
