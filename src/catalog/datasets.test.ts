import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { loadDatasets } from '../core/experiment/load-data.ts';
import { study } from '../core/experiment/study/study.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { draws } from '../core/problem/draws.ts';
import { startOf } from '../core/problem/problem.ts';
import { reference } from '../core/reference/trajectories.ts';
import { catalog } from './registry.ts';

type Tables = Parameters<typeof study>[4];

async function studied(text: string, tables: NonNullable<Tables>['tables'] = {}) {
  const loaded = await loadDatasets(text, catalog.datasets);
  return loaded.ok ? study(text, 0, catalog, null, { loaded: loaded.value, tables }) : loaded;
}

const messages = async (...args: Parameters<typeof studied>): Promise<string> => {
  const result = await studied(...args);
  return result.ok ? '' : result.diagnostics.map(({ message }) => message).join('\n');
};

async function arrayOf(text: string, name: string, tables: NonNullable<Tables>['tables'] = {}) {
  const result = await studied(`${text}\nparam w = 1\nminimize w^2`, tables);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join());
  const array = result.value.problem.definitions.find((definition) => definition.name === name)?.array;
  if (!array) throw new Error(`there is an array ${name}`);
  return { shape: array.shape, values: [...array.values] };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the draws', () => {
  it('of seed 1 are those of the reference', () => {
    const first = <T>(draw: (random: ReturnType<typeof draws>) => T, count: number) => {
      const random = draws(1);
      return Array.from({ length: count }, () => draw(random));
    };
    expect(first(({ integer }) => integer(), 4)).toEqual([2693262067, 11749833, 2265367787, 4213581821]);
    expect(first(({ uniform }) => uniform(), 3)).toEqual([
      0.6270738840103149, 0.0027356743812561035, 0.527446985244751,
    ]);
    expect(first((random) => random.normal(), 3)).toEqual([1.085968017578125, -2.3903045654296875, 0.984832763671875]);
    expect(first((random) => random.grid(8), 5)).toEqual([0.25, -1, 0, 1, 1]);
    expect(first((random) => random.symmetric(), 1)).toEqual([2 * 0.6270738840103149 - 1]);
  });
});

