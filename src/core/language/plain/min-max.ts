/** `min_x max_y f`: two players, of whom each would descend along its own parameters; what of it one objective can say. */
import type { Diagnostic } from '../../diagnostic.ts';
import { plainly } from './plainly.ts';

const NAMES = String.raw`(?:_\{([^{}]*)\}|_([\p{L}\p{N}]+)|\s+(?:over\s+)?([\p{L}_][\p{L}\p{N}_]*))`;
const END = String.raw`(?![\p{L}\p{N}_(])`;
const NESTED = new RegExp(
  String.raw`^([ \t]*)\\?(min|max)(?:imi[sz]e)?(?:${NAMES})??[\s,:]*\\?(min|max)(?:imi[sz]e)?${NAMES}${END}[ \t:,]*\s([^\n;#]*[\p{L}\p{N})}\]])[ \t]*$`,
  'mu',
);

/**
 * The first such objective of the text. Where the inner problem has its optimum at a point without slope, min_x max_y f is
 * min f subject to ∇_y f = 0: offered where nothing else restricts y. Source: Dempe 2002, Foundations of Bilevel Programming, §3.
 */
export function minMax(text: string): Diagnostic | null {
  const code = text.replace(/#.*$/gmu, (comment) => ' '.repeat(comment.length));
  const found = NESTED.exec(code);
  if (found === null) return null;
  const [typed, indent = '', outer = '', , , , inner = '', list, index, word, body = ''] = found;
  if (inner === outer || /^\s*[ijk]\s*(?:=|$)/u.test(list ?? index ?? '')) return null; // of entries, max_i |x_i|
  const from = found.index + indent.length;
  const span = [from, found.index + typed.trimEnd().length] as const;
  const names =
    (list ?? index ?? word ?? '').split(/\\in\b|∈|\s+in\s+/u, 1)[0]?.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  const [kind, shape] = inner === 'max' ? ['maximum', 'concave'] : ['minimum', 'convex'];
  const told = names.join(', ') || 'y';
  const message = `This is a ${outer}-${inner} problem, and there is one objective here. Where it is ${shape} in ${told} and nothing restricts ${told}, the inner ${kind} is where the slope by ${told} is 0, which can be a constraint: grad(f, ${names[0] ?? 'y'}) = 0. The ${inner}imum of a few functions is ${inner}(f, g).`;
  const value = ['f', 'F', 'value', 'objective'].find(
    (name) => !new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, 'u').test(code),
  );
  const isRestricted = /(?<![\p{L}\p{N}_])(?:st|s\.t\.|subject\s+to)(?![\p{L}\p{N}_])/u.test(code);
  if (names.length === 0 || isRestricted || value === undefined) return { severity: 'error', message, span };
  const rows = names.map((name) => `  grad(${value}, ${name}) = 0`);
  const insert = [`let ${value} = ${plainly(body)}`, `${outer}imize ${value}`, 'subject to', ...rows].join('\n');
  return {
    severity: 'error',
    message,
    span,
    fix: { title: `Constrain the slope by ${told}, if ${shape} in it`, span, insert },
  };
}
