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
  ['diff', differences],
  ['average', weightedMean],
  ...['clip', 'clamp', 'clamp_min', 'clamp_max'].map((name) => [name, clipped] as const),
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
    'rel_entr',
    'kl_div',
  ].map((name) => [name, ({ args }: PythonCall) => writtenElsewhere(name, args.map(enclosed))] as const),
]);

/** The order 2 is the length of a vector; of a matrix, whose name is a capital, the largest singular value, which is not known here. */
function normWritten({ args: [a = '', second, third], options }: PythonCall): string | null {
  const order = second ?? options.get('p') ?? options.get('ord');
  const along = third ?? options.get('axis') ?? options.get('dim');
  const axis = along === undefined ? '' : `, axis=${along}`;
  const isOfRows = along !== undefined || !/^[A-Z]\w*$/u.test(a);
  const isLength = order === undefined || /fro/u.test(order) || (order === '2' && isOfRows);
  if (isLength) return `norm(${a}${axis})`;
  return /^(?:1|.*inf['"]?)$/u.test(order) ? `norm(${a}, ${order === '1' ? '1' : 'inf'}${axis})` : null;
}

/** Of neighbours along the first axis; in NumPy and PyTorch along the last, which matters for a matrix, whose name is a capital. */
function differences({ path, args: [a = '', second], options }: PythonCall): string | null {
  const order = second ?? options.get('n') ?? options.get('k') ?? '1';
  const axis = options.get('axis') ?? options.get('dim');
  const isOfRows =
    axis === undefined ? /^[A-Z]\w*$|\breshape\(/u.test(a) && !/^(?:cp|cvxpy)\./u.test(path) : axis !== '0';
  if (!isOfRows) return writtenElsewhere('diff', order === '1' ? [enclosed(a)] : [enclosed(a), order]);
  const isKnown = order === '1' && (axis === undefined || axis === '1');
  return isKnown ? `(${enclosed(a)}[:, 1:] - ${enclosed(a)}[:, :-1])` : null;
}

function weightedMean({ args: [a = '', second], options }: PythonCall): string | null {
  const weights = options.get('weights');
  if (second !== undefined || options.size > 1 || (options.size === 1 && weights === undefined)) return null;
  return weights === undefined ? `mean(${a})` : `(sum(${enclosed(weights)}*${enclosed(a)})/sum(${weights}))`;
}

const isFree = (bound: string | undefined): boolean => bound === undefined || bound === 'None';

function clipped({ path, name, args, options }: PythonCall): string | null {
  const [, owner] = METHOD.exec(path) ?? [];
  const [a = '', first, second] = owner === undefined ? args : [owner, ...args];
  const low = name === 'clamp_max' ? undefined : (first ?? options.get('min') ?? options.get('a_min'));
  const high = name === 'clamp_max' ? first : (second ?? options.get('max') ?? options.get('a_max'));
  if (isFree(low)) return isFree(high) ? null : `min(${a}, ${high})`;
  return isFree(high) ? `max(${a}, ${low})` : `clip(${a}, ${low}, ${high})`;
}

/** Of a name that is no module. */
const METHOD =
  /^(?!(?:np|numpy|jnp|torch|math|cp|cvxpy|scipy|F)\.)([A-Za-z_]\w*)\.(?:clip|clamp|clamp_min|clamp_max)$/u;

const OF_MODULE = /^(?:(?:np|numpy|jnp|torch|math|cp|cvxpy|scipy)\.)?(?:(?:linalg|special)\.)?\w+$/u;

/** An expression or a relation of the program, as it is written here. */
export const expression = (text: string): string => {
  const written = withCalls(
    text.replace(/\.dot\(/gu, (dot, at: number) =>
      /(?:np|numpy|torch|jnp)$/u.test(text.slice(0, at)) ? dot : '.matmul(',
    ),
    (name) => CALLS.has(name),
    (call) => (OF_MODULE.test(call.path) || METHOD.test(call.path) ? (CALLS.get(call.name)?.(call) ?? null) : null),
  );
  const named = written
    .replace(/\b(?:cp|cvxpy)\.(?=\w)/gu, '')
    .replace(/(?<=[(,]\s*)dim\s*=(?!=)/gu, 'axis=')
    .replace(/(?<![\w.])([A-Za-z_]\w*)(?![\w(])/gu, (name) => (KEPT.test(name) ? name : safe(name)));
  return plainly(named)
    .replace(/\s*={2}\s*/gu, ' = ')
    .trim();
};
