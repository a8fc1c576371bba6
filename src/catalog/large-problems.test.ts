import { describe, expect, it } from 'vitest';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStages, studyStructure } from '../core/experiment/study/study.ts';
import { startOf } from '../core/problem/problem.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk } from '../core/run/run.ts';
import { finished } from '../core/stages.ts';
import { catalog } from './registry.ts';

/** The end of a run of a typed problem. */
async function endOf(text: string, run: RunJson) {
  const studied = studyStructure(text, 1, catalog);
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const job = prepareRun(studied.value, run, 0, catalog);
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  const chunks: Chunk[] = [];
  const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: '' });
  const [end] = await executor.run([job.value], { executor: 'reference', onChunk: (chunk) => chunks.push(chunk) });
  const last = chunks[chunks.length - 1];
  if (!end || !last) throw new Error('a run has records');
  const { violation, stationarity, multipliers } = last.measures;
  const [rows, records] = [multipliers.length / violation.length, last.steps.length];
  return {
    status: end.status,
    violation: violation[records - 1] ?? Number.NaN,
    stationarity: stationarity[records - 1] ?? Number.NaN,
    multipliers: multipliers.subarray((records - 1) * rows),
    x: last.iterates.subarray((records - 1) * (last.iterates.length / records)),
    start: startOf(studied.value.problem),
  };
}

const run = (method: string, settings = {}, steps = 30): RunJson => ({
  method,
  settings,
  optimizer: { kind: 'sgd', learningRate: 0.25 },
  steps,
  record: [0, steps],
});

/** More rows × parameters than a matrix of the Jacobian may have. */
describe('a problem of many constraint rows', () => {
  it.each([
    ['bounds on 1,200 entries', 'param W[30,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to 0 <= W <= 0.5'],
    ['ties across a diagonal', 'param W[40,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in symmetric'],
    ['ties along diagonals', 'param W[40,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in toeplitz'],
    ['ties of a circle', 'param W[36,36] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in circulant'],
  ])('is kept, and graded by what each row reads: %s', async (_, text) => {
    const { status, violation, stationarity } = await endOf(text, run('projected-gradient', {}, 60));
    expect(violation).toBeLessThan(1e-12);
    expect(stationarity).toBeLessThan(1e-6);
    expect(status).toBe('converged');
  });

  it('has the multipliers that the loss asks for', async () => {
    const text = 'param W[30,40]\nminimize sum((W - 0.6)**2)\nsubject to 0 <= W <= 0.5';
    const { x, multipliers } = await endOf(text, run('projected-gradient'));
    expect(x.every((entry) => entry === 0.5)).toBe(true);
    // 0 at the lower bounds, 2 (0.6 − 0.5) at the upper ones
    expect(multipliers.every((m, i) => Math.abs(m - (i < 1200 ? 0 : 0.2)) < 1e-12)).toBe(true);
  });

  it('is kept by penalties, too', async () => {
    const text = 'param W[40,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in symmetric';
    const { violation } = await endOf(text, run('penalty', { penalty: 0.5 }));
    expect(violation).toBeLessThan(1e-2);
  });

  it('is refused in words where rows that move are too many', () => {
    const text = 'param W[30,40] ~ uniform(1, 2)\nminimize sum(W)\nsubject to W**2 >= 1';
    const studied = studyStructure(text, 1, catalog);
    const job = studied.ok ? prepareRun(studied.value, run('penalty'), 0, catalog) : studied;
    expect(job.ok ? '' : job.diagnostics[0]?.message).toContain('1,200 constraint rows whose gradients move');
  });
});

