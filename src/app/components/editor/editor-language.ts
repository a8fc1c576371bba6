/** The language of problems in the editor: colours from the parser's own tags, completion, and what a word means under the pointer. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { LanguageSupport, LRLanguage, syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { Listing } from '../../../core/contracts.ts';
import { parser } from '../../../core/language/feasible.grammar';
import { asCompletion, columnWord, type KnownTable, tableWord, type Word, wordsOf } from './editor-words.ts';

const language = LRLanguage.define({
  name: 'feasible',
  parser,
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '['] } },
});

/** Names that the text declares, each with its declaration; the one that is being written is left out. */
function declaredNames(state: EditorState, position: number): Map<string, string> {
  const names = new Map<string, string>();
  syntaxTree(state).iterate({
    enter(node) {
      if (node.name !== 'Defined' || node.to === position) return;
      names.set(state.sliceDoc(node.from, node.to), state.doc.lineAt(node.from).text.trim());
    },
  });
  return names;
}

const NAME = /[\p{L}_][\p{L}\p{N}_]*/u;

/** The tables as they are when somebody asks: they come and go while the editor stays. */
type Tables = () => readonly KnownTable[];

/** The table inside whose brackets a position is: `houses(area, |`. */
function tableAround(before: string, tables: readonly KnownTable[]): KnownTable | undefined {
  const name = /([\p{L}_][\p{L}\p{N}_]*)\s*\([^()]*$/u.exec(before)?.[1];
  return tables.find((table) => table.name === name);
}

function completer(words: readonly Word[], tables: Tables) {
  const sets = words.filter(({ type }) => type === 'class').map(asCompletion);
  const data = words.filter(({ type }) => type === 'namespace').map(asCompletion);
  const others = words.filter(({ type }) => type !== 'class' && type !== 'namespace').map(asCompletion);
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(NAME);
    const before = context.state.sliceDoc(context.state.doc.lineAt(context.pos).from, word?.from ?? context.pos);
    const isAfterIn = /(?:^|[^\p{L}\d_])in\s+$/u.test(before);
    if (word === null && !context.explicit && !isAfterIn) return null;
    if (syntaxTree(context.state).resolveInner(context.pos, -1).name === 'Comment') return null;
    const from = word?.from ?? context.pos;
    if (isAfterIn) return { from, options: sets };
    const table = tableAround(before, tables());
    if (table) {
      const columns = table.columns.map((column) => asCompletion(columnWord(table, column)));
      const target = { label: 'target=', type: 'keyword', info: 'The column that is to be predicted: a second array.' };
      return { from, options: [...columns, ...(/target\s*=\s*$/u.test(before) ? [] : [target])] };
    }
    const own = tables().map((one) => asCompletion(tableWord(one)));
    const names = [...declaredNames(context.state, context.pos)].map(([label, detail]) => ({
      label,
      type: 'variable',
      info: detail,
    }));
    return { from, options: [...(/^\s*data\b.*=\s*$/u.test(before) ? [...own, ...data] : own), ...names, ...others] };
  };
}

/** A box with how the word is written, and what it means. */
function documentation({ signature, meaning }: Pick<Word, 'signature' | 'meaning'>): HTMLElement {
  const box = document.createElement('div');
  box.className = 'cm-documentation';
  const code = document.createElement('code');
  code.textContent = signature;
  const text = document.createElement('div');
  text.textContent = meaning;
  box.append(code, text);
  return box;
}

const hover = (words: readonly Word[], tables: Tables) =>
  hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    if (syntaxTree(view.state).resolveInner(position, 1).name === 'Comment') return null;
    const match = [...line.text.matchAll(new RegExp(NAME, 'gu'))].find(
      ({ index, 0: name }) => line.from + index <= position && position <= line.from + index + name.length,
    );
    if (!match) return null;
    const [name] = match;
    const declared = declaredNames(view.state, -1).get(name);
    const around = tableAround(line.text.slice(0, match.index), tables());
    const column = around?.columns.find((one) => one.name === name);
    const table = tables().find((one) => one.name === name);
    const known =
      around && column
        ? columnWord(around, column)
        : table
          ? tableWord(table)
          : words.find(({ word }) => word.split(' ').includes(name));
    if (declared === undefined && !known) return null;
    const dom = () => ({
      dom: documentation(
        known && (declared === undefined || column)
          ? known
          : { signature: declared ?? name, meaning: 'Declared in this text.' },
      ),
    });
    return { pos: line.from + match.index, end: line.from + match.index + name.length, above: true, create: dom };
  });

export function feasibleLanguage(datasets: Listing['datasets'], tables: Tables) {
  const words = wordsOf(datasets);
  return [
    new LanguageSupport(language, language.data.of({ autocomplete: completer(words, tables) })),
    hover(words, tables),
  ];
}
