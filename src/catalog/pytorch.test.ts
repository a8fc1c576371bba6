/** Exported PyTorch scripts, run by the Python that has torch, against the reference executor: alone and as two workers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { pytorchScript } from '../core/experiment/python/pytorch.ts';
import {
  type Answer,
  distance,
  expectedRun,
  exportedOf,
  isFull,
  missing,
  ofKinds,
  ofLessons,
  PYTHON,
  type ScriptCase,
  shortest,
  unusedIn,
} from './exported-scripts.fixture.ts';
import { catalog } from './registry.ts';

const reason = missing('torch');
if (reason !== '') console.warn(`The exported PyTorch scripts are not run: ${reason}`);

/** Relative to the size of x. */
const WITHIN = 1e-6;

/** By default the shortest of each method, and the first steps of each lesson's runs. */
const FEW = 2;
const FEW_STEPS = 20;
/** Each step of two workers is a round of messages. */
const STEPS_OF_TWO = 60;

const begun =
  (steps: number) =>
  (one: ScriptCase): ScriptCase => ({
    ...one,
    run: { ...one.run, steps: Math.min(steps, one.run.steps ?? steps), record: 'auto' },
  });

const alone: readonly ScriptCase[] = isFull
  ? [...shortest(Number.POSITIVE_INFINITY), ...ofLessons, ...ofKinds]
  : [...shortest(FEW), ...ofLessons.map(begun(FEW_STEPS)), ...ofKinds];

/** By default one of each method. */
const together = isFull
  ? alone.map(begun(STEPS_OF_TWO))
  : alone.filter(({ run }, i) => alone.slice(0, i).filter((other) => other.run.method === run.method).length < 1);

const scriptedOf = (cases: readonly ScriptCase[]) =>
  Promise.all(cases.map(async (one) => ({ ...one, script: pytorchScript(await exportedOf(one), one.run, catalog) })));
const scripted = await scriptedOf(alone);
const onWorkers = new Map([
  [1, scripted],
  [2, await scriptedOf(together)],
]);

/** Runs scripts as they are, one after the other in one process: importing torch takes longer than a run. */
const HARNESS = `
import contextlib, io, json, os, runpy, sys
import torch.distributed as dist
paths, out = json.load(open(sys.argv[1])), sys.argv[2]
sys.argv[1:] = sys.argv[3:]
answers = {}
ports = os.environ["PORTS"].split()  # alone: a number that nobody uses
for number, (name, path) in enumerate(paths.items()):
    os.environ["MASTER_PORT"] = ports[number % len(ports)]  # a store that closes must not be met by the next group
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(path, run_name="__main__")
        answers[name] = printed.getvalue()
    except Exception as error:
        answers[name] = "FAILED " + type(error).__name__ + ": " + str(error)
    if dist.is_initialized():  # it failed
        dist.destroy_process_group()
if os.environ.get("RANK", "0") == "0":
    json.dump(answers, open(out, "w"))
`;

/** Starts the workers as torchrun does, by the environment: so one process of each runs all scripts. */
const LAUNCHER = `
import os, socket, subprocess, sys
workers, command = int(sys.argv[1]), sys.argv[2:]
held = [socket.socket() for _ in range(int(os.environ["PORTS"]))]
for one in held:
    one.bind(("127.0.0.1", 0))
ports = " ".join(str(one.getsockname()[1]) for one in held)
for one in held:
    one.close()
common = dict(os.environ, MASTER_ADDR="127.0.0.1", PORTS=ports, WORLD_SIZE=str(workers), GLOO_SOCKET_IFNAME="lo")
started = [subprocess.Popen([sys.executable, *command], env=dict(common, RANK=str(rank))) for rank in range(workers)]
sys.exit(max(abs(worker.wait()) for worker in started))
`;

