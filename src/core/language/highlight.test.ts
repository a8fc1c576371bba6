import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { expect, it } from 'vitest';
import { parser } from './feasible.grammar';

const highlighter = tagHighlighter([
  { tag: tags.keyword, class: 'keyword' },
  { tag: tags.definitionKeyword, class: 'keyword' },
  { tag: tags.number, class: 'number' },
  { tag: tags.variableName, class: 'name' },
  { tag: tags.definition(tags.variableName), class: 'definition' },
  { tag: tags.function(tags.variableName), class: 'function' },
  { tag: tags.labelName, class: 'label' },
  { tag: tags.lineComment, class: 'comment' },
  { tag: tags.compareOperator, class: 'relation' },
]);

it('gives each part of a text its tag', () => {
  const text = 'param w[3] = 0.5 # start\nminimize norm(w) s.t. a: w <= 1; sum(w) = T';
  const found: [string, string][] = [];
  highlightTree(parser.parse(text), highlighter, (from, to, classes) => found.push([text.slice(from, to), classes]));
  expect(found).toEqual([
    ['param', 'keyword'],
    ['w', 'definition'],
    ['3', 'number'],
    ['0.5', 'number'],
    ['# start', 'comment'],
    ['minimize', 'keyword'],
    ['norm', 'function'],
    ['w', 'name'],
    ['s.t.', 'keyword'],
    ['a', 'label'],
    ['w', 'name'],
    ['<=', 'relation'],
    ['1', 'number'],
    ['sum', 'function'],
    ['w', 'name'],
    ['=', 'relation'],
    ['T', 'name'],
  ]);
});