describe('many equations that hang together', () => {
  const text = `param w[500] ~ normal(0, 1)
data A[150,500], b[150] = regression()
minimize sum((w - 0.3)**2)
subject to A @ w = b`;

  /** A run on the null space, whose basis takes long; `lookAround` at each pause. */
  async function endAfter(lookAround: (pause: number) => void, signal?: AbortSignal) {
    const studied = finished(studyStages(text, 1, catalog));
    const job = studied.ok ? prepareRun(studied.value, run('null-space', {}, 60), 0, catalog) : studied;
    if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
    const chunks: Chunk[] = [];
    let pauses = 0;
    const pause = async () => lookAround(++pauses);
    const executor = createReferenceExecutor({ now: () => 0, pause, reason: '' });
    const onChunk = (chunk: Chunk) => chunks.push(chunk);
    const [end] = await executor.run([job.value], { executor: 'reference', onChunk, ...(signal && { signal }) });
    return { status: end?.status, chunks };
  }

  it('are factorised with pauses, in which a run can be stopped; then they are kept', async () => {
    const controller = new AbortController();
    const stopped = await endAfter(() => controller.abort(), controller.signal);
    expect(stopped).toEqual({ status: 'stopped', chunks: [] });
    let before = 0;
    const { status, chunks } = await endAfter(() => (before += 1));
    expect(status).toBe('converged');
    expect(before).toBeGreaterThan(2);
    expect(chunks.at(-1)?.measures.violation.at(-1)).toBeLessThan(1e-9);
    let again = 0;
    await endAfter(() => (again += 1));
    expect(again).toBeLessThan(before);
  });
});

describe('entries that many rows say are equal', () => {
  const vector = (rest: string) =>
    `param w[6000] ~ normal(0, 1)\nminimize sum((w - 0.6)**2) + w[0]\nsubject to ${rest}`;
  const matrix = (rest: string) =>
    `param W[40,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2) + W[0,1]\nsubject to ${rest}`;

  it.each([
    ['groups of different size', vector('w[1:2000] = w[0]; w[2001:6000] = w[2000]'), 'tied,tied', 6000 - 2],
    ['a chain', vector('w[:5999] = w[1:]'), 'tied', 5999],
    ['a group and pairs that share entries', vector('w[:3000] = w[3000:]; w[1:1500] = w[0]'), 'tied', 3000 + 1499],
    ['a constant times a difference', vector('2*(w[:3000] - w[3000:]) = 0'), 'sums', 3000],
    ['a matrix and its transpose', matrix('W = W.T'), 'symmetric', 780],
    ['a smaller one', matrix('W = W.T').replaceAll('40', '24'), 'symmetric', 276], // its singular values took seconds
  ])('is a set with a nearest point: %s', async (_, text, kinds, rank) => {
    const studied = studyStructure(text, 1, catalog);
    if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
    const { sets, hasExactProjection, degreesOfFreedom, size, straight } = studied.value.structure;
    expect(sets.map(({ kind }) => kind).join()).toBe(kinds);
    expect(hasExactProjection && straight !== null).toBe(true);
    expect(degreesOfFreedom).toBe(size - rank);
    for (const method of ['projected-gradient', 'projected-direction']) {
      const settings = method === 'projected-direction' ? { projectStart: true } : {};
      const { status, violation, stationarity } = await endOf(text, run(method, settings, 60));
      expect(violation).toBeLessThan(1e-12);
      expect(stationarity).toBeLessThan(1e-6);
      expect(status).toBe('converged');
    }
  });

  it('is left to the matrix of all equalities where another shares its entries', () => {
    const studied = studyStructure(
      'param w[1000] ~ normal(0, 1)\nminimize sum(w**2)\nsubject to w[1:212] = w[0]; w[3] + w[900] = 1',
      1,
      catalog,
    );
    expect(studied.ok && studied.value.structure.sets.map(({ kind }) => kind)).toEqual(['affine']);
    expect(studied.ok && studied.value.structure.hasExactProjection).toBe(true);
  });

  it.each([
    ['other than by a difference', 'w[:5999] + w[1:] = 0'],
    ['up to a number', 'w[:5999] - w[1:] = 1'],
    ['up to a factor', 'w[:5999] = 2*w[1:]'],
  ])('is not what rows say that relate them %s', (_, rest) => {
    const studied = studyStructure(vector(rest), 1, catalog);
    expect(studied.ok && studied.value.structure.sets.map(({ kind }) => kind)).toEqual(['flat']);
  });

  it('is not what rows say that move each in its own way, and are so nearly dependent that many turns of conjugate gradients solve them', () => {
    const numbers = Array.from({ length: 5999 }, (_, i) => i % 7);
    const text = `data d = [${numbers}]\n${vector('w[:5999] - w[1:] = sin(t*d)')}`;
    const studied = studyStructure(text, 1, catalog);
    expect(studied.ok && studied.value.structure.sets).toEqual([]);
    const reasons = studied.ok ? studied.value.methods.flatMap(({ reason }) => reason ?? []) : [];
    expect(reasons).toContainEqual(
      expect.stringMatching(/too many for one matrix, and share parameters. A method with/),
    );
    expect(reasons.join()).not.toContain('curved');
  });
});

