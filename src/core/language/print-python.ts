/** Expr → Python for PyTorch. The functions that it calls are defined by `pythonFunctions`, so that a script stands alone. */
import { type Expr, nodesOf } from './expr.ts';
import { CONSTANTS, type FunctionName, isFunctionName } from './functions.ts';
import { type Dialect, isPlainIndex, type Printer, printIndices, printInfix } from './print-infix.ts';

const WORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda ' +
  'nonlocal not or pass raise return try while with yield';

/** Words that no name of Python may be. */
export const isPythonWord = (name: string): boolean => WORDS.split(' ').includes(name);

/** Words of Python, what the script itself imports or defines, and the built-in functions that it may use. */
const TAKEN = new Set(
  (
    `${WORDS} ` +
    'abs float int len list max min pow print range sum tuple torch math parametrize Feasible tensor transpose entries ' +
    'argparse json dist np jnp jax maximum minimum pick full broadcast_to slope_of jacobian_of flat unpack rows loss objective equalities inequalities violation replace jacobian gradient average check_same main project lagrangian ' +
    'nearest_in_simplex unit_of_lowest nearest_solution tangent particular x_of theta_of shares set bool enumerate isinstance reversed slice step init join vector numbers whole pseudoinverse uniform shuffled threefry mixed random_key batch_loss batch_gradient positions x_of_vjp inverse_of raised room quadratic_program'
  ).split(' '),
);

/** Underscores at an end keep the map injective; the rest are names that a script counts up, and functions such as sum_of. */
const SCRIPT_NAME =
  /^_|_$|_of$|^(?:[A-Z]+|project|onto|lowest|center|radius|lower|upper|totals|b|A)_\w+$|^(?:START|STEPS|RECORDED|SETS|LOWEST|TIES|POINT|N)$/u;

const SUBSCRIPT_ZERO = 0x2080;

/** The name as an identifier of Python that is none of its words. */
export function pythonName(name: string): string {
  const plain = name
    .replace(/[\u2080-\u2089]/gu, (digit) => `_u${(digit.codePointAt(0) ?? SUBSCRIPT_ZERO) - SUBSCRIPT_ZERO}`)
    .replaceAll('\u2032', '_prime');
  return TAKEN.has(plain) || isFunctionName(plain) || SCRIPT_NAME.test(plain) ? `${plain}_` : plain;
}

const BUILT_IN = new Set(['abs', 'max', 'min', 'sum']);

/** Built-in functions of Python keep their meaning. */
const functionName = (name: string): string => (BUILT_IN.has(name) ? `${name}_of` : name);

/** How a library of arrays writes what the language has. */
export interface PythonLanguage {
  readonly call: Dialect['call'];
  readonly index: Dialect['index'];
  readonly transpose: Dialect['transpose'];
  readonly list: Dialect['list'];
  /** Definitions of what `call` and `index` name, where the module has no such function. */
  readonly shared: readonly string[];
  readonly definitions: Partial<Readonly<Record<FunctionName, string>>>;
}

/** `declared` are the text's own names, which win over the constants pi, e and inf. */
export function printPython(
  expr: Expr,
  declared: ReadonlySet<string> = new Set(),
  language: PythonLanguage = TORCH,
): string {
  const dialect: Dialect = {
    power: '**',
    number: ({ value }) => String(value),
    name: ({ name }) => {
      const constant = declared.has(name) ? undefined : CONSTANTS.get(name);
      return constant ? `math.${constant.python}` : pythonName(name);
    },
    call: language.call,
    index: language.index,
    transpose: language.transpose,
    list: language.list,
  };
  return printInfix(expr, dialect);
}

