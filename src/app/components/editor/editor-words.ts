/** Every word that has a meaning, with one line about it: for completion and hover. */
import type { Completion } from '@codemirror/autocomplete';
import type { Listing, Table } from '../../../core/contracts.ts';
import { CONSTANTS, FUNCTIONS, RUN_NAMES } from '../../../core/language/functions.ts';
import { KEYWORDS } from '../../../core/language/keywords.ts';
import { SETS } from '../../../core/problem/sets.ts';
import { identifierOf } from '../../../core/problem/table.ts';
import { shortNumber } from '../../number-text.ts';

export interface Word {
  readonly word: string;
  /** As it is written: `sum(a, axis=…)`. */
  readonly signature: string;
  readonly meaning: string;
  readonly type: 'keyword' | 'function' | 'class' | 'constant' | 'namespace' | 'variable';
}

const SOFT: Word = {
  word: 'soft',
  signature: 'soft(10): x + y = 1',
  meaning: 'A wish: its squared violation counts in what is minimized, with this weight. Nothing keeps it by force.',
  type: 'keyword',
};

export const wordsOf = (datasets: Listing['datasets']): readonly Word[] => [
  ...[...KEYWORDS].map(([word, { example, meaning }]) => ({
    word,
    signature: example,
    meaning,
    type: 'keyword' as const,
  })),
  SOFT,
  ...Object.entries(FUNCTIONS).map(([word, { signature, meaning }]) => ({
    word,
    signature,
    meaning,
    type: 'function' as const,
  })),
  ...[...SETS].map(([word, { signature, meaning }]) => ({
    word,
    signature: `in ${signature}`,
    meaning,
    type: 'class' as const,
  })),
  ...datasets.map(({ id, example, summary }) => ({
    word: id,
    signature: example,
    meaning: summary,
    type: 'namespace' as const,
  })),
  ...[...CONSTANTS].map(([word, { meaning }]) => ({ word, signature: word, meaning, type: 'constant' as const })),
  ...[...RUN_NAMES].map(([word, meaning]) => ({ word, signature: word, meaning, type: 'constant' as const })),
];

export const asCompletion = ({ word, signature, meaning, type }: Word): Completion => ({
  label: word,
  type,
  info: meaning,
  ...(type === 'function' && { detail: signature.slice(word.length) }),
  ...(type === 'class' && { detail: 'set' }),
  ...(type === 'namespace' && { detail: signature.startsWith('data X') ? 'table' : 'data set' }),
  ...(type === 'variable' && { detail: 'column' }),
});

/** What is known of a table of the experiment: all of it, or only the file that it was made from. */
export interface KnownTable {
  readonly name: string;
  /** As the text names them; none where the table is kept elsewhere. */
  readonly columns: readonly Column[];
  readonly rows: number | null;
}

interface Column {
  readonly name: string;
  /** Smallest and largest entry. */
  readonly range: readonly [number, number];
}

/** The tables of an experiment, for completion and hover. */
export const knownTables = (data: Readonly<Record<string, unknown>> | undefined): readonly KnownTable[] =>
  Object.entries(data ?? {}).map(([name, entry]) => {
    const { columns, rows } = entry as Partial<Table>;
    if (!columns || !rows) return { name, columns: [], rows: null };
    return {
      name,
      rows: rows.length,
      columns: columns.map((column, k) => {
        const entries = rows.map((row) => row[k] ?? Number.NaN);
        const range = entries.reduce<[number, number]>(
          ([low, high], number) => [Math.min(low, number), Math.max(high, number)],
          [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
        );
        return { name: identifierOf(column), range };
      }),
    };
  });

export const tableWord = ({ name, columns, rows }: KnownTable): Word => {
  const names = columns.map((column) => column.name);
  const last = names.at(-1);
  return {
    word: name,
    signature: last === undefined ? `data X = ${name}` : `data X, y = ${name}(target=${last})`,
    meaning:
      rows === null
        ? 'A table of this experiment, kept on the device where it was loaded.'
        : `A table of this experiment: ${rows} rows; columns ${names.join(', ')}.`,
    type: 'namespace',
  };
};

export const columnWord = (table: KnownTable, { name, range: [low, high] }: Column): Word => ({
  word: name,
  signature: `${table.name}(${name})`,
  meaning: `A column of ${table.name}: ${table.rows} numbers from ${shortNumber(low)} to ${shortNumber(high)}.`,
  type: 'variable',
});
