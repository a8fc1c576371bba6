import { describe, expect, it } from 'vitest';
import { affineShadow } from './affine-shadow.ts';
import { clipPolygon, halfSpacesInBox, lineInBox, lineOfPlanes, planeInBox } from './clip.ts';
import { drawable, extent } from './drawable.ts';
import { plain } from './plain.ts';
import { relief } from './relief.ts';
import { runStyle } from './run-style.ts';
import { thinCurve, thinPath } from './thin.ts';
import { hasEqualAspect, settledView, windowOf } from './view-box.ts';

const matrix = (...rows: number[][]) => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

describe('plain', () => {
  it('leaves no markup, no placeholder and no control character', () => {
    expect(plain('<a href="x">w & v</a>')).toBe('&lt;a href="x"&gt;w &amp; v&lt;/a&gt;');
    expect(plain('%{customdata}')).toBe('%&#123;customdata}');
    expect(plain('a\u0000b\u202ec\n')).toBe('a b c ');
  });
  it('cuts at 80 characters, before it escapes, and never within a character', () => {
    expect(plain('&'.repeat(100))).toBe(`${'&amp;'.repeat(79)}…`);
    expect([...plain('😀'.repeat(81))]).toHaveLength(80);
  });
});

describe('drawable', () => {
  it('makes gaps of what is not finite, 0 of denormals, and keeps the rest within the bound', () => {
    expect([Number.NaN, Infinity, undefined, 5e-324, -1e300, 2].map(drawable)).toEqual([null, null, null, 0, -1e12, 2]);
    expect(extent([Number.NaN, 3, -1])).toEqual([-1, 3]);
    expect(extent([])).toBeNull();
  });
});

describe('thinning', () => {
  it('keeps first and last, ascends, and stays within the maximum', () => {
    const spiral = Float64Array.from(
      { length: 40_000 },
      (_, i) => (i % 2 ? Math.sin(i / 500) : Math.cos(i / 500)) * Math.exp(-i / 9000),
    );
    const kept = thinPath(spiral, 2, 1000);
    expect(kept.length).toBeLessThanOrEqual(1000);
    expect(kept.length).toBeGreaterThan(200);
    expect([kept[0], kept.at(-1)]).toEqual([0, 19_999]);
    expect(kept.every((record, i) => i === 0 || record > (kept[i - 1] ?? 0))).toBe(true);
  });
  it('ends for paths that stand still or are nowhere finite', () => {
    expect(thinPath(new Float64Array(6000), 2, 1000)).toEqual([0, 2999]);
    expect(thinPath(new Float64Array(6000).fill(Number.NaN), 2, 1000).length).toBeLessThanOrEqual(1001);
  });
  it('keeps the spike of a curve', () => {
    const values = new Float64Array(10_000);
    values[6543] = 7;
    const kept = thinCurve(values, (i) => i, 100);
    expect(kept).toContain(6543);
    expect(kept.length).toBeLessThanOrEqual(400);
  });
});

describe('affineShadow', () => {
  it('is the set itself where all entries are shown', () => {
    expect(affineShadow(matrix([3, 4]), [10], [0, 1])).toEqual([{ coefficients: [0.6, 0.8], offset: 2 }]);
  });
  it('eliminates hidden entries: x + y + z = 1 says nothing about x and y, two rows leave a line', () => {
    expect(affineShadow(matrix([1, 1, 1]), [1], [0, 1])).toEqual([]);
    const [row] = affineShadow(matrix([1, 1, 1], [1, -1, 1]), [1, 0], [0, 1]) ?? [];
    expect((row?.offset ?? 0) / (row?.coefficients[1] ?? 1)).toBeCloseTo(0.5, 12); // y = 1/2 for every x
  });
  it('follows a right-hand side that moves, beside the same A, and of another A does not', () => {
    const A = matrix([1, 1, 1], [1, -1, 1]);
    const heightOf = (b: number[], axes: number[]) => {
      const [row] = affineShadow(A, b, axes) ?? [];
      return (row?.offset ?? Number.NaN) / (row?.coefficients[1] ?? Number.NaN);
    };
    expect([heightOf([1, 0], [0, 1]), heightOf([3, 0], [0, 1]), heightOf([3, 0], [2, 1])]).toEqual([0.5, 1.5, 1.5]);
  });
  it('is everything where dense rows leave the hidden entries free: more entries than a call takes arguments', () => {
    const [rows, columns] = [150, 1000];
    const data = Float64Array.from({ length: rows * columns }, (_, k) => Math.sin(k * k));
    expect(affineShadow({ rows, columns, data }, Array(rows).fill(1), [0, 1])).toEqual([]);
  });
  it('drops redundant rows and gives null for contradicting ones', () => {
    expect(affineShadow(matrix([1, 1], [2, 2]), [1, 2], [0, 1])).toHaveLength(1);
    expect(affineShadow(matrix([1, 1], [2, 2]), [1, 3], [0, 1])).toBeNull();
  });
});

