/** A run as a PyTorch script that stands alone: the same start, data and steps, on one worker or many. */
import type { RecognizedSet, Structure } from '../../analysis/structure.ts';
import type { Catalog, ConstraintKind } from '../../contracts.ts';
import { failure, fault, invariant, type Result, success } from '../../diagnostic.ts';
import { type Expr, nodesOf } from '../../language/expr.ts';
import { isDerivativeName } from '../../language/functions.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import type { ChosenSettings } from '../../program/settings.ts';
import { recordedSteps } from '../../run/records.ts';
import { automaticRate } from '../automatic.ts';
import { chooseSettings } from '../chosen-settings.ts';
import { runWithDefaults } from '../defaults.ts';
import type { RunJson } from '../experiment.ts';
import type { TorchMethod, TorchOptimizer, TorchScript } from './contract.ts';
import { type Block, blocksOf, LIBRARY, reachable } from './library.ts';
import { comment, float, steps, tensor } from './literal.ts';
import { problemBlocks } from './problem.ts';

/** What is known of the text, and the text itself for the head of the script. */
export interface Exported {
  readonly problem: Problem;
  readonly structure: Structure;
  readonly title: string;
  readonly text: string;
}

/** Fails with a sentence where a method, an optimizer, a set or a setting has no form in PyTorch yet. */
export function pytorchScript(exported: Exported, run: RunJson, catalog: Catalog): Result<string> {
  const { problem, structure } = exported;
  const complete = runWithDefaults(run);
  const { kind, ...optimizerJson } = complete.optimizer;
  const method = catalog.methods.find(({ id }) => id === run.method);
  const optimizer = catalog.optimizers.find(({ id }) => id === kind);
  if (!method) return fault(`There is no method “${run.method}” in this version.`);
  if (!optimizer) return fault(`There is no optimizer “${kind}” in this version.`);
  if (!method.torch) return fault(`${method.title} is not exported to PyTorch yet.`);
  if (!optimizer.torch) return fault(`${optimizer.title} is not exported to PyTorch yet.`);
  const derivative = expressionsOf(problem).find((node) => node.kind === 'call' && isDerivativeName(node.name));
  if (derivative) return fault('Derivatives inside the text (grad, jacobian) are not exported to PyTorch yet.');
  const settings = chooseSettings(method, complete.settings);
  const chosen = chooseSettings(optimizer, optimizerJson);
  const rate =
    settings.ok &&
    chosen.ok &&
    optimizer.settings.learningRate?.role === 'value' &&
    optimizerJson.learningRate === undefined
      ? automaticRate(problem, method, settings.value, optimizer, chosen.value, complete.steps)
      : null;
  const optimizerSettings = chosen.ok && rate !== null ? success({ ...chosen.value, learningRate: rate }) : chosen;
  if (!settings.ok || !optimizerSettings.ok)
    return failure(...[settings, optimizerSettings].flatMap((chosen) => (chosen.ok ? [] : chosen.diagnostics)));
  const support = method.supports(structure, settings.value);
  if (!support.supported) return fault(`${method.title} does not apply: ${support.reason}`);
  const training = method.optimizer === 'none' ? null : unexportedTraining(optimizerSettings.value);
  if (training !== null) return fault(training);
  const torchOptimizer = optimizer.torch(optimizerSettings.value);
  if ('refused' in torchOptimizer) return fault(torchOptimizer.refused);
  const sets = new SetWriter(catalog.constraints, problem);
  const learningRate = Number(optimizerSettings.value.learningRate);
  const script = scriptOf(exported, torchOptimizer, learningRate, sets);
  const part = method.torch(script, settings.value);
  if ('refused' in part) return fault(part.refused);
  if (sets.missing.length > 0)
    return fault(
      `The set “${sets.missing[0]}” is not exported to PyTorch yet, in the form that ${method.title} needs.`,
    );
  const recorded = recordedSteps(complete.record, complete.steps, problem.size);
  const main = mainOf(part, problem, script.objective);
  const blocks: Block[] = [
    ...problemBlocks(problem, complete.steps),
    ...LIBRARY,
    ...sets.blocks(),
    ...affineBlocks(problem, structure),
    ...(part.definitions ?? []).flatMap(blocksOf),
  ];
  const constants = [
    `START = ${tensor([...startOf(problem)])}`,
    `STEPS = ${complete.steps}`,
    `RECORDED = set(${steps(recorded)})`,
  ].join('\n');
  const needsOptimizer = part.setup.some((line) => line.includes('torch.optim'));
  const title = `${method.title}${needsOptimizer ? ` with ${optimizer.title}` : ''}`;
  return success(
    `${[head(exported, title), IMPORTS, spaced(reachable(blocks, main)), constants, main, TAIL].join('\n\n\n')}\n`,
  );
}

