/** A long table is drawn in turns, the first of which is short; each row begins with what names it. */
import { MantineProvider } from '@mantine/core';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { NumberTable, titled } from './number-table.tsx';

const first = (count: number, naming: number): string =>
  renderToStaticMarkup(
    createElement(
      MantineProvider,
      null,
      createElement(NumberTable, {
        columns: ['row', 'column', 'a'].map(titled),
        rows: Array.from({ length: count }, (_, k) => ({ key: k, cells: [k, k + 1, `−${k}`] })),
        naming,
      }),
    ),
  );

const countOf = (html: string, part: string): number => html.split(part).length - 1;

it('draws no more rows of a long table in its first turn than a page shows', () => {
  expect(countOf(first(3, 1), '<tr')).toBe(1 + 3);
  expect(countOf(first(1000, 1), '<tr')).toBe(1 + 40);
});

it('names each row by its first cells', () => {
  const html = first(3, 2);
  expect(countOf(html, 'scope="row"')).toBe(6);
  expect(countOf(html, '<td')).toBe(3);
  expect(html).toContain('−2</td></tr>');
});
