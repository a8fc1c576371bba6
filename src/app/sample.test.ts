import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { analyze } from '../core/analysis/analyze.ts';
import { invariant } from '../core/diagnostic.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { finished } from '../core/stages.ts';
import { completed } from './analyst.ts';
import { sampleStages } from './sample.ts';

const places = Array.from({ length: 9 }, (_, i) => -2 + i / 2);

function sampling(text: string) {
  const document = parse(`param x\nparam y\n${text}`);
  const problem = document.ok ? check(document.value, { seed: 1 }) : document;
  invariant(problem.ok, text);
  const structure = analyze(problem.value, catalog.constraints);
  return (step: number, isAgain = false) =>
    sampleStages(
      problem.value,
      structure,
      { at: new Float64Array(2), axes: [0, 1], xs: places, ys: places, time: { step, steps: 10 } },
      isAgain,
    );
}

describe('a sample at another step', () => {
  it.each([
    ['minimize x**2 + y\nsubject to\n  x*y = 0.1*t', [true, false]],
    ['minimize x**2 + y\nsubject to\n  x*y = 0.5', [true, true]],
    ['minimize t*x**2 + y\nsubject to\n  x*y = 0.5\n  x**2 + y**2 <= t/T', [false, true, false]],
    ['minimize x\nsubject to\n  abs(x*y) <= 1e-6\n  x + y = t/T', [true, true]],
    ['minimize 3', [true]],
  ] as const)('takes what is the same at every step from the one before: %s', (text, still) => {
    const at = sampling(text);
    const before = completed(finished(at(2)));
    const part = finished(at(7, true));
    expect([part.loss, ...part.constraints].map((each) => each === null)).toEqual(still);
    invariant(before, 'the first sample is whole');
    expect(completed(part, before)).toEqual(completed(finished(at(7))));
    expect(completed(part), 'nothing was there before').toEqual(still.includes(true) ? null : part);
  });
});

it('pauses at each row of points, so that a worker hears what else is asked', () => {
  expect([...sampling('minimize x**2 + y\nsubject to\n  x*y = 0.5')(0)]).toHaveLength(places.length);
});