/** What every optimizer can do and the script does not write yet; it would be another run without. */
function unexportedTraining({ schedule, clipGradient, miniBatches }: ChosenSettings): string | null {
  if (miniBatches === true)
    return 'Mini-batches are not exported to PyTorch yet: the script takes the loss of all rows at every step. Turn them off to export.';
  if (clipGradient === true) return 'Clipped gradients are not exported to PyTorch yet. Turn clipping off to export.';
  return schedule === 'constant' || schedule === undefined
    ? null
    : 'Schedules of the learning rate are not exported to PyTorch yet. Choose “constant” to export.';
}

/** Two empty lines around functions, none between constants. */
const spaced = (blocks: readonly Block[]): string =>
  blocks
    .map(({ code }, i) => {
      const areConstants = !code.startsWith('def ') && blocks[i + 1]?.code.startsWith('def ') === false;
      return `${code}${i === blocks.length - 1 ? '' : areConstants ? '\n' : '\n\n\n'}`;
    })
    .join('');

/** Every node of everything that the script prints. */
const expressionsOf = ({ loss, constraints, soft, definitions }: Problem): Expr[] =>
  [
    loss,
    ...[...constraints, ...soft].map(({ residual }) => residual),
    ...definitions.map(({ value }) => value),
  ].flatMap((expr) => [...nodesOf(expr)]);

const IMPORTS = `import argparse
import json
import math

import torch
import torch.distributed as dist

torch.set_default_dtype(torch.float64)`;

const TAIL = `if __name__ == "__main__":
    main()`;

const head = ({ title, text }: Exported, what: string): string =>
  [
    ...(title === '' ? [] : [title]),
    `${what}, exported from Feasible.`,
    '',
    ...text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `    ${line}`),
    '',
    'python3 <this file>            prints the steps; --json prints every recorded one in full',
    'torchrun --nproc_per_node 2 <this file> --distributed',
    '                               the same on two workers: gradients are averaged, then each takes',
    '                               the same step and the same projection. Give each worker its own share',
    '                               of the data inside loss() to train on more than one machine can hold.',
    'Runs on PyTorch 1.13 and 2.',
  ]
    .map((line) => `# ${comment(line)}`.trimEnd())
    .join('\n');

function scriptOf(
  { problem, structure }: Exported,
  optimizer: TorchOptimizer,
  learningRate: number,
  sets: SetWriter,
): TorchScript {
  return {
    problem,
    structure,
    optimizer,
    learningRate,
    objective: problem.soft.length > 0 ? 'objective' : 'loss',
    onto: (wanted, form) => wanted.map((set) => sets.function(set, form)),
    place: (set) => sets.place(set),
    descend: (trained, call) => [
      'optimizer.zero_grad()',
      `${call}.backward()`,
      `average(${trained}.grad)`,
      'optimizer.step()',
    ],
  };
}

const indented = (lines: readonly string[], level: number): string[] =>
  lines.map((line) => (line === '' ? '' : `${'    '.repeat(level)}${line}`));

function mainOf({ setup, step, iterate = 'x.detach()' }: TorchMethod, problem: Problem, objective: string): string {
  const hasConstraints = problem.constraints.length > 0;
  const goal = problem.sense === 'maximize' ? 'objective to maximise' : 'loss';
  invariant(objective !== '', 'there is something to minimise');
  return [
    'def main():',
    ...indented(
      [
        'parser = argparse.ArgumentParser()',
        'parser.add_argument("--json", action="store_true", help="print every recorded step in full")',
        'parser.add_argument("--distributed", action="store_true", help="under torchrun: one of several workers")',
        'arguments = parser.parse_args()',
        'if arguments.distributed:',
        '    dist.init_process_group("gloo")',
        'speaks = not arguments.distributed or dist.get_rank() == 0',
        'records = {"steps": [], "x": [], "loss": []}',
        '',
        'def record(t, x):',
        '    check_same(x)',
        '    records["steps"].append(t)',
        '    records["x"].append(x.tolist())',
        '    records["loss"].append(float(loss(x, t)))',
        '    if speaks and not arguments.json and (t <= 5 or t % max(1, STEPS // 20) == 0 or t == STEPS):',
        `        shown = ", ".join(f"{entry:.6g}" for entry in x[:8].tolist()) + (", ..." if len(x) > 8 else "")`,
        `        print(f"step {t}: ${goal} {${problem.sense === 'maximize' ? '-' : ''}float(loss(x, t)):.6g}${hasConstraints ? ', violation {float(violation(x, t)):.2g}' : ''}, x = {shown}")`,
        '',
        ...setup,
        `record(0, ${iterate.replace(/\bt\b/g, '0')})`,
        'for t in range(1, STEPS + 1):',
        ...indented(step, 1),
        `    found = ${iterate}`,
        '    if not torch.isfinite(found).all() or found.abs().max() > 1e9:',
        '        break  # it diverged: the steps before stay',
        '    if t in RECORDED:',
        '        record(t, found)',
        'if speaks and arguments.json:',
        '    records["workers"] = dist.get_world_size() if arguments.distributed else 1',
        '    print(json.dumps(records))',
      ],
      1,
    ),
  ].join('\n');
}

