/** A sentence with formulas between dollar signs and emphasis between asterisks. All of it is text: nothing is read as HTML. */
import { Fragment, lazy, Suspense } from 'react';

const Formula = lazy(() => import('./formula.tsx'));

const PIECES = /(\$[^$]+\$|\*[^*\s][^*]*\*)/;

export function MarkedText({ text }: { readonly text: string }) {
  return text.split(PIECES).map((piece, i) => {
    const inner = piece.slice(1, -1);
    const key = `${i} ${piece}`;
    if (/^\$.+\$$/s.test(piece))
      return (
        <Suspense key={key} fallback={<code>{inner}</code>}>
          <Formula latex={inner} />
        </Suspense>
      );
    return /^\*.+\*$/s.test(piece) ? <em key={key}>{inner}</em> : <Fragment key={key}>{piece}</Fragment>;
  });
}
