import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at, invariant } from '../../../core/diagnostic.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import { studyStructure } from '../../../core/experiment/study/study.ts';
import { validateExperiment } from '../../../core/experiment/validate.ts';
import { openInProcess } from '../../api/in-process.fixture.ts';
import type { FigureWindow } from '../../store/grid.ts';
import type { SeenPlane } from '../../study.ts';
import { sceneOf } from './scene.ts';
import { viewKindOf } from './view-kinds.ts';

/** The scene of an experiment after its runs, sampled where the figure looks. */
async function sceneFor(experiment: Partial<Experiment> & Pick<Experiment, 'problem'>, window?: FigureWindow) {
  const store = openInProcess({ version: 1, runs: [{ method: 'penalty', steps: 5 }], ...experiment });
  await store.getState().run();
  store.setState({ window: window ?? null });
  await store.getState().resample();
  const { picture, view, field, experiment: current } = store.getState();
  invariant(picture, 'the runs gave a picture');
  return sceneOf({ picture, runs: current.runs ?? [], view, field, catalog, theme: 'light' });
}

const plane: FigureWindow = { axes: [0, 1], x: [-1, 1], y: [-1, 1] };

describe('the scene', () => {
  it('names entries, and shows the first two of a plane, three of space', async () => {
    expect(await sceneFor({ problem: 'param w[2]\nminimize sum(w**2)' })).toMatchObject({
      parameterNames: ['w[0]', 'w[1]'],
      axes: [0, 1],
    });
    expect(await sceneFor({ problem: 'param V[2,2]\nparam x\nminimize sum(V**2) + x' })).toMatchObject({
      parameterNames: ['V[0,0]', 'V[0,1]', 'V[1,0]', 'V[1,1]', 'x'],
      axes: [0, 1],
    });
    expect((await sceneFor({ problem: 'param w[3]\nminimize sum(w**2)' })).axes).toEqual([0, 1, 2]);
  });

  it('of many entries that are mostly one matrix is the matrix, until two are chosen', () => {
    const kindOf = (problem: string, view = {}) => {
      const found = studyStructure(problem, 0, catalog);
      invariant(found.ok, 'the text is right');
      return viewKindOf(found.value, view);
    };
    expect(kindOf('param W[12,12]\nminimize sum(W**2)\nsubject to sum(W, axis=1) = 1')).toBe('matrix');
    expect(kindOf('param W[12,12]\nminimize sum(W**2)', { kind: '2d' })).toBe('2d');
    expect(kindOf('param W[12,12]\nminimize sum(W**2)', { axes: ['W[0,0]', 'W[0,1]'] })).toBe('2d');
    expect(kindOf('param W[3,3]\nminimize sum(W**2)\nsubject to W in symmetric')).toBe('matrix');
    expect(kindOf('param A[3,3]\nparam B[3,3]\nminimize sum((A @ B)**2)'), 'of a chain its matrices').toBe('matrix');
    expect(kindOf('param W[2,2]\nminimize sum(W**2)')).toBe('2d');
    expect(kindOf('param W[12,12]\nparam b[200]\nminimize sum(W**2) + sum(b**2)')).toBe('2d');
  });

  it('shows the axes that the view names, where the problem has them', async () => {
    const problem = 'param w[3]\nminimize sum(w**2)';
    expect((await sceneFor({ problem, view: { axes: ['w[2]', 'w[0]'] } })).axes).toEqual([2, 0]);
    expect((await sceneFor({ problem, view: { axes: ['gone', 'w[0]'] } })).axes).toEqual([0, 1, 2]);
  });

  it('of a view of a later version is the one that the page would choose', async () => {
    const problem = 'param w[4]\nminimize sum(w**2)';
    for (const [view, axes] of [
      ['{"kind":"hologram"}', [0, 1]],
      ['{"kind":"hologram","axes":["w[3]","w[1]"]}', [3, 1]],
      ['{"kind":"hologram","axes":["w[0]","w[1]","w[2]","w[3]"]}', [0, 1]],
    ] as const) {
      const opened = validateExperiment({ version: 1, problem, runs: [], view: JSON.parse(view) });
      invariant(opened.ok, 'the rest of it is good');
      const { experiment } = opened.value;
      expect(await sceneFor(experiment)).toMatchObject({ axes });
      const store = openInProcess(experiment);
      await store.getState().run();
      const { study, snapshot } = store.getState();
      invariant(study, 'the text is good');
      expect(viewKindOf(study, snapshot().view ?? {})).toBe('2d');
      expect(snapshot().view).toEqual(JSON.parse(view)); // and is written back
    }
  });

  it('shows a loss that is maximised as it is typed', async () => {
    const { runs } = await sceneFor({ problem: 'param x = 2\nmaximize -x**2' });
    expect(at(at(runs, 0).loss, 0)).toBe(-4);
  });

  it('has the affine set, half-spaces and curves as they were typed', async () => {
    const problem = 'param x\nparam y\nminimize x\nsubject to\n  x + y = 1\n  x <= 3\n  x**2 + y**2 <= 1\n  x*y = 0.5';
    const { sets, field } = await sceneFor({ problem }, plane);
    expect(sets.map(({ kind }) => kind)).toEqual(['affine', 'half-spaces', 'region', 'curve']);
    expect(field?.values.length).toBe((field?.xs.length ?? 0) * (field?.ys.length ?? 0));
  });

  it('has rows of simplexes, boxes and distances, balls of space, and says what no figure draws', async () => {
    const kindsOf = async (constraints: string) => {
      const { sets } = await sceneFor({ problem: `param w[3]\nminimize sum(w)\nsubject to\n${constraints}` });
      return sets.map((set) => (set.kind === 'half-spaces' ? `${set.b.length} rows` : set.kind));
    };
    expect(await kindsOf('  sum(w) = 1\n  w >= 0')).toEqual(['affine', '3 rows']);
    expect(await kindsOf('  sum(abs(w)) <= 1')).toEqual(['8 rows']);
    expect(await kindsOf('  abs(w) <= 1')).toEqual(['6 rows']);
    expect(await kindsOf('  sum(w**2) <= 1')).toEqual(['ball']);
    expect(await kindsOf('  sum(w**2) = 1')).toEqual(['sphere']);
    expect(await kindsOf('  w[0]**2 + w[1]**2 <= 1')).toEqual(['undrawn']);
  });

  it('draws two entries of which one has to be 0 as the two axes', async () => {
    const { sets } = await sceneFor(
      { problem: 'param x[2] = [0, 2]\nminimize sum(x)\nsubject to\n  x in sparse(1)' },
      plane,
    );
    const [set] = sets;
    invariant(sets.length === 1 && set?.kind === 'curve', 'one curve');
    const { xs, ys, values } = set.residual;
    const isZero = (i: number, j: number) => at(values, j * xs.length + i) === 0;
    for (let i = 0; i < xs.length; i++)
      for (let j = 0; j < ys.length; j++) expect(isZero(i, j)).toBe(at(xs, i) === 0 || at(ys, j) === 0);
  });

  it('knows a slice, and has no optimum where a constraint moves', async () => {
    const slice = await sceneFor(
      { problem: 'param w[3]\nminimize sum(w)\nsubject to\n  sum(w**2) <= 1', view: { kind: '2d' } },
      plane,
    );
    expect(slice.sets).toMatchObject([{ kind: 'region', isSlice: true }]);
    const moving = await sceneFor({
      problem: 'param x\nparam y\nminimize x**2 + y**2\nsubject to\n  x + y = 1 + t/10',
    });
    expect(moving.sets).toMatchObject([{ kind: 'affine', isMoving: true }]);
    expect(moving.optimum).toBeUndefined();
  });

  it('has the loss along the axis of a single parameter', async () => {
    const { curve } = await sceneFor({ problem: 'param x = 1\nminimize x**2' }, { axes: [0], x: [0, 2], y: [0, 4] });
    invariant(curve, 'the loss was sampled');
    const i = 100;
    expect(at(curve.values, i)).toBeCloseTo(at(curve.xs, i) ** 2, 12);
  });

  it('keeps colour and label of a run, and leaves out what has no result', async () => {
    const { runs } = await sceneFor({
      problem: 'param x = 1\nminimize x**2',
      runs: [{ method: 'penalty', label: 'mine', color: '#123456', visible: false }],
    });
    expect(runs).toMatchObject([{ label: 'mine', color: '#123456', visible: false }]);
  });
});