/** PyTorch has no negative steps: `entries` does what NumPy does. It takes whole numbers as positions, where data are not. */
const indexed: Dialect['index'] = (expr, printer: Printer) => {
  const operand = printer.tight(expr.operand);
  const item = (axis: number): string => {
    const written = expr.items[axis];
    if (written === undefined) return '';
    if (written.kind === 'slice' || isPlainIndex(written)) return printIndices({ ...expr, items: [written] }, printer);
    return `positions(${printer.print(written)}, ${operand}.shape[${axis}])`;
  };
  const isBackwards = expr.items.some((written) => written.kind === 'slice' && written.step?.kind === 'negate');
  if (!isBackwards) return `${operand}[${expr.items.map((_, axis) => item(axis)).join(', ')}]`;
  const items = expr.items.map((written, axis) => {
    if (written.kind !== 'slice') return item(axis);
    return `slice(${[written.from, written.to, written.step].map((bound) => (bound ? printer.print(bound) : 'None')).join(', ')})`;
  });
  return `entries(${printer.print(expr.operand)}, ${items.join(', ')})`;
};

const TENSOR = `def tensor(a):
    """A number or a list as a tensor; a tensor as it is."""
    if torch.is_tensor(a):
        return a
    if isinstance(a, list):
        return torch.stack([tensor(entry) for entry in a])
    return torch.tensor(float(a), dtype=torch.get_default_dtype())`;

const TRANSPOSE = `def transpose(a):
    a = tensor(a)
    return a.mT if a.ndim == 2 else a`;

const ENTRIES = `def entries(a, *items):
    """a[items] as NumPy has it: with slices that go backwards, and positions from the end."""
    for axis in reversed(range(len(items))):
        item = items[axis]
        if isinstance(item, slice):
            a = a.index_select(axis, torch.tensor(list(range(*item.indices(a.shape[axis])))))
        elif torch.is_tensor(item) and item.ndim == 1:
            a = a.index_select(axis, item % a.shape[axis])
        else:
            a = a.select(axis, item)
    return a`;

const POSITIONS = `def positions(item, length):
    """An index of the text: a position, a list of them, or a mask of 0 and 1 as long as the axis."""
    item = tensor(item)
    is_mask = item.ndim == 1 and len(item) == length and bool(((item == 0) | (item == 1)).all())
    return item.nonzero().reshape(-1) if is_mask else item.long()`;

const unary = (name: FunctionName, body: string): string => `def ${functionName(name)}(a):\n    return ${body}`;
const reduction = (name: FunctionName, all: string, along = all): string =>
  `def ${functionName(name)}(a, dim=None):\n    a = tensor(a)\n    return ${all}(a) if dim is None else ${along}(a, dim=dim)`;
const extreme = (name: 'min' | 'max', pair: string): string =>
  `def ${functionName(name)}(a, *others, dim=None):
    a = tensor(a)
    for other in others:
        a = torch.${pair}(a, tensor(other))
    if others:
        return a
    return torch.a${name}(a) if dim is None else torch.a${name}(a, dim=dim)`;

const filled = (name: 'zeros' | 'ones'): string =>
  `def ${name}(*shape):\n    return torch.${name}([int(n) for n in (shape[0] if torch.is_tensor(shape[0]) else shape)])`;

