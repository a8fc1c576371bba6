/** A run as a script for a library of arrays: the loss as typed, its derivatives, and the method's own step, written out. */
import type { RecognizedSet } from '../../analysis/structure.ts';
import type { Catalog } from '../../contracts.ts';
import { type Result, success } from '../../diagnostic.ts';
import { isDerivativeName, isFunctionName } from '../../language/functions.ts';
import { pythonName } from '../../language/print-python.ts';
import { startOf } from '../../problem/problem.ts';
import { seedHalves } from '../../program/random-source.ts';
import { settingValues } from '../../program/settings.ts';
import { recordedSteps } from '../../run/records.ts';
import type { RunJson } from '../experiment.ts';
import { fromOwnStart } from '../own-start.ts';
import { batchOf } from '../prepare.ts';
import { affineBlocks } from './affine.ts';
import { type ChosenRun, chooseRun, type Exported } from './chosen-run.ts';
import { ConstantTable } from './constants.ts';
import { type Block, blocksOf, expressionsOf, reachable, spaced, usedImports } from './library.ts';
import { comment, float, steps, tensor, wrapped } from './literal.ts';
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
import { type SetForm, type TracedRun, traceRun } from './trace-run.ts';

type Numbers = readonly number[] | readonly (readonly number[])[];

/** Fails with a sentence where the run cannot be made, or cannot be written in this library. */
export function arrayScript(known: Exported, run: RunJson, catalog: Catalog, library: ArrayLibrary): Result<string> {
  const begun = fromOwnStart(known, run);
  if (!begun.ok) return begun;
  const exported = begun.value;
  const chosen = chooseRun(exported, run, catalog);
  if (!chosen.ok) return chosen;
  const { problem, structure } = exported;
  const { method, optimizer, settings, optimizerSettings, complete } = chosen.value;
  const values = {
    T: [complete.steps],
    seed: seedHalves(problem.seed),
    ...settingValues('method', method.settings, settings),
    ...settingValues('optimizer', optimizer.settings, optimizerSettings),
  };
  const batch = batchOf(problem, method, optimizerSettings);
  if (!batch.ok) return batch;
  const recording = {
    problem,
    structure,
    kinds: catalog.constraints,
    method,
    methodSettings: settings,
    optimizer,
    optimizerSettings,
    batch: batch.value,
  };
  const traced = traceRun(recording, values);
  const arrays = new Map<string, Numbers>(
    Object.entries(settings).flatMap(([name, value]) =>
      Array.isArray(value) ? [[`method.${name}`, value as Numbers]] : [],
    ),
  );
  arrays.set('seed', values.seed);
  const sampling = batch.value && { batch: batch.value, settings: values };
  const writer = new ScriptWriter(exported, catalog, library, namedSettings(values, problem), arrays, sampling);
  const blocks = writer.blocks(traced, complete.steps);
  const recorded = recordedSteps(complete.record, complete.steps, problem.size);
  const constants = [
    `START = ${tensor([...startOf(problem)], library.problem.array)}`,
    `STEPS = ${complete.steps}`,
    `RECORDED = set(${steps(recorded)})`,
  ];
  const main = mainOf(traced, exported, library);
  const body = [
    constants.join('\n'),
    spaced(reachable(blocks, main)),
    main,
    'if __name__ == "__main__":\n    main()',
  ].join('\n\n\n');
  const head = headOf(exported, chosen.value, traced, library);
  return success(`${[head, usedImports(library.imports, body), body].join('\n\n\n')}\n`);
}

