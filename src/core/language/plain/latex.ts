/** LaTeX as it is pasted from a paper → the language, as far as it goes; signs of paper are left to `signs.ts`. */
import { enclosed } from './brackets.ts';

const GREEK_LETTERS =
  'alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta θ iota ι kappa κ lambda λ mu μ nu ν ' +
  'xi ξ rho ρ sigma σ tau τ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Sigma Ϻ Phi Φ Psi Ψ Omega Ω';

/** `\\Sigma` is a matrix where Σ is a sum: it is this letter until all sums are written. */
export const SIGMA = 'Ϻ';

const GREEK = [...GREEK_LETTERS.matchAll(/(\w+) (\S)/gu)].map(([, word = '', letter = '']) => [word, letter] as const);
export const greekWords: ReadonlySet<string> = new Set(GREEK.map(([word]) => word));

const WORDS: ReadonlyMap<string, string> = new Map([
  ...GREEK,
  ...['le', 'leq', 'leqslant', 'preceq', 'preccurlyeq'].map((word) => [word, ' <= '] as const),
  ...['ge', 'geq', 'geqslant'].map((word) => [word, ' >= '] as const),
  ...['succeq', 'succcurlyeq'].map((word) => [word, ' ⪰ '] as const),
  ...['lt'].map((word) => [word, ' < '] as const),
  ...['gt'].map((word) => [word, ' > '] as const),
  ...['cdot', 'times', 'ast', 'odot', 'circ'].map((word) => [word, '*'] as const),
  ...[
    'left',
    'right',
    'big',
    'Big',
    'bigg',
    'Bigg',
    'bigl',
    'bigr',
    'Bigl',
    'Bigr',
    'displaystyle',
    'nonumber',
    'limits',
  ].map((word) => [word, ''] as const),
  ...['quad', 'qquad'].map((word) => [word, ' '] as const),
  ...['lVert', 'rVert', 'Vert'].map((word) => [word, '‖'] as const),
  ...['lvert', 'rvert', 'vert', 'mid'].map((word) => [word, '|'] as const),
  ...['top', 'intercal'].map((word) => [word, '⊤'] as const),
  ['equiv', ' = '],
  ['in', ' in '],
  ['infty', 'inf'],
  ['pi', 'pi'],
  ['div', '/'],
  ['land', '; '],
  ['wedge', '; '],
  ['colon', ':'],
  ['langle', '⟨'],
  ['rangle', '⟩'],
  ['sum', '∑'],
  ['ell', 'ℓ'],
  ['ln', 'log '],
  ['forall', '∀ '],
  ['lbrace', '('],
  ['rbrace', ')'],
]);

const STYLES = /^(?:math(?:bf|rm|cal|it|sf|tt|bb|scr)|boldsymbol|bm|text|textrm|textbf|textit|mbox|vec|rm|bf)$/u;
const ACCENTS = /^(?:hat|widehat|bar|overline|tilde|widetilde)$/u;

class Reader {
  private i = 0;

  constructor(private readonly text: string) {}

  /** Up to an unmatched closing brace. */
  read(): string {
    let out = '';
    let index: 'none' | 'open' | 'closed' = 'none';
    while (this.i < this.text.length && this.text.charAt(this.i) !== '}') {
      const sign = this.text.charAt(this.i);
      const isBare = /^_\s*[a-zA-Z]/u.test(this.text.slice(this.i));
      const piece = this.piece();
      const isLetter = /^\p{L}/u.test(piece);
      const isWithOwnIndex = this.text.charAt(this.i) === '_';
      // θ_1\theta_2, x_1x_2 and x_ix_j are products, but not A_ij and w_total
      const isFactor = index === 'closed' || (index === 'open' && isWithOwnIndex);
      const isApart = isLetter && (isFactor || (sign === '\\' && /[\p{L}\p{N}]$/u.test(out)));
      out += isApart ? ` ${piece}` : piece;
      if (sign === '_' && /^_[\p{L}\p{N}]+$/u.test(piece)) index = isBare ? 'open' : 'closed';
      else if (isApart || !isLetter) index = 'none';
      if (index === 'open' && !/[i-n]$/u.test(piece)) index = 'none'; // of a word
    }
    return out;
  }

