/** Exported NumPy and JAX scripts, run by the Python that has numpy, against the reference executor; JAX by JAX where that Python has it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { arrayScript } from '../core/experiment/python/array-script.ts';
import { jax } from '../core/experiment/python/jax.ts';
import { numpy } from '../core/experiment/python/numpy.ts';
import type { ArrayLibrary } from '../core/experiment/python/target.ts';
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
  shortest,
  unusedIn,
} from './exported-scripts.fixture.ts';
import { catalog } from './registry.ts';

const reason = missing('numpy');
if (reason !== '') console.warn(`The exported NumPy and JAX scripts are not run: ${reason}`);

const hasJax = missing('jax') === '';

/** Stands for JAX where it is not there: NumPy's arrays with `at`, loops that run as they are, and slopes by differences. */
const STANDS_FOR_JAX = `
import numpy

__getattr__ = lambda name: getattr(numpy, name)

class _At:
    def __init__(self, array):
        self.array = array
    def __getitem__(self, index):
        return _Place(self.array, index)

class _Place:
    def __init__(self, array, index):
        self.array, self.index = array, index
    def set(self, values):
        changed = self.array.copy()
        changed[self.index] = values
        return changed
    def add(self, values):
        changed = self.array.copy()
        changed[self.index] += values
        return changed

class Array(numpy.ndarray):
    at = property(_At)

def _made(f):
    return lambda *given, **options: numpy.asarray(f(*given, **options)).view(Array)

array, asarray, zeros, ones, full = (_made(f) for f in (numpy.array, numpy.asarray, numpy.zeros, numpy.ones, numpy.full))
`;

const STANDS_FOR_JAX_ITSELF = `
import types
import numpy
from jax import numpy as jnp

config = types.SimpleNamespace(update=lambda name, value: None)
jit = lambda f: f

def _while(goes_on, turn, carried):
    while goes_on(carried):
        carried = turn(carried)
    return carried

def _counted(first, end, turn, carried):
    for number in range(first, end):
        carried = turn(number, carried)
    return carried

lax = types.SimpleNamespace(while_loop=_while, fori_loop=_counted)
_STEP = 1e-3

def jacrev(f):
    def slopes(x, *given):
        x = jnp.asarray(x, dtype=float)
        units = _STEP * numpy.maximum(1.0, abs(x))[:, None] * numpy.eye(len(x))
        # differences of fourth order
        sides = [((8 * (jnp.asarray(f(x + u, *given)) - f(x - u, *given)) - (jnp.asarray(f(x + 2 * u, *given)) - f(x - 2 * u, *given))) / (12 * u.max())) for u in units]
        return jnp.asarray(numpy.stack(sides, axis=-1))
    return slopes

grad = jacrev
hessian = lambda f: jacrev(jacrev(f))
vjp = lambda f, x: (f(x), lambda w: (w @ jacrev(f)(x),))
jvp = lambda f, xs, ds: (f(xs[0]), jacrev(f)(xs[0]) @ ds[0])
`;

/** Runs scripts as they are, one after the other in one process. */
const HARNESS = `
import contextlib, io, json, runpy, sys
paths, out = json.load(open(sys.argv[1])), sys.argv[2]
sys.path.insert(0, sys.argv[3])
sys.argv[1:] = ["--json"]
answers = {}
for name, path in paths.items():
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(path, run_name="__main__")
        answers[name] = printed.getvalue()
    except Exception as error:
        answers[name] = "FAILED " + type(error).__name__ + ": " + str(error)
json.dump(answers, open(out, "w"))
`;

/** Optimizers that divide by the size of gradients divide by what is only rounding where these vanish, and exp rounds in each library in its own way. */
const ofLibrary = ({ optimizer }: RunJson): number =>
  catalog.optimizers.find(({ id }) => id === optimizer?.kind)?.isAdaptive ? 1e-8 : 1e-9;