it('draws constraints that move where they are at the step of the playhead', async () => {
  const problem = 'param x\nparam y\nminimize x**2 + y**2\nsubject to\n  x + y = 2*t/T\n  x <= t\n  x**2 + y**2 <= 4*t';
  const store = openInProcess({ version: 1, problem, runs: [{ method: 'penalty', steps: 5 }] });
  await store.getState().run();
  store.setState({ window: plane, moment: { step: 3, steps: 6 } });
  await store.getState().resample();
  const { picture, view, field, experiment } = store.getState();
  invariant(picture, 'the runs gave a picture');
  const scene = sceneOf({ picture, runs: experiment.runs ?? [], view, field, catalog, theme: 'light' });
  expect(scene.time).toBe(3);
  expect(scene.sets).toMatchObject([{ kind: 'affine', b: [1] }, { kind: 'half-spaces', b: [3] }, { kind: 'region' }]);
  const [, , region] = scene.sets;
  invariant(region?.kind === 'region', 'the disk is sampled');
  const { xs, ys, values } = region.residual;
  expect(values[0]).toBeCloseTo((xs[0] ?? 0) ** 2 + (ys[0] ?? 0) ** 2 - 12, 9);
});

it('keeps the loss on a plane that is placed anew where it was, and shows none of another place', async () => {
  const problem = 'param w[3] = 1/3\nminimize w[0]**2\nsubject to\n  w >= 0\n  sum(w) = 1';
  const store = openInProcess({
    version: 1,
    problem,
    runs: [{ method: 'penalty', steps: 2 }],
    view: { kind: 'ternary' },
  });
  await store.getState().run();
  await store.getState().placePlane('ternary');
  const first = store.getState().plane?.seen;
  invariant(first, 'three weights are a triangle');
  store.getState().lookAt({ axes: [0, 1], x: [-1, 1], y: [-1, 1], plane: first });
  await store.getState().resample();
  const fieldOn = (plane: SeenPlane) => {
    const { picture, view, field, experiment } = store.getState();
    invariant(picture, 'the runs gave a picture');
    return sceneOf({ picture, runs: experiment.runs ?? [], view, field, catalog, theme: 'light', plane }).field;
  };
  expect(fieldOn(first)).toBeDefined();
  await store.getState().run();
  await store.getState().placePlane('ternary');
  const second = store.getState().plane?.seen;
  invariant(second && second !== first, 'it was placed anew');
  expect(fieldOn(second)).toBeDefined();
  expect(fieldOn({ ...second, origin: [1, 0, 0] })).toBeUndefined();
  expect(fieldOn({ ...second, directions: second.directions.toReversed() })).toBeUndefined();
});
