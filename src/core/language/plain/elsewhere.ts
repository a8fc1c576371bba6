/** Functions of other languages that are expressions here: from their arguments, each in brackets where it needs them. */
import { behindBracket } from './brackets.ts';

type Written = (a: string, b: string) => string;

const one = (write: (a: string) => string) => ({ arity: 1, write: (a: string) => write(a) });
const two = (write: Written) => ({ arity: 2, write });

const FUNCTIONS_ELSEWHERE: ReadonlyMap<string, { readonly arity: number; readonly write: Written }> = new Map([
  ['square', one((a) => `${a}^2`)],
  ['transposed', one((a) => `${a}.T`)],
  ['array', one((a) => a)],
  ['tensor', one((a) => a)],
  ['float', one((a) => a)],
  ['log10', one((a) => `(log(${bare(a)})/log(10))`)],
  ['log2', one((a) => `(log(${bare(a)})/log(2))`)],
  ['log_10', one((a) => `(log(${bare(a)})/log(10))`)],
  ['log_2', one((a) => `(log(${bare(a)})/log(2))`)],
  ['log1p', one((a) => `log(1 + ${a})`)],
  ['expm1', one((a) => `(exp(${bare(a)}) - 1)`)],
  ['sinh', one((a) => `((exp(${bare(a)}) - exp(-${a}))/2)`)],
  ['cosh', one((a) => `((exp(${bare(a)}) + exp(-${a}))/2)`)],
  ['cbrt', one((a) => `(sign(${bare(a)})*abs(${bare(a)})^(1/3))`)],
  ['var', one((a) => `mean((${bare(a)} - mean(${bare(a)}))^2)`)],
  ['std', one((a) => `sqrt(mean((${bare(a)} - mean(${bare(a)}))^2))`)],
  ['reciprocal', one((a) => `(1/${a})`)],
  ['negative', one((a) => `(-${a})`)],
  ['pow', two((a, b) => `${a}^${b}`)],
  ['power', two((a, b) => `${a}^${b}`)],
  ['matmul', two((a, b) => `${a} @ ${b}`)],
  ['mul', two((a, b) => `${a}*${b}`)],
  ['multiply', two((a, b) => `${a}*${b}`)],
  ['add', two((a, b) => `(${a} + ${b})`)],
  ['subtract', two((a, b) => `(${a} - ${b})`)],
  ['divide', two((a, b) => `(${a}/${b})`)],
  ['diff', one((a) => `(${a}[1:] - ${a}[:-1])`)],
  ['logdet', one((a) => `log(det(${bare(a)}))`)],
  ['quad_form', two((a, b) => `${a} @ ${b} @ ${a}`)],
  ['sum_squares', one((a) => `sum(${a}^2)`)],
  ['norm1', one((a) => `norm(${bare(a)}, 1)`)],
  ['norm2', one((a) => `norm(${bare(a)})`)],
  ['norm_inf', one((a) => `norm(${bare(a)}, inf)`)],
  ['inv_pos', one((a) => `(1/${a})`)],
  ['l1_loss', two((a, b) => `mean(abs(${a} - ${b}))`)],
  ['logsigmoid', one((a) => `(-softplus(-${a}))`)],
  ['binary_cross_entropy', two((p, y) => `(-mean(${y}*log(${bare(p)}) + (1 - ${y})*log(1 - ${p})))`)],
  ['binary_cross_entropy_with_logits', two((z, y) => `mean(softplus(${bare(z)}) - ${y}*${z})`)],
  ['entropy', one((p) => `(-sum(${p}*log(${bare(p)})))`)],
  ['entr', one((p) => `(-${p}*log(${bare(p)}))`)],
  ['rel_entr', two((p, q) => `(${p}*log(${p}/${q}))`)],
  ['kl_div', two((p, q) => `(${p}*log(${p}/${q}) - ${p} + ${q})`)],
  ['hypot', two((a, b) => `sqrt(${a}^2 + ${b}^2)`)],
]);

export const NUCLEAR_NORM =
  'A bound on the nuclear norm is written X in nuclearball(r). In a loss it has no name: Let U and V be the parameters, with X = U @ V, and add (norm(U)^2 + norm(V)^2)/2.';

/** Without the brackets around the whole. */
const bare = (text: string): string =>
  text.startsWith('(') && behindBracket(text, 0) === text.length ? text.slice(1, -1) : text;

/** Null where it is unknown, or takes another number of arguments. */
export function writtenElsewhere(name: string, args: readonly string[]): string | null {
  const entry = FUNCTIONS_ELSEWHERE.get(name);
  const [a, b = ''] = args;
  if (name === 'diff' && args.length === 2 && b.trim() === '2') return `(${a}[2:] - 2*${a}[1:-1] + ${a}[:-2])`;
  return entry && a !== undefined && args.length === entry.arity ? entry.write(a, b) : null;
}

export const isWrittenElsewhere = (name: string): boolean => FUNCTIONS_ELSEWHERE.has(name);