interface Trial {
  readonly library: ArrayLibrary;
  /** Relative to the size of x. */
  readonly within: (run: RunJson) => number;
  readonly cases: readonly ReturnType<typeof shortest>[number][];
}

/** Differences lose digits, and long runs more of them: JAX is tried on short ones. */
const FEW_STEPS = 25;
/** Rounding to whole numbers makes another number of the least difference. */
const isRounded = ({ run }: { readonly run: RunJson }) => run.settings?.rounding === 'on';

const trials: readonly Trial[] = [
  {
    library: numpy,
    within: ofLibrary,
    cases: [...shortest(isFull ? 1000 : 6), ...ofLessons, ...ofKinds],
  },
  {
    library: jax,
    within: hasJax ? ofLibrary : () => 1e-5,
    cases: [...shortest(3), ...ofLessons, ...ofKinds]
      .filter((one) => hasJax || !isRounded(one))
      .map((one) => ({
        ...one,
        run: { ...one.run, steps: Math.min(FEW_STEPS, one.run.steps ?? FEW_STEPS), record: 'auto' },
      })),
  },
];

describe.each(trials)('export to $library.title', async ({ library, within, cases }) => {
  const folder = mkdtempSync(join(tmpdir(), `feasible-${library.id}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const scripted = await Promise.all(
    cases.map(async (one) => ({ ...one, script: arrayScript(await exportedOf(one), one.run, catalog, library) })),
  );
  let answers: Record<string, string> = {};

  beforeAll(() => {
    if (reason !== '') return;
    const [list, harness, out] = ['list.json', 'harness.py', 'out.json'].map((name) => join(folder, name));
    if (!hasJax) {
      mkdirSync(join(folder, 'jax'));
      writeFileSync(join(folder, 'jax', '__init__.py'), STANDS_FOR_JAX_ITSELF);
      writeFileSync(join(folder, 'jax', 'numpy.py'), STANDS_FOR_JAX);
    }
    const paths = scripted.flatMap(({ name, script }, i) => {
      if (!script.ok) return [];
      const path = join(folder, `case_${i}.py`);
      writeFileSync(path, script.value);
      return [[name, path] as const];
    });
    writeFileSync(list as string, JSON.stringify(Object.fromEntries(paths)));
    writeFileSync(harness as string, HARNESS);
    const done = spawnSync(PYTHON, [harness as string, list as string, out as string, folder], {
      encoding: 'utf8',
      timeout: isFull || hasJax ? 1_700_000 : 600_000, // ends what hangs
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    if (done.status !== 0) throw new Error(`${done.error?.message ?? ''} ${done.stderr.slice(-4000)}`);
    answers = JSON.parse(readFileSync(out as string, 'utf8')) as Record<string, string>;
    if (process.env.KEEP) spawnSync('cp', ['-r', folder, process.env.KEEP]);
  }, 1_800_000);

  it('takes every method, every set and every lesson', () => {
    expect(scripted.flatMap(({ name, script }) => (script.ok ? [] : [name, script.diagnostics]))).toEqual([]);
    expect(new Set(cases.map(({ run }) => run.method))).toEqual(new Set(catalog.methods.map(({ id }) => id)));
  });

  it('holds no function that it does not call', () => {
    for (const { script } of scripted) expect(unusedIn(script.ok ? script.value : '')).toEqual([]);
  });

  it.skipIf(reason !== '').each(scripted)('$name', async (one) => {
    const expected = await expectedRun(one);
    const printed = answers[one.name] ?? 'nothing';
    expect(printed).toMatch(/^\{/);
    const answer = JSON.parse(printed) as Answer;
    expect(answer.steps).toEqual(expected.steps);
    const worst = Math.max(...answer.x.map((x, k) => distance(x, at(expected.iterates, k))));
    expect(worst).toBeLessThan(within(one.run));
    expect(distance(answer.loss, expected.loss)).toBeLessThan(within(one.run));
  });
});
