/** `x ∈ {0, 1}`, `x integer`: values that are counted, which no step of an optimizer goes between. */
import type { Diagnostic } from '../../diagnostic.ts';

const NUMBER = String.raw`[-−]?\d+(?:\.\d+)?`;
const LISTED = new RegExp(
  String.raw`([\p{L}_][\p{L}\p{N}_]*(?:\[[\d, ]*\])?)\s*(?:∈|\\in\b|\bin\b)\s*\\?\{\s*(${NUMBER}(?:\s*,\s*${NUMBER})*)\s*\\?\}(?:\s*\^\s*\w+)?`,
  'u',
);
const NAMED =
  /([\p{L}_][\p{L}\p{N}_]*(?:\[[\d, ]*\])?)\s+(?:(?:is|are)\s+)?(?:an?\s+)?(binary|integers?)(?![\p{L}\p{N}_])/u;
/** `x ∈ ℤ³`; ℕ and 𝔹 likewise. */
const WHOLE =
  /([\p{L}_][\p{L}\p{N}_]*(?:\[[\d, ]*\])?)\s*(?:∈|\\in\b|\bin\b)\s*(?:[ℤℕ𝔹]|\\mathbb\s*\{?\s*[ZNB]\s*\}?|[ZN](?![\p{L}\p{N}_]))(?:[₊⁺₀⁰¹²³⁴-⁹ⁿ]|[_^]\{?[\w+]+\}?)*/u;

/** The first of them in the text, with the continuous values between as a fix; null where there is none. */
export function discreteValues(text: string): Diagnostic | null {
  const code = text.replace(/#.*$/gmu, (comment) => ' '.repeat(comment.length));
  const found = LISTED.exec(code) ?? NAMED.exec(code) ?? WHOLE.exec(code);
  if (found === null) return null;
  const [typed, name = '', values = ''] = found;
  const counted = values.split(',').map((value) => (value === '' ? Number.NaN : Number(value.replace('−', '-'))));
  const numbers = values === 'binary' ? [0, 1] : counted;
  const span = [found.index, found.index + typed.length] as const;
  const message = `${name} would be one of single values, which is combinatorial: a step of an optimizer cannot go from one to the next.`;
  if (numbers.some(Number.isNaN)) return { severity: 'error', message, span };
  const insert = `${Math.min(...numbers)} <= ${name} <= ${Math.max(...numbers)}`;
  return {
    severity: 'error',
    message: `${message} What lies between them is continuous: ${insert}.`,
    span,
    fix: { title: `Write ${insert}`, span, insert },
  };
}