/** Gradients at ties are those of PyTorch here and there. */
const DEFINITIONS: Readonly<Record<FunctionName, string>> = {
  sum: reduction('sum', 'torch.sum'),
  mean: reduction('mean', 'torch.mean'),
  min: extreme('min', 'minimum'),
  max: extreme('max', 'maximum'),
  abs: unary('abs', 'torch.abs(tensor(a))'),
  sign: unary('sign', 'torch.sign(tensor(a))'),
  exp: unary('exp', 'torch.exp(tensor(a))'),
  log: unary('log', 'torch.log(tensor(a))'),
  sqrt: unary('sqrt', 'torch.sqrt(tensor(a))'),
  sin: unary('sin', 'torch.sin(tensor(a))'),
  cos: unary('cos', 'torch.cos(tensor(a))'),
  tan: unary('tan', 'torch.tan(tensor(a))'),
  tanh: unary('tanh', 'torch.tanh(tensor(a))'),
  sigmoid: unary('sigmoid', 'torch.sigmoid(tensor(a))'),
  softplus: unary('softplus', 'torch.nn.functional.softplus(tensor(a))'),
  softmax: 'def softmax(a, dim=-1):\n    return torch.softmax(tensor(a), dim=dim)',
  logsumexp:
    'def logsumexp(a, dim=None):\n    a = tensor(a)\n    return torch.logsumexp(a.flatten(), dim=0) if dim is None else torch.logsumexp(a, dim=dim)',
  relu: unary('relu', 'torch.relu(tensor(a))'),
  norm: 'def norm(a, order=2, dim=None):\n    return torch.linalg.vector_norm(tensor(a), ord=float(order), dim=dim)',
  dot: 'def dot(a, b):\n    return torch.dot(tensor(a), tensor(b))',
  outer: 'def outer(a, b):\n    return torch.outer(tensor(a), tensor(b))',
  eye: 'def eye(n):\n    return torch.eye(int(n))',
  zeros: filled('zeros'),
  ones: filled('ones'),
  diag: unary('diag', 'torch.diag(tensor(a))'),
  trace: unary('trace', 'torch.diagonal(tensor(a)).sum()'),
  det: unary('det', 'torch.linalg.det(tensor(a))'),
  transpose: '',
  reshape:
    'def reshape(a, *shape):\n    return torch.reshape(tensor(a), [int(n) for n in (shape[0] if torch.is_tensor(shape[0]) else shape)])',
  concat: 'def concat(*parts):\n    return torch.cat([tensor(part).reshape(-1) for part in parts])',
  where: 'def where(condition, a, b):\n    return torch.where(tensor(condition) != 0, tensor(a), tensor(b))',
  clip: 'def clip(a, low, high):\n    return torch.clamp(tensor(a), tensor(low), tensor(high))',
  mse: 'def mse(a, b):\n    return torch.mean((tensor(a) - tensor(b))**2)',
  cross_entropy:
    'def cross_entropy(logits, y):\n    return torch.nn.functional.cross_entropy(tensor(logits), tensor(y) if tensor(y).ndim == 2 else tensor(y).long())',
  // What stands for x must require a gradient: parameters do, data are made to by `requires_grad_()`.
  grad: `def grad(f, x):
    f = tensor(f)
    slope = torch.autograd.grad(f, x, create_graph=True, allow_unused=True)[0] if f.requires_grad else None
    return torch.zeros_like(x) if slope is None else slope`,
  jacobian: `def jacobian(f, x):
    f = tensor(f)
    rows = []
    for entry in f.reshape(-1):
        slope = torch.autograd.grad(entry, x, create_graph=True, allow_unused=True)[0] if f.requires_grad else None
        rows.append(torch.zeros_like(x) if slope is None else slope)
    return torch.stack(rows).reshape(*f.shape, *x.shape)`,
};

/** PyTorch's names and axes; all functions take numbers, lists and tensors alike. */
export const TORCH: PythonLanguage = {
  call: ({ name, args, options }, { print }) =>
    `${functionName(name)}(${[...args.map(print), ...options.map((option) => `dim=${print(option.value)}`)].join(', ')})`,
  index: indexed,
  transpose: ({ operand }, { print }) => `transpose(${print(operand)})`,
  list: ({ items }, { print }) => `tensor([${items.map(print).join(', ')}])`,
  shared: [TENSOR, TRANSPOSE, ENTRIES, POSITIONS],
  definitions: DEFINITIONS,
};

/** Definitions of everything that `printPython` of these expressions calls, in an order that runs. */
export function pythonFunctions(exprs: Iterable<Expr>, { shared, definitions }: PythonLanguage = TORCH): string {
  const used = new Set<FunctionName>();
  for (const expr of exprs) {
    for (const node of nodesOf(expr)) if (node.kind === 'call' && isFunctionName(node.name)) used.add(node.name);
  }
  return [...shared, ...[...used].map((name) => definitions[name] ?? '')].filter((text) => text !== '').join('\n\n\n');
}