/** Equations whose matrix would have millions of entries, or take minutes to factorise. */
describe('entries of which many equations leave few directions', () => {
  const apart = (x: ArrayLike<number>, expected: (i: number) => number) =>
    Array.from(x).reduce((most, entry, i) => Math.max(most, Math.abs(entry - expected(i))), 0);
  const problem = (rest: string, size = 3000) =>
    `param w[${size}] ~ normal(0, 1)\nminimize sum((w - 0.6)**2) + w[0]\nsubject to\n  ${rest}`;
  const STRAIGHT = 'w[:-2] - 2*w[1:-1] + w[2:] = 0';
  /** The line of least squares through 0.1, 0.6, 0.6, …: what the loss asks for. */
  const fitted = (size: number) => {
    const middle = (size - 1) / 2;
    return (i: number) => 0.6 - 0.5 * (1 / size - (12 * middle * (i - middle)) / (size * (size ** 2 - 1)));
  };

  it.each([
    ['projected-gradient', {}],
    ['projected-direction', { projectStart: true }],
    ['projected-update', { projectStart: true }],
    ['riemannian', {}],
  ] as const)('is kept by %s: the line that is nearest', async (method, settings) => {
    const { status, x, violation } = await endOf(problem(STRAIGHT), run(method, settings, 60));
    expect(violation).toBeLessThan(1e-11);
    expect(apart(x, fitted(3000))).toBeLessThan(1e-8); // rounding times the condition number of second differences
    expect(status).toBe('converged');
  });

  it.each([
    ['a line of 1,000, whose matrix would be held', STRAIGHT, 1000, 2],
    ['a parabola through two points', 'w[:-2] - 2*w[1:-1] + w[2:] = 1e-6\n  w[0] = 1\n  w[2999] = 2', 3000, 0],
    ['a line of a given mean', `${STRAIGHT}\n  mean(w) = 1`, 3000, 1],
    ['the same said twice', `${STRAIGHT}\n  mean(w) = 1\n  sum(w) = 3000`, 3000, 1],
    ['a mean of 4 neighbours', 'w[:-3] + w[1:-2] + w[2:-1] + w[3:] = 4', 3000, 3],
    ['steps of one size', 'w[1:] - w[:-1] = 0.001', 3000, 1],
    ['decay', 'w[1:] = 0.5*w[:-1]', 3000, 1],
    ['growth', 'w[1:] = 2*w[:-1]', 3000, 1],
  ])('is found: %s', async (_, rest, size, directions) => {
    const studied = studyStructure(problem(rest, size), 1, catalog);
    if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
    const { sets, hasExactProjection, degreesOfFreedom, straight } = studied.value.structure;
    expect(sets.map(({ kind }) => kind)).toEqual(['flat']);
    expect(hasExactProjection && straight !== null).toBe(true);
    expect(degreesOfFreedom).toBe(directions);
    const { violation, stationarity } = await endOf(problem(rest, size), run('projected-gradient', {}, 60));
    expect(violation).toBeLessThan(1e-11);
    expect(stationarity).toBeLessThan(1e-6);
  });

  const DATA = `data d = [${Array.from({ length: 2999 }, (_, i) => i % 7)}]\n`;
  it.each([
    ['differences', 'w[:-1] - w[1:] = 0.001*sin(t/9)', 1],
    ['differences, each of its own size', 'w[:-1] - w[1:] = 0.001*d*(1 + sin(t/9)) + 1e-4*t', 1],
    ['second differences', 'w[:-2] - 2*w[1:-1] + w[2:] = 1e-6*cos(t/9)', 2],
    ['growth', 'w[1:] = 1.001*w[:-1] + 0.001*t', 1],
    ['a line through a point', 'w[0] = 2\n  w[:-2] - 2*w[1:-1] + w[2:] = 1e-8*t', 1],
  ])('is found where the right-hand sides move: %s', async (_, rest, directions) => {
    const text = `${rest.includes('d*') ? DATA : ''}${problem(rest)}`;
    const studied = studyStructure(text, 1, catalog);
    if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
    const { sets, hasExactProjection, degreesOfFreedom, straight } = studied.value.structure;
    expect(sets.map(({ kind }) => kind)).toEqual(['moving-flat']);
    expect(hasExactProjection && straight !== null).toBe(true);
    expect(degreesOfFreedom).toBe(directions);
    const { violation, stationarity } = await endOf(text, run('projected-gradient', {}, 60));
    expect(violation).toBeLessThan(1e-11);
    expect(stationarity).toBeLessThan(1e-6); // zero at the nearest point alone
  });

  it('is left apart from equations that read other entries, or that it contradicts', () => {
    const kindsOf = (text: string) => {
      const studied = studyStructure(text, 1, catalog);
      return studied.ok && studied.value.structure.sets.map(({ kind }) => kind);
    };
    expect(kindsOf(`param b\n${problem(`${STRAIGHT}\n  w[0] = b`)}`)).toEqual(['flat', 'affine']);
    expect(kindsOf(problem(`${STRAIGHT}\n  w[0] + w[2] - 2*w[1] = 1`))).toEqual(['flat', 'affine']);
  });
});

