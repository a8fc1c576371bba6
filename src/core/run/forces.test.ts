import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { check } from '../problem/check.ts';
import { FORCES_LIMIT, type Forces, forcesReporter } from './forces.ts';

function forcesAt(text: string, x: readonly number[], t = 0, steps = 10): Forces | null {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return forcesReporter(problem.value, steps)?.(Float64Array.from(x), t, 1e-6) ?? null;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const box = 'minimize (a - 1)^2 + 3*(b - 2)^2 + a*b\nsubject to\n  a + b <= 1\n  0 <= a <= 1\n  0 <= b <= 1';
const bent = 'minimize (a - 1)^2 + (b - 2)^2\nsubject to a^2 + 2*b^2 = 3';

describe('the forces at an iterate', () => {
  it.each([
    ['an equality', bent],
    ['inequalities', box],
  ])('split descent into orthogonal parts that add up: %s', (_, text) => {
    const coordinate = fc.integer({ min: -2000, max: 2000 }).map((thousandths) => thousandths / 1000);
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        const forces = forcesAt(text, [a, b]);
        if (!forces) throw new Error('finite everywhere');
        const { descent, tangent, normal, normals } = forces;
        if (tangent === null) throw new Error('there are constraints');
        const scale = 1 + dot(descent, descent);
        expect(Math.abs(dot(tangent, normal)) / scale).toBeLessThan(1e-9);
        descent.forEach((value, i) => {
          expect(Math.abs(value - (tangent[i] ?? 0) - (normal[i] ?? 0)) / scale).toBeLessThan(1e-12);
        });
        // What is left breaks no constraint that is met, to first order.
        if (text === box)
          for (const { direction } of normals) expect(dot(direction, tangent) / scale).toBeLessThan(1e-9);
      }),
    );
  });

  it('hold nothing back where descent leads inwards, and leave nothing at an optimum', () => {
    const inwards = forcesAt('minimize (a - 1)^2 + b^2\nsubject to a >= 0', [0, 1]);
    expect(Array.from(inwards?.normal ?? [])).toEqual([0, 0]);
    expect(inwards?.normals.map(({ direction }) => Array.from(direction))).toEqual([[-1, 0]]); // outwards of −a ≤ 0
    const best = forcesAt('minimize (a - 1)^2 + (b - 2)^2\nsubject to a - 2*b = 0', [1.6, 0.8]);
    expect(Math.hypot(...(best?.tangent ?? [1]))).toBeLessThan(1e-12);
    expect(Math.hypot(...(best?.normal ?? [0]))).toBeCloseTo(2.4 * Math.hypot(0.5, 1), 12);
  });

  it('see a constraint where it is at that step, and climb where the text maximises', () => {
    const moving = 'minimize a\nsubject to a >= t/T';
    expect(forcesAt(moving, [0.5], 5)?.normals.length).toBe(1);
    expect(forcesAt(moving, [0.5], 2)?.normals.length).toBe(0);
    expect(Array.from(forcesAt('maximize 3*a\nsubject to a <= 1', [0])?.descent ?? [])).toEqual([3]);
  });

  it('are not asked of large problems, and are absent where the loss has no slope', () => {
    const large = FORCES_LIMIT.parameters + 1;
    expect(forcesAt(`param w[${large}]\nminimize sum(w**2)`, new Array(large).fill(0))).toBeNull();
    expect(forcesAt('minimize log(a)', [-1])).toBeNull();
  });

  it('are descent alone without constraints', () => {
    expect(forcesAt('minimize (a - 1)^2 + b^2', [0, 0])).toMatchObject({ tangent: null, normals: [] });
  });
});
