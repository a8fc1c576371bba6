/** The problem's text in CodeMirror. Its history is the page's: undo inside the editor undoes experiments. */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { diagnosticCount, lintKeymap, type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint';
import { type ChangeSpec, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { Listing } from '../../../core/contracts.ts';
import type { Diagnostic } from '../../../core/diagnostic.ts';
import { toggleLine } from '../../../core/language/constraint-lines.ts';
import { formatText } from '../../../core/language/format.ts';
import { readPastedArray } from '../../../core/language/paste-array.ts';
import { type ConstraintChip, constraintChips, showChips } from './editor-chips.ts';
import { feasibleLanguage } from './editor-language.ts';
import { editorLook } from './editor-look.ts';
import type { KnownTable } from './editor-words.ts';

interface CodeEditorProps {
  readonly label: string;
  readonly text: string;
  /** Of `text`; those without a span are not marked. */
  readonly diagnostics: readonly Diagnostic[];
  /** What stands at the constraints' lines. */
  readonly chips: readonly ConstraintChip[];
  /** Offered by completion. */
  readonly datasets: Listing['datasets'];
  /** The experiment's own, offered likewise, with their columns. */
  readonly tables: readonly KnownTable[];
  readonly onChange: (text: string) => void;
  /** The text was changed at once, not typed. */
  readonly onCommand: (text: string) => void;
  /** Where the reader has put the cursor. */
  readonly onCursor: (text: string, position: number) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** The smallest replacement that turns one text into the other, so that the cursor stays where it was. */
function difference(before: string, after: string): ChangeSpec {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let same = 0;
  while (same < shorter - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

/** Diagnostics as CodeMirror marks them; a fix is a button in the hint. */
function marks(diagnostics: readonly Diagnostic[], length: number): Mark[] {
  return diagnostics.flatMap(({ severity, message, span, fix, otherFix }): Mark[] => {
    if (span === undefined) return [];
    const to = Math.min(span[1], length);
    const actions = [fix ?? [], otherFix ?? []].flat().map(({ title: name, span: [from, to], insert }) => ({
      name,
      apply: (view: EditorView) => view.dispatch({ changes: { from, to, insert } }),
    }));
    return [
      {
        from: Math.min(span[0], to),
        to,
        severity: severity === 'note' ? 'info' : severity,
        message,
        actions,
      },
    ];
  });
}

/** Arrays of NumPy, PyTorch and MATLAB become literals of the language; on a line of their own, data with a name. */
function pasteArray(event: ClipboardEvent, view: EditorView): boolean {
  const array = readPastedArray(event.clipboardData?.getData('text/plain') ?? '');
  if (array === null) return false;
  const { from } = view.state.selection.main;
  const line = view.state.doc.lineAt(from);
  const before = line.text.slice(0, from - line.from).trim();
  const isStatement = array.name !== null || line.text.trim() === '';
  const statement = `${before === '' ? '' : '\n'}data ${array.name ?? 'A'} = ${array.literal}`;
  const insert = isStatement ? statement : array.literal;
  view.dispatch(view.state.replaceSelection(insert), { userEvent: 'input.paste', scrollIntoView: true });
  return true;
}

export default function CodeEditor(props: CodeEditorProps) {
  const { label, text, diagnostics, chips } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef(props);

  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (host.current === null) return;
    const command = (act: () => void) => () => {
      act();
      return true;
    };
    const undo = command(() => latest.current.onUndo());
    const redo = command(() => latest.current.onRedo());
    const format = command(() => {
      const formatted = formatText(latest.current.text);
      if (formatted !== null) latest.current.onCommand(formatted);
    });
    const toggleHere = ({ state }: EditorView) => {
      const { number } = state.doc.lineAt(state.selection.main.head);
      latest.current.onCommand(toggleLine(latest.current.text, number));
      return true;
    };
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          highlightSpecialChars(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false, defaultKeymap: false }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, autocapitalize: 'off', tabindex: '0' }),
          feasibleLanguage(latest.current.datasets, () => latest.current.tables),
          constraintChips((line) => latest.current.onCommand(toggleLine(latest.current.text, line))),
          editorLook,
          keymap.of([
            { key: 'Mod-z', run: undo, preventDefault: true },
            { key: 'Mod-y', run: redo, preventDefault: true },
            { key: 'Mod-Shift-z', run: redo, preventDefault: true },
            { key: 'Alt-Shift-f', run: format, preventDefault: true },
            { key: 'Mod-/', run: toggleHere, preventDefault: true },
            ...closeBracketsKeymap,
            ...completionKeymap.filter(({ key }) => key !== 'Enter'), // a name at the end of a line is whole
            { key: 'Tab', run: acceptCompletion }, // else it goes on to the next control: indentation means nothing
            ...lintKeymap,
            ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), // Run
          ]),
          EditorView.domEventHandlers({ paste: pasteArray }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
            const { head } = update.state.selection.main;
            if ((update.docChanged || update.selectionSet) && update.view.hasFocus)
              latest.current.onCursor(update.state.doc.toString(), head);
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [label]);

  useEffect(() => {
    const view = editor.current;
    const shown = view?.state.doc.toString();
    if (view && shown !== undefined && shown !== text) view.dispatch({ changes: difference(shown, text) });
  }, [text]);

  useEffect(() => {
    const view = editor.current;
    const found = view ? marks(diagnostics, view.state.doc.length) : [];
    if (view && (found.length > 0 || diagnosticCount(view.state) > 0)) view.dispatch(setDiagnostics(view.state, found));
  }, [diagnostics]);

  useEffect(() => {
    if (editor.current) showChips(editor.current, chips);
  }, [chips]);

  return <div ref={host} style={{ height: '100%', minHeight: 0 }} />;
}