/** More entries than a matrix may have, and more directions than a basis. */
describe('equations that overlap and leave many directions', () => {
  const RISING = Array.from({ length: 3000 }, (_, i) => Math.floor(i / 500));
  const AVERAGES = 'w[:-2:2] + w[1:-1:2] + w[2::2]';
  const vector = (rest: string) => `param w[3000] ~ normal(0, 1)\nminimize sum((w - 0.6)**2)\nsubject to\n  ${rest}`;
  const square = (columns: string) =>
    `param W[130,130] ~ normal(0, 1)\nminimize sum((W - 0.6)**2) + 9*W[0,0]\nsubject to\n  sum(W, axis=1) = 1\n  ${columns}`;
  const structureOf = (text: string) => {
    const studied = studyStructure(text, 1, catalog);
    if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
    return studied.value.structure;
  };

  it.each([
    ['averages at every second place', vector(`${AVERAGES} = 1`), 1499],
    ['the same, as they move', vector(`${AVERAGES} = 1 + sin(t)`), 1499],
    ['averages, and an entry', vector(`${AVERAGES} = 1\n  w[0] = 2`), 1500],
    ['sums of rows and of columns', square('sum(W, axis=0) = 1'), 259],
    ['sums of rows and of columns, and an entry', square('sum(W, axis=0) = 1\n  W[0,0] = 3'), 260],
  ])('have their nearest points, and their rank: %s', async (_, text, rank) => {
    const { sets, straight, hasExactProjection, degreesOfFreedom, size } = structureOf(text);
    expect(sets.map(({ kind }) => kind)).toEqual(['sparse-equations']);
    expect(hasExactProjection && straight !== null).toBe(true);
    expect(degreesOfFreedom).toBe(size - rank);
    const { status, violation, stationarity } = await endOf(text, run('projected-gradient', {}, 40));
    expect(violation).toBeLessThan(1e-11);
    expect(stationarity).toBeLessThan(1e-7); // zero at the nearest point alone
    expect(status).toBe('converged');
  });

  it.each([
    ['a total', vector(`${AVERAGES} = 1\n  sum(w) = 5`), 1500],
    ['a total that comes first, as it moves', vector(`sum(w) = 5 + sin(t)\n  ${AVERAGES} = 1`), 1500],
    [
      'a total, and another that counts later entries more',
      `data d = [${RISING}]\n${vector(`${AVERAGES} = 1\n  sum(w) = 5\n  d @ w = 3`)}`,
      1501,
    ],
    ['a total, and an entry', vector(`${AVERAGES} = 1\n  sum(w) = 5\n  w[7] = 2`), 1501],
  ])('have them beside few dense rows, too: %s', async (_, text, rank) => {
    const { sets, straight, hasExactProjection, degreesOfFreedom, size } = structureOf(text);
    expect(sets.map(({ kind }) => kind)).toEqual(['bordered-equations']);
    expect(hasExactProjection && straight !== null).toBe(true);
    expect(degreesOfFreedom).toBe(size - rank);
    const { status, violation, stationarity } = await endOf(text, run('projected-gradient', {}, 40));
    expect(violation).toBeLessThan(1e-10);
    expect(stationarity).toBeLessThan(1e-7); // zero at the nearest point alone
    expect(status).toBe('converged');
  });

  it.each([
    ['projected-direction', { projectStart: true }],
    ['projected-update', { projectStart: true }],
    ['riemannian', {}],
  ] as const)('are kept by %s', async (method, settings) => {
    const { status, violation } = await endOf(vector(`${AVERAGES} = 1`), run(method, settings, 40));
    expect(violation).toBeLessThan(1e-11);
    expect(status).toBe('converged');
  });

  it.each([
    ['sums of rows and of columns of different totals', square('sum(W, axis=0) = 2'), '0 = 130'],
    ['averages, and a total of them', vector(`${AVERAGES} = 1\n  sum(w[:-2:2] + w[1:-1:2] + w[2::2]) = 2`), '0 = 1'],
    ['averages, and one of them once more', vector(`${AVERAGES} = 1\n  w[2] + w[3] + w[4] = 2`), '0 = 1'],
  ])('contradict each other where none can be met: %s', (_, text, claim) => {
    const { hasExactProjection, contradictions, diagnostics } = structureOf(text);
    expect(hasExactProjection).toBe(false);
    expect(contradictions.map(({ constraints }) => constraints)).toEqual([[0, 1]]);
    expect(diagnostics[0]?.message).toContain(claim);
  });
});

