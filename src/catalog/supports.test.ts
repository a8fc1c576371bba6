/** What a method says of a problem or a setting that it cannot take: a sentence, never an exception. */
import { expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import type { SettingsJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { catalog } from './registry.ts';

/** The first complaint about a run, or null. */
function objection(text: string, method: string, settings: SettingsJson = {}): string | null {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const job = prepareRun(studied.value, { method, settings, steps: 1 }, 1, catalog);
  return job.ok ? null : at(job.diagnostics, 0).message;
}

const LINE = 'param x = 1\nparam y = 0\nminimize x^2 + y^2\nsubject to x + y = 1';
const TIE = 'param x = 1\nparam y = 0\nminimize x^2 + y^2\nsubject to x = 2*y';
const CIRCLE = 'param x = 1\nparam y = 0\nminimize x\nsubject to x^2 + y^2 = 1';
const CURVE = 'param x = 1\nparam y = 0\nminimize x\nsubject to x^3 + y = 1';
const HALF_PLANES = 'param x = 1\nparam y = 0\nminimize x^2\nsubject to\n  y <= 0\n  x + y <= 0';
const CAP = 'param x = 1\nparam y = 0\nminimize x^2\nsubject to\n  x^2 + y^2 <= 1\n  x + y <= 0';
const SIMPLEX = 'param w[3] = [1, 0, 0]\nminimize sum(w**2)\nsubject to\n  0 <= w <= 1\n  sum(w) = 1';
const BOX = 'param x = 1\nparam y = 0\nminimize x^2 + y\nsubject to\n  0 <= x <= 1.5\n  y <= 2';
const FREE = 'param x = 1\nminimize x^2';

const accepted: [string, string, SettingsJson?][] = [
  [LINE, 'lagrangian', { multipliers: [1] }],
  [SIMPLEX, 'augmented-lagrangian', { multipliers: [1] }], // of the equality
  [CURVE, 'projected-gradient'], // by Newton steps
  [HALF_PLANES, 'projected-gradient', { metric: 'optimizer' }],
  [CAP, 'projected-gradient'], // by Dykstra's cycles
  [CIRCLE, 'reparameterization', { radius: 2 }],
  [CIRCLE, 'reparameterization', { radius: [2] }],
  [TIE, 'reparameterization', { start: [0.25] }],
  [SIMPLEX, 'frank-wolfe'],
  [SIMPLEX, 'mirror-descent'],
  [`${SIMPLEX} + 0.1*t`, 'projected-gradient', { metric: 'optimizer' }], // its upper bounds are met on the way
  [SIMPLEX, 'tangent-normal'],
  ...['antisymmetric', 'circulant', 'mask([[1, 0], [0, 1]])', 'orthogonal', 'symmetric', 'toeplitz'].map(
    (set): [string, string] => [
      `param W[2,2] = [[1, 2], [3, 4]]\nminimize sum(W)\nsubject to W in ${set}`,
      'riemannian',
    ],
  ),
  ['param x[2] = [1, 0]\nminimize sum(x**2)\nsubject to x >= 0', 'mirror-descent'],
  [SIMPLEX, 'reparameterization', { map: 'softmax' }],
  [SIMPLEX, 'gumbel-softmax'],
  [FREE, 'straight-through'], // rounded
  [BOX, 'straight-through', { rounding: 'on', roundingStep: 0.5 }],
];
it.each(accepted)('%j takes %s with %j', (text, method, settings) => {
  expect(objection(text, method, settings)).toBeNull();
});

const refused: [string, string, SettingsJson, RegExp][] = [
  ['param x[2] = [1, 0]\nminimize sum(x)\nsubject to x in l1sphere(1)', 'riemannian', {}, /smooth surfaces/],
  [LINE, 'lagrangian', { multipliers: [1, 2] }, /must have 1 entry here, and has 2/],
  [LINE, 'augmented-lagrangian', { multipliers: 3 }, /must be a list of numbers/],
  [LINE, 'null-space', { start: [1, 2] }, /The start must have 1 entry/],
  [LINE, 'null-space', { basis: [[1, 0]] }, /The basis must have 2 × 1 entries here, and has 1 × 2/],
  [
    CURVE,
    'projected-gradient',
    { projection: 'exact' },
    /No formula is known here for the nearest point of constraint 1/,
  ],
  [CURVE, 'projected-gradient', { projectMomentum: true }, /Momentum is projected along affine equalities/],
  [HALF_PLANES, 'projected-gradient', { projection: 'newton' }, /there is an inequality/],
  [CAP, 'projected-gradient', { metric: 'optimizer' }, /needs constraints whose nearest point has a formula/],
  [CIRCLE, 'projected-gradient', { metric: 'optimizer' }, /No nearest point in the optimizer’s distance/],
  [CIRCLE, 'projected-update', {}, /one is curved/],
  [FREE, 'projected-direction', {}, /no straight .affine. equality/],
  [FREE, 'tangent-normal', {}, /no constraint to move along/],
  [LINE, 'reparameterization', {}, /No map is known here/],
  [LINE, 'reparameterization', { map: 'tie' }, /Ties are linear equalities without a constant/],
  [TIE, 'reparameterization', { matrix: [[2, 1]] }, /The matrix must have 2 × 2 entries here, and has 1 × 2/],
  [SIMPLEX, 'reparameterization', { map: 'sigmoid' }, /sigmoid does not fit these sets: simplex/],
  [CIRCLE, 'reparameterization', { radius: 'wide' }, /must be a number/],
  [LINE, 'gumbel-softmax', {}, /Choices are shares of a whole/],
  [FREE, 'gumbel-softmax', {}, /nothing to choose between/],
  [FREE, 'straight-through', { rounding: 'off' }, /nothing is chosen/],
  [BOX, 'straight-through', { rounding: 'on' }, /Rounded to multiples of 1, numbers may leave/],
  [LINE, 'straight-through', { rounding: 'on' }, /bounds that are such multiples/],
  [LINE, 'frank-wolfe', {}, /needs bounded sets/],
  [`${SIMPLEX} + 0.1*t`.replace('<= w <= 1', '<= w'), 'frank-wolfe', {}, /moves with the step/],
  [LINE, 'mirror-descent', {}, /for simplexes .* and for x ≥ 0 only/],
  [CURVE, 'nearest-point', {}, /No formula is known here for the nearest point of constraint 1/],
];
it.each(refused)('%j refuses %s with %j', (text, method, settings, reason) => {
  expect(objection(text, method, settings)).toMatch(reason);
});
