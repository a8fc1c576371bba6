/** One recorded value as an expression of Python; every library of arrays is called as NumPy is, but for its own words. */
import { at, invariant } from '../../diagnostic.ts';
import { broadcastShapes, type Shape, sameShape, sizeOf } from '../../tensor/shape.ts';
import { applyRule, type Id, type RuleTable, type Value, type ValueOf } from '../../tensor/value.ts';
import { float } from './literal.ts';
import { bare, inOrder, isSquare, isTruth, multipleOf, safeRoot, unwrapped } from './patterns.ts';
import type { ArrayLibrary } from './target.ts';
import type { TraceOps } from './trace.ts';
import { flatIndex, matrixIndex, positionsOf } from './views.ts';

/** Text, and how tightly it binds. */
export interface Code {
  readonly text: string;
  readonly level: number;
}

export const LEVEL = { compare: 0, and: 1, sum: 2, product: 3, negate: 4, power: 5, suffix: 6, atom: 7 } as const;

const atom = (text: string): Code => ({ text, level: LEVEL.atom });
const suffix = (text: string): Code => ({ text, level: LEVEL.suffix });

/** What an expression may ask of the statements around it. */
export interface Surroundings {
  readonly ops: TraceOps;
  readonly library: ArrayLibrary;
  /** The expression of a value, or the name that it was given. */
  code(id: Id): Code;
  /** The name of an array of numbers that is too long to stand in a line. */
  constant(data: Float64Array, shape: Shape, hint?: string): string;
  /** Whether a truth value has a name that stands for 1 and 0. */
  isNumber(id: Id): boolean;
  /** The numbers of a value that no step changes. */
  numbers(id: Id): Float64Array;
}

const LONGEST_LITERAL = 6;

const tuple = (shape: readonly number[]): string => (shape.length === 1 ? `${shape[0]}` : `(${shape.join(', ')})`);

const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=' };

const LOSSES: ReadonlySet<string> = new Set(['loss', 'objective', 'batch_loss']);

const isIdentity = (data: Float64Array, [rows, columns]: Shape): boolean =>
  rows === columns && rows !== undefined && data.every((entry, k) => entry === (k % (rows + 1) === 0 ? 1 : 0));

export class Expressions {
  constructor(private readonly around: Surroundings) {}

  /** The value itself, not the name that it may have. */
  of(id: Id): Code {
    return applyRule(this.rules, at(this.around.ops.values, id), id);
  }

  private isTruth = (id: Id): boolean => isTruth(this.around.ops, id, this.around.isNumber);

  word(name: string): string {
    const { words, module } = this.around.library;
    return words[name] ?? `${module}.${name}`;
  }

  /** As a number, in at least this level; truth values become 1 and 0. */
  text(id: Id, least: number = LEVEL.compare): string {
    const { code } = this.around;
    if (this.isTruth(id)) return `${this.word('where')}(${code(id).text}, 1.0, 0.0)`;
    const { text, level } = code(id);
    return level < least ? `(${text})` : text;
  }

  /** As a truth value. */
  truth(id: Id, least: number = LEVEL.compare): string {
    const { code } = this.around;
    const { text, level } = code(id);
    if (!this.isTruth(id)) return `${this.text(id, LEVEL.sum)} != 0`;
    return level < least ? `(${text})` : text;
  }

  /** An array whatever is in it: Python's own numbers have no methods. */
  array(id: Id): string {
    const value = at(this.around.ops.values, id);
    return value.op === 'constant' && value.shape.length === 0
      ? `${this.word('array')}(${this.text(id)})`
      : this.text(id, LEVEL.suffix);
  }

  /** Arguments of an elementwise operation: broadcasts that happen by themselves are left to NumPy. */
  private elements(value: Value): Id[] {
    const ids = value.args.map((id) => bare(this.around.ops, id));
    const shapes = ids.map((id) => at(this.around.ops.values, id).shape);
    const together = shapes.reduce<Shape | null>((shape, next) => shape && broadcastShapes(shape, next), []);
    return together && sameShape(together, value.shape) ? ids : [...value.args];
  }

  private readonly infix =
    (operator: string, level: number) =>
    (value: Value): Code => {
      const [a = 0, b = 0] = this.elements(value);
      // Brackets on the right even where + and * need none: Python then rounds as the run did.
      return { text: `${this.text(a, level)} ${operator} ${this.text(b, level + 1)}`, level };
    };

  private readonly compare =
    (operator: string) =>
    (value: Value): Code => {
      const [a = 0, b = 0] = this.elements(value);
      const isTurned = this.isNumeral(a) && !this.isNumeral(b); // people write x > 0
      const [left, sign, right] = isTurned ? [b, TURNED[operator] ?? operator, a] : [a, operator, b];
      return { text: `${this.text(left, LEVEL.sum)} ${sign} ${this.text(right, LEVEL.sum)}`, level: LEVEL.compare };
    };

  private isNumeral = (id: Id): boolean => this.around.ops.scalarConstant({ id, shape: [] }) !== null;