it('keeps entries in order, hundreds of them, where each stretch that would fall is its mean', async () => {
  const noise = Array.from({ length: 600 }, (_, i) => (i / 300 + Math.sin(1e4 * Math.sin(i))).toFixed(3));
  const text = `param w[600] ~ normal(0, 1)\ndata y = [${noise}]\nminimize sum((w - y)**2)\nsubject to w[:-1] <= w[1:]`;
  const { status, violation, stationarity, x } = await endOf(text, run('projected-gradient', {}, 40));
  expect(violation).toBe(0);
  expect(stationarity).toBeLessThan(1e-6);
  expect(status).toBe('converged');
  expect(new Set(x).size).toBeLessThan(100);
});

describe('a layer whose rows each have a sum', () => {
  const layer = (rest: string) =>
    `param W[60,300] ~ normal(0, 0.1)\nminimize sum((W - 0.01)**2) + W[0,0]\nsubject to ${rest}`;

  it.each([
    ['projected-gradient', {}],
    ['projected-direction', { projectStart: true }],
    ['projected-update', { projectStart: true }],
    ['straight-through', {}],
  ] as const)('is kept by %s', async (method, settings) => {
    const { status, violation } = await endOf(layer('sum(W, axis=1) = 1'), run(method, settings, 60));
    expect(violation).toBeLessThan(1e-12);
    expect(status).toBe('converged');
  });

  it('has for each row the multiplier that balances the mean of its slope', async () => {
    const { multipliers } = await endOf(layer('sum(W, axis=1) = 1'), run('projected-gradient', {}, 60));
    // On a row of k entries 2 (w − 0.01) + λ = 0 and Σ w = 1, where nothing else is asked of it.
    const [k, slope] = [300, 2 * (1 / 300 - 0.01)];
    expect(multipliers[0]).toBeCloseTo(-slope - 1 / k, 10);
    expect(multipliers.slice(1).every((m) => Math.abs(m + slope) < 1e-10)).toBe(true);
  });

  it.each([
    ['columns', 'sum(W, axis=0) = 1', ['sums']],
    ['weighted rows', '2*W[:, 1] - 3*W[:, 0] = 1', ['sums']],
    ['shares', 'W in stochastic', ['simplex']],
    ['shares of columns', 'W >= 0 ; sum(W, axis=0) = 2', ['simplex']],
    ['limits', 'sum(W, axis=1) <= 1', ['sum-limits']],
    ['lower limits of columns', 'sum(W, axis=0) >= 1', ['sum-limits']],
    ['budgets', 'W >= 0 ; sum(W, axis=1) <= 1', ['solid-simplex']],
    ['rows of another layer', 'W @ concat(1, -1, zeros(298)) = 1', ['sums']],
  ] as const)('is recognised: %s', (_, rest, kinds) => {
    const studied = studyStructure(layer(rest), 1, catalog);
    if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
    const { structure } = studied.value;
    expect(structure.sets.map(({ kind }) => kind)).toEqual(kinds);
    expect(structure.hasExactProjection).toBe(true);
  });

  it('counts the directions that are left, and refuses curved rows in words', () => {
    const studied = studyStructure(layer('sum(W, axis=0) = 1'), 1, catalog);
    expect(studied.ok && studied.value.structure.degreesOfFreedom).toBe(60 * 300 - 300);
    const curved = studyStructure(layer('sum(W**2, axis=1) = 1'), 1, catalog);
    const reason = curved.ok && curved.value.methods.find(({ id }) => id === 'projected-direction')?.reason;
    expect(reason).toContain('curved');
  });

  it('is kept under limits that fall, by the sums alone that are above them', async () => {
    const limits = 'sum(W, axis=1) <= 1 - t/T';
    const { violation, stationarity, multipliers } = await endOf(layer(limits), run('projected-gradient', {}, 60));
    expect(violation).toBeLessThan(1e-12);
    expect(stationarity).toBeLessThan(1e-6);
    expect(Math.min(...multipliers)).toBeGreaterThan(0); // at 0.01 the sums would be 3
  });

  it('keeps shares', async () => {
    const { violation, x } = await endOf(layer('W in stochastic'), run('projected-gradient', {}, 3));
    expect(violation).toBeLessThan(1e-12);
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
  });

  it('moves along the sums of shares, whose signs are another matter', async () => {
    const { x } = await endOf(layer('W in stochastic'), run('projected-direction', { projectStart: true }, 3));
    const sums = Array.from({ length: 60 }, (_, i) => x.subarray(300 * i, 300 * (i + 1)).reduce((a, b) => a + b, 0));
    expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-12);
    expect(Math.min(...x)).toBeLessThan(0);
  });

  it.each([
    ['projected-gradient', { projectMomentum: true }],
    ['projected-direction', { projectStart: true, projectAfter: true }],
    ['projected-update', { projectStart: true }],
  ] as const)('is moved by %s as each of its rows is by itself, by its matrix', async (method, settings) => {
    const optimizer = { kind: 'sgd', learningRate: 0.1, momentum: 0.5 };
    const problem = (declared: string, sums: string) =>
      `param W${declared}\nminimize sum(W**2 + sin(W))\nsubject to ${sums} = 1 + t/T`;
    const both = { ...run(method, settings, 4), optimizer };
    const whole = await endOf(problem('[60,300] ~ normal(0, 1)', 'sum(W, axis=1)'), both);
    const [from, to] = [3 * 300, 4 * 300];
    const start = whole.start.subarray(from, to).join(', ');
    const row = await endOf(problem(`[300] = [${start}]`, 'sum(W)'), both);
    expect(Math.max(...row.x.map((entry, k) => Math.abs(entry - (whole.x[from + k] ?? Number.NaN))))).toBeLessThan(
      1e-12,
    );
  });
});

describe('absolute values of tens of thousands of entries', () => {
  it.each([
    ['l1ball(2)', [1.5, 0.5, 0]],
    ['l1sphere(2)', [1.5, 0.5, 0]],
  ] as const)('are a set with a nearest point, w in %s', async (set, most) => {
    const text = `param w[20000] ~ normal(0, 1)
minimize sum((w[:3] - [3, 2, 0.5])**2) + sum(w[3:]**2)
subject to w in ${set}`;
    const { x, violation } = await endOf(text, run('projected-gradient', {}, 80));
    expect(violation).toBeLessThan(1e-11);
    x.forEach((entry, i) => expect(Math.abs(entry - (most[i] ?? 0))).toBeLessThan(1e-9));
  });
});