describe('clipping', () => {
  const square = [
    [-1, 1],
    [-1, 1],
  ] as const;
  it('cuts a line to the box, and misses it where it misses it', () => {
    expect(lineInBox([0, 0.5], [1, 0], square)).toEqual([
      [-1, 0.5],
      [1, 0.5],
    ]);
    expect(lineInBox([0, 2], [1, 0], square)).toBeNull();
  });
  it('cuts half-planes to a triangle, and contradicting ones to nothing', () => {
    const half = { coefficients: [1, 1], offset: 0 };
    expect(halfSpacesInBox([half], square)).toHaveLength(3);
    expect(halfSpacesInBox([half, { coefficients: [-1, -1], offset: -1 }], square)).toEqual([]);
    expect(clipPolygon([], half)).toEqual([]);
  });
  it('shows x + y + z = 0 in a cube as a hexagon on the plane', () => {
    const polygon = planeInBox({ coefficients: [1, 1, 1].map((value) => value / Math.sqrt(3)), offset: 0 }, [
      [-1, 1],
      [-1, 1],
      [-1, 1],
    ]);
    expect(polygon).toHaveLength(6);
    for (const [x = 0, y = 0, z = 0] of polygon) expect(Math.abs(x + y + z)).toBeLessThan(1e-12);
  });
  it('finds the line of two planes', () => {
    const line = lineOfPlanes({ coefficients: [1, 0, 0], offset: 2 }, { coefficients: [0, 1, 0], offset: 3 });
    expect(line).toEqual({ point: [2, 3, 0], direction: [0, 0, 1] });
    expect(lineOfPlanes({ coefficients: [1, 0, 0], offset: 2 }, { coefficients: [1, 0, 0], offset: 3 })).toBeNull();
  });
});

describe('views', () => {
  it('keeps the view while what is needed fits and fills a third of it', () => {
    const previous = [
      [0, 10],
      [0, 10],
    ] as const;
    expect(
      settledView(previous, [
        [1, 9],
        [1, 9],
      ]),
    ).toBe(previous);
    expect(
      settledView(previous, [
        [1, 19],
        [1, 9],
      ]),
    ).toEqual([
      [1, 19],
      [1, 9],
    ]);
    expect(
      settledView(previous, [
        [1, 2],
        [1, 2],
      ]),
    ).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
  it('tells the window of a graph before it is drawn: the view whole, a unit equally long on both axes', () => {
    const view = [
      [0, 2],
      [-1, 1],
    ] as const;
    const [x, y] = windowOf(view, 68 + 200, 56 + 300) ?? [];
    expect(x).toEqual([0, 2]);
    expect(y, 'around its middle').toEqual([-1.5, 1.5]);
    expect(windowOf(view, 0, 0), 'not laid out').toBeNull();
    const narrow = [view[0], [0, 100]] as const;
    expect(windowOf(narrow, 600, 400), 'units of their own').toEqual(narrow);
  });
  it('has equal units unless one extent dwarfs the other', () => {
    expect(
      hasEqualAspect([
        [0, 1],
        [0, 5],
      ]),
    ).toBe(true);
    expect(
      hasEqualAspect([
        [0, 1],
        [0, 50],
      ]),
    ).toBe(false);
  });
});

describe('relief', () => {
  it('keeps the order of the values, puts the median in the middle, and leaves gaps', () => {
    const { heights, values } = relief({ xs: [0, 1, 2], ys: [0, 1], values: [0, 1, 4, 100, 1e6, Number.NaN] });
    expect(heights.flat()).toEqual([...heights.flat().slice(0, 5)].sort((a, b) => (a ?? 0) - (b ?? 0)).concat(null));
    expect(heights[0]?.[0]).toBe(0);
    expect(values[1]?.[2]).toBeNull();
  });
  it('is flat for a constant loss', () => {
    expect(relief({ xs: [0, 1], ys: [0, 1], values: [3, 3, 3, 3] }).heights.flat()).toEqual([0, 0, 0, 0]);
  });
});

describe('runStyle', () => {
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
      const channel = Number.parseInt(color.slice(i, i + 2), 16) / 255;
      return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string) => {
    const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (high + 0.05) / (low + 0.05);
  };
  it.each(['light', 'dark'] as const)('has 3:1 against surface and field of the %s theme', (theme) => {
    const surfaces = theme === 'light' ? ['#ffffff', '#c3d0e4'] : ['#14181f', '#34445f'];
    for (let i = 0; i < 8; i++) {
      for (const surface of surfaces) expect(contrast(runStyle(i, theme).color, surface)).toBeGreaterThanOrEqual(3);
    }
  });
});
