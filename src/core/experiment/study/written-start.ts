/** Where a text says the start of a parameter. */
import type { Span } from '../../diagnostic.ts';
import type { Parameter } from '../../problem/problem.ts';

/** ` = 0` of `param W[2,4] = 0`, and the empty place after `param W[2,4]`; null where the start is written otherwise. */
export function writtenStart({ name, span }: Parameter, text: string): Span | null {
  const isDeclared = /(?:^|[\s;])param\s[^\n;]*$/u.test(text.slice(0, span[0]));
  const written = /^((?:\s*\[[\d\s,]*\])?)(\s*=\s*(?:[-+\d.eE]+|\[[-+\d.eE,\s]*\]))?(?=\s*(?:[,;#\n]|$))/u.exec(
    text.slice(span[0] + name.length),
  );
  if (!isDeclared || !written || !text.startsWith(name, span[0])) return null;
  const [, lengths = '', start = ''] = written;
  const from = span[0] + name.length + lengths.length;
  return [from, from + start.length];
}
