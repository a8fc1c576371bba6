/** A traced function as Python: what is used once stands where it is used, what is used more often has a name. */
import { at, invariant } from '../../diagnostic.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import type { Id, OpName, RegionId, Value } from '../../tensor/value.ts';
import { type Code, Expressions, inOrder, LEVEL, tupled } from './expression.ts';
import type { ArrayLibrary } from './target.ts';
import type { TracedFunction } from './trace.ts';
import { flatIndex, positionsOf } from './views.ts';

/** A name of Python. */
const WORD = /[\p{ID_Start}_][\p{ID_Continue}]*/gu;

/** Longer expressions get a name. */
const LONGEST = 68;
/** Of the results of a function that returns several. */
const LONGEST_OF_SEVERAL = 16;

/** What a value is called that has no other name. */
const HINTS: Partial<Readonly<Record<OpName, string>>> = {
  less: 'is_less',
  lessEqual: 'is_less',
  equal: 'is_equal',
  sum: 'total',
  max: 'largest',
  matmul: 'product',
  divide: 'ratio',
  sqrt: 'root',
  where: 'chosen',
  assemble: 'joined',
  pinv: 'inverse',
  exp: 'powers',
  abs: 'size',
};

export interface Constants {
  /** The name of a constant array of the script. */
  name(data: Float64Array, shape: Shape, hint?: string): string;
}

/** `def name(…):` and its body. */
export function printFunction(
  traced: TracedFunction,
  library: ArrayLibrary,
  constants: Constants,
  settings: RunSettings,
): string {
  return new FunctionPrinter(traced, library, constants, settings).print();
}

/** Numbers of the run's settings by the names of the inputs, and what they are called in the script. */
export interface RunSettings {
  readonly values: Readonly<Record<string, readonly number[]>>;
  nameOf(input: string): string;
}

class FunctionPrinter {
  private readonly names: Map<Id, string>;
  private readonly taken: Set<string>;
  private readonly expressions: Expressions;
  private readonly uses = new Map<Id, number>();
  private readonly homes = new Map<Id, RegionId | null>();
  private readonly written = new Map<Id, Code>();
  private readonly needed: readonly Id[];

  constructor(
    private readonly traced: TracedFunction,
    private readonly library: ArrayLibrary,
    private readonly constants: Constants,
    private readonly settings: RunSettings,
  ) {
    const { ops, parameters, results, names } = traced;
    this.names = new Map([...names, ...parameters.map(({ id, name }) => [id, name] as const)]);
    ops.values.forEach((value, id) => {
      if (value.op === 'input' && value.attributes.source === 'setting' && !this.names.has(id))
        this.names.set(id, settings.nameOf(value.attributes.name));
      if (value.op === 'input' && value.attributes.source === 'index') this.names.set(id, '0');
    });
    this.taken = new Set([
      ...this.names.values(),
      ...[...ops.calls.values()].map(({ name }) => name),
      'math',
      'turn',
      'places',
      'null_space',
      'row_space',
      library.module,
    ]);
    this.expressions = new Expressions({
      ops,
      library,
      code: (id) => this.code(id),
      constant: (data, shape, hint) => constants.name(data, shape, hint),
      numbers: (id) => this.numbers(id),
    });
    this.needed = [...this.reach(results.map(({ id }) => id))].sort((a, b) => a - b);
    for (const { id } of results) this.count(id);
    for (const id of this.needed) for (const argument of this.argumentsOf(id)) this.count(argument);
  }

  print(): string {
    const { name, says, parameters, results, unpacking } = this.traced;
    const used = parameters.map((parameter) => parameter.name);
    const body = [
      ...this.block(null, 1),
      `    return ${results.map(({ id }) => this.expressions.text(id)).join(', ')}`,
    ];
    const words = new Set(body.join('\n').match(WORD)); // entries may have been put together to the whole vector again
    const isUnpacked = unpacking?.text.match(WORD)?.some((word) => words.has(word)) ?? false;
    return [
      ...(this.library.decorator !== null && name === 'step' ? [this.library.decorator] : []),
      `def ${name}(${used.join(', ')}):`,
      ...(says === '' ? [] : [`    """${says}"""`]),
      ...(isUnpacked ? [`    ${unpacking?.text} = unpack(${used[0]})`] : []),
      ...body,
    ].join('\n');
  }

