import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, MARKS, mapLegend } from './map-classes.ts';
import { mapLetters } from './map-letters.ts';
import type { SwarmMap } from './swarm-map.ts';

/** Rows of basins; '.' did not arrive. */
function mapOf(rows: readonly string[], done = Number.POSITIVE_INFINITY): SwarmMap {
  const cells = rows.join('').split('');
  const columns = { stepsToTolerance: new Uint32Array(cells.length), loss: new Float32Array(cells.length) };
  return {
    ...columns,
    violation: new Float32Array(cells.length),
    axes: [
      { name: 'x', from: 0, to: 1, scale: 'linear' },
      { name: 'y', from: 0, to: 1, scale: 'linear' },
    ],
    width: rows[0]?.length ?? 0,
    height: rows.length,
    done: Math.min(done, cells.length),
    outcome: Uint8Array.from(cells, (cell) => (cell === '.' ? 0 : 1)),
    basin: Uint16Array.from(cells, (cell) => Number(cell) || 0),
    optima: [[0], [1], [2]],
    theme: 'light',
  };
}

const rowsOf = (side: number) =>
  fc.array(
    fc.array(fc.constantFrom('0', '1', '.'), { minLength: side, maxLength: side }).map((row) => row.join('')),
    { minLength: side, maxLength: side },
  );

describe('the letters of a map', () => {
  it('stand on cells of their own class, none where nothing is computed, and the legend has them', () => {
    fc.assert(
      fc.property(rowsOf(7), fc.nat(49), (rows, done) => {
        const map = mapOf(rows, done);
        const words = mapLegend(map).map(({ mark }) => mark);
        for (const { mark, column, row } of mapLetters(map)) {
          const k = 7 * row + column;
          expect(k).toBeLessThan(map.done);
          expect(mark).toBe(MARKS[classOf(map, k)]);
          expect(words).toContain(mark);
        }
      }),
    );
  });

  it('name each class once in the middle of its region, and regions that are far apart each', () => {
    const band = ['000111000', '000111000', '000111000'];
    expect(mapLetters(mapOf(band))).toEqual([
      { mark: 'A', column: 1, row: 1 },
      { mark: 'A', column: 7, row: 1 },
      { mark: 'B', column: 4, row: 1 },
    ]);
  });

  it('are none where all is one class, and none on a region that is too thin to hold one', () => {
    expect(mapLetters(mapOf(['000', '000', '000']))).toEqual([]);
    const thin = Array.from({ length: 100 }, (_, row) => (row === 50 ? '1' : '0').repeat(100));
    expect(mapLetters(mapOf(thin)).map(({ mark }) => mark)).not.toContain('B');
  });

  it('differ for all classes', () => {
    expect(new Set(MARKS).size).toBe(MARKS.length);
  });
});
