/** Expressions of the language in NumPy's own words, which JAX shares. */
import type { FunctionName } from '../../language/functions.ts';
import { isPlainIndex, type Printer, printIndices } from '../../language/print-infix.ts';
import type { PythonLanguage } from '../../language/print-python.ts';

/** Functions that the module has under the same name. */
const SAME: ReadonlySet<string> = new Set([
  ...['sum', 'mean', 'abs', 'sign', 'exp', 'log', 'sqrt', 'sin', 'cos', 'tan', 'tanh'],
  ...['dot', 'outer', 'diag', 'trace', 'transpose', 'clip', 'where', 'eye'],
]);

/** `module`: `np` or `jnp`. */
export function numpyLanguage(module: string): PythonLanguage {
  const definitions: Partial<Readonly<Record<FunctionName, string>>> = {
    norm: `def norm(a, order=2, axis=None):
    """The root of the sum of squares, whose slope at 0 is 0; the sum or the largest of all sizes for order 1 or inf."""
    if order != 2:
        return (${module}.sum if order == 1 else ${module}.max)(${module}.abs(${module}.asarray(a)), axis=axis)
    squares = ${module}.sum(${module}.square(a), axis=axis)
    return ${module}.where(squares > 0, ${module}.sqrt(${module}.where(squares > 0, squares, 1.0)), 0.0)`,
    sigmoid: `def sigmoid(a):
    return 0.5 + 0.5 * ${module}.tanh(0.5 * ${module}.asarray(a))`,
    softplus: `def softplus(a):
    return ${module}.logaddexp(0.0, a)`,
    softmax: `def softmax(a, axis=-1):
    powers = ${module}.exp(a - ${module}.max(a, axis=axis, keepdims=True))
    return powers / ${module}.sum(powers, axis=axis, keepdims=True)`,
    logsumexp: `def logsumexp(a, axis=None):
    a = ${module}.asarray(a)
    largest = ${module}.max(a, axis=axis, keepdims=True)
    total = ${module}.log(${module}.sum(${module}.exp(a - largest), axis=axis, keepdims=True)) + largest
    return ${module}.squeeze(total, axis=axis)`,
    det: `def det(a):
    return ${module}.linalg.det(${module}.asarray(a))`,
    relu: `def relu(a):
    return ${module}.where(${module}.asarray(a) > 0, a, 0.0)`,
    concat: `def concat(*parts):
    return ${module}.concatenate([${module}.ravel(${module}.asarray(part)) for part in parts])`,
    mse: `def mse(a, b):
    return ${module}.mean((a - b)**2)`,
    cross_entropy: `def cross_entropy(logits, y):
    """The mean of -log softmax(logits) at the right classes: y counts them, or holds a row of shares for each."""
    scores = logits - ${module}.max(logits, axis=-1, keepdims=True)
    log_shares = scores - ${module}.log(${module}.sum(${module}.exp(scores), axis=-1, keepdims=True))
    y = ${module}.asarray(y)
    if y.ndim == logits.ndim and y.ndim == 2:
        return -${module}.mean(${module}.sum(y * log_shares, axis=-1))
    return -${module}.mean(log_shares[${module}.arange(len(y)), y.astype(int)])`,
  };
  return {
    definitions,
    shared: [
      `def positions(item, length):
    """An index of the text: a position, a list of them, or a mask of 0 and 1 as long as the axis."""
    item = ${module === 'np' ? 'np' : 'numpy'}.asarray(item)
    is_mask = item.ndim == 1 and len(item) == length and bool(((item == 0) | (item == 1)).all())
    return item.astype(bool) if is_mask else item.astype(int)`,
    ],
    call({ name, args, options }, { print }) {
      const given = args.map(print);
      const named = options.map((option) => `axis=${print(option.value)}`);
      if (name === 'min' || name === 'max') {
        if (given.length === 1) return `${module}.${name}(${[...given, ...named].join(', ')})`;
        return given.reduce((a, b) => `${module}.${name}imum(${a}, ${b})`);
      }
      if (name === 'reshape') return `${module}.reshape(${given[0]}, (${given.slice(1).join(', ')},))`;
      if (name === 'zeros' || name === 'ones')
        return `${module}.${name}(${given.length === 1 ? given[0] : `(${given.join(', ')})`})`;
      return `${SAME.has(name) ? `${module}.${name}` : name}(${[...given, ...named].join(', ')})`;
    },
    index(expr, printer: Printer) {
      const operand = printer.tight(expr.operand);
      if (expr.items.every((item) => item.kind === 'slice' || isPlainIndex(item)))
        return `${operand}[${printIndices(expr, printer)}]`;
      const items = expr.items.map((item, axis) =>
        item.kind === 'slice' || isPlainIndex(item)
          ? printIndices({ ...expr, items: [item] }, printer)
          : `positions(${printer.print(item)}, ${operand}.shape[${axis}])`,
      );
      return `${operand}[${items.join(', ')}]`;
    },
    transpose: ({ operand }, { tight }) => `${tight(operand)}.T`,
    list: ({ items }, { print }) => `${module}.array([${items.map(print).join(', ')}])`,
  };
}
