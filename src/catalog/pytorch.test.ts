/** Exported PyTorch scripts, run by the Python that has torch, against the reference executor: alone and as two workers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../core/analysis/analyze.ts';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare.ts';
import { pytorchScript } from '../core/experiment/python/pytorch.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { experimentOfCase } from '../core/reference/experiment-of-case.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { problemOf, reference } from '../core/reference/trajectories.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { catalog } from './registry.ts';

const executor = createReferenceExecutor({
  now: () => performance.now(),
  pause: () => Promise.resolve(),
  reason: 'test',
});

const PYTHON = process.env.FEASIBLE_PYTHON ?? '/usr/bin/python3';
const installed = spawnSync(PYTHON, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
const reason = installed.status === 0 ? '' : `${PYTHON} has no torch: ${installed.stderr?.trim().split('\n').at(-1)}`;
if (reason !== '') console.warn(`The exported PyTorch scripts are not run: ${reason}`);
const isFull = import.meta.env.FEASIBLE_FULL === '1';

/** Relative to the size of x. Unstable runs amplify rounding: the sensitivity of a reference case says how much. */
const WITHIN = 1e-6;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly run: RunJson;
  readonly within: number;
}

const examples: Case[] = catalog.methods.flatMap(({ id, examples: own }) =>
  own.map(({ name, problem, settings, optimizer, steps }) => ({
    name: `${id}: ${name}`,
    text: problem,
    run: { method: id, steps, ...(settings && { settings }), ...(optimizer && { optimizer }) },
    within: WITHIN,
  })),
);

const references: Case[] = reference.cases.map((referenceCase) => {
  const { problem, runs = [] } = experimentOfCase(problemOf(referenceCase), referenceCase);
  return { name: referenceCase.id, text: problem, run: at(runs, 0), within: WITHIN };
});

const FEW = 4;
const all = [...examples, ...references].sort((a, b) => (a.run.steps ?? 0) - (b.run.steps ?? 0));

/** By default the shortest of each method. */
const cases = all.filter(
  ({ run }, i) => isFull || all.slice(0, i).filter((other) => other.run.method === run.method).length < FEW,
);

function studyOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return { problem: problem.value, structure: analyze(problem.value, catalog.constraints) };
}

const scripted = cases.map((one) => ({
  ...one,
  script: pytorchScript({ ...studyOf(one.text), title: one.name, text: one.text }, one.run, catalog),
}));
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
    rank = dist.get_rank() if dist.is_initialized() else 0
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
if rank == 0:
    json.dump(answers, open(out, "w"))
`;

/** Starts the workers as torchrun does, by the environment: Debian's torchrun of PyTorch 1.13 fails under Python 3.11. */
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

interface Answer {
  readonly steps: readonly number[];
  readonly x: readonly (readonly number[])[];
  readonly loss: readonly number[];
  readonly workers: number;
}

function runAll(workers: number): ReadonlyMap<string, string> {
  const [list, harness, out] = ['list.json', 'harness.py', `out-${workers}.json`].map((name) => join(folder, name));
  const paths = onWorkers(workers).flatMap(({ name, script }, i) => {
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
    timeout: isFull ? 550_000 : 150_000,
    env: { ...process.env, OMP_NUM_THREADS: '1', PORTS: String(paths.length) },
  });
  if (done.status !== 0) throw new Error(`${done.error?.message ?? ''} ${done.stderr.slice(-4000)}`);
  return new Map(Object.entries(JSON.parse(readFileSync(out as string, 'utf8')) as Record<string, string>));
}

/** On two workers by default two of each method: each step is a round of messages. */
const onWorkers = (workers: number) =>
  scripted.filter(
    ({ script, run }, i) =>
      script.ok &&
      (workers === 1 ||
        isFull ||
        scripted.slice(0, i).filter((other) => other.script.ok && other.run.method === run.method).length < 2),
  );

describe('export to PyTorch', () => {
  it('takes every method and every set', () => {
    expect(scripted.flatMap(({ name, script }) => (script.ok ? [] : [name, script.diagnostics]))).toEqual([]);
    expect(new Set(scripted.map(({ run }) => run.method))).toEqual(new Set(catalog.methods.map(({ id }) => id)));
  });
});

describe.each([1, 2])('scripts with %i worker(s)', (workers) => {
  let answers: ReadonlyMap<string, string> = new Map();
  beforeAll(() => {
    if (reason === '') answers = runAll(workers);
  }, 600_000);

  it.skipIf(reason !== '').each(onWorkers(workers))('$name', async ({ name, text, run, within }) => {
    const job = prepareRun(studyOf(text), run, 1, catalog);
    if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
    const expected = await recordedRun(executor, 'reference', job.value);
    const printed = answers.get(name) ?? 'nothing';
    expect(printed).toMatch(/^\{/);
    const answer = JSON.parse(printed) as Answer;
    expect(answer.workers).toBe(workers);
    expect(answer.steps).toEqual(expected.steps);
    const worst = Math.max(...answer.x.map((x, k) => distance(x, at(expected.iterates, k))));
    expect(worst).toBeLessThan(within);
    expect(distance(answer.loss, expected.loss)).toBeLessThan(within);
  });
});

/** Largest difference, relative where the entries are large. */
const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(0, ...b.map((entry, i) => Math.abs(at(a, i) - entry) / Math.max(1, Math.abs(entry))));
