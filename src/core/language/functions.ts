/** The functions of the language: how they are called, what they mean, how they are written in LaTeX. */

export interface FunctionEntry {
  /** As shown by completion. */
  readonly signature: string;
  /** Fewest and most positional arguments. */
  readonly arity: readonly [least: number, most: number];
  /** Whether `axis=` may be given. */
  readonly hasAxis: boolean;
  /** One or two sentences: formula, and what happens outside the domain. */
  readonly meaning: string;
  /** From the arguments in LaTeX. */
  readonly latex: (...args: readonly string[]) => string;
}

const operator =
  (name: string) =>
  (...args: readonly string[]): string =>
    `\\operatorname{${name}}\\left(${args.join(', ')}\\right)`;
const builtIn =
  (name: string) =>
  (...args: readonly string[]): string =>
    `\\${name}\\left(${args.join(', ')}\\right)`;

const define = (
  signature: string,
  arity: FunctionEntry['arity'],
  meaning: string,
  latex: FunctionEntry['latex'] = operator(signature.slice(0, signature.indexOf('('))),
): FunctionEntry => ({ signature, arity, hasAxis: signature.includes('axis'), meaning, latex });

const MANY = 1000;

export const FUNCTIONS = {
  sum: define(
    'sum(a, axis=…)',
    [1, 1],
    'Sum of all entries, or along one axis: 0 adds the rows up, 1 the columns.',
    (a) => `\\sum ${a}`,
  ),
  mean: define('mean(a, axis=…)', [1, 1], 'Mean of all entries, or along one axis.'),
  min: define(
    'min(a, b, …)  or  min(a, axis=…)',
    [1, MANY],
    'Smallest entry of one argument, or entry by entry of several. Equal ones share the gradient.',
    builtIn('min'),
  ),
  max: define(
    'max(a, b, …)  or  max(a, axis=…)',
    [1, MANY],
    'Largest entry of one argument, or entry by entry of several. Equal ones share the gradient.',
    builtIn('max'),
  ),
  abs: define('abs(a)', [1, 1], '|a|, entry by entry. The derivative at 0 is 0.', (a) => `\\left|${a}\\right|`),
  sign: define('sign(a)', [1, 1], '−1, 0 or 1, entry by entry. The derivative is 0.'),
  exp: define(
    'exp(a)',
    [1, 1],
    'eᵃ, entry by entry. Overflows to ∞ above about 88 in single precision.',
    builtIn('exp'),
  ),
  log: define('log(a)', [1, 1], 'Natural logarithm, entry by entry. −∞ at 0, not a number below.', builtIn('log')),
  sqrt: define(
    'sqrt(a)',
    [1, 1],
    'Square root, entry by entry. Not a number below 0; the slope at 0 is infinite.',
    (a) => `\\sqrt{${a}}`,
  ),
  sin: define('sin(a)', [1, 1], 'Sine of an angle in radians, entry by entry.', builtIn('sin')),
  cos: define('cos(a)', [1, 1], 'Cosine of an angle in radians, entry by entry.', builtIn('cos')),
  tan: define(
    'tan(a)',
    [1, 1],
    'Tangent of an angle in radians, entry by entry. Unbounded near π/2 + kπ.',
    builtIn('tan'),
  ),
  tanh: define('tanh(a)', [1, 1], 'Hyperbolic tangent, entry by entry, between −1 and 1.', builtIn('tanh')),
  sigmoid: define(
    'sigmoid(a)',
    [1, 1],
    '1/(1 + e⁻ᵃ), entry by entry, between 0 and 1. Does not overflow.',
    (a) => `\\sigma\\left(${a}\\right)`,
  ),
  softplus: define('softplus(a)', [1, 1], 'log(1 + eᵃ), entry by entry. Does not overflow.'),
  softmax: define(
    'softmax(a, axis=…)',
    [1, 1],
    'eᵃ divided by its sum along the last axis, or the given one: positive, and sums to 1.',
  ),
  logsumexp: define('logsumexp(a, axis=…)', [1, 1], 'log Σ eᵃ over all entries, or along one axis. Does not overflow.'),
  relu: define('relu(a)', [1, 1], 'max(a, 0), entry by entry. The derivative at 0 is 0.'),
  norm: define(
    'norm(a)  or  norm(a, 1)  or  norm(a, inf)  or  norm(a, axis=…)',
    [1, 2],
    'Length √Σa² over all entries, or along one axis: 0 of each column, 1 of each row; with 1 the sum of all |a|, with inf the largest |a|. The derivative at 0 is 0.',
    (a, order) => `\\left\\|${a}\\right\\|${order === undefined ? '' : `_{${order}}`}`,
  ),
  dot: define(
    'dot(a, b)',
    [2, 2],
    'Σ aᵢ bᵢ of two vectors of equal length.',
    (a, b) => `\\left\\langle ${a}, ${b}\\right\\rangle`,
  ),
  outer: define('outer(a, b)', [2, 2], 'The matrix of all products aᵢ bⱼ of two vectors.'),
  eye: define('eye(n)', [1, 1], 'The identity matrix with n rows: 1 on the diagonal, else 0.', (n) => `I_{${n}}`),
  zeros: define('zeros(n)  or  zeros(m, n)', [1, 2], 'A vector of n zeros, or a matrix of m × n.'),
  ones: define('ones(n)  or  ones(m, n)', [1, 2], 'A vector of n ones, or a matrix of m × n.'),
  diag: define('diag(a)', [1, 1], 'The diagonal of a matrix, or the diagonal matrix of a vector.'),
  trace: define('trace(A)', [1, 1], 'Sum of the diagonal of a matrix.'),
  det: define('det(A)', [1, 1], 'Determinant of a square matrix.', builtIn('det')),
  transpose: define('transpose(A)', [1, 1], 'Rows and columns exchanged; also written A.T.', (a) => `{${a}}^{\\top}`),
  reshape: define('reshape(a, m, n)', [2, 3], 'The same entries, row by row, as a vector of m or a matrix of m × n.'),
  concat: define('concat(a, b, …)', [1, MANY], 'One vector from numbers and vectors, end to end.'),
  where: define(
    'where(condition, a, b)',
    [3, 3],
    'a where the condition holds, else b, entry by entry. The condition is a comparison such as x > 0.',
  ),
  clip: define(
    'clip(a, low, high)',
    [3, 3],
    'The nearest number between low and high, entry by entry. The derivative outside is 0.',
  ),
  mse: define('mse(a, b)', [2, 2], 'Mean of (a − b)² over all entries.'),
  cross_entropy: define(
    'cross_entropy(logits, y)',
    [2, 2],
    'Mean over the rows of logsumexp(row) − Σ y·row; y holds class numbers from 0, or one row of probabilities for each row.',
    operator('CE'),
  ),
  grad: define(
    'grad(f, x)',
    [2, 2],
    'Gradient of a number f with respect to the parameter, data or let named x: one slope for each entry of x.',
    (f, x) => `\\nabla_{${x}} \\left(${f}\\right)`,
  ),
  jacobian: define(
    'jacobian(f, x)',
    [2, 2],
    'All slopes of f with respect to the parameter, data or let named x: a row for each entry of f, a column for each of x.',
    (f, x) => `\\frac{\\partial}{\\partial ${x}} \\left(${f}\\right)`,
  ),
} satisfies Record<string, FunctionEntry>;

