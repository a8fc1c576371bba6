/** A run as a script for a library of arrays: the loss as typed, its derivatives, and the method's own step, written out. */
import type { Catalog } from '../../contracts.ts';
import { type Result, success } from '../../diagnostic.ts';
import { startEntries } from '../../problem/problem.ts';
import { seedHalves } from '../../program/random-source.ts';
import { settingValues } from '../../program/settings.ts';
import { recordedSteps } from '../../run/records.ts';
import type { RunJson } from '../experiment.ts';
import { fromOwnStart } from '../own-start.ts';
import { batchOf } from '../prepare-run.ts';
import { type ChosenRun, chooseRun, type Exported } from './chosen-run.ts';
import { type Block, reachable, spaced, usedImports } from './library.ts';
import { comment, stepsOf, tensor, wrapped } from './literal.ts';
import { type Numbers, namedSettings, ScriptWriter } from './script-writer.ts';
import type { ArrayLibrary } from './target.ts';
import { type TracedRun, traceRun } from './trace-run.ts';

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
  const own: readonly Block[] = [
    { name: 'START', code: `START = ${tensor(startEntries(problem), library.problem.array)}` },
    { name: 'STEPS', code: `STEPS = ${complete.steps}` },
    { name: 'RECORDED', code: `RECORDED = ${stepsOf(recorded)}` },
  ];
  const main = mainOf(traced, exported, library);
  const body = [spaced(reachable([...own, ...blocks], main)), main, 'if __name__ == "__main__":\n    main()'].join(
    '\n\n\n',
  );
  const head = headOf(exported, chosen.value, traced, library);
  return success(`${[head, usedImports(library.imports, body), body].join('\n\n\n')}\n`);
}

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