  private readonly called = (name: string) => (value: Value) =>
    atom(
      `${this.word(name)}(${this.elements(value)
        .map((id) => this.text(id))
        .join(', ')})`,
    );

  /** maximum and minimum, which are `or` and `and` of truth values. */
  private readonly extreme =
    (name: string, operator: string) =>
    (value: Value, id: Id): Code =>
      this.isTruth(id)
        ? { text: value.args.map((arg) => this.truth(arg, LEVEL.sum)).join(` ${operator} `), level: LEVEL.and }
        : this.called(name)(value);

  private readonly reduction =
    (name: string) =>
    ({ args, attributes: { axis } }: ValueOf<'sum'> | ValueOf<'max'>): Code => {
      const { ops, library } = this.around;
      const [id] = args;
      const value = at(ops.values, id);
      const all = ops.scalarConstant({ id, shape: [] });
      if (all !== null) {
        const count = name === 'max' ? 1 : axis === null ? sizeOf(value.shape) : at(value.shape, axis);
        const rest = axis === null ? [] : value.shape.filter((_, i) => i !== axis);
        return rest.length === 0 ? atom(float(all * count)) : this.full(all * count, rest);
      }
      if (name === 'sum' && axis === null && value.op === 'multiply' && value.shape.length === 1) {
        const [a, b] = [at(value.args, 0), at(value.args, 1)];
        const areVectors = [a, b].every((arg) => at(ops.values, bare(ops, arg)).shape.length === 1);
        if (areVectors && !this.isTruth(id) && this.isUnnamed(id))
          return { text: `${this.text(a, LEVEL.product)} @ ${this.text(b, LEVEL.negate)}`, level: LEVEL.product };
      }
      return atom(`${this.word(name)}(${this.text(id)}${axis === null ? '' : `, ${library.axis}=${axis}`})`);
    };

  private isUnnamed = (id: Id): boolean => this.around.code(id).text === this.of(id).text;

  private full(data: number, shape: Shape): Code {
    const size = tuple(shape);
    if (data === 0) return atom(`${this.word('zeros')}(${size})`);
    if (data === 1) return atom(`${this.word('ones')}(${size})`);
    return atom(`${this.word('full')}(${size}, ${float(data)})`);
  }

  private viewed(source: Id, index: string | null, value: ValueOf<'slice'>): Code {
    const { ops, constant, library } = this.around;
    const { shape } = at(ops.values, source);
    if (index !== null && (library.reverses || !index.includes(':-'))) {
      const picked = suffix(`${this.array(source)}[${index}]`);
      return shape.length === 1 && value.shape.length === 2
        ? suffix(`${picked.text}.reshape${tupled(value.shape)}`)
        : picked;
    }
    const positions = constant(Float64Array.from(positionsOf(value.attributes, value.shape)), value.shape, 'places');
    return suffix(`${this.array(source)}.reshape(-1)[${positions}]`);
  }

