import fc from 'fast-check';
import type { Layout } from 'plotly.js';
import { describe, expect, it } from 'vitest';
import { withArrows } from './arrow-marks.ts';
import { drawn } from './drawn.fixture.ts';
import type { Arrow } from './force-arrows.ts';

const number = fc.double({ min: -10, max: 10, noNaN: true });
const vector = fc.tuple(number, number).filter((v) => Math.hypot(...v) > 0.1);
const SIZE = { width: 960, height: 640 };
const scene = { theme: 'light', sense: 'minimize' } as const;
const layout: Partial<Layout> = { xaxis: { range: [-20, 20] }, yaxis: { range: [-2, 2] } };

describe('arrows in a still picture', () => {
  it('stand at the head, point where the forces do, and are named once each', () => {
    fc.assert(
      fc.property(vector, vector, vector, (head, descent, normal) => {
        const tangent: Arrow = [0.5 * descent[0], 0.5 * descent[1]];
        const forces = { descent, tangent, normals: [{ row: 0, direction: normal }] };
        const largest = Math.hypot(...descent);
        const made = withArrows({ data: [], layout }, { head, forces, largest }, scene, SIZE);
        const { annotations = [], shapes = [] } = made.layout;
        const directions = [normal, descent, descent, tangent];
        expect(
          annotations.map(({ x, y, ax, ay }, i) => {
            const [dx, dy] = [Number(x) - Number(ax), Number(y) - Number(ay)];
            const [vx = 0, vy = 0] = directions[i] ?? [];
            return (
              Math.abs(dx * vy - dy * vx) < 1e-6 * Math.hypot(dx, dy) * Math.hypot(vx, vy) && dx * vx + dy * vy > 0
            );
          }),
        ).toEqual([true, true, true, true]);
        expect(shapes[1]).toMatchObject({ x0: head[0], y0: head[1] });
        expect(shapes.map(({ line }) => line?.dash)).toEqual(['solid', 'solid', 'dash', 'solid']);
        const names = made.data.map(({ name }) => name);
        expect(new Set(names).size).toBe(4);
      }),
      { numRuns: 50 },
    );
  });

  it('are lines of one scale in space, from the head to where the forces point', () => {
    const space: Partial<Layout> = {
      scene: {
        xaxis: { range: [0, 4] },
        yaxis: { range: [0, 4] },
        zaxis: { range: [0, 1] },
        aspectratio: { x: 1, y: 1, z: 1 },
      },
    };
    const forces = { descent: [2, 0, 0.5], tangent: [2, 0, 0], normals: [{ row: 0, direction: [0, 0, 1] }] };
    const { data } = withArrows({ data: [], layout: space }, { head: [1, 2, 0.5], forces, largest: 4 }, scene, SIZE);
    const ends = drawn<{ x: number[]; y: number[]; z: number[] }>(data).map(({ x, y, z }) =>
      [x, y, z].map(([from = 0, to = 0]) => [from, to - from]),
    );
    expect(data.map(({ name }) => name)).toHaveLength(4);
    const [normal, descent, held, allowed] = ends;
    expect(normal?.map(([from]) => from)).toEqual([1, 2, 0.5]);
    const [dx = 0, , dz = 0] = descent?.map(([, by]) => by) ?? [];
    expect(dx / dz).toBeCloseTo(4, 12);
    expect(allowed?.[0]?.[1]).toBeCloseTo(dx, 12);
    expect(held?.[2]?.[1]).toBeCloseTo(dz, 12);
  });

  it('are not there where nothing pulls', () => {
    const forces = { descent: [0, 0], tangent: [0, 0], normals: [] } as const;
    const figure = { data: [], layout };
    expect(withArrows(figure, { head: [0, 0], forces, largest: 0 }, scene, SIZE)).toBe(figure);
  });
});
