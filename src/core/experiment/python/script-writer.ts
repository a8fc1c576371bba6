/** Everything that a script for a library of arrays may hold, as blocks in an order that runs. */
import type { RecognizedSet } from '../../analysis/structure.ts';
import type { Catalog } from '../../contracts.ts';
import { pythonName } from '../../language/print-python.ts';
import { affineBlocks } from './affine.ts';
import type { SetForm } from './called-problem.ts';
import type { Exported } from './chosen-run.ts';
import { ConstantTable } from './constants.ts';
import { type Block, blocksOf, isSayable } from './library.ts';
import { float, tensor } from './literal.ts';
import { problemBlocks } from './problem.ts';
import { SetWriter } from './sets.ts';
import { printFunction, type RunSettings } from './statements.ts';
import type { ArrayLibrary } from './target.ts';
import type { TracedFunction } from './trace.ts';
import {
  isProblemFunction,
  type ProblemFunction,
  type Sampling,
  saysOf,
  traceProblem,
  traceSet,
} from './trace-problem.ts';
import { type TracedRun, X_VJP } from './trace-run.ts';

export type Numbers = readonly number[] | readonly (readonly number[])[];

/** `method.penaltyMax` is PENALTY_MAX; names of the text, and settings of both with one name, are told apart. */
export function namedSettings(
  values: RunSettings['values'],
  { parameters, definitions }: Exported['problem'],
): RunSettings {
  const taken = new Set([...parameters, ...definitions].map(({ name }) => pythonName(name)));
  const names = new Map<string, string>();
  for (const input of Object.keys(values)) {
    const [owner = '', name = owner] = input.split('.');
    const upper = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
    let own = input === 'T' ? 'STEPS' : upper;
    while (taken.has(own)) own = `${owner.toUpperCase()}_${own}`;
    taken.add(own);
    names.set(input, own);
  }
  return { values, nameOf: (input) => names.get(input) ?? input };
}

export class ScriptWriter {
  private readonly constants: ConstantTable;

  constructor(
    private readonly exported: Exported,
    private readonly catalog: Catalog,
    private readonly library: ArrayLibrary,
    private readonly settings: RunSettings,
    /** Those of them that are arrays. */
    private readonly arrays: ReadonlyMap<string, Numbers>,
    private readonly sampling: Sampling | null,
  ) {
    this.constants = new ConstantTable(exported.problem, library.problem.array);
  }

  /** Everything that the script may need, in an order that runs. */
  blocks(traced: TracedRun, steps: number): Block[] {
    const { problem, structure } = this.exported;
    const { library } = this;
    const called = new Set(traced.functions.flatMap(({ ops }) => [...ops.calls.values()].map(({ name }) => name)));
    const sets = new SetWriter(
      {
        array: library.problem.array,
        positions: library.positions,
        zeros: library.affine.zeros,
        codeOf: (set, form) => this.setCode(set, form),
      },
      problem,
    );
    for (const { name, set, form } of traced.sets) sets.function(set, form, name);
    const isDerived = library.derivatives !== 'written' && called.has('batch_gradient');
    const derived = [...new Set([...(isDerived ? ['batch_loss'] : []), ...called])]
      .filter(isProblemFunction)
      .filter((name) => !TYPED.has(name));
    const functions = [
      ...derived.map((name) => this.derivative(name)),
      ...sets.blocks(),
      ...affineBlocks(problem, structure, library.affine),
      ...traced.functions.map((one) => (one.name === X_VJP ? this.mapSlopes(one) : this.block(one))),
    ];
    const settings = Object.entries(this.settings.values).map(([input, list]) => {
      const name = this.settings.nameOf(input);
      return { name, code: `${name} = ${this.settingCode(input, list)}` };
    });
    return [
      ...settings.filter(({ name }) => name !== 'STEPS'),
      ...blocksOf(library.library),
      ...this.typed(steps),
      ...this.constants.blocks(),
      ...functions,
    ];
  }

  /** The text's own expressions; written out like derivatives where Python cannot say them. */
  private typed(steps: number): Block[] {
    const { problem } = this.exported;
    const blocks = problemBlocks(problem, steps, this.library.problem);
    if (isSayable(problem)) return blocks;
    return blocks.map((block) => (TYPED.has(block.name) ? this.written(block.name as ProblemFunction) : block));
  }

  private settingCode(input: string, list: readonly number[]): string {
    const [only = 0] = list;
    const array = this.arrays.get(input);
    if (array) return tensor(array, this.library.problem.array);
    return this.library.id === 'pytorch' ? `torch.tensor(${float(only)})` : float(only);
  }

  private block(traced: TracedFunction): Block {
    return { name: traced.name, code: printFunction(traced, this.library, this.constants, this.settings) };
  }

  private mapSlopes(traced: TracedFunction): Block {
    const { derivatives } = this.library;
    if (derivatives === 'written') return this.block(traced);
    const { name, says, parameters } = traced;
    const [theta = ''] = parameters.map((parameter) => parameter.name);
    const body = derivatives.vjp('lambda z: x_of(z, t)', theta, 'weights');
    return { name, code: `def ${name}(${theta}, t, weights):\n    """${says}"""\n    return ${body}` };
  }

  private written(name: ProblemFunction): Block {
    const { problem, structure } = this.exported;
    return this.block(traceProblem(problem, structure, this.catalog.constraints, name, this.sampling));
  }

  private derivative(name: ProblemFunction): Block {
    const { derivatives } = this.library;
    if (derivatives === 'written' || name === 'batch_loss') return this.written(name);
    const of = (f: string) => `lambda z: ${f}(z, t)`;
    const goal = this.exported.problem.soft.length > 0 ? 'objective' : 'loss';
    const relation = name.startsWith('equalities') ? 'equalities' : 'inequalities';
    const has = (wanted: string) =>
      this.exported.problem.constraints.some((constraint) => constraint.relation === wanted);
    const weights = [...(has('equality') ? ['eq_weights'] : []), ...(has('inequality') ? ['ineq_weights'] : [])];
    const lagrangian = [
      `${goal}(z, t)`,
      ...(has('equality') ? ['eq_weights @ equalities(z, t)'] : []),
      ...(has('inequality') ? ['ineq_weights @ inequalities(z, t)'] : []),
    ].join(' + ');
    const [args, body] = {
      gradient: [[], derivatives.gradient(name === 'batch_gradient' ? 'batch_loss' : goal)] as const,
      jvp: [['direction'], derivatives.jvp(of(relation), 'flat', 'direction')] as const,
      vjp: [['weights'], derivatives.vjp(of(relation), 'flat', 'weights')] as const,
      jacobian: [[], derivatives.jacobian(relation)] as const,
      hessian: [weights, derivatives.hessian(`lambda z: ${lagrangian}`, 'flat')] as const,
    }[name.split('_').at(-1) as 'gradient' | 'jvp' | 'vjp' | 'jacobian' | 'hessian'];
    return {
      name,
      code: `def ${name}(${['flat', 't', ...args].join(', ')}):\n    """${saysOf(name)}"""\n    return ${body}`,
    };
  }

  private setCode(set: RecognizedSet, form: SetForm) {
    const kind = this.catalog.constraints.find(({ id }) => id === set.kind);
    if (!kind) return undefined;
    const traced = traceSet(kind, set, form);
    const taken = new Set(traced.parameters.map(({ name }) => name));
    const data = Object.keys(set.data).filter((name) => taken.has(pythonName(name)));
    return { data, code: this.block(traced).code };
  }
}

/** Functions that are printed as typed. */
const TYPED: ReadonlySet<string> = new Set(['loss', 'objective', 'equalities', 'inequalities']);
