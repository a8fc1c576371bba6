/** What was typed as on paper, in LaTeX or in Python → the language. A guess: whoever offers it parses it first. */
import { isFunctionName } from '../functions.ts';
import { plainLatex, SIGMA } from './latex.ts';
import { plainLists } from './lists.ts';
import { plainProducts } from './products.ts';
import { plainPython } from './python.ts';
import { plainFactors } from './run-together.ts';
import { type Known, NOTHING_KNOWN } from './shapes.ts';
import { plainSigns } from './signs.ts';
import { plainSums, type Summed } from './sums.ts';
import { transposedProducts } from './transposed-products.ts';

/** `(floor)` behind a constraint: words that the text says nowhere else. */
const REMARK = /(?<=\S)\s+\((\p{L}{4,}(?:[ -]\p{L}+)*)\)[.,;]?\s*$/u;

/** Comments of other languages begin with # here. */
const comments = (text: string, { words, repeated }: Known): string =>
  text
    .replace(/^(\s*)(?:\/\/|%+|--(?=\s\p{L})|\/\*)\s*/u, '$1# ')
    .replace(/(?<=[=<>≤≥].*\S)\s+(?:\/\/|%|--|\/\*)\s*(?=\p{L})/u, ' # ')
    .replace(/\s*\*\/\s*$/u, '')
    .replace(
      /^(\s*)[\p{L}_][\p{L}\p{N}_]*\s*(?:∈|\\in\b|in\b)\s*(?:ℝ|\\mathbb\{R\}|R\^)[^,;:]*[,;:]\s*(?=\\?(?:arg\s*)?(?:min|max))/iu,
      '$1',
    )
    .replace(/^(\s*)(?=[\p{L}_][\p{L}\p{N}_]*\s*(?:∈|\\in\b|in\b)\s*(?:ℝ|\\mathbb\{R\}|R\^))/u, '$1# ')
    .replace(/(?<=[=<>≤≥].*\S)\s+(\((?:\p{L}+\d{1,2}|\d{1,2}[a-z]?)\))\s*$/u, ' # $1') // the number of an equation
    .replace(/\s*\(?element-?wise\)?\s*$/u, '')
    .replace(REMARK, (typed, remark: string) =>
      remark.split(/[ -]/u).every((word) => words.has(word) && !repeated.has(word)) ? ` # ${remark}` : typed,
    );

