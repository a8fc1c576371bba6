/** A sentence with formulas between dollar signs and emphasis between asterisks. All of it is text: nothing is read as HTML. */
import { Fragment, lazy, Suspense } from 'react';

const Formula = lazy(() => import('./formula.tsx'));

/** A formula takes along the full stop or comma behind it, which must not begin the next line by itself. */
const PIECES = /(\$[^$]+\$[.,:;?!)]*|\*[^*\s][^*]*\*)/;

export function MarkedText({ text }: { readonly text: string }) {
  return text.split(PIECES).map((piece, i) => {
    const key = `${i} ${piece}`;
    const [, latex, behind] = /^\$(.+)\$(.*)$/s.exec(piece) ?? [];
    if (latex !== undefined)
      return (
        <span key={key} style={{ whiteSpace: 'nowrap' }}>
          <Suspense fallback={<code>{latex}</code>}>
            <Formula latex={latex} />
          </Suspense>
          {behind}
        </span>
      );
    return /^\*.+\*$/s.test(piece) ? <em key={key}>{piece.slice(1, -1)}</em> : <Fragment key={key}>{piece}</Fragment>;
  });
}
