/** Rounding in straight-through: what the loss sees is made of multiples, feasible, and nearest to what is trained. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import { catalog } from './registry.ts';

const LOSS = 'param a = 0.3\nparam b = -0.7\nminimize (a - 1.3)^2 + 2*(a*b - 0.4)^2';
const BOX = `${LOSS}\nsubject to\n  -1 <= a <= 2\n  b <= 1.5`;

function path(text: string, settings: object) {
  const studied = study(text, 0, catalog);
  const optimizer = { kind: 'sgd', learningRate: 0.07 };
  const run = { method: 'straight-through', settings: { ...settings }, optimizer, steps: 60 };
  const job = studied.ok ? prepareRun(studied.value, run, 0, catalog) : studied;
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  const { program, starts, settings: numbers } = job.value;
  const interpreter = interpret(program, starts, numbers);
  const theta = program.outputs.findIndex(({ name }) => name === 'theta');
  return Array.from({ length: 60 }, () => {
    interpreter.step(1e9);
    return { x: [...at(interpreter.outputs(), 0)], theta: [...at(interpreter.outputs(), theta)] };
  });
}

describe('rounding in straight-through', () => {
  it.each([0.25, 0.5, 1, 3])('shows the multiples of %d that are nearest to θ', (q) => {
    for (const { x, theta } of path(LOSS, { roundingStep: q })) {
      x.forEach((entry, i) => {
        expect(Number.isInteger(entry / q)).toBe(true);
        expect(Math.abs(entry - at(theta, i))).toBeLessThanOrEqual(q / 2 + 1e-12);
      });
    }
  });

  it.each([0.25, 0.5])('between bounds that are multiples of %d, shows feasible multiples', (q) => {
    for (const { x } of path(BOX, { rounding: 'on', roundingStep: q })) {
      expect(x.every((entry) => Number.isInteger(entry / q))).toBe(true);
      expect(at(x, 0) >= -1 && at(x, 0) <= 2 && at(x, 1) <= 1.5).toBe(true);
    }
  });

  it('moves θ by the slope at what was seen', () => {
    const steps = path(LOSS, {});
    for (const [k, { theta }] of steps.entries()) {
      const before = k === 0 ? [0.3, -0.7] : at(steps, k - 1).theta;
      const [a, b] = before.map((entry) => Math.floor(entry + 0.5)) as [number, number];
      const slope = [2 * (a - 1.3) + 4 * (a * b - 0.4) * b, 4 * (a * b - 0.4) * a];
      theta.forEach((entry, i) => expect(entry).toBeCloseTo(at(before, i) - 0.07 * at(slope, i), 12));
    }
  });
});
