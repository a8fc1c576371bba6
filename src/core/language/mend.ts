/** One-click fixes of texts that do not parse: only those that, applied, leave nothing of the fault. */
import type { Diagnostic, Fix, Result, Span } from '../diagnostic.ts';
import { isFunctionName } from './functions.ts';
import { discreteValues } from './plain/discrete.ts';
import { besideValue, doubtful, proseMultiplied } from './plain/doubtful.ts';
import { keptIndex } from './plain/indices.ts';
import { translatedMatlab } from './plain/matlab.ts';
import { minMax } from './plain/min-max.ts';
import { translatedModel } from './plain/modeling.ts';
import { onLines, withVectors } from './plain/paper.ts';
import { plainLine } from './plain/plainly.ts';
import { translatedProgram } from './plain/python-problem.ts';
import { type Known, knownIn, spacesIn } from './plain/shapes.ts';
import { type Meant, onLinesOfTheirOwn, saidAfter, withDeclaration, withKeyword } from './plain/statement.ts';
import type { Summed } from './plain/sums.ts';

/** `w.sum(`, `np.where(`: whatever else the parser made of it. */
const METHOD = /[\p{L}\p{N}_)\]]\.\p{L}[\p{L}\p{N}_]*\(/u;

type Parse = (text: string) => Result<unknown>;

/** Lines of a paper are short; the guess looks at every pair of places in a line. */
const MAX_GUESSED = 400;

const applied = (text: string, { span: [from, to], insert }: Fix): string =>
  text.slice(0, from) + insert + text.slice(to);

/** The diagnostics with better fixes, and without those that would not mend. `parseOnce` says what is wrong with a text. */
export function withFixes(text: string, diagnostics: readonly Diagnostic[], parseOnce: Parse): Diagnostic[] {
  const program = inLanguage(text, parseOnce);
  if (program) return [program];
  const unlike = discreteValues(text) ?? minMax(text);
  if (unlike) return [offered(text, unlike, parseOnce)];
  const whole = inPlainWords(text, parseOnce);
  const [first] = diagnostics;
  if (whole && first) return [{ ...first, message: 'This is LaTeX; the words of this page say the same.', fix: whole }];
  const joined = onOneLine(text, parseOnce);
  if (joined && first)
    return [
      { ...first, message: 'A line goes on in brackets, or where it ends with an operator or a comma.', fix: joined },
    ];
  const mended = diagnostics.map(({ fix, ...diagnostic }): Mended => {
    if (!diagnostic.span) return diagnostic;
    const line = text.slice(...lineAround(text, diagnostic.span[0]));
    const doubt = doubtful(line);
    if (doubt !== null) return { ...diagnostic, message: doubt, isWholeLine: true };
    const better = mendedLine(text, diagnostic.span[0], parseOnce);
    const plain = better ? null : plainLine(line.slice(0, MAX_GUESSED), knownIn(text));
    const kept = plain && keptIndex(plain.line, plain.refusal);
    if (kept !== null) return { ...diagnostic, message: kept, isWholeLine: true };
    const said = !fix && METHOD.test(line) && { message: 'A function stands before its arguments: sum(w, axis=0).' };
    if (better)
      return {
        ...diagnostic,
        ...said,
        ...better,
        span: replacedPart(better.fix, diagnostic.span, text),
        isWholeLine: true,
      };
    const prose =
      fix &&
      [plain?.line ?? '', apartLines(line, text), linesOfFix(text, fix)]
        .map((written) => proseMultiplied(written, line, text))
        .find((word) => word !== null);
    if (prose) return { ...diagnostic, message: besideValue(prose), isWholeLine: true };
    return fix && mends(text, { ...diagnostic, fix }, parseOnce) ? { ...diagnostic, fix } : diagnostic;
  });
  const all = mendedAll(text, mended, parseOnce);
  const lineOf = ({ span }: Diagnostic) => (span ? lineAround(text, span[0])[0] : -1);
  return mended
    .filter((each, i) => !mended.slice(0, i).some((other) => other.isWholeLine && lineOf(other) === lineOf(each)))
    .map(({ isWholeLine, ...diagnostic }, i) => (i === 0 && all ? { ...diagnostic, ...all } : diagnostic));
}

const MOST_PASSES = 4;

/** One click for all lines, beside that for the first, where each fault has a fix and together they leave none. */
function mendedAll(text: string, found: readonly Diagnostic[], parseOnce: Parse): Pick<Diagnostic, 'otherFix'> | null {
  if (found.some(({ fix, otherFix }) => !fix || otherFix)) return null;
  let insert = text;
  for (let pass = 0, fixes = found; pass < MOST_PASSES; pass++) {
    insert = allApplied(insert, fixes);
    const after = parseOnce(insert);
    if (after.ok) break;
    fixes = after.diagnostics.flatMap((fault) => {
      const fix = (fault.span && mendedLine(insert, fault.span[0], parseOnce)?.fix) ?? fault.fix;
      return fix ? [{ ...fault, fix }] : [];
    });
    if (fixes.length === 0) return null;
  }
  const isOfOneLine = found.length === 1 && allApplied(text, found) === insert;
  if (isOfOneLine || !parseOnce(insert).ok) return null;
  return { otherFix: { title: 'Mend all lines', span: [0, text.length], insert } };
}

/** From the last to the first; of two that overlap, the first. */
function allApplied(text: string, diagnostics: readonly Diagnostic[]): string {
  let end = -1;
  const apart = diagnostics
    .flatMap(({ fix }) => fix ?? [])
    .sort((a, b) => a.span[0] - b.span[0])
    .filter(({ span }) => {
      if (span[0] < end || (span[0] === end && span[0] === span[1])) return false;
      end = span[1];
      return true;
    });
  return apart.reverse().reduce(applied, text);
}

/** The statements of a line that holds a whole problem, plainly. */
const apartLines = (line: string, text: string): string =>
  (onLinesOfTheirOwn(line)?.line ?? '')
    .split('\n')
    .map((each) => plainLine(each, knownIn(text)).line)
    .join('\n');

/** The lines with the fix. */
const linesOfFix = (text: string, fix: Fix): string => {
  const mended = applied(text, fix);
  const [from] = lineAround(mended, fix.span[0]);
  return mended.slice(from, lineAround(mended, fix.span[0] + fix.insert.length)[1]);
};

/** What the fix takes away of the line is what is marked; where it only adds, the place of the fault. */
const replacedPart = ({ span: [from, to] }: Fix, fallback: Span, text: string): Span => {
  const begin = Math.max(from, lineAround(text, fallback[0])[0]); // a declaration is added before the first line
  return to > begin ? [begin, to] : fallback;
};

/** `isWholeLine`: its message and its fix are all there is to say of the line. */
type Mended = Diagnostic & { readonly isWholeLine?: boolean };

const lineAround = (text: string, at: number): readonly [from: number, to: number] => {
  const from = text.slice(0, at).search(/[^\n\r]*$/u);
  const length = /^[^\n\r]*/u.exec(text.slice(from))?.[0].length ?? 0;
  return [from, from + length];
};

const OBJECTIVE = /^\s*(?:min|max)/mu;
/** `y = np.array([1, 0, 1])`: nothing but an array can be meant, wherever it stands. */
const ARRAY = /^\s*[\p{L}_][\p{L}\p{N}_]*\s*=\s*(?:[\p{L}.]+\()?\[/u;

/** Whether something is minimized after this place, and nothing before; an array is given before anything is. */
const isBeforeObjective = (text: string, at: number): boolean =>
  !OBJECTIVE.test(text.slice(0, at)) &&
  !/subject\s+to/u.test(text.slice(0, at)) &&
  (OBJECTIVE.test(text.slice(at)) || ARRAY.test(text.slice(at)));

/** Whether the line says what holds, after what is minimized and before any subject to. */
const isConstraint = (text: string, at: number, line: string): boolean =>
  OBJECTIVE.test(text.slice(0, at)) &&
  !/(?<![\p{L}\p{N}_])(?:subject\s+to|s\.\s*t\.|st)(?![\p{L}\p{N}_])/u.test(text.slice(0, at)) &&
  /^(?!\s*(?:param|data|let|min|max|subject)).*[<>=≤≥]/u.test(line);

/** The line as it would be written here, if that is a line of the language; with a message where its statement had to be guessed. */
function mendedLine(
  text: string,
  at: number,
  parseOnce: Parse,
): { readonly fix: Fix; readonly otherFix?: Fix; readonly message?: string } | null {
  const [from, to] = lineAround(text, at);
  const line = text.slice(from, to);
  if (line.length > MAX_GUESSED) return null;
  const known = knownIn(text);
  const plain = plainLine(line, known);
  const begun = withKeyword(line);
  const apart = onLinesOfTheirOwn(line);
  const after = saidAfter(line, text, known);
  const guesses: (Partial<Meant> & Summed)[] = [
    ...(isBeforeObjective(text, from) ? withDeclaration(line, plain.line, text) : []),
    ...(after ? [{ ...after, ...together(after.line.split('\n').map((each) => plainLine(each, known))) }] : []),
    ...(begun ? [{ ...begun, ...plainLine(begun.line, known) }] : []),
    { ...plain, ...(plain.isOfArrays && { message: OF_ARRAYS }) },
    ...(isConstraint(text, from, plain.line)
      ? [
          {
            ...plain,
            line: plain.line.replace(/^\s*/u, '$&subject to '),
            message: 'Constraints follow the words subject to.',
          },
        ]
      : []),
    ...(apart ? [{ ...apart, ...together(apart.line.split('\n').map((each) => plainLine(each, known))) }] : []),
  ];
  const spaces = [...spacesIn(line)].filter(([name]) => !known.stated.has(name));
  for (const { line: said, lengths, message, other } of guesses) {
    const untold = untoldLengths(line, said, known, lengths, lastIndex(line) ?? SOME);
    if ([...untold.keys()].filter((name) => !GIVEN.test(name)).length > 1) continue; // which of them is learned?
    const told = new Map([...spaces, ...untold, ...(lengths ?? [])]);
    const declared = declaredFirst(told, untold);
    const meant = withEntries(said, told);
    if (meant === line || meant.trim() === '' || proseMultiplied(meant, line, text) !== null) continue;
    const asFix = (insert: string) => smallest({ title: `Write ${shown(insert)}`, span: [from, to], insert }, line);
    const fix: Fix =
      declared === ''
        ? asFix(meant)
        : {
            title: `Write ${shown(`${declared.replaceAll('\n', ', ')}${meant}`)}`,
            span: [0, to],
            insert: `${declared}${text.slice(0, from)}${meant}`,
          };
    const after = parseOnce(applied(text, fix));
    const end = from + declared.length + meant.length;
    const isWhole = after.ok || after.diagnostics.every(({ span }) => span && (span[1] <= from || span[0] > end));
    if (isWhole)
      return {
        fix,
        ...(other !== undefined && { otherFix: asFix(other) }),
        ...(untold.size > 0 && lastIndex(line) === null
          ? { message: UNTOLD([...untold.keys()]) }
          : message !== undefined && { message }),
      };
  }
  return null;
}

/** x_1 of an x that is an array is its first entry. */
const withEntries = (line: string, lengths: ReadonlyMap<string, readonly number[]>): string =>
  [...lengths.keys()].reduce(
    (text, name) =>
      text.replaceAll(
        new RegExp(`(?<![\\p{L}\\p{N}_])${name}_?([1-9]\\d*)(?![\\p{L}\\p{N}_])`, 'gu'),
        (_, number: string) => `${name}[${Number(number) - 1}]`,
      ),
    lengths.size === 0
      ? line
      : line.replaceAll(/[₀-₉]+/gu, (digits) => digits.replaceAll(/./gu, (digit) => `${digit.charCodeAt(0) - 0x2080}`)),
  );

const together = (lines: readonly Summed[]): Summed => ({
  line: lines.map(({ line }) => line).join('\n'),
  lengths: new Map(lines.flatMap(({ lengths }) => [...(lengths ?? [])])),
});

const OF_ARRAYS =
  'Entries are not numbered by letters here: what is said of each is said of the whole array, and of some with a slice, as in x[1:] - x[:-1].';

/** 4 of `i = 1, …, 4`. */
const lastIndex = (line: string): number | null => {
  const last = /(?<![\p{L}\p{N}_])[ijk]\s*=\s*1\s*(?:,\s*\d+\s*)*(?:,|\.\.|…|:)[\s.,…⋯]*(\d+)/u.exec(line)?.[1];
  return last === undefined ? null : Number(last);
};

/** Stands for a length that the text does not tell. */
const SOME = 3;

const UNTOLD = (names: readonly string[]): string =>
  `How many entries ${names.join(' and ')} ${names.length > 1 ? 'have' : 'has'} is not told. Each gets ${SOME} of them: change that number.`;

/** Arrays whose entries are numbered by a letter, `p_i`, and of which nothing tells how many they are: as names alone they would be numbers. */
function untoldLengths(
  line: string,
  said: string,
  { shapes, stated, words, isClosed }: Known,
  lengths: Summed['lengths'],
  length: number,
): ReadonlyMap<string, readonly number[]> {
  const isTold = [shapes, lengths ?? new Map()].some((known) => known.size > 0) || stated.size > 0 || isClosed;
  const numbered = [...line.matchAll(/(?<![\p{L}\p{N}_\\])(\p{L}+)(?:_\{?[ijk]\}?(?![\p{L}\p{N}_])|[ᵢⱼₖ](?![ᵢⱼₖ]))/gu)];
  const names = numbered.flatMap(([, name = '']) => (words.has(name) || isFunctionName(name) ? [] : name));
  const isUsed = (name: string) => new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, 'u').test(said);
  return new Map(isTold ? [] : names.filter(isUsed).map((name) => [name, [length]] as const));
}

/** By habit these are given, and their numbers are not known. */
const GIVEN = /^(?:[abcd]|\p{Lu})$/u;

/** `param p[6]` for a p whose entries are numbered up to 6: as a name that nothing declares, it would be one number. */
const declaredFirst = (
  lengths: ReadonlyMap<string, readonly number[]>,
  untold: ReadonlyMap<string, readonly number[]>,
): string =>
  [...lengths]
    .map(([name, shape], _, all) => {
      if (!GIVEN.test(name) || all.every(([other]) => GIVEN.test(other))) return `param ${name}[${shape.join(', ')}]\n`;
      return untold.has(name) ? `data ${name} = ones(${shape.join(', ')})\n` : '';
    })
    .join('');

/** What a whole program of Python says, in one step; or why not, and what it looks like here. */
function inLanguage(text: string, parseOnce: Parse): Diagnostic | null {
  const program = translatedModel(text) ?? translatedMatlab(text) ?? translatedProgram(text);
  if (program === null) return null;
  const span = [0, lineAround(text, 0)[1]] as const;
  const isText = 'text' in program && parseOnce(program.text).ok;
  if (isText) {
    const fix = { title: 'Write it as on paper', span: [0, text.length] as const, insert: program.text };
    return {
      severity: 'error',
      message: `This is a program (${program.kind}); it states a problem that can be written here.`,
      span,
      fix,
    };
  }
  const { line = 0, refusal = 'Not all of it was understood.' } = 'refusal' in program ? program : {};
  const begin =
    text
      .split('\n')
      .slice(0, Math.max(0, line - 1))
      .join('\n').length + (line > 1 ? 1 : 0);
  return {
    severity: 'error',
    message: `This is a program (${program.kind}). Here a problem is stated as on paper: param w[3], data A = [[1, 2, 3]], minimize sum((A @ w - b)^2), subject to, and a constraint a line. It could not be translated: ${refusal}`,
    span: line > 0 ? lineAround(text, begin) : span,
  };
}

/** With its fix only where that mends. */
function offered(text: string, { fix, ...diagnostic }: Diagnostic, parseOnce: Parse): Diagnostic {
  return fix && mends(text, { ...diagnostic, fix }, parseOnce) ? { ...diagnostic, fix } : diagnostic;
}

/** A paste of LaTeX, all its lines at once. */
function inPlainWords(text: string, parseOnce: Parse): Fix | null {
  const lines = text.split('\n');
  const foreign = lines.filter((line) => line.includes('\\'));
  const isWhole = foreign.length >= 2 || /\\(?:min|max|underset|arg|begin|operatorname)(?![a-z])/u.test(text);
  if (foreign.length === 0 || !isWhole || lines.some((line) => line.length > MAX_GUESSED)) return null;
  const known = knownIn(text);
  const plain = together(
    lines.map((line) => (line.includes('\\') || line.includes('&') ? plainLine(line, known) : { line })),
  );
  const insert = declaredFirst(plain.lengths ?? new Map(), new Map()) + withVectors(onLines(plain.line), text);
  return parseOnce(insert).ok ? { title: 'Write it all plainly', span: [0, text.length], insert } : null;
}

/** In Python a line that ends with a backslash goes on. */
function onOneLine(text: string, parseOnce: Parse): Fix | null {
  const insert = text.replace(/[ \t]*(?<!\\)\\[ \t]*\r?\n[ \t]*/gu, ' ');
  if (insert === text || !parseOnce(insert).ok) return null;
  return smallest({ title: 'Join the lines', span: [0, text.length], insert }, text);
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
