/** A run as a PyTorch script that stands alone: the same start, data and steps, on one worker or many. */
import type { Catalog, ConstraintKind } from '../../contracts.ts';
import { fault, invariant, type Result, success } from '../../diagnostic.ts';
import { type Problem, startEntries } from '../../problem/problem.ts';
import type { ChosenSettings } from '../../program/settings.ts';
import { recordedSteps } from '../../run/records.ts';
import type { RunJson } from '../experiment.ts';
import { fromOwnStart } from '../own-start.ts';
import { affineBlocks } from './affine.ts';
import { arrayScript } from './array-script.ts';
import { chooseRun, type Exported } from './chosen-run.ts';
import type { TorchMethod, TorchOptimizer, TorchScript } from './contract.ts';
import { type Block, blocksOf, isSayable, LIBRARY, reachable, spaced, usedImports } from './library.ts';
import { comment, stepsOf, tensor } from './literal.ts';
import * as python from './phrases.ts';
import { problemBlocks } from './problem.ts';
import { type SetWords, SetWriter } from './sets.ts';
import { torch } from './torch.ts';

/** In the idiom of PyTorch where the catalogue has one, with `torch.optim`; else what the run computes, step by step. */
export function pytorchScript(known: Exported, run: RunJson, catalog: Catalog): Result<string> {
  const exported = fromOwnStart(known, run);
  if (!exported.ok) return exported;
  const script = idiomaticScript(exported.value, run, catalog);
  return script.ok ? script : arrayScript(exported.value, run, catalog, torch);
}

/** Fails with a sentence where a method, an optimizer, a set or a setting has no idiom in PyTorch. */
function idiomaticScript(exported: Exported, run: RunJson, catalog: Catalog): Result<string> {
  const { problem, structure } = exported;
  const chosen = chooseRun(exported, run, catalog);
  if (!chosen.ok) return chosen;
  const { method, optimizer, settings, optimizerSettings, complete } = chosen.value;
  if (!method.torch) return fault(`${method.title} is not exported to PyTorch yet.`);
  if (!optimizer.torch) return fault(`${optimizer.title} is not exported to PyTorch yet.`);
  if (!isSayable(problem)) return fault('Python has no words for a part of the text, which is written out.');
  const training = method.optimizer === 'none' ? null : unexportedTraining(optimizerSettings);
  if (training !== null) return fault(training);
  const torchOptimizer = optimizer.torch(optimizerSettings);
  if ('refused' in torchOptimizer) return fault(torchOptimizer.refused);
  const sets = new SetWriter(torchSets(catalog.constraints), problem);
  const learningRate = Number(optimizerSettings.learningRate);
  const script = scriptOf(exported, torchOptimizer, learningRate, sets);
  const part = method.torch(script, settings);
  if ('refused' in part) return fault(part.refused);
  if (sets.missing.length > 0)
    return fault(
      `The set “${sets.missing[0]}” is not exported to PyTorch yet, in the form that ${method.title} needs.`,
    );
  const recorded = recordedSteps(complete.record, complete.steps, problem.size);
  const main = mainOf(part, problem, script.objective);
  const blocks: Block[] = [
    ...problemBlocks(problem, complete.steps, torch.problem),
    ...LIBRARY,
    ...sets.blocks(),
    ...(structure.straight ? [] : affineBlocks(problem, structure, torch.affine)),
    ...(part.definitions ?? []).flatMap(blocksOf),
  ];
  const constants = [
    `START = ${tensor(startEntries(problem))}`,
    `STEPS = ${complete.steps}`,
    `RECORDED = ${stepsOf(recorded)}`,
  ].join('\n');
  const needsOptimizer = part.setup.some((line) => line.includes('torch.optim'));
  const title = `${method.title}${needsOptimizer ? ` with ${optimizer.title}` : ''}`;
  const body = [spaced(reachable(blocks, main)), constants, main, TAIL].join('\n\n\n');
  return success(`${[head(exported, title), usedImports(torch.imports, body), body].join('\n\n\n')}\n`);
}

/** What every optimizer can do and the script does not write yet; it would be another run without. */
function unexportedTraining({ schedule, clipGradient, miniBatches }: ChosenSettings): string | null {
  if (miniBatches === true)
    return 'Mini-batches are not exported to PyTorch yet: the script takes the loss of all rows at every step. Export to NumPy or JAX, or turn them off.';
  if (clipGradient === true)
    return 'Clipped gradients are not exported to PyTorch yet. Export to NumPy or JAX, or turn clipping off.';
  return schedule === 'constant' || schedule === undefined
    ? null
    : 'Schedules of the learning rate are not exported to PyTorch yet. Export to NumPy or JAX, or choose “constant”.';
}

const torchSets = (kinds: readonly ConstraintKind[]): SetWords => ({
  array: 'torch.tensor',
  positions: (list) => `[${list.join(', ')}]`,
  zeros: 'torch.zeros',
  codeOf(set, form) {
    const python = kinds.find(({ id }) => id === set.kind)?.torch;
    const code = python?.[form];
    return python && code !== undefined ? { data: python.data, code } : undefined;
  },
});

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
    ...torch.notes,
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
    python,
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
        ...(torch.main.after ?? []),
      ],
      1,
    ),
  ].join('\n');
}
