/** Random valid experiments for property tests. */
import * as fc from 'fast-check';
import type { Experiment } from './experiment.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // JSON has no −0
const name = fc.string({ maxLength: 20 });
const key = name.filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
const leaf = fc.oneof(finite, name, fc.boolean(), fc.constant(null), fc.array(finite, { maxLength: 4 }));
const settings = fc.dictionary(key, leaf, { maxKeys: 4 });

const run = fc.record(
  {
    method: fc.oneof(fc.constantFrom('penalty', 'projected-gradient'), name),
    settings,
    optimizer: fc.tuple(name, settings).map(([kind, others]) => ({ ...others, kind })),
    steps: fc.integer({ min: 1, max: 1e7 }),
    record: fc.uniqueArray(fc.nat(1e6), { maxLength: 10 }).map((steps) => steps.sort((a, b) => a - b)),
    start: fc.array(finite, { maxLength: 4 }),
    label: name,
    color: fc.constantFrom('#abc', 'teal'),
    visible: fc.boolean(),
  },
  { requiredKeys: ['method'] },
);

export const anyExperiment: fc.Arbitrary<Experiment> = fc.record(
  {
    version: fc.constant(1 as const),
    title: name,
    notes: fc.string({ maxLength: 200, unit: 'grapheme' }),
    problem: fc.string({ maxLength: 400 }),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    runs: fc.array(run, { maxLength: 4 }),
    data: fc.dictionary(
      key,
      fc.array(name, { maxLength: 3 }).chain((columns) =>
        fc.record({
          columns: fc.constant(columns),
          rows: fc.array(fc.array(finite, { minLength: columns.length, maxLength: columns.length }), { maxLength: 4 }),
        }),
      ),
      { maxKeys: 2 },
    ),
    view: fc.record(
      { playhead: fc.nat(1000), loop: fc.boolean(), axes: fc.array(name, { maxLength: 3 }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['version', 'problem'] },
);
