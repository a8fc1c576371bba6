/** The recognised sets of a problem as Python: their numbers, and one function of the whole iterate for each. */
import type { RecognizedSet } from '../../analysis/structure.ts';
import type { Following } from '../../contracts/evidence.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import type { SetForm } from './called-problem.ts';
import type { TorchSet } from './contract.ts';
import { type Block, blocksOf } from './library.ts';
import { comment, float, tensor } from './literal.ts';

/** Positions of these constraints' rows in `equalities`, or in `inequalities` where they are such. */
export function equalityRows({ constraints }: Problem, wanted: readonly number[]): number[] {
  const relation = constraints.find(({ index }) => index === wanted[0])?.relation;
  const places: number[] = [];
  let row = 0;
  for (const constraint of constraints) {
    if (constraint.relation !== relation) continue;
    for (let i = 0; i < constraint.rows; i++, row++) if (wanted.includes(constraint.index)) places.push(row);
  }
  return places;
}

/** How a library of arrays writes a set's numbers. */
export interface SetWords {
  readonly array: string;
  /** A list of positions. */
  readonly positions: (list: readonly number[]) => string;
  readonly zeros: string;
  /** The set's own function; undefined where it has none in this form. */
  readonly codeOf: (
    set: RecognizedSet,
    form: SetForm,
  ) => (Pick<TorchSet, 'data'> & { readonly code: string }) | undefined;
}

/** Writes the constants and functions of recognised sets, each once. */
export class SetWriter {
  readonly missing: string[] = [];
  private readonly written = new Map<string, Block>();
  private readonly numbers = new Map<RecognizedSet, number>();

  constructor(
    private readonly words: SetWords,
    private readonly problem: Problem,
  ) {}

  blocks = (): Block[] => [...this.written.values()];

  private write(name: string, code: string): string {
    if (!this.written.has(name)) this.written.set(name, { name, code });
    return name;
  }

  /** Under a name of its own where another set's function has this one: kinds may be shaped by their numbers. */
  private writeAnew({ name, code }: Block): string {
    for (let k = 1; ; k++) {
      const own = k === 1 ? name : `${name}_${k}`;
      const renamed = k === 1 ? code : code.replace(`def ${name}(`, `def ${own}(`);
      if ((this.written.get(own)?.code ?? renamed) === renamed) return this.write(own, renamed);
    }
  }

  private number(set: RecognizedSet): number {
    const known = this.numbers.get(set) ?? this.numbers.size + 1;
    this.numbers.set(set, known);
    return known;
  }

  /** Where the set's entries are (null: all, in order), and its data as expressions of t. */
  place(set: RecognizedSet): { entries: string | null; data: Record<string, string> } {
    const k = this.number(set);
    const isWhole = set.coordinates.length === this.problem.size && set.coordinates.every((entry, i) => entry === i);
    const entries = isWhole
      ? null
      : this.write(`ENTRIES_${k}`, `ENTRIES_${k} = ${this.words.positions(set.coordinates)}`);
    const data = Object.entries(set.data).map(([name, value]) => {
      const following = set.moving?.[name];
      if (following) return [name, this.followed(set, k, name, following)] as const;
      const own = `${name.toUpperCase()}_${k}`;
      const code = `${own} = ${typeof value === 'number' ? float(value) : tensor(value, this.words.array)}`;
      return [name, this.write(own, code)] as const;
    });
    return { entries, data: Object.fromEntries(data) };
  }

  /** −h(0, t) and −g(0, t) of the set's own rows, in the order typed. */
  private movingSide(set: RecognizedSet, k: number): string {
    const { array, positions, zeros } = this.words;
    const runs: { readonly relation: Constraint['relation']; readonly indices: number[] }[] = [];
    for (const { index, relation } of this.problem.constraints) {
      if (!set.constraints.includes(index)) continue;
      const last = runs.at(-1);
      if (last?.relation === relation) last.indices.push(index);
      else runs.push({ relation, indices: [index] });
    }
    const sides = runs.map(({ relation, indices }) => {
      const rows = relation === 'equality' ? 'equalities' : 'inequalities';
      return `-${rows}(${zeros}(${this.problem.size}), t)[${positions(equalityRows(this.problem, indices))}]`;
    });
    const side = sides.length === 1 ? sides[0] : `${array}([${sides.map((one) => `*(${one})`).join(', ')}])`;
    this.write(`b_${k}`, `def b_${k}(t):\n    return ${side}`);
    return `b_${k}(t)`;
  }

  /** fixed + factors·b[rows], as a function of t of its own where that is not b itself. */
  private followed(
    set: RecognizedSet,
    k: number,
    name: string,
    { rows, factors, fixed, areSquares }: Following,
  ): string {
    const side = this.movingSide(set, k);
    const { array, positions } = this.words;
    const count = this.problem.constraints.reduce(
      (sum, constraint) => sum + (set.constraints.includes(constraint.index) ? constraint.rows : 0),
      0,
    );
    const isWhole = rows.length === count && rows.every((row, i) => row === i);
    const taken = isWhole ? side : `${side}[${positions(rows)}]`;
    const scaled = factors.every((factor) => factor === 1) ? taken : `${tensor([...factors], array)} * ${taken}`;
    const moved = fixed.every((number) => number === 0) ? scaled : `${tensor([...fixed], array)} + ${scaled}`;
    const whole = areSquares ? `(${moved}).clip(0.0) ** 0.5` : moved;
    const code = typeof set.data[name] === 'number' ? `(${whole})[0]` : whole;
    if (code === side) return side;
    return `${this.write(`${name}_${k}`, `def ${name}_${k}(t):\n    return ${code}`)}(t)`;
  }

  /** Its name: `onto_1` where none is given. */
  function(set: RecognizedSet, form: SetForm, wanted?: string): string {
    const k = this.number(set);
    const python = this.words.codeOf(set, form);
    if (python === undefined) {
      this.missing.push(set.kind);
      return 'missing';
    }
    const { entries, data } = this.place(set);
    const blocks = blocksOf(python.code);
    const own = blocks.at(-1);
    for (const block of blocks) if (block !== own) this.write(block.name, block.code);
    const called = own ? this.writeAnew(own) : '';
    const within = (vector: string) => (entries === null ? vector : `${vector}[${entries}]`);
    const extra = { project: [], scaled: [within('scale')], lowest: [] }[form];
    const moved = form === 'lowest' ? 'slope' : 'x';
    const args = [within(moved), ...python.data.map((name) => data[name] ?? 'None'), ...extra].join(', ');
    const call = `${called}(${args})`;
    const name = wanted ?? { project: `onto_${k}`, scaled: `onto_${k}`, lowest: `lowest_${k}` }[form];
    const parameters = { project: 'x, t', scaled: 'x, t, scale', lowest: 'x, t, slope' }[form];
    const lines = this.problem.constraints
      .filter(({ index }) => set.constraints.includes(index))
      .map(({ text }) => `    # ${comment(text)}`)
      .filter((line, i, all) => all.indexOf(line) === i);
    const body = entries === null ? call : `replace(x, ${entries}, ${call})`;
    return this.write(name, [`def ${name}(${parameters}):`, ...lines, `    return ${body}`].join('\n'));
  }
}
