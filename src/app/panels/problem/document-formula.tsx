/** The problem as a paper would set it, below the text: of the text that is studied, as the facts and the picture are. */
import { useDeferredValue, useMemo } from 'react';
import { printDocumentLatex } from '../../../core/language/print-latex.ts';
import { read } from '../../../core/language/read.ts';
import Formula from '../../components/formula.tsx';
import type { Store } from '../../store/store.ts';
import { useStore } from '../../store/use-store.ts';
import classes from './problem-panel.module.css';

/** Longer problems are no formula that anybody reads. */
const MOST_CHARACTERS = 2500;
/** Letters that fit on a line of the panel. */
const LINE = 34;

/** The last text without errors; where that is not known yet, and where studying waits for Run, the text as it stands. */
const textShown = ({ experiment, studied, held }: Store): string =>
  studied === null || held?.what === 'study' ? experiment.problem : studied.text;

/** Of that text: none where it has not been studied. */
const studyShown = (store: Store) => (store.studied?.text === textShown(store) ? store.study : null);

export default function DocumentFormula() {
  const text = useDeferredValue(useStore(textShown));
  const entrywise = useDeferredValue(useStore((store) => studyShown(store)?.problem.entrywise));
  const latex = useMemo(() => {
    if (text.length > MOST_CHARACTERS) return '';
    const document = read(text);
    return document.ok ? printDocumentLatex(document.value, LINE, entrywise) : '';
  }, [text, entrywise]);
  if (latex === '') return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long formula scrolls, by keys as well
    <section className={classes.formula} aria-label="The problem as a formula" tabIndex={0}>
      <Formula latex={latex} isDisplay />
    </section>
  );
}
