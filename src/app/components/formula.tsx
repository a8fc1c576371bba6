/** A formula from LaTeX, as MathML: browsers draw it with their own fonts, and screen readers read it. */
import katex from 'katex';
import { useCallback } from 'react';

/** Behind a bracket or another operator, or first in a line, they are signs of what follows; KaTeX does not say so, and they would be set as in a difference. */
const SIGNS: ReadonlySet<string | null> = new Set(['−', '-', '+']);
/** Around a term they are brackets: KaTeX writes them as relations, which have room at both sides and do not grow with the term. */
const BARS: ReadonlyMap<string, string> = new Map([
  ['∣', '|'],
  ['∥', '‖'],
]);

export default function Formula({
  latex,
  isDisplay = false,
}: {
  readonly latex: string;
  readonly isDisplay?: boolean;
}) {
  const draw = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      katex.render(latex, element, { output: 'mathml', throwOnError: false, displayMode: isDisplay, trust: false });
      for (const sign of element.querySelectorAll('mo + mo, mrow:empty:first-child + mo'))
        if (SIGNS.has(sign.textContent)) sign.setAttribute('form', 'prefix');
      for (const bar of element.querySelectorAll('mo:is([fence], [stretchy])')) {
        const bracket = BARS.get(bar.textContent);
        if (bracket === undefined) continue;
        bar.textContent = bracket;
        bar.setAttribute('lspace', '0');
        bar.setAttribute('rspace', '0');
      }
    },
    [latex, isDisplay],
  );
  return <span ref={draw} />;
}
