/** A traced function as Python: what is used once stands where it is used, what is used more often has a name. */
import { at, invariant } from '../../diagnostic.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import type { Id, RegionId, Value } from '../../tensor/value.ts';
import { type Code, Expressions, LEVEL, tupled } from './expression.ts';
import { laidOut } from './layout.ts';
import { type LoopWriter, laxLoop, pythonLoop } from './loops.ts';
import { inOrder, isTruth } from './patterns.ts';
import type { ArrayLibrary } from './target.ts';
import type { TracedFunction } from './trace.ts';
import { withoutUnused } from './unused.ts';
import { Uses } from './uses.ts';
import { ValueNames } from './value-names.ts';
import { flatIndex, positionsOf } from './views.ts';

/** A name of Python. */
const WORD = /[\p{ID_Start}_][\p{ID_Continue}]*/gu;

/** Longer expressions get a name. */
const LONGEST = 68;
/** Other looks at what has a name stand where they are used. */
const LONGEST_VIEW = 16;
const isView = ({ op }: Value): boolean => op === 'slice' || op === 'transpose' || op === 'reshape';
/** Of what a function returns. */
const LONGEST_RESULT = 105;
/** Of the results of a function that returns several. */
const LONGEST_OF_SEVERAL = 16;

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
  private readonly valueNames: ValueNames;
  private readonly expressions: Expressions;
  private readonly written = new Map<Id, Code>();
  private readonly uses: Uses;
  /** Truth values whose names stand for 1 and 0. */
  private readonly truthsAsNumbers = new Set<Id>();

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
    const taken = new Set([
      ...this.names.values(),
      ...[...ops.calls.values()].map(({ name }) => name),
      'math',
      'places',
      'null_space',
      'row_space',
      library.module,
    ]);
    this.valueNames = new ValueNames(traced, taken);
    this.expressions = new Expressions({
      ops,
      library,
      code: (id) => this.code(id),
      isNumber: (id) => this.truthsAsNumbers.has(id),
      constant: (data, shape, hint) => constants.name(data, shape, hint),
      numbers: (id) => this.numbers(id),
    });
    const given = new Set(names.keys());
    this.uses = new Uses(
      ops,
      given,
      results.map(({ id }) => id),
    );
  }

  print(): string {
    const { name, says, parameters, results, unpacking } = this.traced;
    const used = parameters.map((parameter) => parameter.name);
    const body = withoutUnused([
      ...this.block(null, 1),
      `    return ${results.map(({ id }) => this.expressions.text(id)).join(', ')}`,
    ]);
    const words = new Set(body.join('\n').match(WORD)); // entries may have been put together to the whole vector again
    const unpacked = unpacking?.((word) => words.has(word)) ?? '';
    const isUnpacked = unpacked.match(WORD)?.some((word) => words.has(word)) ?? false;
    return [
      ...(this.library.decorator !== null && name === 'step' ? [this.library.decorator] : []),
      `def ${name}(${used.join(', ')}):`,
      ...(says === '' ? [] : [`    """${says}"""`]),
      ...(isUnpacked ? [`    ${unpacked} = unpack(${used[0]})`] : []),
      ...body.flatMap(laidOut),
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

  private unique = (hint: string): string => this.valueNames.unique(hint);

  private code(id: Id): Code {
    const name = this.names.get(id);
    if (name !== undefined) return { text: name, level: LEVEL.atom };
    const known = this.written.get(id) ?? this.expressions.of(id);
    this.written.set(id, known);
    return known;
  }

  private block(region: RegionId | null, level: number): string[] {
    return this.statements(this.uses.ofRegion(region), level);
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
    const isNumber = isTruth(ops, id) && this.isReadAsNumber(id);
    const name = this.unique(this.valueNames.hint(id));
    const line = `${name} = ${isNumber ? this.expressions.text(id) : text}`;
    this.names.set(id, name);
    if (isNumber) this.truthsAsNumbers.add(id);
    return this.indented(level, line);
  }

  /** Whether nothing asks if a truth value is true. */
  private isReadAsNumber(id: Id): boolean {
    const { ops } = this.traced;
    const isAsked = this.uses.needed.some((user) => {
      const { op, args }: { readonly op: string; readonly args: readonly Id[] } = this.value(user);
      if (!args.includes(id) || ops.calls.has(user)) return false;
      if (op === 'where') return args[0] === id;
      if (op === 'broadcast' || op === 'reshape') return !this.isReadAsNumber(user);
      return isTruth(ops, user);
    });
    return !isAsked && !ops.regions.some(({ until }) => until === id);
  }

  /** Whether a value stands where it is used. */
  private standsAlone(id: Id, text: string): boolean {
    const value = this.value(id);
    if (value.op === 'constant' || value.op === 'broadcast' || value.op === 'nullSpace' || value.op === 'rowSpace')
      return true;
    if (value.op === 'identity' || (isView(value) && text.length <= LONGEST_VIEW)) return true;
    const isResult = this.traced.results.some((result) => result.id === id);
    const isOneOfSeveral = isResult && this.traced.results.length > 1;
    const longest = isOneOfSeveral ? LONGEST_OF_SEVERAL : isResult ? LONGEST_RESULT : LONGEST;
    return this.uses.countOf(id) <= 1 && (isResult || !this.uses.isReadElsewhere(id)) && text.length <= longest;
  }

  /** Zeros, to which the parts are added. */
  private placed(id: Id, level: number): string[] {
    const value = this.value(id);
    invariant(value.op === 'assemble', 'an assembly');
    const name = this.unique(this.valueNames.hint(id) === 'joined' ? 'placed' : this.valueNames.hint(id));
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
    const isOnce = this.uses.countOf(id) <= 1 && !this.uses.isReadElsewhere(id);
    const whole = `${name}.reshape${tupled(value.shape)}`;
    const reshaped = value.shape.length === 1 || isOnce ? [] : [`${name} = ${whole}`];
    if (value.shape.length !== 1 && isOnce) {
      this.names.delete(id);
      this.written.set(id, { text: whole, level: LEVEL.suffix });
    }
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
      const sibling = siblings.find(([other, { result }]) => result === k && this.uses.needed.includes(other))?.[0];
      if (sibling === undefined) return '_';
      const name = this.unique(
        ops.calls.get(sibling)?.resultName ??
          (k === 0 ? 'stepped' : (this.traced.names.get(sibling) ?? this.resultName(sibling) ?? 'value')),
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
    const { takesNumbers } = this.library;
    const { carries, results, until, turn, count } = at(ops.regions, region);
    const names = carries.map((carry) => {
      const name = this.unique(this.traced.hints?.get(carry) ?? 'current');
      this.names.set(carry, name);
      return name;
    });
    ops.values.forEach((value, other) => {
      if (value.op === 'pick' && value.args[0] === id) this.names.set(other, at(names, value.attributes.position));
    });
    const counter = this.uses.needed.includes(turn) ? this.unique('turn') : null;
    if (counter !== null) this.names.set(turn, counter);
    const own = this.uses.ofRegion(region);
    const forUntil = until === null ? new Set<Id>() : this.uses.reach([until]);
    const parts = {
      names,
      starts: initial.map((start) => (takesNumbers ? this.expressions.text(start) : this.expressions.array(start))),
      count,
      turn: counter,
      isEnded: until !== null,
      ofCondition: own.filter((other) => forUntil.has(other)),
      ofTurn: own.filter((other) => !forUntil.has(other)),
    };
    const writer: LoopWriter = {
      statements: (ids, deeper) => this.statements(ids, deeper),
      results: () => results.map((result) => this.expressions.text(result)),
      end: () => (until === null ? '' : this.expressions.truth(until)),
      unique: (hint) => this.unique(hint),
      indented: this.indented,
    };
    return (this.library.loops === 'python' ? pythonLoop : laxLoop)(parts, writer, level);
  }
}