/** `method.penaltyMax` is PENALTY_MAX; names of the text, and settings of both with one name, are told apart. */
function namedSettings(values: RunSettings['values'], { parameters, definitions }: Exported['problem']): RunSettings {
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

class ScriptWriter {
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
      ...traced.functions.map((one) => this.block(one)),
    ];
    const settings = Object.entries(this.settings.values).map(([input, list]) => {
      const name = this.settings.nameOf(input);
      return { name, code: `${name} = ${this.settingCode(input, list)}` };
    });
    return [
      ...blocksOf(library.library),
      ...settings.filter(({ name }) => name !== 'STEPS'),
      ...this.typed(steps),
      ...this.constants.blocks(),
      ...functions,
    ];
  }

  /** The text's own expressions; written out like derivatives where Python cannot say them. */
  private typed(steps: number): Block[] {
    const { problem } = this.exported;
    const blocks = problemBlocks(problem, steps, this.library.problem);
    const isHard = expressionsOf(problem).some(
      (node) =>
        (node.kind === 'call' && (isDerivativeName(node.name) || !isFunctionName(node.name))) ||
        (node.kind === 'sum' && [node.first, ...node.rest.map(({ operand }) => operand)].some(isComparison)) ||
        (node.kind === 'negate' && isComparison(node.operand)),
    );
    if (!isHard) return blocks;
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
      gradient: [[], derivatives.gradient(of(name === 'batch_gradient' ? 'batch_loss' : goal), 'flat')] as const,
      jvp: [['direction'], derivatives.jvp(of(relation), 'flat', 'direction')] as const,
      vjp: [['weights'], derivatives.vjp(of(relation), 'flat', 'weights')] as const,
      jacobian: [[], derivatives.jacobian(of(relation), 'flat')] as const,
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
    const data = traced.parameters.map(({ name }) => name).filter((name) => !['x', 'slope', 'scale'].includes(name));
    return { data, code: this.block(traced).code };
  }
}

/** Functions that are printed as typed. */
const TYPED: ReadonlySet<string> = new Set(['loss', 'objective', 'equalities', 'inequalities']);

const isComparison = ({ kind }: { readonly kind: string }): boolean => kind === 'compare';

function headOf(
  { title, text }: Exported,
  { method, optimizer }: ChosenRun,
  { functions }: TracedRun,
  { title: library, notes }: ArrayLibrary,
): string {
  const steps = functions.some(({ name }) => name === optimizer.id.replaceAll('-', '_'));
  return [
    ...(title === '' ? [] : [title]),
    `${method.title}${steps ? ` with ${optimizer.title}` : ''}, exported from Feasible for ${library}.`,
    '',
    ...text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `    ${line}`),
    '',
    ...wrapped(method.summary),
    ...wrapped(`Source: ${method.source}.`),
    '',
    'python3 <this file>            prints the steps; --json prints every recorded one in full',
    ...notes,
  ]
    .map((line) => `# ${comment(line)}`.trimEnd())
    .join('\n');
}

const indented = (lines: readonly string[], level = 1): string[] =>
  lines.map((line) => (line === '' ? '' : `${'    '.repeat(level)}${line}`));

function mainOf({ state, iterate }: TracedRun, { problem }: Exported, { module, main }: ArrayLibrary): string {
  const sign = problem.sense === 'maximize' ? '-' : '';
  const goal = problem.sense === 'maximize' ? 'objective to maximise' : 'loss';
  const violated = problem.constraints.length > 0 ? ', violation {float(violation(x, t)):.2g}' : '';
  const speaks = main.speaks ? `${main.speaks} and ` : '';
  return [
    'def main():',
    ...indented([
      'parser = argparse.ArgumentParser()',
      'parser.add_argument("--json", action="store_true", help="print every recorded step in full")',
      ...(main.options ?? []),
      'arguments = parser.parse_args()',
      ...(main.start ?? []),
      'records = {"steps": [], "x": [], "loss": []}',
      '',
      'def record(t, x):',
      ...(main.check ? [`    ${main.check}`] : []),
      '    records["steps"].append(t)',
      '    records["x"].append(x.tolist())',
      '    records["loss"].append(float(loss(x, t)))',
      `    if ${speaks}not arguments.json and (t <= 5 or t % max(1, STEPS // 20) == 0 or t == STEPS):`,
      '        shown = ", ".join(f"{entry:.6g}" for entry in x[:8].tolist()) + (", ..." if len(x) > 8 else "")',
      `        print(f"step {t}: ${goal} {${sign}float(loss(x, t)):.6g}${violated}, x = {shown}")`,
      '',
      `${state.join(', ')} = init()`,
      `record(0, ${iterate.replace(/\bt\)$/, '0)')})`,
      'for t in range(1, STEPS + 1):',
      `    ${state.join(', ')} = step(${[main.time ?? 't', ...state].join(', ')})`,
      ...(iterate === 'x' ? [] : [`    x = ${iterate}`]),
      `    if not ${module}.isfinite(x).all() or abs(x).max() > 1e9:`,
      '        break  # it diverged: the steps before stay',
      '    if t in RECORDED:',
      '        record(t, x)',
      `if ${speaks}arguments.json:`,
      ...indented(main.end ?? []),
      '    print(json.dumps(records))',
      ...(main.after ?? []),
    ]),
  ].join('\n');
}
