import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDefaults, withoutDefaults } from './defaults.ts';
import { anyExperiment } from './experiment.arbitrary.ts';
import { faultyEntries } from './faulty-entries.ts';
import { readExperiment, writeExperiment } from './link/file.ts';
import { validateExperiment } from './validate.ts';

const base = { version: 1, problem: 'minimize x^2' };

const messages = (value: unknown): string[] => {
  const validated = validateExperiment(value);
  return (validated.ok ? validated.value.diagnostics : validated.diagnostics).map(({ message }) => message);
};

describe('an experiment from outside', () => {
  it('needs a version and a problem, nothing else', () => {
    expect(validateExperiment(base)).toEqual({ ok: true, value: { experiment: base, diagnostics: [] } });
  });

  it('that is valid comes back as it was, from a file too', () => {
    fc.assert(
      fc.property(anyExperiment, (experiment) => {
        expect(validateExperiment(experiment)).toMatchObject({ ok: true, value: { experiment } });
        const read = readExperiment(writeExperiment(experiment));
        expect(read.ok && withDefaults(read.value.experiment)).toEqual(withDefaults(experiment));
      }),
      { numRuns: 300 },
    );
  });

  it('never makes it throw', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        (value) => {
          expect(validateExperiment(value).ok).toBe(false);
          validateExperiment({ ...base, runs: value, view: value });
        },
      ),
    );
  });

  it('keeps fields that it does not know, and names them', () => {
    const value = { ...base, mood: 'good', runs: [{ method: 'penalty', speed: 3 }], view: { kind: '2d', fog: [1] } };
    expect(validateExperiment(value)).toMatchObject({ ok: true, value: { experiment: value } });
    expect(messages(value)).toEqual([
      'The field mood is not known to this version. It is kept, and the rest works.',
      'The field runs[0].speed is not known to this version. It is kept, and the rest works.',
      'The field view.fog is not known to this version. It is kept, and the rest works.',
    ]);
  });

  it('keeps choices that it does not know, and names them', () => {
    const value = {
      ...base,
      swarm: { sample: 'sobol', over: [{ axis: 'x', from: 1, to: 2, scale: 'cubic', wrap: true }] },
      view: {
        kind: 'hologram',
        slice: { along: 'geodesic', depth: 2 },
        charts: ['loss', 'entropy', 'let:size', 'let:size~loss'],
        hide: ['optimum', 'forces', 'axes'],
      },
    };
    expect(validateExperiment(value)).toMatchObject({ ok: true, value: { experiment: value } });
    expect(messages(value)).toEqual(
      [
        'The field swarm.over[0].wrap',
        'The field view.slice.depth',
        '“hologram” in view.kind',
        '“geodesic” in view.slice.along',
        '“entropy” in view.charts',
        '“axes” in view.hide',
        '“sobol” in swarm.sample',
        '“cubic” in swarm.over[0].scale',
      ].map((what) => `${what} is not known to this version. It is kept, and the rest works.`),
    );
  });

  it.each([
    [{ version: 1 }, 'problem must be a text of at most 20,000 characters; it is missing.'],
    [
      { ...base, problem: 'x'.repeat(20_001) },
      'problem must be a text of at most 20,000 characters; it has 20,001 characters.',
    ],
    [{ ...base, title: 5 }, 'title must be a text of at most 200 characters; found 5.'],
    [{ ...base, seed: -1 }, 'seed must be a whole number from 0 to 4,294,967,295; found -1.'],
    [{ ...base, seed: 2 ** 32 }, 'seed must be a whole number from 0 to 4,294,967,295; found 4294967296.'],
    [
      { ...base, runs: [{ method: 'penalty', steps: 0 }] },
      'Run 1: steps must be a whole number from 1 to 10,000,000; found 0.',
    ],
    [
      { ...base, runs: [{ method: 'penalty', steps: 3.7 }] },
      'Run 1: steps must be a whole number from 1 to 10,000,000; found 3.7.',
    ],
    [
      { ...base, runs: [{ method: 'penalty', steps: 1e9 }] },
      'Run 1: steps must be a whole number from 1 to 10,000,000; found 1000000000.',
    ],
    [
      { ...base, runs: [{ method: 'penalty', steps: 1e308 }] },
      'Run 1: steps must be a whole number from 1 to 10,000,000; found 1e+308.',
    ],
    [{ ...base, runs: [{ method: 'penalty', steps: Number.NaN }] }, 'runs[0].steps is NaN; numbers must be finite.'],
    [{ ...base, runs: [{ steps: 5 }] }, 'Run 1: method must be a text of at most 200 characters; it is missing.'],
    [{ ...base, runs: Array(25).fill({ method: 'a' }) }, 'runs must be a list of at most 24 runs.'],
    [
      { ...base, runs: [{ method: 'a', record: 'every' }] },
      'Run 1: record must be "auto" or a list of at most 10,000 steps; found "every".',
    ],
    [
      { ...base, runs: [{ method: 'a', record: [3, -2] }] },
      'Run 1: record[1] must be a whole number from 0 to 10,000,000; found -2.',
    ],
    [
      { ...base, runs: [{ method: 'a', color: 'url(//x)' }] },
      'Run 1: color must be a colour such as "#1f77b4" or "teal"; found "url(//x)".',
    ],
    [{ ...base, view: { kind: 4 } }, 'view.kind must be a text of at most 200 characters; found 4.'],
    [{ ...base, swarm: { size: [4000, 4000] } }, /^swarm.size must be a number of starts or a pair/],
    [{ ...base, notes: () => 1 }, 'notes is of type function, which an experiment cannot hold.'],
    [
      { ...base, data: { a: { columns: ['x', 'y'], rows: [[1, 2], [3]] } } },
      'data.a must have rows that are all as long as "columns"; found {"columns":["x","y"],"rows":[[1,2],[3]]}.',
    ],
    [
      { ...base, data: Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`a${i}`, { columns: [], rows: [] }])) },
      'data must hold at most 24 data sets.',
    ],
    [{ ...base, when: new Map() }, 'when must be plain data: numbers, texts, lists and objects.'],
  ])('is refused with a sentence: %#', (value, message) => {
    expect(validateExperiment(value).ok).toBe(false);
    expect(messages(value)[0]).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('is refused when it is nested too deep, before anything walks it', () => {
    let nested: unknown = 1;
    for (let i = 0; i < 100_000; i++) nested = [nested];
    expect(messages({ ...base, notes: nested })[0]).toMatch(/deeper than 8 levels/);
    const circular: Record<string, unknown> = { ...base };
    circular.view = circular;
    expect(validateExperiment(circular).ok).toBe(false);
  });

  it('may come from another program with getters that fail', () => {
    const hostile = Object.defineProperty({ ...base }, 'title', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(messages(hostile)).toEqual(['The experiment cannot be read: a field of it fails when looked at.']);
  });
});

describe('defaults', () => {
  it('taken out and put in again mean the same', () => {
    fc.assert(
      fc.property(anyExperiment, (experiment) => {
        expect(withDefaults(withoutDefaults(experiment))).toEqual(withDefaults(experiment));
      }),
      { numRuns: 200 },
    );
  });

  it('are not written', () => {
    const spelledOut = {
      version: 1,
      problem: 'x = 1',
      title: '',
      seed: 0,
      view: {},
      runs: [{ method: 'penalty', steps: 200, record: 'auto', visible: true, optimizer: { kind: 'sgd' } }],
    } as const;
    expect(withoutDefaults(spelledOut)).toEqual({ version: 1, problem: 'x = 1', runs: [{ method: 'penalty' }] });
  });
});

describe('entries that the catalogue does not have', () => {
  it('are named', () => {
    const catalog = { constraints: [], methods: [], optimizers: [], datasets: [] };
    const found = faultyEntries({ version: 1, problem: '', runs: [{ method: 'magic' }] }, catalog);
    expect(found.map(({ message }) => message)).toEqual([
      'Run 1: there is no method “magic” in this version. It is kept as it came, and the other runs work.',
      'Run 1: there is no optimizer “sgd” in this version. It is kept as it came, and the other runs work.',
    ]);
  });
});
