/** Names and functions that nothing declares: what was probably meant. */
import type { Diagnostic } from '../diagnostic.ts';
import type { CallExpr, NameExpr } from '../language/expr.ts';
import { ALIASES, FUNCTIONS, isFunctionName, WRITTEN_AS } from '../language/functions.ts';
import { nearest } from '../language/nearest.ts';
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
  const entry = explainNumbered(name, scope);
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
  const match = /^(.*?)_?(\d+)$/u.exec(name);
  const base = match?.[1];
  const length = base ? scope.get(base)?.shape : undefined;
  if (!base || !length || length.length === 0) return null;
  const number = Number(match[2]);
  const index = Math.max(0, number - 1);
  const message = `${name} is unknown. ${base} is an array; its entries are ${base}[0], ${base}[1], …, counted from 0.`;
  return length.length === 1 && index < (length[0] ?? 0) ? { message, insert: `${base}[${index}]` } : { message };
}

/** Functions that are operators here, with these arguments. */
function asOperator({ name, args, options, span }: CallExpr): Diagnostic['fix'] {
  const [a, b] = args.map((arg) =>
    ['sum', 'product', 'negate', 'power'].includes(arg.kind) ? `(${printText(arg)})` : printText(arg),
  );
  const insert =
    options.length > 0 || a === undefined || args.length > 2
      ? undefined
      : b === undefined
        ? { square: `${a}^2`, transposed: `${a}.T`, array: a }[name]
        : { pow: `${a}^${b}`, power: `${a}^${b}`, matmul: `${a} @ ${b}`, mul: `${a}*${b}` }[name];
  return insert === undefined ? undefined : { title: `Write ${insert}`, span, insert };
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
  const written = WRITTEN_AS.get(name);
  if (written) {
    const fix = asOperator(expr);
    return { ...error(written, nameSpan), ...(fix && { fix }) };
  }
  const similar = ALIASES.get(name.toLowerCase()) ?? nearest(name, Object.keys(FUNCTIONS));
  if (similar) return error(`There is no function ${name}. Did you mean ${similar}?`, nameSpan, similar);
  return error(`There is no function ${name}. A product is written ${name}*(…).`, nameSpan);
}
