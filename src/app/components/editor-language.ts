/** The language of problems in the editor: colours from the parser's own tags, completion of keywords, functions and names. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { LanguageSupport, LRLanguage, syntaxTree } from '@codemirror/language';
import { parser } from '../../core/language/feasible.grammar';
import { FUNCTIONS } from '../../core/language/functions.ts';

const keywords = ['param', 'data', 'let', 'minimize', 'maximize', 'subject to'].map((label) => ({
  label,
  type: 'keyword',
}));

const functions = Object.entries(FUNCTIONS).map(([label, { signature, meaning }]) => ({
  label,
  detail: signature.slice(label.length),
  info: meaning,
  type: 'function',
}));

const language = LRLanguage.define({
  name: 'feasible',
  parser,
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '['] } },
});

function complete(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  if (syntaxTree(context.state).resolveInner(context.pos, -1).name === 'Comment') return null;
  const names = new Set<string>();
  syntaxTree(context.state).iterate({
    enter(node) {
      if (node.name === 'Defined' && node.to !== context.pos) names.add(context.state.sliceDoc(node.from, node.to));
    },
  });
  return {
    from: word.from,
    options: [...[...names].map((label) => ({ label, type: 'variable' })), ...keywords, ...functions],
  };
}

export const feasibleLanguage = new LanguageSupport(language, language.data.of({ autocomplete: complete }));
