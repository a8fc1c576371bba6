import fc from 'fast-check';
import type { Layout } from 'plotly.js';
import { describe, expect, it } from 'vitest';
import { stillArrows, withArrows } from './arrow-marks.ts';
import { drawn } from './drawn.fixture.ts';
import { type Arrow, LONGEST_ARROW } from './force-arrows.ts';

const number = fc.double({ min: -10, max: 10, noNaN: true });
const vector = fc.tuple(number, number).filter((v) => Math.hypot(...v) > 0.1);
const SIZE = { width: 960, height: 640 };
const scene = { theme: 'light', sense: 'minimize' } as const;
const layout: Partial<Layout> = { xaxis: { range: [-20, 20] }, yaxis: { range: [-12, 12] } };

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

  it('stay within what is shown: normals each by itself, the descent and its parts by one factor; of a head out of sight none are there', () => {
    const inside = fc.tuple(
      fc.double({ min: -19, max: 19, noNaN: true }),
      fc.double({ min: -11, max: 11, noNaN: true }),
    );
    fc.assert(
      fc.property(
        inside,
        vector,
        fc.double({ min: -1, max: 1, noNaN: true }),
        vector,
        (head, descent, share, normal) => {
          const tangent: Arrow = [share * descent[0], share * descent[1]];
          const forces = { descent, tangent, normals: [{ row: 0, direction: normal }] };
          const still = { head, forces, largest: Math.hypot(...descent) };
          const { annotations = [] } = withArrows({ data: [], layout }, still, scene, SIZE).layout;
          const tips = annotations.map(({ x, y }) => [Number(x), Number(y)] as const);
          for (const [x, y] of tips) {
            expect(Math.abs(x)).toBeLessThan(20);
            expect(Math.abs(y)).toBeLessThan(12);
          }
          const [along, parts] = [annotations.find(({ arrowwidth }) => arrowwidth === 4.5), annotations.at(-1)];
          if (along && parts?.arrowwidth === 2) {
            const reached = ({ x, y }: typeof along) =>
              (Number(x) - head[0]) * descent[0] + (Number(y) - head[1]) * descent[1];
            expect(reached(parts) / reached(along)).toBeCloseTo(share, 9);
          }
        },
      ),
    );
    const forces = { descent: [1, 0], tangent: [1, 0], normals: [{ row: 0, direction: [0, 1] }] };
    const figure = { data: [], layout };
    expect(withArrows(figure, { head: [30, 0], forces, largest: 1 }, scene, SIZE)).toBe(figure);
  });

  it('are one where there are no constraints, as in the key', () => {
    const still = { head: [0, 0], forces: { descent: [1, 0], tangent: null, normals: [] }, largest: 1 };
    const plain: Partial<Layout> = { xaxis: { range: [-2, 2] }, yaxis: { range: [-2, 2] } };
    const { layout } = withArrows({ data: [], layout: plain }, still, scene, SIZE);
    expect(layout.annotations).toHaveLength(1);
  });

  it('use the room beside a narrow range where both axes have one scale', () => {
    const seen: Partial<Layout> = { xaxis: { range: [0, 1] }, yaxis: { range: [0, 4], scaleanchor: 'x' } };
    const still = { head: [0.9, 2], forces: { descent: [1, 0], tangent: [1, 0], normals: [] }, largest: 1 };
    const { annotations = [] } = withArrows({ data: [], layout: seen }, still, scene, SIZE).layout;
    expect((Number(annotations[0]?.x) - 0.9) * (SIZE.height / 4)).toBeCloseTo(LONGEST_ARROW, 9);
  });

  it('lie along the axis of one parameter, at its loss', () => {
    const path = { points: Float64Array.of(3, 16, 2.2, 10.24), steps: Float64Array.of(0, 1), records: [0, 1] };
    const forces = { descent: [-6.4], tangent: [-6.4], normals: [] };
    const still = stillArrows({ at: (record) => (record === 1 ? forces : null), largest: 8 }, path, 1);
    expect(still?.head).toEqual([2.2, 10.24]);
    if (!still) return;
    const seen: Partial<Layout> = { xaxis: { range: [0, 4] }, yaxis: { range: [0, 20] } };
    const { annotations = [] } = withArrows({ data: [], layout: seen }, still, scene, SIZE).layout;
    expect(annotations).toHaveLength(2); // what is held back is nothing
    for (const { x, y, ay } of annotations) {
      expect(Number(x)).toBeLessThan(2.2);
      expect([y, ay]).toEqual([10.24, 10.24]);
    }
  });

  it('are not there where nothing pulls', () => {
    const forces = { descent: [0, 0], tangent: [0, 0], normals: [] } as const;
    const figure = { data: [], layout };
    expect(withArrows(figure, { head: [0, 0], forces, largest: 0 }, scene, SIZE)).toBe(figure);
  });
});
