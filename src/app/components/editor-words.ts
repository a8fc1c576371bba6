/** Every word that has a meaning, with one line about it: for completion and hover. */
import type { Completion } from '@codemirror/autocomplete';
import type { Dataset } from '../../core/contracts.ts';
import { CONSTANTS, FUNCTIONS, RUN_NAMES } from '../../core/language/functions.ts';
import { KEYWORDS } from '../../core/language/keywords.ts';
import { SETS } from '../../core/problem/sets.ts';

export interface Word {
  readonly word: string;
  /** As it is written: `sum(a, axis=…)`. */
  readonly signature: string;
  readonly meaning: string;
  readonly type: 'keyword' | 'function' | 'class' | 'constant' | 'namespace';
}

const SOFT: Word = {
  word: 'soft',
  signature: 'soft(10): x + y = 1',
  meaning: 'A wish: its squared violation counts in what is minimized, with this weight. Nothing keeps it by force.',
  type: 'keyword',
};

export const wordsOf = (datasets: readonly Dataset[]): readonly Word[] => [
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
  ...(type === 'namespace' && { detail: 'data set' }),
});
