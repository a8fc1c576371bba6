/** At each constraint's line: a dot in the gutter that leaves the line out or takes it back, and what it is and how well it is kept. */
import { type EditorState, type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, WidgetType } from '@codemirror/view';

export interface ConstraintChip {
  /** Counted from 1. */
  readonly line: number;
  readonly state: 'kept' | 'violated' | 'soft' | 'unknown' | 'off';
  /** The kind, and numbers where there are some: `simplex · 0.02 · λ −0.4`. */
  readonly label: string;
  /** A sentence for the pointer and for screen readers. */
  readonly title: string;
}

const setChips = StateEffect.define<readonly ConstraintChip[]>();

class Chip extends WidgetType {
  constructor(private readonly chip: ConstraintChip) {
    super();
  }
  override eq(other: Chip): boolean {
    return this.chip.label === other.chip.label && this.chip.state === other.chip.state;
  }
  override toDOM(): HTMLElement {
    const element = document.createElement('span');
    element.className = 'cm-chip';
    element.dataset.state = this.chip.state;
    // Drawn by the style sheet: text inside the editor's element would be read as typed where an input method rewrites it.
    element.dataset.label = this.chip.label;
    element.title = this.chip.title;
    element.role = 'note';
    element.ariaLabel = `${this.chip.label}. ${this.chip.title}`;
    return element;
  }
}

class Toggle extends GutterMarker {
  constructor(
    private readonly chip: ConstraintChip,
    private readonly toggle: (line: number) => void,
  ) {
    super();
  }
  override eq(other: Toggle): boolean {
    return (
      this.chip.state === other.chip.state && this.chip.title === other.chip.title && this.chip.line === other.chip.line
    );
  }
  override toDOM(): HTMLElement {
    const button = document.createElement('button');
    const { line, state, title } = this.chip;
    button.type = 'button';
    button.tabIndex = -1; // the gutter is hidden from screen readers; by keyboard, Ctrl or Cmd with / does it
    button.className = 'cm-toggle';
    button.dataset.state = state;
    button.title = `${title} ${state === 'off' ? 'Click to take it back.' : 'Click to leave it out.'}`;
    button.setAttribute('aria-label', `Line ${line}: ${button.title}`);
    button.setAttribute('aria-pressed', String(state !== 'off'));
    button.addEventListener('click', () => this.toggle(line));
    return button;
  }
}

const chipsOf = (state: EditorState): readonly ConstraintChip[] =>
  state.field(chipsField).filter(({ line }) => line <= state.doc.lines);

/** Chips keep to their lines while text is typed: they are taken away as soon as the number of lines changes. */
const chipsField = StateField.define<readonly ConstraintChip[]>({
  create: () => [],
  update(chips, transaction) {
    for (const effect of transaction.effects) if (effect.is(setChips)) return effect.value;
    return transaction.docChanged && transaction.startState.doc.lines !== transaction.newDoc.lines ? [] : chips;
  },
});

function widgets(state: EditorState): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const chip of chipsOf(state)) {
    const { to } = state.doc.line(chip.line);
    builder.add(to, to, Decoration.widget({ widget: new Chip(chip), side: 1 }));
  }
  return builder.finish();
}

export const constraintChips = (toggle: (line: number) => void): Extension => [
  chipsField,
  EditorView.decorations.compute([chipsField, 'doc'], widgets),
  gutter({
    class: 'cm-toggles',
    lineMarker(view, block) {
      const { number } = view.state.doc.lineAt(block.from);
      const chip = chipsOf(view.state).find(({ line }) => line === number);
      return chip ? new Toggle(chip, toggle) : null;
    },
    lineMarkerChange: ({ startState, state }) => startState.field(chipsField) !== state.field(chipsField),
    initialSpacer: () => new Toggle({ line: 0, state: 'unknown', label: '', title: '' }, () => undefined),
  }),
];

const isSame = (a: ConstraintChip, b: ConstraintChip | undefined): boolean =>
  a.line === b?.line && a.state === b.state && a.label === b.label && a.title === b.title;

/** Lines in ascending order, one chip each. The editor measures itself after each update, so it gets none that changes nothing. */
export function showChips(view: EditorView, chips: readonly ConstraintChip[]): void {
  const next = [...chips].sort((a, b) => a.line - b.line);
  const shown = view.state.field(chipsField);
  if (next.length === shown.length && next.every((chip, i) => isSame(chip, shown[i]))) return;
  view.dispatch({ effects: setChips.of(next) });
}
