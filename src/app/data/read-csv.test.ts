import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeRows, readCsv, tableFrom, turned } from './read-csv.ts';

const csvOf = (text: string) => {
  const read = readCsv(text);
  if (!read.ok) throw new Error(read.diagnostics[0]?.message);
  return read.value;
};
const faultOf = (text: string, columns?: string[]): string | undefined => {
  const read = readCsv(text);
  if (!read.ok) return read.diagnostics[0]?.message;
  const table = tableFrom(read.value, new Set(columns ?? read.value.columns.map(({ name }) => name)));
  return table.ok ? undefined : table.diagnostics[0]?.message;
};

describe('a CSV', () => {
  it('comes back as it was written', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const tables = fc
      .integer({ min: 1, max: 5 })
      .chain((n) => fc.array(fc.array(finite, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 8 }));
    fc.assert(
      fc.property(tables, fc.constantFrom(',', ';', '\t'), (rows, separator) => {
        const names = rows[0]?.map((_, j) => `name ${j}`) ?? [];
        const csv = csvOf([names, ...rows].map((row) => row.join(separator)).join('\r\n'));
        const table = tableFrom(csv, new Set(names));
        expect(table).toEqual({ ok: true, value: { columns: names, rows: rows.map((row) => row.map((x) => x + 0)) } });
      }),
    );
  });

  it.each([
    ['x,y\n1,2', true, ['x', 'y']],
    ['1,2\n3,4', false, ['column 1', 'column 2']],
    ['2001,price\n1,2', true, ['2001', 'price']],
    ['a,a,\n1,2,3', true, ['a', 'a 2', 'column 3']],
    ['kind,size\ncat,2', true, ['kind', 'size']],
  ])('%j: names found: %s', (text, hasHeader, names) => {
    const csv = csvOf(text);
    expect(csv.hasHeader).toBe(hasHeader);
    expect(csv.columns.map(({ name }) => name)).toEqual(names);
  });

  it('knows which columns hold numbers, and takes those that are chosen', () => {
    const csv = csvOf('\ufeffname;size\n"a; b";1.5\nc;−2e3\n\n');
    expect(csv.columns).toEqual([
      { name: 'name', numbers: 0 },
      { name: 'size', numbers: 2 },
    ]);
    expect(tableFrom(csv, new Set(['size']))).toEqual({
      ok: true,
      value: { columns: ['size'], rows: [[1.5], [-2000]] },
    });
  });

  it('reads decimal commas where they do not separate the columns', () => {
    const csv = csvOf('level;response\n1;0,5\n2;1');
    expect(csv).toMatchObject({ hasHeader: true, decimal: ',' });
    expect(tableFrom(csv, new Set(['level', 'response']))).toMatchObject({
      value: {
        rows: [
          [1, 0.5],
          [2, 1],
        ],
      },
    });
  });

  it('reads what np.savetxt writes', () => {
    const csv = csvOf('1.0e-01  2.5\n -3 4\n5 6 \n');
    expect(tableFrom(csv, new Set(['column 1', 'column 2']))).toMatchObject({
      value: { rows: [[0.1, 2.5], [-3, 4], [5, 6]] }, // biome-ignore format: a table
    });
    expect(csvOf('net worth\n3').columns).toEqual([{ name: 'net worth', numbers: 1 }]);
  });

  it('takes a percentage for hundredths, and commas that group digits for nothing', () => {
    const csv = csvOf('return,price\n-9.75%,"1,234.50"\n0.5 %,"1,234,567"');
    expect(csv.columns).toEqual([{ name: 'return', numbers: 2, hasPercents: true }, { name: 'price', numbers: 2 }]); // biome-ignore format: a table
    expect(tableFrom(csv, new Set(['return', 'price']))).toMatchObject({
      value: { rows: [[-0.0975, 1234.5], [0.005, 1234567]] }, // biome-ignore format: a table
    });
    expect(tableFrom(csvOf('a;b\n2,5%;1'), new Set(['a', 'b']))).toMatchObject({ value: { rows: [[0.025, 1]] } });
  });

  it.each([
    ['no,yes,yes', 'no', 'yes'],
    ['true,false,true', 'false', 'true'],
    ['male,female,female', 'female', 'male'],
    ['Ja,Nein,Nein', 'Nein', 'Ja'],
  ])('takes %s as 0 and 1, either way round', (typed, zero, one) => {
    const words = typed.split(',');
    const csv = csvOf(`size,kind\n${words.map((word, i) => `${i}, ${word}`).join('\n')}`);
    expect(csv.columns[1]).toEqual({ name: 'kind', numbers: 0, words: [zero, one] });
    const chosen = new Set(['size', 'kind']);
    const rowsOf = (ones: string) => words.map((word, i) => [i, word === ones ? 1 : 0]);
    expect(tableFrom(csv, chosen)).toMatchObject({ value: { rows: rowsOf(one) } });
    expect(tableFrom(turned(csv, 'kind'), chosen)).toMatchObject({ value: { rows: rowsOf(zero) } });
    expect(completeRows(csv, chosen)).toBe(3);
  });

  it('takes no empty cell for a word, and no column of one or of three words', () => {
    const csv = csvOf('a,b,c,d\nyes,x,u,1\n,x,v,2\nno,x,w,yes\nno,x,w,3');
    expect(csv.columns.map(({ words }) => words)).toEqual([['no', 'yes'], undefined, undefined, undefined]);
    expect(completeRows(csv, new Set(['a']))).toBe(3);
    expect(tableFrom(csv, new Set(['a'])).ok).toBe(false);
    expect(tableFrom(csv, new Set(['a']), true)).toMatchObject({ value: { rows: [[1], [0], [0]] } });
  });

  it('leaves rows with gaps out only where that is asked for', () => {
    const csv = csvOf('x,y,z\n1,,a\n3,4,b\nn/a,6,c');
    const chosen = new Set(['x', 'y']);
    expect(completeRows(csv, chosen)).toBe(1);
    expect(tableFrom(csv, chosen).ok).toBe(false);
    expect(tableFrom(csv, chosen, true)).toMatchObject({ value: { columns: ['x', 'y'], rows: [[3, 4]] } });
    expect(tableFrom(csv, new Set(['z']), true).ok).toBe(false);
  });

  it.each([
    ['', /empty/],
    ['x,y', /no row of numbers/],
    ['x,y\n1,2\n3', /Row 3 has 1 cell, but row 1 has 2: column 2 is missing/],
    ['x,y\n1,2\n\n3,4,5', /Row 4 has 3 cells, but row 1 has 2: column 3 is one too many/],
    ['\nx,y\n\n1,2\n,\n3,abc', /Row 6, column 2/],
    ['x,y\n1,2\n3,abc', /Row 3, column 2 \(y\): “abc” is not a number/],
    ['x,y\n1,\n3,4', /Row 2, column 2 \(y\): the cell is empty/],
    ['x,y\n1,"2,5"', /column 2 \(y\): “2,5” is not a number\. A decimal number has a point/],
    ['x,y\n"1,2\n3,4', /Row 2, column 1: a quotation mark/],
    ['x\nInfinity', /Row 2, column 1/],
    ['x,y\n1,"1,234"', /“1,234” is not a number/], // 1.234 or 1234: not ours to say
  ])('%j: is refused with row and column', (text, expected) => {
    expect(faultOf(text)).toMatch(expected);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void faultOf(text)));
  });
});
