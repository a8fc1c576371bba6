/** Expr and Document → LaTeX that is written here letter by letter: no text of the reader reaches KaTeX as a command. */
import { at } from '../diagnostic.ts';
import type { ConstraintStatement, Document, RelationOperator } from './document.ts';
import type { Expr, Option, ProductExpr, Slice } from './expr.ts';
import { CONSTANTS, FUNCTIONS, isFunctionName } from './functions.ts';
import { printText } from './print-text.ts';

/** Letters of LaTeX by their name, and by themselves. */
const GREEK: ReadonlyMap<string, string> = new Map(
  (
    'αalpha βbeta γgamma δdelta εepsilon ζzeta ηeta θtheta ιiota κkappa λlambda μmu νnu ξxi πpi ρrho σsigma τtau υupsilon ' +
    'φphi χchi ψpsi ωomega ΓGamma ΔDelta ΘTheta ΛLambda ΞXi ΠPi ΣSigma ΥUpsilon ΦPhi ΨPsi ΩOmega'
  )
    .split(' ')
    .flatMap((entry) => [
      [entry.slice(0, 1), `\\${entry.slice(1)}`],
      [entry.slice(1), `\\${entry.slice(1)}`],
    ]),
);

/** `x1` → x₁, `w_max` → w with index max, `alpha` → α, `budget` upright. */
export function latexName(name: string): string {
  const match = /^(.*?[^\d_])_?(\d+)$/u.exec(name) ?? /^([^_]+)_(.+)$/u.exec(name);
  const [base, index] = match ? [match[1] ?? name, match[2]] : [name, undefined];
  const letter = GREEK.get(base) ?? (/^[A-Za-z]$/u.test(base) ? base : upright(base));
  return index === undefined
    ? letter
    : `${letter}_{${/^\d+$/u.test(index) || /^[A-Za-z]$/u.test(index) ? index : upright(index)}}`;
}

const upright = (text: string): string => `\\text{${text.replaceAll('_', '\\_')}}`;

const brackets = (latex: string): string => `\\left(${latex}\\right)`;

/** Where in the text a factor begins that multiplies an array entry by entry: `Problem.entrywise`. */
export type Places = ReadonlySet<number>;
const NOWHERE: Places = new Set();

/** With `entrywise`, A ⊙ w for A*w, where A w would be read as the matrix product. */
export function printLatex(expr: Expr, entrywise = NOWHERE): string {
  const print = (part: Expr): string => printLatex(part, entrywise);
  switch (expr.kind) {
    case 'number':
      return latexNumber(expr.value);
    case 'name':
      return CONSTANTS.get(expr.name)?.latex ?? latexName(expr.name);
    case 'negate':
      return `-${isSum(expr.operand) || expr.operand.kind === 'negate' ? brackets(print(expr.operand)) : print(expr.operand)}`;
    case 'sum':
      return expr.rest.reduce(
        (latex, { operator, operand }) =>
          `${latex} ${operator} ${isSum(operand) || operand.kind === 'negate' ? brackets(print(operand)) : print(operand)}`,
        print(expr.first),
      );
    case 'product':
      return product(expr, entrywise);
    case 'power': {
      const base = print(expr.base);
      const isSimple =
        expr.base.kind === 'number' ||
        expr.base.kind === 'name' ||
        (expr.base.kind === 'index' && expr.base.operand.kind === 'name') ||
        (expr.base.kind === 'call' && (expr.base.name === 'norm' || expr.base.name === 'abs'));
      return `{${isSimple ? base : brackets(base)}}^{${print(expr.exponent)}}`;
    }
    case 'call': {
      const line = lineAlong(expr.options);
      const args = expr.args.map((arg) => {
        if (line) return indexed(arg, line, print);
        return expr.name === 'sum' && isSum(arg) ? brackets(print(arg)) : print(arg);
      });
      if (!isFunctionName(expr.name)) return `${latexName(expr.name)}${brackets(args.join(', '))}`;
      return FUNCTIONS[expr.name].latex(...args);
    }
    case 'index':
      return indexed(expr.operand, expr.items.map((item) => latexItem(item, print)).join(', '), print);
    case 'transpose':
      return `{${expr.operand.kind === 'name' ? print(expr.operand) : brackets(print(expr.operand))}}^{\\top}`;
    case 'list': {
      const rows = expr.items.map((item) => (item.kind === 'list' ? item.items.map(print).join(' & ') : print(item)));
      return `\\begin{pmatrix} ${rows.join(' \\\\ ')} \\end{pmatrix}`;
    }
    case 'compare':
      return `${print(expr.left)} ${COMPARE[expr.operator]} ${print(expr.right)}`;
  }
}

type Print = (part: Expr) => string;

const indexed = (operand: Expr, index: string, print: Print): string => {
  const isLetter = operand.kind === 'name' && !/[\d_]/u.test(operand.name);
  return `${isLetter ? print(operand) : brackets(print(operand))}_{${index}}`;
};

