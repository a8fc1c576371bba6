/** How the editor looks, in both themes: the colours are variables of the page. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword], color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.lineComment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: tags.labelName, color: 'var(--code-label)' },
  { tag: tags.function(tags.variableName), color: 'var(--code-function)' },
  {
    tag: [tags.arithmeticOperator, tags.compareOperator, tags.definitionOperator, tags.separator],
    color: 'var(--code-operator)',
  },
  { tag: tags.definition(tags.variableName), fontWeight: '600' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'transparent', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.65' },
  '.cm-content': { padding: '2px 0 10px', caretColor: 'var(--mantine-color-text)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--code-gutter)' },
  '.cm-lineNumbers .cm-gutterElement': {
    padding: '0 6px 0 12px',
    minWidth: '30px',
    fontSize: '11px',
    lineHeight: `${13 * 1.65}px`,
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--code-active-line)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--code-selection)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--hairline)',
    borderRadius: '7px',
    overflow: 'hidden',
    boxShadow: 'var(--mantine-shadow-md)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-primary-color-contrast)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionDetail': { color: 'var(--mantine-color-dimmed)', fontStyle: 'normal', marginLeft: '8px' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 10px', maxWidth: '280px', fontFamily: 'var(--mantine-font-family)' },
  '.cm-chip': {
    marginLeft: '10px',
    padding: '0 6px',
    borderRadius: '8px',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '11px',
    whiteSpace: 'nowrap',
    color: 'var(--mantine-color-dimmed)',
    border: '1px solid var(--hairline)',
    cursor: 'default',
    userSelect: 'none',
  },
  '.cm-chip::after': { content: 'attr(data-label)' },
  '.cm-chip[data-state="violated"]': { borderColor: 'var(--tone-bad)' },
  '.cm-chip[data-state="kept"]': { borderColor: 'var(--tone-good)' },
  '.cm-chip[data-state="soft"]': { borderStyle: 'dashed' },
  '.cm-toggle': {
    display: 'block',
    width: '9px',
    height: '9px',
    margin: '6px 2px 0',
    padding: 0,
    borderRadius: '50%',
    border: '1.5px solid var(--tone-neutral)',
    background: 'var(--tone-neutral)',
    cursor: 'pointer',
  },
  '.cm-toggle[data-state="violated"]': { borderColor: 'var(--tone-bad)', background: 'var(--tone-bad)' },
  '.cm-toggle[data-state="kept"]': { borderColor: 'var(--tone-good)', background: 'var(--tone-good)' },
  '.cm-toggle[data-state="soft"]': { borderColor: 'var(--tone-warning)', background: 'transparent' },
  '.cm-toggle[data-state="off"]': { background: 'transparent' },
  '.cm-documentation': {
    padding: '8px 10px',
    maxWidth: '300px',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '13px',
  },
  '.cm-documentation code': { fontFamily: 'var(--mantine-font-family-monospace)', fontWeight: '600' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--mantine-font-family)', fontSize: '13px' },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-primary-color-contrast)',
    borderRadius: '5px',
    padding: '2px 8px',
    cursor: 'pointer',
  },
});

export const editorLook = [look, syntaxHighlighting(highlight)];
