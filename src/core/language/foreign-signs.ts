/** Signs of other languages, LaTeX among them, and what stands for them here. */
import { at, type Diagnostic, type Span } from '../diagnostic.ts';
import type { Token } from './scan.ts';

const REPLACEMENT: ReadonlyMap<string, string> = new Map([
  ['²', '^2'],
  ['³', '^3'],
  ['∈', ' in '],
  ['&', ';'],
  ['∑', 'sum'],
  ["'", '.T'],
  ['"', ''],
  ['$', ''],
  ['?', ''],
  ['!', ''],
]);

/** Signs that stand on either side of something. */
const AROUND: ReadonlyMap<string, readonly [closing: string, before: string, after: string]> = new Map([
  ['{', ['}', '(', ')'] as const],
  ['|', ['|', 'abs(', ')'] as const],
  ['‖', ['‖', 'norm(', ')'] as const],
  ['$', ['$', '', ''] as const],
  ['"', ['"', '', ''] as const],
]);

const LATEX: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ le: '<=', leq: '<=', ge: '>=', geq: '>=', in: ' in ', cdot: '*', times: '*', infty: 'inf', ast: '*' },
    ...{
      alpha: 'α',
      beta: 'β',
      gamma: 'γ',
      delta: 'δ',
      epsilon: 'ε',
      varepsilon: 'ε',
      zeta: 'ζ',
      eta: 'η',
      theta: 'θ',
    },
    ...{ kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ', rho: 'ρ', sigma: 'σ', tau: 'τ', phi: 'φ', varphi: 'φ' },
    ...{ chi: 'χ', psi: 'ψ', omega: 'ω', Delta: 'Δ', Lambda: 'Λ', Sigma: 'Σ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω' },
  }),
);

/** The edit that writes what the sign at `index` stands for, where that is known. */
export function fixOfForeign(text: string, tokens: readonly Token[], index: number): Diagnostic['fix'] {
  const { text: sign, span } = at(tokens, index);
  const after = tokens[index + 1];
  if (sign === '\\') {
    const word = after?.span[0] === span[1] ? after.text : '';
    const insert = LATEX.get(word) ?? (word === '' || word === 'frac' ? undefined : word); // \sin is sin
    return insert === undefined ? undefined : written([span[0], span[1] + word.length], insert);
  }
  if (sign === "'" && multiplies(text, span[0])) return undefined; // x*x' may be a matrix
  const around = AROUND.get(sign);
  const both = around && enclosed(text, tokens, index, around);
  if (both) return both;
  if (sign === '√')
    return after ? written([span[0], after.span[1]], after.text === '(' ? 'sqrt(' : `sqrt(${after.text})`) : undefined;
  const insert = REPLACEMENT.get(sign);
  const isDouble = sign === '&' && text[span[1]] === '&';
  return insert === undefined ? undefined : written(isDouble ? [span[0], span[1] + 1] : span, insert);
}

/** Whether there is a `*` on the line, but for the one of a power. */
const multiplies = (text: string, at: number): boolean =>
  /(?<!\*)\*(?!\*)/u.test(`${/[^\n\r]*$/u.exec(text.slice(0, at))?.[0]}${/^[^\n\r]*/u.exec(text.slice(at))?.[0]}`);

const written = (span: Span, insert: string): NonNullable<Diagnostic['fix']> => ({
  title: insert.trim() === '' ? 'Remove it' : `Write ${insert.trim()}`,
  span,
  insert,
});

/** `|x|` and the like: the sign and its other half on the same line, as one edit; `||x||` is a length. */
function enclosed(
  text: string,
  tokens: readonly Token[],
  index: number,
  [closing, before, after]: readonly [string, string, string],
): Diagnostic['fix'] {
  const { text: sign, span } = at(tokens, index);
  const isDouble = sign === '|' && text[span[1]] === '|';
  const from = span[1] + (isDouble ? 1 : 0);
  const lineEnd = text.slice(from).search(/[\n\r]/u);
  const line = text.slice(from, lineEnd < 0 ? undefined : from + lineEnd);
  const end = line.indexOf(isDouble ? '||' : closing);
  if (end <= 0) return undefined;
  const insert = `${isDouble ? 'norm(' : before}${line.slice(0, end).trim()}${after}`;
  return written([span[0], from + end + (isDouble ? 2 : 1)], insert);
}