/** What `axis=` of a matrix leaves free: a function of each column j, or of each row i; null without one. */
function lineAlong(options: readonly Option[]): string | null {
  const axis = options.find(({ name }) => name === 'axis');
  return axis ? (LINES.get(printText(axis.value)) ?? null) : null;
}

const LINES: ReadonlyMap<string, string> = new Map([
  ['0', '{:}, j'],
  ['-2', '{:}, j'],
  ['1', 'i, {:}'],
  ['-1', 'i, {:}'],
]);

const COMPARE = { '==': '=', '<=': '\\le', '>=': '\\ge', '<': '<', '>': '>' } as const;
const RELATION: Readonly<Record<RelationOperator, string>> = {
  '=': '=',
  '<=': '\\le',
  '>=': '\\ge',
  '<': '\\le',
  '>': '\\ge',
  in: '\\in',
};

const isSum = (expr: Expr): boolean => expr.kind === 'sum' || expr.kind === 'compare';

/** Whether two factors side by side would be read as one: numbers, and names of more than a letter. */
const runsTogether = (left: string, right: string): boolean =>
  /^[{\d]*\d/u.test(right) || /^\\text\{/u.test(right) || /\\text\{[^{}]*\}$/u.test(left);

/** How the arrays of a printed product are multiplied. */
type Manner = 'matrix' | 'entrywise';

const mannerOf = (expr: Expr, entrywise: Places): Manner | undefined =>
  expr.kind === 'product'
    ? expr.rest.reduce<Manner | undefined>(
        (before, { operator, operand }) =>
          operator === '/'
            ? undefined
            : (mannerOfFactor(operator, operand, entrywise) ?? before ?? mannerOf(operand, entrywise)),
        mannerOf(expr.first, entrywise),
      )
    : undefined;

function mannerOfFactor(operator: '*' | '/' | '@', { span }: Expr, entrywise: Places): Manner | undefined {
  if (operator === '@') return 'matrix';
  return operator === '*' && entrywise.has(span[0]) ? 'entrywise' : undefined;
}

/**
 * Fractions for /, whose bar is brackets enough; a dot only where two factors would run together; ⊙ between arrays whose entries are
 * multiplied, with brackets where it meets a matrix product, as (A x) ⊙ y is not A (x ⊙ y).
 */
function product({ first, rest }: ProductExpr, entrywise: Places): string {
  let latex = rest[0]?.operator === '/' ? printLatex(first, entrywise) : factor(first, entrywise, true);
  let before = mannerOf(first, entrywise);
  for (const { operator, operand } of rest) {
    if (operator === '/') {
      latex = `\\frac{${latex}}{${printLatex(operand, entrywise)}}`;
      before = undefined;
      continue;
    }
    const manner = mannerOfFactor(operator, operand, entrywise);
    const inner = mannerOf(operand, entrywise);
    const apart = (part: string, other: Manner | undefined) =>
      manner && other && manner !== other ? brackets(part) : part;
    const [left, right] = [apart(latex, before), apart(factor(operand, entrywise), inner)];
    const dot = runsTogether(left, right) ? ' \\cdot ' : ' \\, ';
    latex = left + (manner === 'entrywise' ? ' \\odot ' : dot) + right;
    before = manner ?? before ?? inner;
  }
  return latex;
}

function factor(expr: Expr, entrywise: Places, isFirst = false): string {
  const latex = printLatex(expr, entrywise);
  return isSum(expr) || (expr.kind === 'negate' && !isFirst) ? brackets(latex) : latex;
}

function latexNumber(value: number): string {
  const [digits, exponent] = String(value).replace('+', '').split('e');
  return exponent === undefined ? `${digits}` : `${digits} \\cdot 10^{${exponent}}`;
}

function latexItem(item: Expr | Slice, print: Print): string {
  if (item.kind !== 'slice') return print(item);
  const bound = (expr: Expr | undefined): string => (expr ? print(expr) : '');
  return `${bound(item.from)}{:}${bound(item.to)}${item.step ? `{:}${bound(item.step)}` : ''}`;
}

/** What of a formula opens and closes around a part of it. */
const OPENS = new Set(['{', '\\left', '\\begin']);
const CLOSES = new Set(['}', '\\right', '\\end']);

/** A part of a formula that begins at a sign, or at its first letter. */
interface Part {
  readonly latex: string;
  /** Brackets that are open where it begins. */
  readonly depth: number;
}

/** A formula cut before the signs of its sums and before its relations, at any depth of brackets; fractions, powers and matrices stay whole. */
function parts(latex: string): Part[] {
  const found: Part[] = [];
  const open: string[] = [];
  let begun = { latex: '', depth: 0 };
  for (const token of latex.match(/\\[A-Za-z]+|\\.| (?:[-+=]|\\[lg]e)(?= )|./gsu) ?? []) {
    if (token.length > 1 && token.startsWith(' ') && open.every((one) => one === '\\left')) {
      found.push(begun);
      begun = { latex: '', depth: open.length };
    }
    if (OPENS.has(token)) open.push(token);
    if (CLOSES.has(token)) open.pop();
    begun = { ...begun, latex: begun.latex + token };
  }
  return [...found, begun];
}

/** The same parts, those joined again that need not be apart: a sum in brackets is cut only where it is longer than a line. */
function whole(cut: readonly Part[], longest: number, depth = 0): Part[] {
  const outer: Part[][] = [];
  for (const part of cut) {
    const last = outer.at(-1);
    if (last && part.depth > depth) last.push(part);
    else outer.push([part]);
  }
  return outer.flatMap((inner) => {
    const latex = inner.map((part) => part.latex).join('');
    const isShort = inner.length === 1 || lettersOf(latex) <= longest;
    return isShort ? [{ latex, depth: at(inner, 0).depth }] : whole(inner, longest, depth + 1);
  });
}

/**
 * A formula for the second column of `aligned`, in lines of about `longest` letters, the further ones indented, and no line very short.
 * It is broken before the signs of its outermost sum and before its relations; what is longer than a line between two of these, before
 * the signs within its brackets.
 */
export function inLines(latex: string, longest: number): string {
  const lines = [''];
  for (const part of whole(parts(latex), longest)) {
    const line = at(lines, lines.length - 1);
    if (lettersOf(line) > longest / 4 && lettersOf(line + part.latex) > longest) {
      lines[lines.length - 1] = `${line}${' \\right.'.repeat(part.depth)}`; // a bracket goes on in the next line
      lines.push(`${'\\left. '.repeat(part.depth)}${part.latex.trim()}`);
    } else lines[lines.length - 1] = line + part.latex;
  }
  return lines.join(' \\\\ & \\quad {} ');
}

/** About how many letters wide a formula is: a command is one, and a sign between spaces three. */
const lettersOf = (latex: string): number =>
  latex
    .replace(/\\(?:left|right|quad|,|operatorname|text)/gu, '')
    .replace(/\\(log|exp|sin|cos|tanh?|min|max)(?![A-Za-z])/gu, '$1')
    .replace(/ (?:[-+=]|\\[lg]e) /gu, '···')
    .replace(/\\[A-Za-z]+/gu, '·')
    .replace(/[{}^_&\s\\]/gu, '').length;

/** The whole problem: objective, constraints below it, definitions last; each in lines of about `longest` letters. */
export function printDocumentLatex(
  { statements }: Document,
  longest = Number.POSITIVE_INFINITY,
  entrywise = NOWHERE,
): string {
  const print = (part: Expr): string => printLatex(part, entrywise);
  const rows: string[] = [];
  const add = (head: string, latex: string) => rows.push(`${head} & ${inLines(latex, longest)}`);
  for (const statement of statements) {
    if (statement.kind === 'objective')
      add(`\\${statement.sense === 'minimize' ? 'min' : 'max'} \\quad`, print(statement.value));
  }
  const constraints = statements.filter((statement) => statement.kind === 'constraint');
  constraints.forEach((constraint, i) => {
    add(i === 0 ? '\\text{subject to} \\quad' : '', relation(constraint, print));
  });
  const definitions = statements.filter((statement) => statement.kind === 'definition');
  definitions.forEach(({ declared, value }, i) => {
    add(i === 0 ? '\\text{where} \\quad' : '', `${latexName(declared.name)} = ${print(value)}`);
  });
  return `\\begin{aligned} ${rows.join(' \\\\ ')} \\end{aligned}`;
}

/** Wider and higher ones leave a panel. */
const MOST_OF_MATRIX = 9;

/** A set as it is typed; one of a small matrix with that matrix. */
function setOf(set: Expr, print: Print): string {
  const [matrix, ...others] = set.kind === 'call' && set.options.length === 0 ? set.args : [];
  const rows = matrix?.kind === 'list' && others.length === 0 ? matrix.items : [];
  const isSmall = (items: readonly Expr[]) => items.length > 0 && items.length <= MOST_OF_MATRIX;
  if (isSmall(rows) && rows.every((row) => row.kind === 'list' && isSmall(row.items))) return print(set);
  const typed = printText(set).replace(/[^\w .,()[\]-]/gu, '');
  return `\\text{${typed.replaceAll('_', '\\_')}}`;
}

function relation({ operands, operators, priority }: ConstraintStatement, print: Print): string {
  const [first, ...others] = operands;
  const wish = priority ? ` \\quad \\text{(soft, weight } ${print(priority)} \\text{)}` : '';
  const typed = others.reduce(
    (latex, operand, i) => {
      const { operator } = at(operators, i);
      const right = operator === 'in' ? setOf(operand, print) : print(operand);
      return `${latex} ${RELATION[operator]} ${right}`;
    },
    first ? print(first) : '',
  );
  return typed + wish;
}
