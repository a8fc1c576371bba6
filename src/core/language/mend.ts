/** One-click fixes of texts that do not parse: only those that, applied, leave nothing of the fault. */
import type { Diagnostic, Fix, Result } from '../diagnostic.ts';
import { plainly } from './plain/plainly.ts';

/** `w.sum(`, `np.where(`: whatever else the parser made of it. */
const METHOD = /[\p{L}\p{N}_)\]]\.\p{L}[\p{L}\p{N}_]*\(/u;

type Parse = (text: string) => Result<unknown>;

/** Lines of a paper are short; the guess looks at every pair of places in a line. */
const MAX_GUESSED = 400;

export const applied = (text: string, { span: [from, to], insert }: Fix): string =>
  text.slice(0, from) + insert + text.slice(to);

/** The diagnostics with better fixes, and without those that would not mend. `parseOnce` says what is wrong with a text. */
export function withFixes(text: string, diagnostics: readonly Diagnostic[], parseOnce: Parse): Diagnostic[] {
  const whole = inPlainWords(text, parseOnce);
  const [first] = diagnostics;
  if (whole && first) return [{ ...first, message: 'This is LaTeX; the words of this page say the same.', fix: whole }];
  return diagnostics.map(({ fix, ...diagnostic }) => {
    if (!diagnostic.span) return diagnostic;
    const better = plainLine(text, diagnostic.span[0], parseOnce);
    const line = text.slice(...lineAround(text, diagnostic.span[0]));
    if (better && !fix && METHOD.test(line)) {
      return { ...diagnostic, message: 'A function stands before its arguments: sum(w, axis=0).', fix: better };
    }
    const kept = better ?? (fix && mends(text, { ...diagnostic, fix }, parseOnce) ? fix : undefined);
    return kept ? { ...diagnostic, fix: kept } : diagnostic;
  });
}

const lineAround = (text: string, at: number): readonly [from: number, to: number] => {
  const from = text.slice(0, at).search(/[^\n\r]*$/u);
  const length = /^[^\n\r]*/u.exec(text.slice(from))?.[0].length ?? 0;
  return [from, from + length];
};

/** The line as it would be written here, if that is a line of the language. */
function plainLine(text: string, at: number, parseOnce: Parse): Fix | null {
  const [from, to] = lineAround(text, at);
  const line = text.slice(from, to);
  if (line.length > MAX_GUESSED) return null;
  const plain = plainly(line);
  if (plain === line || plain.trim() === '') return null;
  const fix = smallest({ title: `Write ${shown(plain)}`, span: [from, to], insert: plain }, line);
  const after = parseOnce(applied(text, fix));
  const isWhole =
    after.ok || after.diagnostics.every(({ span }) => span && (span[1] <= from || span[0] > from + plain.length));
  return isWhole ? fix : null;
}

/** A paste of LaTeX, all its lines at once. */
function inPlainWords(text: string, parseOnce: Parse): Fix | null {
  const lines = text.split('\n');
  const foreign = lines.filter((line) => line.includes('\\'));
  if (foreign.length < 2 || lines.some((line) => line.length > MAX_GUESSED)) return null;
  const insert = lines.map((line) => (line.includes('\\') || line.includes('&') ? plainly(line) : line)).join('\n');
  return parseOnce(insert).ok ? { title: 'Write it all plainly', span: [0, text.length], insert } : null;
}

/** The part that changes, so that the rest of the line keeps its place. */
function smallest(fix: Fix, line: string): Fix {
  const { insert, span } = fix;
  let start = 0;
  while (start < line.length && start < insert.length && line[start] === insert[start]) start++;
  let end = 0;
  while (
    end < line.length - start &&
    end < insert.length - start &&
    line[line.length - 1 - end] === insert[insert.length - 1 - end]
  )
    end++;
  return { ...fix, span: [span[0] + start, span[1] - end], insert: insert.slice(start, insert.length - end) };
}

const shown = (text: string): string => {
  const words = text.trim().replace(/\s+/gu, ' ');
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
};

/** Whether the fault is gone, and nothing new is wrong before the next fault of the line. */
function mends(text: string, { message, span, fix }: Diagnostic & { readonly fix: Fix }, parseOnce: Parse): boolean {
  const mended = applied(text, fix);
  if (mended === text) return false;
  const after = parseOnce(mended);
  if (after.ok || !span) return true;
  const [from, to] = lineAround(mended, Math.min(span[0], fix.span[0]));
  const end = fix.span[0] + fix.insert.length;
  return after.diagnostics.every(
    (other) =>
      other.span && (other.span[0] < from || other.span[0] > to || (other.message === message && other.span[0] >= end)),
  );
}
