/** Names and functions that nothing declares: what was probably meant. */
import type { Diagnostic } from '../diagnostic.ts';
import { isDraw, ONLY_PARAMETERS } from '../language/draws-elsewhere.ts';
import type { CallExpr, NameExpr } from '../language/expr.ts';
import { ALIASES, FUNCTIONS, isFunctionName, WRITTEN_AS } from '../language/functions.ts';
import { nearest } from '../language/nearest.ts';
import { NUCLEAR_NORM, writtenElsewhere } from '../language/plain/elsewhere.ts';
import { printText } from '../language/print-text.ts';
import type { Shape } from '../tensor/shape.ts';

export type Shapes = ReadonlyMap<string, { readonly shape: Shape }>;

const error = (message: string, span: Diagnostic['span'], insert?: string): Diagnostic => ({
  severity: 'error',
  message,
  ...(span && { span }),
  ...(span && insert !== undefined && { fix: { title: `Write ${insert}`, span, insert } }),
});

export function explainUnknownName({ name, span }: NameExpr, scope: Shapes): Diagnostic {
  if (isFunctionName(name)) return error(`${name} is a function: ${FUNCTIONS[name].signature}.`, span);
  if (name === 'nuc') return error(NUCLEAR_NORM, span);
  if (name === 'None') return error('An axis is added by reshape: reshape(w, 1, -1) is one row.', span);
  const known = KNOWN_ELSEWHERE.get(name);
  if (known) return error(`${name} is written ${known}.`, span, known);
  if (name === 'I') {
    const sizes = new Set([...scope.values()].flatMap(({ shape }) => (shape.length === 2 ? [Math.min(...shape)] : [])));
    const [size] = sizes;
    const insert = sizes.size === 1 ? `eye(${size})` : undefined;
    return error(`The identity matrix is written with its number of rows: ${insert ?? 'eye(3)'}.`, span, insert);
  }
  const entry = explainNumbered(name, scope) ?? explainLettered(name, scope);
  if (entry) return error(entry.message, span, entry.insert);
  const numbered = [...scope.keys()].filter(
    (known) => known.startsWith(name) && /^\d+$/u.test(known.slice(name.length)),
  );
  if (numbered.length > 0) {
    return error(
      `${name} is unknown, but there is ${numbered[0]}, a number of its own. A vector is declared with param ${name}[${numbered.length}].`,
      span,
    );
  }
  const similar = nearest(name, scope.keys());
  if (similar) return error(`${name} is unknown. Did you mean ${similar}?`, span, similar);
  const fix = { title: `Declare ${name}`, span: [0, 0] as const, insert: `param ${name} = 0\n` };
  return { ...error(`${name} is unknown. Declare it with param ${name} = 0, or with let.`, span), fix };
}

/** `x1` where x is a vector: the reader counts entries as on paper. */
function explainNumbered(name: string, scope: Shapes): { message: string; insert?: string } | null {
  const match = /^(.*?)_?(\d+)$/u.exec(name.replace(/[₀-₉]/gu, (digit) => String(digit.charCodeAt(0) - 0x2080)));
  const base = match?.[1];
  const length = base ? scope.get(base)?.shape : undefined;
  if (!base || !length || length.length === 0) return null;
  const number = Number(match[2]);
  const index = Math.max(0, number - 1);
  const message = `${name} is unknown. ${base} is an array; its entries are ${base}[0], ${base}[1], …, counted from 0.`;
  return length.length === 1 && index < (length[0] ?? 0) ? { message, insert: `${base}[${index}]` } : { message };
}

/** `w_i` where w is a vector, `x_ij` where x is a matrix: every entry at once. */
function explainLettered(name: string, scope: Shapes): { message: string; insert?: string } | null {
  const [, base = '', letters = ''] = /^(.+)_([ijk]{1,2})$/u.exec(name) ?? [];
  if ((scope.get(base)?.shape.length ?? 0) < Math.max(1, letters.length)) return null;
  return {
    message: `${name} is unknown. A line holds for all entries of ${base} at once: write ${base}.`,
    insert: base,
  };
}