describe('regression', () => {
  const problems = Object.entries(reference.problems).flatMap(([id, { data }]) => (data?.sum_X ? [{ id, data }] : []));

  it.each(problems)('gives exactly X and y of $id', async ({ data }) => {
    const planted = data.w_true ? `, weights=[${data.w_true}], noise=0.125` : '';
    const text = `data X[${data.N},${data.n}], y[${data.N}] = regression(seed=${data.seed}${planted})`;
    const [X, y] = [await arrayOf(text, 'X'), await arrayOf(text, 'y')];
    expect(X.shape).toEqual([data.N, data.n]);
    expect(sum(X.values)).toBe(data.sum_X);
    expect(sum(y.values)).toBe(data.sum_y);
    expect(X.values.slice(0, 3 * at(X.shape, 1))).toEqual(data.X_head?.flat());
    expect(y.values.slice(0, 5)).toEqual(data.y_head);
  });

  it('wants a planted weight for each column', async () => {
    const typed = (weights: string) => `data X[10,3] = regression(weights=${weights})\nparam w = 1\nminimize w^2`;
    expect(await messages(typed('[1, 2]'))).toMatch(/one planted weight for each column of X: 3 here, not 2/);
    expect(await messages(typed('[1, 2, 3]'))).toBe('');
  });

  it('lets the reference problem be typed, with the optimum of the reference', async () => {
    const { x, f } = reference.problems['simplex-reg']?.solution ?? {};
    const result = await studied(
      'param w[4] = 0.25\ndata X[100,4], y[100] = regression(seed=1)\nminimize mean((X @ w - y)**2)\nsubject to w in simplex',
    );
    expect(problems.length).toBeGreaterThan(1);
    if (!result.ok || !x || f === undefined) throw new Error('it is a problem with a solution');
    expect([...startOf(result.value.problem)]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(result.value.optimum?.loss).toBeCloseTo(f, 10);
    x.forEach((entry, i) => expect(result.value.optimum?.x[i]).toBeCloseTo(entry, 7));
  });
});

describe('every data set', () => {
  it.each(catalog.datasets)('$id: its example is a text that checks, and its numbers are finite', async (dataset) => {
    const names = dataset.arrays.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(dataset.licence.length).toBeGreaterThan(5);
    for (const name of names.filter((name) => new RegExp(`\\b${name}\\b`, 'u').test(dataset.example))) {
      const { values } = await arrayOf(dataset.example, name);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(1);
    }
  });

  it.each(catalog.datasets)('$id: gives the same again, and all rows without a shape', async ({ id, arrays }) => {
    const text = `data ${arrays.map(({ name }) => name).join(', ')} = ${id}()`;
    const once = await Promise.all(arrays.map(({ name }) => arrayOf(text, name)));
    expect(await Promise.all(arrays.map(({ name }) => arrayOf(text, name)))).toEqual(once);
    expect(new Set(once.map(({ shape }) => shape[0])).size).toBe(1);
  });
});

describe('data that were measured', () => {
  it('digits: 1797 images of 64 pixels from 0 to 1, ten classes', async () => {
    const text = 'data X, y = digits()';
    const [X, y] = [await arrayOf(text, 'X'), await arrayOf(text, 'y')];
    expect([X.shape, y.shape]).toEqual([[1797, 64], [1797]]);
    expect([Math.min(...y.values), Math.max(...y.values), new Set(y.values).size]).toEqual([0, 9, 10]);
    expect(X.values.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
    expect(X.values.slice(0, 6)).toEqual([0, 0, 5, 13, 9, 1].map((pixel) => pixel / 16)); // the first image, a 0
    expect(sum(X.values) * 16).toBe(561718); // Σ of all pixels of the file
  });

  it('penguins: 333 birds, columns of mean 0 and variance 1, or in millimetres and grams', async () => {
    const X = await arrayOf('data X, y, sex = penguins()', 'X');
    expect(X.shape).toEqual([333, 4]);
    const column = X.values.filter((_, k) => k % 4 === 2);
    expect(sum(column)).toBeCloseTo(0, 9);
    expect(sum(column.map((entry) => entry ** 2))).toBeCloseTo(333, 8);
    expect((await arrayOf('data X = penguins(scaled=0)', 'X')).values.slice(0, 4)).toEqual([39.1, 18.7, 181, 3750]);
    const y = await arrayOf('data X, y = penguins()', 'y');
    expect([0, 1, 2].map((kind) => y.values.filter((entry) => entry === kind).length)).toEqual([146, 68, 119]);
  });

  it('portfolio: 67 months of five stocks', async () => {
    const R = await arrayOf('data R = portfolio()', 'R');
    expect(R.shape).toEqual([67, 5]);
    const log = await arrayOf('data R = portfolio(returns=log)', 'R');
    expect(at(log.values, 7)).toBeCloseTo(Math.log1p(at(R.values, 7)), 12);
  });
});

describe('tables of the experiment', () => {
  const houses = {
    columns: ['Area (m²)', 'rooms', 'price'],
    rows: [
      [50, 2, 100],
      [80, 3, 150],
      [120, 5, 210],
    ],
  }; // prettier-ignore

  it.each([
    ['data H = houses', 'H', [3, 3], [50, 2, 100, 80, 3, 150, 120, 5, 210]],
    ['data X, y = houses(target=price)', 'X', [3, 2], [50, 2, 80, 3, 120, 5]],
    ['data X, y = houses(target=price)', 'y', [3], [100, 150, 210]],
    ['data rooms, price = houses(rooms, price)', 'rooms', [3], [2, 3, 5]],
    ['data X[2,2], y[2] = houses(rooms, area_m², target=price)', 'X', [2, 2], [2, 50, 3, 80]],
  ])('%s: %s', async (text, name, shape, values) => {
    const plain = { houses: { ...houses, columns: ['area_m²', 'rooms', 'price'].map((c) => c.replace('²', '2')) } };
    expect(await arrayOf(text.replace('²', '2'), name, plain)).toEqual({ shape, values });
  });

  it('are known by their name in the text', async () => {
    const result = await studied('minimize sum((houses[:, 1] - x)^2)', { houses });
    if (!result.ok) throw new Error('it is a problem');
    expect(result.value.problem.parameters.map(({ name }) => name)).toEqual(['x']);
    expect(result.value.optimum?.x[0]).toBeCloseTo(10 / 3, 9);
  });

  it('call their columns by names without blanks', async () => {
    expect((await arrayOf('data a = houses(Area_m)', 'a', { houses })).values).toEqual([50, 80, 120]);
  });
});

describe('data statements that are refused', () => {
  const tables = { houses: { columns: ['area', 'price'], rows: [[1, 2]] } };
  it.each([
    ['data X, y = regresion(seed=1)', /no data set regresion\. Did you mean regression\?/],
    ['data X = measurements()', /no data set measurements.*There are.*regression/s],
    ['data X = zeros()', /zeros was given nothing/],
    ['data X = regression(1)', /Settings are given by name/],
    ['data X = regression(sed=1)', /no setting sed/],
    ['data X = regression(seed=0.5)', /seed is a whole number from 0/],
    ['data X = regression(weights=2)', /weights is a list/],
    ['data X = portfolio(returns=daily)', /returns is simple or log/],
    ['data X, y, z = regression()', /gives 2 arrays, so z has nothing/],
    ['data X[2000,64] = digits()', /declared as \[2000, 64\], but its numbers have shape \[1797, 64\]/],
    ['data X[9000,9000] = regression()', /entries; at most/],
    ['data a, b = [1, 2]', /have one name/],
    ['data a = houses(aera)', /no column aera\. It has area, price/],
    ['data a = houses(axis=1)', /setting target, and no axis/],
  ])('%s', async (text, expected) => {
    expect(await messages(`${text}\nparam w\nminimize w^2`, tables)).toMatch(expected);
  });

  it('say where, and offer what was meant', async () => {
    const result = await studied('data X = penguin()\nparam w\nminimize w^2');
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [{ span: [9, 16], fix: { span: [9, 16], insert: 'penguins' } }],
    });
  });
});

describe('a data set by its name alone', () => {
  it.each([
    ['data X, y = penguins\nparam w\nminimize mean((X[:, 0]*w - y)**2)', 'penguins'],
    ['data R = portfolio\nparam w[5]\nminimize mean((R @ w)**2)', 'portfolio'],
    ['data X, y = moons\nparam w[2]\nminimize mean((X @ w - y)**2)', null],
  ])('is the data set with its defaults: %s', async (text, loadedName) => {
    const loaded = await loadDatasets(text, catalog.datasets);
    if (!loaded.ok) throw new Error('it is in the repository');
    expect([...loaded.value.keys()]).toEqual(loadedName ? [loadedName] : []);
    const valuesOf = (typed: string) => {
      const document = parse(typed);
      const data = { datasets: catalog.datasets, loaded: loaded.value, tables: {} };
      const problem = document.ok ? check(document.value, { seed: 1, data }) : document;
      if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
      return problem.value.definitions.map(({ array }) => array);
    };
    expect(valuesOf(text)).toEqual(valuesOf(text.replace(/(?<== )(\w+)/u, '$1()')));
  });
});
