import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Arrow,
  arrowLength,
  blended,
  forceArrows,
  LONGEST_ARROW,
  NORMAL_LENGTH,
  type SeenForces,
} from './force-arrows.ts';

const number = fc.double({ min: -10, max: 10, noNaN: true });
const arrow = fc.tuple(number, number);
const forces = fc.record({
  descent: arrow,
  tangent: arrow,
  normals: fc.uniqueArray(fc.record({ row: fc.nat(3), direction: arrow }), { selector: ({ row }) => row }),
});

describe('arrows at the playhead', () => {
  it('go from one record to the next, and stand at the last', () => {
    fc.assert(
      fc.property(forces, forces, (from, to) => {
        expect(blended(from, to, 0)).toEqual(from);
        expect(blended(from, null, 0.5)).toEqual(from);
        const end = blended(from, to, 1);
        const near = (a: Arrow, b: Arrow) => a.every((entry, i) => Math.abs(entry - (b[i] ?? Number.NaN)) < 1e-12);
        expect(near(end.descent, to.descent) && near(end.tangent ?? [], to.tangent ?? [])).toBe(true);
        const rows = (some: SeenForces) => some.normals.map(({ row }) => row);
        expect(rows(end)).toEqual(rows(from).filter((row) => rows(to).includes(row)));
      }),
    );
  });

  it('are longest where the run descends most, never longer than a normal, and 0 where nothing pulls', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (a, b) => {
          expect(arrowLength(a, b)).toBeLessThanOrEqual(LONGEST_ARROW);
          if (b > 0) expect(arrowLength(Math.min(a, b), b)).toBeLessThanOrEqual(arrowLength(b, b));
        },
      ),
    );
    expect(arrowLength(0, 1)).toBe(0);
    expect(arrowLength(3, 0)).toBe(0);
    expect(NORMAL_LENGTH).toBeGreaterThan(LONGEST_ARROW);
  });

  it('are computed once for each record, also where there is none', () => {
    const asked: number[] = [];
    const { at, largest } = forceArrows('0', 4, (record) => {
      asked.push(record);
      return record === 2 ? null : { descent: [record, 0], tangent: [0, 0], normals: [] };
    });
    for (let round = 0; round < 3; round++) for (let record = 0; record < 4; record++) at(record);
    expect([...asked].sort()).toEqual([0, 1, 2, 3]);
    expect(largest).toBe(3);
    expect(at(2)).toBeNull();
  });

  it('of a run of 10,000 records are kept of the last few hundred only: a loop does not fill the memory', () => {
    const asked: number[] = [];
    const { at } = forceArrows('0', 10_000, (record) => {
      asked.push(record);
      return { descent: [1, 0], tangent: [0, 0], normals: [] };
    });
    const before = asked.length;
    const playThrough = () => {
      for (let record = 0; record < 10_000; record++) at(record);
    };
    playThrough();
    for (let record = 9900; record < 10_000; record++) at(record); // a step back
    expect(asked.length - before).toBeLessThanOrEqual(10_000);
    playThrough();
    expect(asked.length - before).toBeGreaterThan(19_000);
  });
});
