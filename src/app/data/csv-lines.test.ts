/** Read piece by piece, a text has the lines that it has at once, wherever it is cut: in a cell, in a quotation, between \r and \n. */
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { finished } from '../../core/stages.ts';
import { csvLines } from './csv-lines.ts';
import { csvStages, readCsv } from './read-csv.ts';

const separators = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  newline: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const),
});

describe('lines of separated values', () => {
  it('are the same in pieces of any length', () => {
    const part = fc.constantFrom(
      'a',
      '1.5',
      ' ',
      '"',
      '""',
      ',',
      ';',
      '\t',
      '\n',
      '\r\n',
      '\r',
      '"a,b"',
      '"1\n2"',
      'ö',
    );
    const texts = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, separators, fc.integer({ min: 1, max: 30 }), (text, separator, piece) => {
        const whole = Papa.parse<string[]>(text, separator);
        const broken = whole.errors.find(({ type }) => type === 'Quotes')?.row ?? null;
        const found = finished(csvLines(text, separator, piece));
        expect(found.broken).toBe(broken);
        const sound = broken ?? whole.data.length;
        expect(found.lines.slice(0, sound)).toEqual(whole.data.slice(0, sound));
      }),
      { numRuns: 600 },
    );
  });

  it('pause in a long file, and are its table', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},${i / 4},"w ${i % 2}"`);
    const text = ['n,x,kind', ...rows].join('\n');
    const stages = csvStages(text);
    let pauses = 0;
    for (let stage = stages.next(); ; stage = stages.next()) {
      if (stage.done) {
        expect(stage.value).toEqual(readCsv(text));
        expect(stage.value).toMatchObject({ ok: true, value: { columns: [{ numbers: 20_000 }, {}, { numbers: 0 }] } });
        break;
      }
      pauses += 1;
    }
    expect(pauses).toBeGreaterThan(3);
  });
});