/** `A`, `b(t)`, `project_affine_all(x, t)` and `tangent(v)`: all affine equalities together. */
function affineBlocks(problem: Problem, { affine, constraints }: Structure): Block[] {
  if (!affine) return [];
  const { rows, columns, data } = affine.A;
  const matrix = Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
  const own = [...new Set(affine.constraintOfRow)];
  const places = equalityRows(problem, own);
  const isAll = places.length === constraints.reduce((sum, c) => sum + (c.relation === 'equality' ? c.rows : 0), 0);
  const moving = `-equalities(torch.zeros(${columns}), t)${isAll ? '' : `[${JSON.stringify(places)}]`}`;
  return [
    { name: 'A_ALL', code: `A_ALL = ${tensor(matrix)}  # all affine equalities: A x = b(t)` },
    { name: 'A_PINV', code: 'A_PINV = torch.linalg.pinv(A_ALL, rtol=1e-10)' },
    {
      name: 'b_all',
      code: `def b_all(t):\n    return ${affine.isMoving ? moving : tensor([...affine.b])}`,
    },
    {
      name: 'nearest_solution',
      code: 'def nearest_solution(x, t):\n    """The point of A x = b(t) nearest to x."""\n    return x - A_PINV @ (A_ALL @ x - b_all(t))',
    },
    {
      name: 'tangent',
      code: 'def tangent(v):\n    """The part of a direction that keeps A x."""\n    return v - A_PINV @ (A_ALL @ v)',
    },
  ];
}

/** Positions of these constraints' rows in `equalities`, or in `inequalities` where they are such. */
function equalityRows({ constraints }: Problem, wanted: readonly number[]): number[] {
  const relation = constraints.find(({ index }) => index === wanted[0])?.relation;
  const places: number[] = [];
  let row = 0;
  for (const constraint of constraints) {
    if (constraint.relation !== relation) continue;
    for (let i = 0; i < constraint.rows; i++, row++) if (wanted.includes(constraint.index)) places.push(row);
  }
  return places;
}

/** Writes the constants and functions of recognised sets, each once. */
class SetWriter {
  readonly missing: string[] = [];
  private readonly written = new Map<string, Block>();
  private readonly numbers = new Map<RecognizedSet, number>();

  constructor(
    private readonly kinds: readonly ConstraintKind[],
    private readonly problem: Problem,
  ) {}

  blocks = (): Block[] => [...this.written.values()];

  private write(name: string, code: string): string {
    if (!this.written.has(name)) this.written.set(name, { name, code });
    return name;
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
    const entries = isWhole ? null : this.write(`ENTRIES_${k}`, `ENTRIES_${k} = [${set.coordinates.join(', ')}]`);
    const data = Object.entries(set.data).map(([name, value]) => {
      if (set.isMoving && name === 'b') return [name, this.movingSide(set, k)] as const;
      const code = `${name}_${k} = ${typeof value === 'number' ? float(value) : tensor(value)}`;
      return [name, this.write(`${name}_${k}`, code)] as const;
    });
    return { entries, data: Object.fromEntries(data) };
  }

  /** b(t) = −residual(0, t) of the set's own rows. */
  private movingSide(set: RecognizedSet, k: number): string {
    const places = equalityRows(this.problem, set.constraints);
    const relation = this.problem.constraints.find(({ index }) => index === set.constraints[0])?.relation;
    const rows = relation === 'equality' ? 'equalities' : 'inequalities';
    this.write(
      `b_${k}`,
      `def b_${k}(t):\n    return -${rows}(torch.zeros(${this.problem.size}), t)[${JSON.stringify(places)}]`,
    );
    return `b_${k}(t)`;
  }

  function(set: RecognizedSet, form: 'project' | 'scaled' | 'lowest'): string {
    const k = this.number(set);
    const python = this.kinds.find(({ id }) => id === set.kind)?.torch;
    const code = python?.[form];
    if (!python || code === undefined) {
      this.missing.push(set.kind);
      return 'missing';
    }
    const { entries, data } = this.place(set);
    for (const block of blocksOf(code)) this.write(block.name, block.code);
    const called = blocksOf(code).at(-1)?.name ?? '';
    const within = (vector: string) => (entries === null ? vector : `${vector}[${entries}]`);
    const extra = { project: [], scaled: [within('scale')], lowest: [] }[form];
    const moved = form === 'lowest' ? 'slope' : 'x';
    const args = [within(moved), ...python.data.map((name) => data[name] ?? 'None'), ...extra].join(', ');
    const call = `${called}(${args})`;
    const name = { project: `onto_${k}`, scaled: `onto_${k}`, lowest: `lowest_${k}` }[form];
    const parameters = { project: 'x, t', scaled: 'x, t, scale', lowest: 'x, t, slope' }[form];
    const lines = this.problem.constraints
      .filter(({ index }) => set.constraints.includes(index))
      .map(({ text }) => `    # ${comment(text)}`)
      .filter((line, i, all) => all.indexOf(line) === i);
    const body = entries === null ? call : `replace(x, ${entries}, ${call})`;
    return this.write(name, [`def ${name}(${parameters}):`, ...lines, `    return ${body}`].join('\n'));
  }
}