const folder = mkdtempSync(join(tmpdir(), 'feasible-pytorch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runAll(workers: number): ReadonlyMap<string, string> {
  const [list, harness, out] = ['list.json', 'harness.py', `out-${workers}.json`].map((name) => join(folder, name));
  const paths = (onWorkers.get(workers) ?? []).flatMap(({ name, script }, i) => {
    if (!script.ok) return [];
    const path = join(folder, `case_${i}.py`);
    writeFileSync(path, script.value);
    return [[name, path] as const];
  });
  writeFileSync(list as string, JSON.stringify(Object.fromEntries(paths)));
  writeFileSync(harness as string, HARNESS);
  const launcher = join(folder, 'launcher.py');
  writeFileSync(launcher, LAUNCHER);
  const command = [harness as string, list as string, out as string, '--json'];
  const done = spawnSync(PYTHON, workers > 1 ? [launcher, String(workers), ...command, '--distributed'] : command, {
    encoding: 'utf8',
    timeout: isFull ? 1_700_000 : 600_000, // ends what hangs
    env: { ...process.env, OMP_NUM_THREADS: '1', PORTS: String(paths.length) },
  });
  if (done.status !== 0) throw new Error(`${done.error?.message ?? ''} ${done.stderr.slice(-4000)}`);
  return new Map(Object.entries(JSON.parse(readFileSync(out as string, 'utf8')) as Record<string, string>));
}

describe('export to PyTorch', () => {
  it('takes every method, every set and every lesson', () => {
    expect(scripted.flatMap(({ name, script }) => (script.ok ? [] : [name, script.diagnostics]))).toEqual([]);
    expect(new Set(scripted.map(({ run }) => run.method))).toEqual(new Set(catalog.methods.map(({ id }) => id)));
  });
});

it('a script holds nothing that it does not use', () => {
  for (const { script } of scripted) expect(unusedIn(script.ok ? script.value : '')).toEqual([]);
});

describe.each([1, 2])('scripts with %i worker(s)', (workers) => {
  let answers: ReadonlyMap<string, string> = new Map();
  beforeAll(() => {
    if (reason === '') answers = runAll(workers);
  }, 1_800_000);

  it.skipIf(reason !== '').each(onWorkers.get(workers) ?? [])('$name', async (one) => {
    const expected = await expectedRun(one);
    const printed = answers.get(one.name) ?? 'nothing';
    expect(printed).toMatch(/^\{/);
    const answer = JSON.parse(printed) as Answer;
    expect(answer.workers).toBe(workers);
    expect(answer.steps).toEqual(expected.steps);
    const worst = Math.max(...answer.x.map((x, k) => distance(x, at(expected.iterates, k))));
    expect(worst).toBeLessThan(WITHIN);
    expect(distance(answer.loss, expected.loss)).toBeLessThan(WITHIN);
  });
});

describe('torchrun itself', () => {
  const one = scripted.find(({ script, run }) => script.ok && run.method === 'projected-gradient');

  it.skipIf(reason !== '')('starts a script as it is, on two workers', async () => {
    if (!one?.script.ok) throw new Error('there is a script of projected gradient');
    const path = join(folder, 'under_torchrun.py');
    writeFileSync(path, one.script.value);
    // Standard output to files and here: PyTorch 1.13 under Python 3.11 fails where it is not redirected.
    const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc_per_node', '2', '-r', '1', '-t', '1'];
    const done = spawnSync(PYTHON, [...torchrun, '--log_dir', join(folder, 'logs'), path, '--distributed', '--json'], {
      encoding: 'utf8',
      timeout: 150_000,
      env: { ...process.env, OMP_NUM_THREADS: '1', GLOO_SOCKET_IFNAME: 'lo' },
    });
    const printed = done.stdout.split('\n').flatMap((line) => /\{.*/.exec(line)?.[0] ?? []);
    expect(printed, done.stderr.slice(-2000)).toHaveLength(1); // one worker speaks
    const answer = JSON.parse(printed[0] ?? '') as Answer;
    const expected = await expectedRun(one);
    expect(answer.workers).toBe(2);
    expect(answer.steps).toEqual(expected.steps);
    for (const [k, x] of answer.x.entries()) expect(distance(x, at(expected.iterates, k))).toBeLessThan(WITHIN);
  });
});