  private piece(): string {
    const sign = this.text.charAt(this.i);
    if (sign === '\\') return this.command();
    this.i++;
    if (sign === '{') return this.group();
    if (sign === '&' || sign === '$') return ' ';
    if (sign === '^') return raised(this.argument());
    if (sign === '_') return lowered(this.argument());
    return sign;
  }

  private group(): string {
    const inner = this.read();
    this.i++;
    return inner;
  }

  /** What follows a command or a raised or lowered sign: a group, a command, one digit or letter. */
  private argument(bare = /^(?:\d+|.)/u): string {
    while (this.text.charAt(this.i) === ' ') this.i++;
    const sign = this.text.charAt(this.i);
    if (sign === '{' || sign === '\\') return this.piece().trim();
    const word = bare.exec(this.text.slice(this.i))?.[0] ?? '';
    this.i += word.length;
    return word;
  }

  private optional(): string | null {
    const match = /^\s*\[([^\]]*)\]/u.exec(this.text.slice(this.i));
    if (!match) return null;
    this.i += match[0].length;
    return match[1] ?? '';
  }

  private command(): string {
    const word = /^\\([A-Za-z]+\*?|[^A-Za-z])?/u.exec(this.text.slice(this.i));
    this.i += word?.[0].length ?? 1;
    const name = word?.[1] ?? '';
    if (name === '\\') return '\n';
    if (name === '|') return '‖';
    if (name === '{' || name === '(' || name === '}' || name === ')' || name === '[' || name === ']')
      return name === '{' ? '(' : name === '}' ? ')' : ' ';
    if (/^[,;:! ]$/u.test(name)) return ' ';
    if (/^[dt]?frac$/u.test(name)) return `(${enclosed(this.argument(/^./u))}/${enclosed(this.argument(/^./u))})`;
    if (name === 'sqrt') {
      const degree = this.optional();
      const inner = this.argument();
      return degree === null ? `sqrt(${inner})` : `${enclosed(inner)}^(1/${degree})`;
    }
    if (name === 'begin' || name === 'end') {
      const environment = this.argument();
      if (name === 'begin' && /^(?:array|tabular|alignat)/u.test(environment)) this.argument(); // its columns
      return ' ';
    }
    const operator = name.startsWith('operatorname') ? this.argument() : null;
    const goal = /^(?:arg\s*)?(min|max)(?:imi[sz]e)?$/u.exec(operator ?? name)?.[1];
    if (goal || name === 'underset') return this.sense(goal ?? name);
    if (operator !== null) return operator;
    if (STYLES.test(name)) return this.argument();
    if (ACCENTS.test(name)) return `${this.argument()}_${name.replace('wide', '').replace('overline', 'bar')}`;
    const known = WORDS.get(name);
    if (known !== undefined)
      return (name === 'left' || name === 'right') && this.text.charAt(this.i) === '.' ? this.skip() : known;
    return /^(?:\\left)?\s*\(/u.test(this.text.slice(this.i)) ? name : `${name} `;
  }

  private skip(): string {
    this.i++;
    return '';
  }

  /** `\min_{w \in \mathbb{R}^n} f`; `\min(a, b)` is the function. */
  private sense(name: string): string {
    if (name === 'underset') {
      this.argument();
      return /max/u.test(this.argument()) ? 'maximize ' : 'minimize ';
    }
    while (this.text.charAt(this.i) === ' ') this.i++;
    if (this.text.charAt(this.i) === '_') {
      this.i++;
      this.argument();
      return `${name}imize `;
    }
    return /^(?:\\left\s*)?\(/u.test(this.text.slice(this.i)) ? name : `${name}imize `;
  }
}

/** A single digit or name as it is, else in brackets; `^⊤` and `^T` are the transpose. */
function raised(exponent: string): string {
  if (exponent === '⊤' || exponent === 'T') return '.T';
  return `^${enclosed(exponent)}`;
}

/** A part of the name where it can be one. */
const lowered = (index: string): string => (/^[\p{L}\p{N}]+$/u.test(index) ? `_${index}` : `_{${index}}`);

/** Letters side by side are a product: `Xw` is X w. */
const apart = (text: string): string => text.replace(/(?<![\p{L}\\])(\p{Lu})(\p{Ll})(?!\p{L})/gu, '$1 $2');

export const plainLatex = (text: string): string =>
  /\\|[_^]\{/u.test(text) ? new Reader(apart(text.replaceAll('$', ' '))).read() : text;