/** Names of other languages and of paper. */
export const KNOWN_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...['Pi', 'PI'].map((name) => [name, 'pi'] as const),
  ...['infinity', 'Infinity', 'INF', 'Inf', 'oo'].map((name) => [name, 'inf'] as const),
  ['True', '1'],
  ['False', '0'],
]);

/** `len(w)` as a number. */
function asNumber({ name, args: [first, second], options }: CallExpr, scope: Shapes): string | null {
  if (name !== 'len' || first?.kind !== 'name' || second || options.length > 0) return null;
  const length = scope.get(first.name)?.shape[0];
  return length === undefined ? null : `${length}`;
}

/** Functions that are often looked for, and are not here. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ...['inv', 'pinv', 'solve', 'lstsq', 'inverse'].map(
    (name) =>
      [
        name,
        'What it would give is a parameter with a constraint: A @ x = b for a solution, A @ Z = eye(3) for an inverse.',
      ] as const,
  ),
  ...['eig', 'eigvals', 'svd', 'cholesky'].map(
    (name) =>
      [
        name,
        'Matrices have +, *, @, .T, trace, det, diag and the sets psd, orthogonal, spectralball, nuclearball and lowrank.',
      ] as const,
  ),
  ['rank', 'That W has rank at most k is written W in lowrank(k).'],
  ...['spectral_norm', 'spectralnorm', 'operator_norm', 'opnorm', 'op_norm', 'sigma_max', 'sigmamax'].map(
    (name) => [name, 'A bound on the largest singular value is written W in spectralball(r).'] as const,
  ),
  ...[
    'prod',
    'cumsum',
    'cumprod',
    'sort',
    'argmax',
    'argmin',
    'median',
    'erf',
    'arctan',
    'atan',
    'arcsin',
    'arccos',
  ].map((name) => [name, 'Write it with the functions that there are, or choose another loss.'] as const),
  ...['round', 'floor', 'ceil', 'int', 'mod'].map(
    (name) => [name, 'Its slope is 0 almost everywhere, so nothing could be learned through it.'] as const,
  ),
  ...['len', 'range', 'shape'].map(
    (name) => [name, 'Lists are written out, [1, 1, 1], and a number alone stands for all entries: w - 1.'] as const,
  ),
]);

/** Functions that are operators here, with these arguments. */
function asOperator({ name, args, options, span }: CallExpr): Diagnostic['fix'] {
  const written = args.map((arg) =>
    ['sum', 'product', 'negate', 'power'].includes(arg.kind) ? `(${printText(arg)})` : printText(arg),
  );
  const insert = options.length > 0 ? null : writtenElsewhere(name, written);
  return insert === null ? undefined : { title: `Write ${insert}`, span, insert };
}

export function explainUnknownFunction(expr: CallExpr, scope: Shapes): Diagnostic {
  const { name, nameSpan } = expr;
  if (scope.has(name)) {
    const fix = { title: 'Write *', span: [nameSpan[1], nameSpan[1]] as const, insert: '*' };
    return {
      ...error(`${name} is not a function. A product is written ${name}*(…), an entry ${name}[0].`, nameSpan),
      fix,
    };
  }
  if (/^nuc(?:lear)?(?:_?norm)?$|^trace_?norm$/iu.test(name)) return error(NUCLEAR_NORM, nameSpan);
  if (isDraw(name)) return error(ONLY_PARAMETERS, nameSpan);
  const written = WRITTEN_AS.get(name);
  const fix = asOperator(expr);
  if (written || fix) {
    return {
      ...error(written ?? `There is no function ${name}, but it can be written out.`, nameSpan),
      ...(fix && { fix }),
    };
  }
  const numbers = asNumber(expr, scope);
  const absent = ABSENT.get(name);
  if (absent) {
    const fault = error(`There is no function ${name}. ${absent}`, nameSpan);
    return numbers === null
      ? fault
      : { ...fault, fix: { title: `Write ${numbers}`, span: expr.span, insert: numbers } };
  }
  const similar = ALIASES.get(name.toLowerCase()) ?? nearest(name, Object.keys(FUNCTIONS));
  if (similar) return error(`There is no function ${name}. Did you mean ${similar}?`, nameSpan, similar);
  return error(`There is no function ${name}. A product is written ${name}*(…).`, nameSpan);
}
