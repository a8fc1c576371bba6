/** The problem as a paper would set it, below the text. While the text has errors, the last one that had none. */
import { useDeferredValue, useMemo, useRef } from 'react';
import { printDocumentLatex } from '../../../core/language/print-latex.ts';
import { read } from '../../../core/language/read.ts';
import Formula from '../../components/formula.tsx';
import { useStore } from '../../store/use-store.ts';
import classes from './problem-panel.module.css';

/** Longer problems are no formula that anybody reads. */
const MOST_CHARACTERS = 2500;
/** Letters that fit on a line of the panel. */
const LINE = 34;

export default function DocumentFormula() {
  const text = useDeferredValue(useStore(({ experiment }) => experiment.problem));
  const isOfAnother = useStore(({ study }) => study === null); // the last one that could be read was another experiment's
  const last = useRef('');
  const latex = useMemo(() => {
    if (text.length > MOST_CHARACTERS) return '';
    const document = read(text);
    if (document.ok) last.current = printDocumentLatex(document.value, LINE);
    else if (isOfAnother) last.current = '';
    return last.current;
  }, [text, isOfAnother]);
  if (latex === '') return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long formula scrolls, by keys as well
    <section className={classes.formula} aria-label="The problem as a formula" tabIndex={0}>
      <Formula latex={latex} isDisplay />
    </section>
  );
}
