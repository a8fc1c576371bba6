import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { openInProcess } from '../api/in-process.fixture.ts';
import { asCsv, asMarkdown, columnsOf, sorted } from './run-columns.ts';
import { runNames } from './run-name.ts';
import { runRows } from './run-table.ts';
import { choiceAxes, readValues, sweepAxes, sweepRuns, sweepValues } from './sweep.ts';

const sgd = (learningRate: number) => ({ kind: 'sgd', learningRate });

async function rowsOf(problem = 'param x = 0\nminimize (x - 3)^2\nsubject to x <= 2', tellsOptimum = true) {
  const runs = [
    { method: 'projected-gradient', optimizer: sgd(0.1), steps: 50, label: 'a|b, "c"' },
    { method: 'lagrangian', settings: { order: 'extragradient' }, optimizer: sgd(0.1), steps: 300 },
    { method: 'null-space', label: '=cmd()' },
  ];
  const store = openInProcess({ version: 1, problem, runs });
  await store.getState().run();
  const { picture } = store.getState();
  return runRows(
    picture,
    picture?.results ?? [],
    runs.map(({ label, method }) => label ?? method),
    tellsOptimum,
  );
}

describe('the table of runs', () => {
  it('says how each run stands at its end', async () => {
    const [clamped, twice, refused] = await rowsOf();
    expect(clamped).toMatchObject({ status: 'Converged', steps: 50, violation: 0, gradients: 50 });
    expect(clamped?.loss).toBeCloseTo(1, 9);
    expect(clamped?.gap).toBeCloseTo(0, 9);
    expect(clamped?.stepsToTolerance).toBe(5); // 3 − 3·0.8⁵ > 2: the bound is reached
    expect(twice?.gradients).toBe(600); // two a step
    expect(refused).toMatchObject({ status: 'Cannot run', steps: null, loss: null, gap: null, gradients: null });
  });

  it('shows what is maximised as typed, and its gap from below', async () => {
    const [row] = await rowsOf('param x = 0\nmaximize -(x - 3)^2\nsubject to x <= 2');
    expect(row?.loss).toBeCloseTo(-1, 9);
    expect(row?.gap).toBeCloseTo(0, 9);
  });

  it('compares with the optimum only where that is told', async () => {
    const comparisons = ['Gap to the optimum', 'Steps to 0.001'];
    const titles = (rows: Awaited<ReturnType<typeof rowsOf>>) => columnsOf(rows).map(({ title }) => title);
    expect(titles(await rowsOf())).toEqual(expect.arrayContaining(comparisons));
    const rows = await rowsOf(undefined, false);
    expect(rows.map(({ gap, stepsToTolerance }) => [gap, stepsToTolerance])).toEqual(rows.map(() => [null, null]));
    expect(titles(rows).filter((title) => comparisons.includes(title))).toEqual([]);
    expect(rows[0]?.loss).toBeCloseTo(1, 9);
  });

  it('has a column for each number that the text names by let', async () => {
    const rows = await rowsOf('param x = 0\nlet loss = (x - 3)^2\nlet left = 2 - x\nminimize loss\nsubject to x <= 2');
    expect(columnsOf(rows).map(({ title }) => title)).toEqual(expect.arrayContaining(['Loss', 'let loss', 'left']));
    const [clamped, , refused] = rows;
    expect(clamped?.['let:loss']).toBeCloseTo(1, 9);
    expect(clamped?.['let:left']).toBeCloseTo(0, 9);
    expect(refused?.['let:left']).toBeUndefined();
    expect(sorted(rows, 'let:left', true).at(-1)).toBe(refused);
    const [head, , , last] = asCsv(rows).split('\r\n');
    expect(head).toMatch(/,let loss,left$/);
    expect(last).toMatch(/,,$/);
  });

  it('sorts numbers, and puts what has none last', async () => {
    const rows = await rowsOf();
    expect(sorted(rows, 'steps', false).map(({ steps }) => steps)).toEqual([50, 300, null]);
    expect(sorted(rows, 'steps', true).map(({ steps }) => steps)).toEqual([300, 50, null]);
  });

  it('goes to Markdown and CSV, whatever the names hold', async () => {
    const rows = await rowsOf();
    const markdown = asMarkdown(rows).split('\n');
    expect(markdown).toHaveLength(5);
    expect(markdown[2]).toMatch(/^\| a\\\|b, "c" \| Converged \|/);
    const csv = asCsv(rows).split('\r\n');
    expect(csv[1]).toMatch(/^"a\|b, ""c""",Converged,50,/);
    expect(csv[3]).toMatch(/^'=cmd\(\),/);
  });
});

describe('a sweep', () => {
  const run = { method: 'penalty', optimizer: sgd(0.1), color: '#123456' };

  it('goes over any setting that is a number', () => {
    const axes = sweepAxes(run, catalog);
    expect(axes.map(({ owner, name }) => `${owner}.${name}`)).toEqual(
      expect.arrayContaining(['optimizer.learningRate', 'method.penalty', 'method.every']),
    );
    expect(axes.find(({ name }) => name === 'every')?.isWhole).toBe(true);
  });

  it('takes values evenly or by equal ratios, in the range, whole ones once', () => {
    const free = { range: [0, 1000], isWhole: false } as const;
    expect(sweepValues(free, 1, 100, 3, 'log')).toEqual([1, 10, 100]);
    expect(sweepValues(free, 0, 1, 3, 'linear')).toEqual([0, 0.5, 1]);
    expect(sweepValues({ range: [1, 9], isWhole: true }, 1, 3, 5, 'linear')).toEqual([1, 2, 3]);
    expect(sweepValues(free, 10, 1e9, 2, 'log')).toEqual([10, 1000]);
  });

  it('takes any list, each number once, and says which one does not fit', () => {
    const rate = { range: [0, 10], isWhole: false } as const;
    expect(readValues(rate, '0.1, 0.3; 1  0.1', 5)).toEqual({ values: [0.1, 0.3, 1], fault: null });
    expect(readValues(rate, '0.1, 30', 5).fault).toBe('30 is not from 0 to 10.');
    expect(readValues(rate, '0.1, much', 5).fault).toBe('“much” is not a number.');
    expect(readValues({ range: [1, 9], isWhole: true }, '1, 2.5', 5).fault).toBe('2.5 is not a whole number.');
    expect(readValues(rate, '0.1', 5).fault).toBe('At least two values.');
    expect(readValues(rate, '1 2 3', 2).fault).toContain('At most 2 values');
  });

  it('goes over choices and switches, and leaves out what does not matter beside the rest', () => {
    const projected = { method: 'projected-gradient', optimizer: sgd(0.1) };
    const axis = choiceAxes(projected, catalog).find(({ name }) => name === 'metric');
    if (!axis) throw new Error('there is one');
    expect(runNames(sweepRuns(projected, axis, axis.options), catalog)).toEqual([
      'Projected gradient, distance: euclidean',
      'Projected gradient, distance: optimizer',
    ]);
    const dual = { method: 'lagrangian', optimizer: sgd(0.1) };
    const names = (run: RunJson) => sweepAxes(run, catalog).map(({ name }) => name);
    expect(names(dual)).not.toContain('proportional');
    expect(names({ ...dual, settings: { multiplierRule: 'pi' } })).toContain('proportional');
  });

  it('copies the run without its label: names tell the value, and follow it when it is changed', () => {
    const axis = sweepAxes(run, catalog).find(({ name }) => name === 'penalty');
    if (!axis) throw new Error('there is one');
    const copies = sweepRuns({ ...run, label: 'mine' }, axis, [1, 10]);
    expect(copies).toEqual(
      [1, 10].map((penalty) => ({ method: 'penalty', optimizer: sgd(0.1), settings: { penalty } })),
    );
    expect(runNames(copies, catalog)).toEqual(['Penalty, ρ = 1', 'Penalty, ρ = 10']);
  });
});
