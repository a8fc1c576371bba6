import { describe, expect, it } from 'vitest';
import { refined } from './fine-field.ts';
import { relief } from './relief.ts';
import type { Field } from './scene.ts';

const fieldOf = (value: (x: number, y: number) => number, count = 54): Field => {
  const places = Array.from({ length: count }, (_, i) => -2 + (4 * i) / (count - 1));
  return { xs: places, ys: places, values: places.flatMap((y) => places.map((x) => value(x, y))) };
};

/** The largest error of a field against a function. */
const error = ({ xs, ys, values }: Field, value: (x: number, y: number) => number): number =>
  Math.max(
    ...Array.from(values, (found, i) =>
      Math.abs(found - value(xs[i % xs.length] ?? 0, ys[Math.floor(i / xs.length)] ?? 0)),
    ),
  );

const rosenbrock = (x: number, y: number) => 100 * (y - x * x) ** 2 + (1 - x) ** 2;

describe('a refined field', () => {
  it('has its samples, and between them every quadratic exactly', () => {
    const bowl = (x: number, y: number) => 3 * x * x - x * y + 0.5 * y * y + x - 2;
    const field = fieldOf(bowl, 9);
    const fine = refined(field, 4);
    expect([fine.xs.length, fine.values.length]).toEqual([33, 33 * 33]);
    expect(error(fine, bowl)).toBeLessThan(1e-12);
    expect(Array.from(refined(field, 1).values)).toEqual(field.values);
  });

  it('finds the floor of a narrow valley, and adds no value of its own beside a corner or a jump', () => {
    expect(error(refined(fieldOf(rosenbrock), 4), rosenbrock)).toBeLessThan(0.3); // of 3,600
    const corner = fieldOf((x) => Math.abs(x - 0.013));
    expect(Math.min(...Array.from(refined(corner, 4).values))).toBeGreaterThan(-0.01);
    const jump = Array.from(
      refined(
        fieldOf((x) => (x > 0.3 ? 1 : 0)),
        4,
      ).values,
    );
    expect([Math.min(...jump), Math.max(...jump)]).toEqual([0, 1]);
  });

  it('leaves gaps where a sample is not a number, and no wider', () => {
    const holed = fieldOf((x) => (x > 1 ? Number.NaN : x), 5);
    const [row] = [Array.from(refined(holed, 2).values).slice(0, 9)];
    expect(row).toEqual([-2, -1.5, -1, -0.5, 0, 0.5, 1, Number.NaN, Number.NaN]);
  });
});

describe('the lines of a relief', () => {
  it('are those of the grid for a bowl', () => {
    expect(relief(fieldOf((x, y) => x * x + 3 * y * y)).fine).toBeNull();
  });

  it('are drawn between the samples of a narrow valley, each level along its whole length', () => {
    const { fine } = relief(fieldOf(rosenbrock));
    const lowest = Math.min(...(fine?.lines ?? []).flat().map(([x = 0, y = 0]) => rosenbrock(x, y)));
    const near = (fine?.lines ?? []).filter((line) => line.every(([x = 0, y = 0]) => rosenbrock(x, y) < 1.5 * lowest));
    expect(near.length, 'no beads: one line, or what the valley of the view cuts it into').toBeLessThan(3);
  });
});
