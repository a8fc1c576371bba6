import { describe, expect, it } from 'vitest';
import { packed, unpacked } from './packed.ts';

const rows = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => Array.from({ length }, (_, j) => (i * length + j) / 7));
const crossed = <Data>(data: Data): Data => unpacked(structuredClone(packed(data)));

describe('plain data that has crossed', () => {
  it.each([
    ['numbers, texts and nothing', { a: 1, b: 'x', c: null, d: undefined, e: [true, 'y', null] }],
    ['a short list', { b: [1, 2, 3] }],
    ['a long list', { b: rows(1, 5000)[0] }],
    ['a matrix', { A: rows(70, 70) }],
    ['rows of several lengths, one of them empty', { groups: [...rows(2, 3000), [], [1, 2]] }],
    ['what no number says exactly', { b: [...(rows(1, 5000)[0] ?? []), Number.NaN, -0, Number.POSITIVE_INFINITY] }],
    ['a long list of something else', { names: Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? i : `${i}`)) }],
    ['a matrix in a list', { sets: [{ data: { A: rows(70, 70) } }, { data: 3 }], all: [rows(70, 70)] }],
    ['other objects', { data: Float64Array.of(1, 2), names: new Set([1]), places: new Map([[1, { b: 2 }]]) }],
  ])('is the same: %s', (_, data) => {
    expect(crossed(data)).toEqual(data);
  });

  it('shares what was shared', () => {
    const A = rows(70, 70);
    const set = { A };
    const { sets, straight } = crossed({ sets: [set, { A }], straight: [set] });
    expect(sets[0]).toBe(straight[0]);
    expect(sets[0]?.A).toBe(sets[1]?.A);
  });

  it('may cross once more, read or not', () => {
    const once = crossed({ A: rows(70, 70), b: rows(1, 5000)[0] });
    expect(once.b?.[1]).toBe(1 / 7);
    expect(crossed(once)).toEqual({ A: rows(70, 70), b: rows(1, 5000)[0] });
  });

  it('has no long list in it on its way', () => {
    const lists: number[] = [];
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
      if (Array.isArray(value)) lists.push(value.length);
      Object.values(value).forEach(look);
    };
    look(packed({ A: rows(100, 1000), facts: [{ affine: { A: rows(100, 1000), b: rows(1, 100)[0] } }] }));
    expect(Math.max(...lists)).toBeLessThanOrEqual(100);
  });
});