export type FunctionName = keyof typeof FUNCTIONS;

/** Functions whose second argument is a name: what the first is differentiated by. */
export type DerivativeName = 'grad' | 'jacobian';
export const isDerivativeName = (name: string): name is DerivativeName => name === 'grad' || name === 'jacobian';

export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(FUNCTIONS, name);

/** Functions that stand before what they are of without brackets on paper, `ln x`, and what they are called where they are called. */
export const ON_PAPER: ReadonlyMap<string, string> = new Map([
  ['ln', 'log'],
  ...['sinh', 'cosh', 'cot', 'arcsin', 'arccos', 'arctan', 'erf'].map((name) => [name, name] as const),
]);

/** Names from other languages. */
export const ALIASES: ReadonlyMap<string, FunctionName> = new Map<string, FunctionName>([
  ['ln', 'log'],
  ['average', 'mean'],
  ['avg', 'mean'],
  ['minimum', 'min'],
  ['maximum', 'max'],
  ['amax', 'max'],
  ['amin', 'min'],
  ['fabs', 'abs'],
  ['absolute', 'abs'],
  ['concatenate', 'concat'],
  ['clamp', 'clip'],
  ['inner', 'dot'],
  ['tr', 'trace'],
  ['determinant', 'det'],
  ['logistic', 'sigmoid'],
  ['expit', 'sigmoid'],
  ['sgn', 'sign'],
  ['crossentropy', 'cross_entropy'],
  ['mse_loss', 'mse'],
  ['pos', 'relu'],
  ['length', 'norm'],
  ['total', 'sum'],
  ['gradient', 'grad'],
  ['nabla', 'grad'],
  ['jac', 'jacobian'],
  ['σ', 'sigmoid'],
  ['sigma', 'sigmoid'],
  ['mse_loss', 'mse'],
  ['l2', 'norm'],
  ['l2norm', 'norm'],
  ['vdot', 'dot'],
  ['cat', 'concat'],
  ['hstack', 'concat'],
  ['identity', 'eye'],
]);

/** Functions that are operators here. */
export const WRITTEN_AS: ReadonlyMap<string, string> = new Map([
  ['pow', 'A power is written a^b or a**b.'],
  ['power', 'A power is written a^b or a**b.'],
  ['square', 'A square is written a^2.'],
  ['matmul', 'A matrix product is written A @ B.'],
  ['mul', 'A product is written a*b.'],
  ['transposed', 'The transpose is written A.T.'],
  ['array', 'An array is written [1, 2, 3].'],
  ['soft', 'soft(weight): stands before a constraint.'],
]);

export interface ConstantEntry {
  readonly value: number;
  readonly meaning: string;
  readonly latex: string;
  /** Of Python's module math. */
  readonly python: string;
}

/** Known unless the text declares the name itself. */
export const CONSTANTS: ReadonlyMap<string, ConstantEntry> = new Map([
  ['pi', { value: Math.PI, meaning: 'π = 3.14159…', latex: '\\pi', python: 'pi' }],
  ['π', { value: Math.PI, meaning: 'π = 3.14159…, as pi', latex: '\\pi', python: 'pi' }],
  ['e', { value: Math.E, meaning: 'e = 2.71828…', latex: 'e', python: 'e' }],
  [
    'inf',
    { value: Number.POSITIVE_INFINITY, meaning: '∞, for a bound that is not there', latex: '\\infty', python: 'inf' },
  ],
]);

/** Names whose value the run gives. */
export const RUN_NAMES: ReadonlyMap<string, string> = new Map([
  ['t', 'Number of the step: 0 at the start, k at step k.'],
  ['T', 'Number of steps of the run.'],
]);