  /** Numbers of what depends on settings alone. */
  private numbers(id: Id): Float64Array {
    const machine = new Machine(this.traced.ops);
    this.traced.ops.values.forEach((value, input) => {
      if (value.op !== 'input' || value.attributes.source !== 'setting') return;
      machine.numbers(input).set(this.settings.values[value.attributes.name] ?? []);
    });
    machine.procedure([id])();
    return machine.numbers(id);
  }

  private value = (id: Id): Value => at(this.traced.ops.values, id);

  /** What a value is computed from, and what a loop's turns are. */
  private argumentsOf(id: Id): readonly Id[] {
    const { ops, names } = this.traced;
    if (names.has(id)) return [];
    const value = this.value(id);
    const call = ops.calls.get(id);
    if (call) return call.args;
    if (value.op !== 'repeat') return value.op === 'nullSpace' || value.op === 'rowSpace' ? [] : value.args;
    const { results, until } = at(ops.regions, value.attributes.region);
    return [...value.args, ...results, ...(until === null ? [] : [until])];
  }

  private reach(roots: readonly Id[]): Set<Id> {
    const found = new Set<Id>();
    const pending = [...roots];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      pending.push(...this.argumentsOf(id));
    }
    return found;
  }

  private count = (id: Id): void => {
    this.uses.set(id, (this.uses.get(id) ?? 0) + 1);
  };

  private depth(region: RegionId | null): number {
    return region === null ? 0 : 1 + this.depth(at(this.traced.ops.regions, region).parent);
  }

  /** The loop in whose turns a value is computed: calls, too, follow their arguments. */
  private home(id: Id): RegionId | null {
    const known = this.homes.get(id);
    if (known !== undefined) return known;
    const value = this.value(id);
    let home: RegionId | null = value.region;
    if (value.op === 'repeat') home = at(this.traced.ops.regions, value.attributes.region).parent;
    else if (value.op !== 'carry' && value.op !== 'turn') {
      home = null;
      for (const argument of this.argumentsOf(id)) {
        const other = this.home(argument);
        if (this.depth(other) > this.depth(home)) home = other;
      }
    }
    this.homes.set(id, home);
    return home;
  }

  private unique(hint: string): string {
    let name = hint;
    for (let k = 2; this.taken.has(name); k++) name = `${hint}_${k}`;
    this.taken.add(name);
    return name;
  }

  private code(id: Id): Code {
    const name = this.names.get(id);
    if (name !== undefined) return { text: name, level: LEVEL.atom };
    const known = this.written.get(id) ?? this.expressions.of(id);
    this.written.set(id, known);
    return known;
  }

  private hint(id: Id): string {
    const { results, ops, hints } = this.traced;
    const hint = hints?.get(id);
    if (hint !== undefined) return hint;
    const result = results.find((entry) => entry.id === id);
    if (result) return this.taken.has(result.name) ? `next_${result.name}` : result.name;
    const call = ops.calls.get(id);
    if (call) return SHORT[call.name] ?? (call.name.startsWith('lowest') ? 'lowest' : 'nearest');
    return HINTS[this.value(id).op] ?? 'value';
  }

  private block(region: RegionId | null, level: number): string[] {
    const own = this.needed.filter((id) => this.home(id) === region);
    return this.statements(own, level);
  }

  private statements(ids: readonly Id[], level: number): string[] {
    return ids.flatMap((id) => this.statement(id, level));
  }

  private indented = (level: number, ...lines: readonly string[]): string[] =>
    lines.map((line) => (line === '' ? '' : `${'    '.repeat(level)}${line}`));

  private statement(id: Id, level: number): string[] {
    const value = this.value(id);
    const { ops } = this.traced;
    if (this.names.has(id) || value.op === 'carry' || value.op === 'turn' || value.op === 'pick') return [];
    if (value.op === 'repeat') return this.loop(id, value.args, value.attributes.region, level);
    const call = ops.calls.get(id);
    if (call && call.results > 1) return this.severalResults(id, level);
    if (value.op === 'assemble' && inOrder(ops, value) === null) return this.placed(id, level);
    const { text } = this.code(id);
    if (this.standsAlone(id, text)) return [];
    const name = this.unique(this.hint(id));
    this.names.set(id, name);
    return this.indented(level, `${name} = ${text}`);
  }

  /** Whether a value stands where it is used. */
  private standsAlone(id: Id, text: string): boolean {
    const value = this.value(id);
    if (value.op === 'constant' || value.op === 'broadcast' || value.op === 'nullSpace' || value.op === 'rowSpace')
      return true;
    if (value.op === 'identity' || (value.op === 'slice' && text.length <= 12)) return true;
    const users = this.needed.filter((other) => this.argumentsOf(other).includes(id));
    const isOutside = users.some((user) => this.innermost(user, id) !== this.home(id));
    const isResult = this.traced.results.some((result) => result.id === id);
    const isOneOfSeveral = isResult && this.traced.results.length > 1;
    const longest = isOneOfSeveral ? LONGEST_OF_SEVERAL : LONGEST;
    return (this.uses.get(id) ?? 0) <= 1 && (!isOutside || isResult) && text.length <= longest;
  }

  /** Where a user reads its arguments: a loop's results are read in its turns. */
  private innermost(user: Id, id: Id): RegionId | null {
    const value = this.value(user);
    if (value.op !== 'repeat' || value.args.includes(id)) return this.home(user);
    return value.attributes.region;
  }

  /** Zeros, to which the parts are added. */
  private placed(id: Id, level: number): string[] {
    const value = this.value(id);
    invariant(value.op === 'assemble', 'an assembly');
    const name = this.unique(this.hint(id) === 'joined' ? 'placed' : this.hint(id));
    const size = sizeOf(value.shape);
    const { addAt } = this.library;
    const lines = value.args.map((part, k) => {
      const view = at(value.attributes.parts, k);
      const { shape } = this.value(part);
      const index = flatIndex(view, shape, size);
      const text = this.expressions.text(part, LEVEL.suffix);
      if (index !== null)
        return addAt(name, index, shape.length === 2 ? `${text}.reshape(-1)` : this.expressions.text(part));
      const places = this.constants.name(Float64Array.from(positionsOf(view, shape)), [sizeOf(shape)], 'places');
      return addAt(name, places, `${text}.reshape(-1)`);
    });
    this.names.set(id, name);
    const reshaped = value.shape.length === 1 ? [] : [`${name} = ${name}.reshape${tupled(value.shape)}`];
    return this.indented(level, `${name} = ${this.expressions.word('zeros')}(${size})`, ...lines, ...reshaped);
  }

  private severalResults(id: Id, level: number): string[] {
    const { ops } = this.traced;
    const call = ops.calls.get(id);
    invariant(call, 'a call');
    const siblings = [...ops.calls].filter(
      ([, other]) => other.name === call.name && String(other.args) === String(call.args),
    );
    const targets = Array.from({ length: call.results }, (_, k) => {
      const sibling = siblings.find(([other, { result }]) => result === k && this.needed.includes(other))?.[0];
      if (sibling === undefined) return '_';
      const name = this.unique(
        k === 0 ? 'stepped' : (this.traced.names.get(sibling) ?? this.resultName(sibling) ?? 'value'),
      );
      this.names.set(sibling, name);
      return name;
    });
    const args = call.args.map((arg) => this.expressions.text(arg)).join(', ');
    return this.indented(level, `${targets.join(', ')} = ${call.name}(${args})`);
  }

  private resultName = (id: Id): string | null => {
    const result = this.traced.results.find((entry) => entry.id === id);
    return result ? `next_${result.name}` : null;
  };

  private loop(id: Id, initial: readonly Id[], region: RegionId, level: number): string[] {
    const { ops } = this.traced;
    const { carries, results, until, turn, count } = at(ops.regions, region);
    const names = carries.map((carry) => {
      const name = this.unique('current');
      this.names.set(carry, name);
      return name;
    });
    ops.values.forEach((value, other) => {
      if (value.op === 'pick' && value.args[0] === id) this.names.set(other, at(names, value.attributes.position));
    });
    const isCounted = this.needed.includes(turn);
    const counter = isCounted ? this.unique('turn') : '_';
    this.names.set(turn, counter);
    const own = this.needed.filter((other) => this.home(other) === region);
    const forUntil = until === null ? new Set<Id>() : this.reach([until]);
    const starts = initial.map((start) => this.expressions.text(start)).join(', ');
    if (this.library.loops === 'python') {
      const before = this.statements(
        own.filter((other) => forUntil.has(other)),
        level + 1,
      );
      const stop =
        until === null
          ? []
          : [...before, ...this.indented(level + 1, `if ${this.expressions.truth(until)}:`, '    break')];
      const body = this.statements(
        own.filter((other) => !forUntil.has(other)),
        level + 1,
      );
      return [
        ...this.indented(level, `${names.join(', ')} = ${starts}`, `for ${counter} in range(${count}):`),
        ...stop,
        ...body,
        ...this.indented(
          level + 1,
          `${names.join(', ')} = ${results.map((result) => this.expressions.text(result)).join(', ')}`,
        ),
      ];
    }
    return this.laxLoop(
      { names, counter: isCounted ? counter : 'turn', count, starts, own, forUntil, results, until },
      level,
    );
  }

  /** `jax.lax.while_loop`: the condition and the turn are functions of what is carried. */
  private laxLoop({ names, counter, count, starts, own, forUntil, results, until }: LaxLoop, level: number): string[] {
    const [goesOn, body] = [this.unique('goes_on'), this.unique('turn_of')];
    const open = `${[counter, ...names].join(', ')} = carried`;
    const condition = this.statements(
      own.filter((other) => forUntil.has(other)),
      level + 1,
    );
    const ends = until === null ? null : this.expressions.truth(until, LEVEL.atom);
    const turn = this.statements(
      own.filter((other) => !forUntil.has(other)),
      level + 1,
    );
    return [
      ...this.indented(level, '', `def ${goesOn}(carried):`),
      ...this.indented(level + 1, open),
      ...condition,
      ...this.indented(
        level + 1,
        `return (${counter} < ${count})${ends === null ? '' : ` & ${this.expressions.word('logical_not')}(${ends})`}`,
        '',
      ),
      ...this.indented(level, `def ${body}(carried):`),
      ...this.indented(level + 1, open),
      ...condition,
      ...turn,
      ...this.indented(
        level + 1,
        `return ${[`${counter} + 1`, ...results.map((result) => this.expressions.text(result))].join(', ')}`,
        '',
      ),
      ...this.indented(level, `_, ${names.join(', ')} = jax.lax.while_loop(${goesOn}, ${body}, numbers(0, ${starts}))`),
    ];
  }
}

interface LaxLoop {
  readonly names: readonly string[];
  readonly counter: string;
  readonly count: number;
  readonly starts: string;
  readonly own: readonly Id[];
  readonly forUntil: ReadonlySet<Id>;
  readonly results: readonly Id[];
  readonly until: Id | null;
}

/** What the result of a function is called. */
const SHORT: Readonly<Record<string, string>> = {
  gradient: 'slope',
  batch_gradient: 'slope',
  batch_loss: 'value',
  equalities: 'h',
  inequalities: 'g',
  equalities_jacobian: 'J_h',
  inequalities_jacobian: 'J_g',
  equalities_vjp: 'pull_h',
  inequalities_vjp: 'pull_g',
  equalities_jvp: 'change_h',
  inequalities_jvp: 'change_g',
  lagrangian_hessian: 'H',
  objective: 'value',
  loss: 'value',
  nearest_solution: 'nearest',
  tangent: 'along',
};
