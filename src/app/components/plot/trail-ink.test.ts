import { describe, expect, it } from 'vitest';
import type { MotionPath } from '../../figures/motion-path.ts';
import { createHeadCanvas } from './head-canvas.ts';
import type { Projector } from './projector.ts';
import type { Track } from './trail-canvas.ts';
import { LINE_WIDTH, lineWidth, recentPart } from './trail-ink.ts';

/** Pixels are the coordinates of the data. */
const view: Projector = {
  left: 0,
  top: 0,
  width: 600,
  height: 400,
  dimensions: 2,
  project(points, offset, pixel) {
    pixel[0] = points[offset] ?? Number.NaN;
    pixel[1] = points[offset + 1] ?? Number.NaN;
  },
  lengthAt: (_, vector) => Math.hypot(...Array.from(vector)),
};

const pathOf = (points: readonly (readonly [number, number])[], run = 'a', color = '#111111'): MotionPath => ({
  run,
  color,
  dash: [],
  symbol: 'circle',
  trail: 'line',
  points: Float64Array.from(points.flat()),
  steps: Float64Array.from(points, (_, i) => i),
  records: points.map((_, i) => i),
});

const swinging = (steps: number, width = 400): MotionPath =>
  pathOf(Array.from({ length: steps }, (_, i) => [i % 2 === 0 ? 100 : 100 + width, 200]));

describe('the line of a path', () => {
  it('is bold where it goes once through the picture, and thinner the more of it a path would cover', () => {
    expect(lineWidth(swinging(3), view)).toBe(LINE_WIDTH);
    const widths = [20, 60, 200].map((steps) => lineWidth(swinging(steps), view));
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect(widths[2]).toBeLessThan(1);
    expect(widths[2]).toBeGreaterThan(0.5);
  });

  it('counts what is in the picture alone: of what diverges, and of a close look', () => {
    const away = pathOf(Array.from({ length: 200 }, (_, i) => [300 + (i % 2 === 0 ? 1 : -1) * 10 ** (i / 2), 9000]));
    expect(lineWidth(away, view)).toBe(LINE_WIDTH);
    const lost = pathOf([
      [100, 200],
      [Number.NaN, Number.NaN],
      [500, 200],
    ]);
    expect(lineWidth(lost, view)).toBe(LINE_WIDTH);
  });

  it('is bold up to a head for some swings, which are a whole number of steps', () => {
    const path = swinging(200);
    const { first, length } = recentPart(path, 150, view);
    expect(length).toBe(400 * (150 - first));
    expect(length).toBeLessThanOrEqual(2.5 * view.height);
    expect(recentPart(path, 1, view)).toEqual({ first: 0, length: 400 });
    // A path that rests has many points on one another: the part stays small work.
    expect(recentPart(swinging(2000, 0), 1999, view)).toEqual({ first: 1799, length: 0 });
  });
});

describe('the marks of runs', () => {
  it('lie above the arrows of the run that is pointed at, where another run rests on them', () => {
    const filled: string[] = [];
    const target: Record<string, unknown> = {};
    const context = new Proxy(target, {
      get: (known, name) => {
        if (name === 'fill') return () => void filled.push(String(known.fillStyle));
        return name in known ? known[String(name)] : () => undefined;
      },
      set: (known, name, value) => {
        known[String(name)] = value;
        return true;
      },
    }) as unknown as CanvasRenderingContext2D;
    const track = (path: MotionPath): Track => ({ path, drawn: 0, length: 0, width: LINE_WIDTH, depths: null });
    const heads = createHeadCanvas(context);
    heads.setProjector(view);
    heads.setTracks([track(pathOf([[300, 200]])), track(pathOf([[340, 200]], 'b', '#222222'))], '#ffffff');
    heads.setArrows({
      forces: { run: 'a', largest: 1, at: () => ({ descent: [1, 0], tangent: null, normals: [] }) },
      look: { descent: 'arrow', tangent: 'arrow', held: 'arrow', normal: 'arrow', rim: '#ffffff' },
    });
    heads.draw(0);
    expect(filled).toEqual(['arrow', '#222222', '#111111']);
  });
});
