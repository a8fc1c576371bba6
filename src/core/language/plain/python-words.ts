/** Names and functions of NumPy, CVXPY and PyTorch → those of the language. */
import { isFunctionName, RUN_NAMES } from '../functions.ts';
import { isKeyword } from '../scan.ts';
import { enclosed } from './brackets.ts';
import { writtenElsewhere } from './elsewhere.ts';
import { plainly } from './plainly.ts';
import { type PythonCall, withCalls } from './python-lines.ts';

/** Names that mean something else here get a line below. */
export const safe = (name: string): string =>
  isKeyword(name) || RUN_NAMES.has(name) || isFunctionName(name) ? `${name}_` : name;

const KEPT = /^(?:minimize|maximize|in|for|if|else|axis|True|False|and|or)$/u;

/** Functions that Python has under other names, or with other arguments. */
const CALLS: ReadonlyMap<string, (call: PythonCall) => string | null> = new Map([
  ['dot', ({ args: [a = '', b = ''] }: PythonCall) => `${enclosed(a)} @ ${enclosed(b)}`],
  ['quad_over_lin', ({ args: [x = '', y = ''] }: PythonCall) => `sum(${enclosed(x)}^2)/${enclosed(y)}`],
  ['pos', ({ args: [a = ''] }: PythonCall) => `relu(${a})`],
  ['neg', ({ args: [a = ''] }: PythonCall) => `relu(-${enclosed(a)})`],
  ['log_sum_exp', ({ args: [a = ''] }: PythonCall) => `logsumexp(${a})`],
  ['logistic', ({ path, args: [a = ''] }: PythonCall) => (/^(?:cp|cvxpy)\./u.test(path) ? `softplus(${a})` : null)],
  ['tv', ({ args: [a = ''] }: PythonCall) => `sum(abs(${enclosed(a)}[1:] - ${enclosed(a)}[:-1]))`],
  ['norm', normWritten],
  ...[
    'sum_squares',
    'quad_form',
    'norm1',
    'norm2',
    'norm_inf',
    'inv_pos',
    'entr',
    'multiply',
    'matmul',
    'power',
    'square',
    'diff',
    'rel_entr',
    'kl_div',
  ].map((name) => [name, ({ args }: PythonCall) => writtenElsewhere(name, args.map(enclosed))] as const),
]);

/** The order 2 is the length of a vector; of a matrix, whose name is a capital, the largest singular value, which is not known here. */
function normWritten({ args: [a = '', second], options }: PythonCall): string | null {
  const order = second ?? options.get('p') ?? options.get('ord');
  const axis = options.has('axis') ? `, axis=${options.get('axis')}` : '';
  const isLength = order === undefined || /fro/u.test(order) || (order === '2' && !/^[A-Z]\w*$/u.test(a));
  if (isLength) return `norm(${a}${axis})`;
  return /^(?:1|.*inf['"]?)$/u.test(order) ? `norm(${a}, ${order === '1' ? '1' : 'inf'}${axis})` : null;
}

const OF_MODULE = /^(?:(?:np|numpy|jnp|torch|math|cp|cvxpy|scipy)\.)?(?:(?:linalg|special)\.)?\w+$/u;

/** An expression or a relation of the program, as it is written here. */
export const expression = (text: string): string => {
  const written = withCalls(
    text.replace(/\.dot\(/gu, (dot, at: number) =>
      /(?:np|numpy|torch|jnp)$/u.test(text.slice(0, at)) ? dot : '.matmul(',
    ),
    (name) => CALLS.has(name),
    (call) => (OF_MODULE.test(call.path) ? (CALLS.get(call.name)?.(call) ?? null) : null),
  );
  const named = written
    .replace(/\b(?:cp|cvxpy)\.(?=\w)/gu, '')
    .replace(/(?<![\w.])([A-Za-z_]\w*)(?![\w(])/gu, (name) => (KEPT.test(name) ? name : safe(name)));
  return plainly(named)
    .replace(/\s*={2}\s*/gu, ' = ')
    .trim();
};