  private readonly rules: RuleTable<[Id], Code> = {
    constant: ({ attributes: { data }, shape }) => {
      const first = data[0] ?? 0;
      if (shape.length === 0)
        return { text: float(first), level: first < 0 || Object.is(first, -0) ? LEVEL.negate : LEVEL.atom };
      if (data.every((entry) => Object.is(entry, first))) return this.full(first, shape);
      if (isIdentity(data, shape)) return atom(`${this.word('eye')}(${shape[0]})`);
      return data.length <= LONGEST_LITERAL && shape.length === 1
        ? atom(`${this.word('array')}([${[...data].map(float).join(', ')}])`)
        : atom(this.around.constant(data, shape));
    },
    input: (_, id) => {
      const call = this.around.ops.calls.get(id);
      invariant(call, 'parameters have names');
      const text = `${call.name}(${call.args.map((arg) => this.text(arg)).join(', ')})`;
      const { compared } = this.around.library;
      return atom(compared && LOSSES.has(call.name) ? compared(text) : text);
    },
    identity: ({ args }) => this.around.code(args[0]),
    negate: ({ args: [id] }) => {
      const inner = at(this.around.ops.values, id);
      return inner.op === 'negate' && this.isUnnamed(id)
        ? this.around.code(inner.args[0])
        : { text: `-${this.text(id, LEVEL.negate)}`, level: LEVEL.negate };
    },
    abs: this.called('abs'),
    sign: this.called('sign'),
    exp: this.called('exp'),
    log: this.called('log'),
    sqrt: this.called('sqrt'),
    sin: this.called('sin'),
    cos: this.called('cos'),
    tan: this.called('tan'),
    tanh: this.called('tanh'),
    floor: this.called('floor'),
    add: (value) =>
      value.args[0] === value.args[1]
        ? { text: `2.0 * ${this.text(value.args[0], LEVEL.product)}`, level: LEVEL.product }
        : this.infix('+', LEVEL.sum)(value),
    subtract: (value, id) =>
      this.isTruth(id)
        ? atom(`${this.word('logical_not')}(${this.truth(at(value.args, 1))})`)
        : this.infix('-', LEVEL.sum)(value),
    multiply: (value, id) =>
      this.isTruth(id)
        ? { text: value.args.map((arg) => this.truth(arg, LEVEL.sum)).join(' & '), level: LEVEL.and }
        : isSquare(value)
          ? { text: `${this.text(at(this.elements(value), 0), LEVEL.suffix)}**2`, level: LEVEL.power }
          : this.infix('*', LEVEL.product)(value),
    divide: this.infix('/', LEVEL.product),
    power: (value) => {
      const [a = 0, b = 0] = this.elements(value);
      return { text: `${this.text(a, LEVEL.suffix)}**${this.text(b, LEVEL.negate)}`, level: LEVEL.power };
    },
    maximum: this.extreme('maximum', '|'),
    minimum: this.extreme('minimum', '&'),
    less: this.compare('<'),
    lessEqual: this.compare('<='),
    equal: (value) => {
      const every = multipleOf(this.around.ops, value);
      return every === null
        ? this.compare('==')(value)
        : { text: `${this.text(every.t, LEVEL.product)} % ${every.count} == 0`, level: LEVEL.compare };
    },
    where: (value) => {
      const root = safeRoot(this.around.ops, value);
      if (root !== null) return atom(`${this.word('sqrt')}(${this.text(root)})`);
      const [condition = 0, yes = 0, no = 0] = this.elements(value);
      return atom(`${this.word('where')}(${this.truth(condition)}, ${this.text(yes)}, ${this.text(no)})`);
    },
    broadcast: ({ args, shape }, id) => {
      const constant = this.around.ops.scalarConstant({ id: args[0], shape: [] });
      return constant === null
        ? atom(
            `${this.word('broadcast_to')}(${this.isTruth(id) ? this.truth(args[0]) : this.text(args[0])}, ${tuple(shape)})`,
          )
        : this.full(constant, shape);
    },
    reshape: ({ args, shape }, id) => {
      const from = at(this.around.ops.values, args[0]).shape;
      const [m, n] = shape;
      const isTruth = this.isTruth(id);
      const whole = isTruth ? this.truth(args[0], LEVEL.suffix) : this.array(args[0]);
      if (from.length === 1 && shape.length === 2 && n === 1) return suffix(`${whole}[:, None]`);
      if (from.length === 1 && shape.length === 2 && m === 1) return suffix(`${whole}[None, :]`);
      if (shape.length === 0) return suffix(`${whole}[${from.map(() => 0).join(', ')}]`);
      const number = isTruth ? this.truth(args[0]) : this.text(args[0]);
      const source = from.length === 0 ? `${this.word('array')}(${number})` : whole;
      return suffix(`${source}.reshape${shape.length === 1 ? '(-1)' : tupled(shape)}`);
    },
    transpose: ({ args }) => suffix(`${this.array(args[0])}.T`),
    slice: (value) => {
      const [source] = value.args;
      const { shape } = at(this.around.ops.values, source);
      if (shape.length === 0) return this.viewed(source, null, value);
      const index =
        shape.length === 1
          ? flatIndex(value.attributes, value.shape, sizeOf(shape))
          : matrixIndex(value.attributes, value.shape, shape);
      return this.viewed(source, index, value);
    },
    assemble: (value) => {
      const whole = inOrder(this.around.ops, value)?.map((id) => unwrapped(this.around.ops, id));
      invariant(whole, 'others are statements');
      const areNumbers = whole.every((id) => at(this.around.ops.values, id).shape.length === 0);
      return areNumbers
        ? atom(`vector(${whole.map((id) => this.text(id)).join(', ')})`)
        : atom(`join(${whole.map((id) => this.text(id)).join(', ')})`);
    },
    sum: this.reduction('sum'),
    max: this.reduction('max'),
    matmul: ({ args: [a, b] }) => ({
      text: `${this.text(a, LEVEL.product)} @ ${this.text(b, LEVEL.negate)}`,
      level: LEVEL.product,
    }),
    pinv: ({ args }) => atom(`pseudoinverse(${this.text(args[0])})`),
    nullSpace: (value, id) => atom(this.around.constant(this.around.numbers(id), value.shape, 'null_space')),
    rowSpace: (value, id) => atom(this.around.constant(this.around.numbers(id), value.shape, 'row_space')),
    gather: ({ args: [table, rows] }) => suffix(`${this.array(table)}[whole(${this.text(rows)})]`),
    random: ({ args: [seed, start, t], attributes: { kind, stream, count }, shape }) =>
      atom(
        kind === 'uniform'
          ? `uniform(${[seed, start, t].map((id) => this.text(id)).join(', ')}, ${stream}, ${tupled(shape)})`
          : `shuffled(${[seed, start, t].map((id) => this.text(id)).join(', ')}, ${stream}, ${shape[0]}, ${count})`,
      ),
    repeat: () => atom('loop'),
    pick: () => atom('picked'),
    carry: () => atom('carried'),
    turn: () => atom('turn'),
  };
}

/** `(3, 2)`, `(3,)`. */
export const tupled = (shape: readonly number[]): string => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
