/** A formula from LaTeX, as MathML: browsers draw it with their own fonts, and screen readers read it. */
import katex from 'katex';
import { useCallback } from 'react';

export default function Formula({
  latex,
  isDisplay = false,
}: {
  readonly latex: string;
  readonly isDisplay?: boolean;
}) {
  const draw = useCallback(
    (element: HTMLElement | null) => {
      if (element)
        katex.render(latex, element, { output: 'mathml', throwOnError: false, displayMode: isDisplay, trust: false });
    },
    [latex, isDisplay],
  );
  return <span ref={draw} />;
}