const STATEMENTS: readonly (readonly [RegExp, string])[] = [
  [
    /^\s*(mini|maxi)mi[sz]e\s+the\s+(?:\p{L}+\s+){0,2}?(?:loss|cost|objective|error|function)(?:\s+function)?\s*:?(?=\s+[-\p{L}\p{N}(])/iu,
    '$1mize',
  ],
  [
    /^(\s*)(?:arg\s*)?(min|max)(?:imi[sz]e)?(?:_\{[^{}]*\}|_[\p{L}\p{N}]+|\s+over\s+[^:]*:|(?<=arg\s*...))(?=\s)/iu,
    '$1$2imize',
  ],
  [/(?<=subject\s+to)\s+the\s+(?:following\s+)?constraints?:?(?=\s)/iu, ''],
  [/^\s*(?:min|Minimize|minimise)(?![\p{L}\p{N}])(?!\s*\()(?:_\{[^{}]*\}|_\w+)?:?/u, 'minimize'],
  [/^\s*(?:max|Maximize|maximise)(?![\p{L}\p{N}])(?!\s*\()(?:_\{[^{}]*\}|_\w+)?:?/u, 'maximize'],
  [/^(\s*(?:param|data)\s+[\p{L}_][\p{L}\p{N}_]*)\((\d+(?:\s*,\s*\d+)?)\)/u, '$1[$2]'],
  [/(?<![\p{L}\p{N}_])such\s+that(?![\p{L}\p{N}_]):?/u, 'subject to'],
  [/(?<![\p{L}\p{N}_])(?:Subject\s+to|SUBJECT\s+TO|s\.\s*t\.)(?![\p{L}\p{N}_]):?/u, 'subject to'],
  [/(?<!\d)\.(?=[*/^])/gu, ''], // entry by entry, as in MATLAB
  [/(?<=[=<>≤≥][^,;]*[\p{L}\p{N})\]])\s+\([λμν][₀-₉ᵢ\d]?\)(?=\s*(?:$|[,;]))/gu, ''], // the name of its multiplier
  [/^(\s*(?:minimize|maximize))\s+(?:[\p{L}_][\p{L}\p{N}_]*\s*\([^()]*\)|f|L|J|loss|cost)\s*=(?!=)/u, '$1'],
  [/^(\s*(?:minimize|maximize))\s*=(?!=)/u, '$1'],
  [/=>/gu, '>='],
  [/=<(?!=)/gu, '<='],
  [/^(\s*)[•*]\s+/u, '$1'],
  [/^(\s*)[([]?(\d{1,2})[).\]]\s+(?=\p{L}.*[=<>≤≥])/u, '$1c$2: '],
  [/^(\s*)[([]?([a-z])[).\]]\s+(?=\p{L}.*[=<>≤≥])/u, '$1$2: '],
  [/^(\s*)(\d+):\s/u, '$1c$2: '],
  [/(?<=\sin\s*|∈\s*)[([]([^,;[\]()]+),([^,;[\]()]+)[)\]]/u, 'box($1,$2)'],
  [/(?<=[-+*/=<>,≤≥−‖|]\s*)\((\s*[-−]?[\d.]+(?:\s*,\s*[-−]?[\d.]+)+\s*)\)/gu, '[$1]'], // x − (1, 2)
  [/(?<=\sin\s*|∈\s*)Δ(?:_\w+)?/u, 'simplex'],
  [/,\s*(?:ord\s*=\s*)?(['"])fro\1/gu, ''],
  [/(?<=[\p{L}\p{N}_])\[\[?(["'][\p{L}\p{N}_]+["'](?:, ?["'][\p{L}\p{N}_]+["'])*)\]\]?/gu, '($1)'], // columns of a table
  [/(soft\s*\([^()]*\))(?=\s+[\p{L}\d(])/u, '$1:'],
];

/** `maximize P = 40x + 30y`: what is maximized has a name, which the text says nowhere else. */
const unnamed = (text: string, { repeated }: Known): string =>
  text.replace(
    /^(\s*(?:minimize|maximize))\s+([\p{L}_][\p{L}\p{N}_]*)\s*=(?![=<>])/u,
    (typed, word: string, name: string) => (repeated.has(name) ? typed : word),
  );

/** `my budget: x = 1` and `budget-1: x = 1`: a label is one name. */
const labelled = (text: string): string =>
  text.replace(
    /^(\s*)(\p{L}[\p{L}\p{N}_]*(?:[ -]+[\p{L}\p{N}_]+)+)\s*:(?=\s)/u,
    (typed, indent: string, label: string) =>
      /^(?:for|st|lambda|subject|let|param|data|if|minimize|maximize)\b/u.test(label)
        ? typed
        : `${indent}${label.replace(/[ -]+/gu, '_')}:`,
  );

const NAMED = String.raw`(?:def\s+)?([\p{L}_][\p{L}\p{N}_]*)\s*\([\p{L}\p{N}_\s,]*\)\s*=(?!=)`;
const NAMED_CONSTRAINT = new RegExp(`((?:^|[;:]|subject to)\\s*)${NAMED}(?=[^;]*[<>=≤≥])`, 'u');
const NAMED_VALUE = new RegExp(`^(\\s*)${NAMED}(?=[^<>=≤≥]*$)`, 'u');

/** `g(x, y) = x + y <= 1` has a label, `f(x, y) = x^2` a name; `sum(w) = 1` says what it says. */
const named = (text: string): string => {
  const as = (write: (before: string, name: string) => string) => (typed: string, before: string, name: string) =>
    isFunctionName(name) ? typed : write(before, name);
  return text
    .replace(
      NAMED_CONSTRAINT,
      as((before, name) => `${before}${name}:`),
    )
    .replace(
      NAMED_VALUE,
      as((before, name) => `${before}let ${name} =`),
    );
};

/** `param w in R^3` and `param W in R^{2×3}`: the space gives the length. */
const ofSpace = (text: string): string =>
  text
    .replace(/^(\s*param\s+[\p{L}_][\p{L}\p{N}_]*)\s+in\s+[Rℝ]\s*$/u, '$1')
    .replace(
      /^(\s*param\s+[\p{L}_][\p{L}\p{N}_]*)\s+in\s+[Rℝ]\s*\^?\s*[({]?\s*(\d+)(?:\s*[x×*]\s*(\d+))?\s*[)}]?\s*$/u,
      (_, declared: string, rows: string, columns?: string) => `${declared}[${rows}${columns ? `,${columns}` : ''}]`,
    );

const DRAWN =
  /^(\s*(?:param\s+)?[\p{L}_][\p{L}\p{N}_]*)\s*(?:\[([\d, ]*)\])?\s*[=~]\s*(?:(?:np\.|numpy\.)?(?:random\.)?default_rng\([^()]*\)\.|(?:np|numpy)\.random\.|torch\.|rng\.)(randn|standard_normal|normal|rand|random|uniform)\(((?:[^()]|\([^()]*\))*)\)\s*$/u;

/** `w = rng.normal(0, 0.5, size=3)`, as NumPy and PyTorch draw: `w[3] ~ normal(0, 0.5)`. */
const drawn = (text: string): string =>
  text.replace(DRAWN, (_, name: string, lengths: string | undefined, draw: string, given: string) => {
    const args = given.match(/(?:[^,()]|\([^()]*\))+/gu)?.map((arg) => arg.trim()) ?? [];
    const named = (...keys: string[]) =>
      args.find((arg) => keys.some((key) => arg.startsWith(`${key}=`)))?.replace(/^\w+=/u, '');
    const plain = args.filter((arg) => !/^\w+\s*=/u.test(arg));
    const takesTwo = draw === 'normal' || draw === 'uniform';
    const size = named('size') ?? (takesTwo ? plain[2] : plain.join(', '));
    const shape = lengths ?? size?.replace(/^\(|,?\s*\)$/gu, '') ?? '';
    const isNormal = /^(?:randn|standard_normal|normal)$/u.test(draw);
    const [first, second] = isNormal
      ? [named('loc') ?? '0', named('scale') ?? '1']
      : [named('low') ?? '0', named('high') ?? '1'];
    const ends = takesTwo ? [plain[0] ?? first, plain[1] ?? second] : [first, second];
    return `${name}${shape ? `[${shape}]` : ''} ~ ${isNormal ? 'normal' : 'uniform'}(${ends.join(', ')})`;
  });

/** Blanks that the passes left, but not the indentation. */
const tidy = (text: string): string => {
  const [, indent = '', code = '', comment = ''] = /^(\s*)([^#]*)(.*)$/su.exec(text) ?? [];
  const spaced = code
    .replace(/[ \t]{2,}/gu, ' ')
    .replace(/\( /gu, '(')
    .replace(/ (?=[),;])/gu, '')
    .replace(/[ \t.,;]+$/u, (end) => (comment === '' ? '' : end));
  return `${indent}${spaced}${comment}`;
};

/** One line; where LaTeX breaks it, several. */
export const plainly = (line: string): string => plainLine(line, NOTHING_KNOWN).line;

/** With what indices of the line say, where the text around it tells lengths. */
export function plainLine(line: string, known: Known): Summed {
  const noted = comments(
    known.stated.has('Σ')
      ? line.replaceAll(/Σ(?=\p{L})/gu, `${SIGMA} `).replaceAll('Σ', SIGMA)
      : line.replaceAll(/(?<=(?:\^T|[ᵀ⊤@]|\.T)\s*)Σ(\p{L})?/gu, (_, next?: string) =>
          next ? `${SIGMA} ${next}` : SIGMA,
        ),
    known,
  );
  const at = noted.indexOf('#');
  const [typed, comment] = at < 0 ? [noted, ''] : [noted.slice(0, at), noted.slice(at)];
  const code = typed.includes('\\') ? typed : transposedProducts(typed, known);
  if (code === null) return { line };
  const parts = plainLatex(code)
    .split('\n')
    .map((part) => {
      const words = STATEMENTS.reduce((text, [sign, insert]) => text.replace(sign, insert), drawn(part));
      return plainSums(labelled(named(unnamed(words, known))), known);
    });
  const plain = parts
    .map((part) =>
      plainProducts(
        plainFactors(
          plainPython(
            ofSpace(plainLists(plainSigns(part.line)))
              .replace(/[{]/gu, '(')
              .replace(/[}]/gu, ')'),
          ),
          known,
        ),
      ),
    )
    .map((part) => tidy(part.replaceAll(SIGMA, 'Σ')))
    .filter((part, i) => i === 0 || part.trim() !== '')
    .join('\n');
  const refusal = parts.find((part) => part.refusal !== undefined)?.refusal;
  return {
    line:
      comment === ''
        ? plain
        : `${plain.trim() === '' ? (/^\s*/u.exec(plain)?.[0] ?? '') : `${plain.trimEnd()} `}${comment}`,
    lengths: new Map(parts.flatMap(({ lengths }) => [...(lengths ?? [])])),
    isOfArrays: parts.some(({ isOfArrays }) => isOfArrays),
    ...(refusal !== undefined && { refusal }),
  };
}
