import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { at, invariant } from '../core/diagnostic.ts';
import { study } from '../core/experiment/study/study.ts';
import { movedInPlane, ontoPlane, recordsInPlane, setInPlane } from './figures/plane-scene.ts';
import type { Scene } from './figures/scene.ts';
import { marksOf } from './panels/stage/matrix-parameter.ts';
import { placePlane } from './planes.ts';
import type { PlaneKind, SeenPlane, Study, Through } from './study.ts';

function studied(text: string): Study {
  const result = study(text, 1, catalog);
  invariant(result.ok, 'the text is good');
  return result.value;
}

function place(text: string, kind: PlaneKind, points: readonly (readonly number[])[]): SeenPlane {
  const plane = placePlane(studied(text), { kind, points: Float64Array.from(points.flat()) });
  invariant(plane, 'the problem has such a plane');
  return plane;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * at(b, i), 0);

function expectOrthonormal({ directions }: SeenPlane) {
  expect(directions).toHaveLength(2);
  directions.forEach((a, i) => {
    directions.forEach((b, j) => {
      expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 12);
    });
  });
}

const four = 'param w[4] = [1, 2, 3, 4]\nminimize sum(w**2)\nsubject to\n  sum(w) = 1\n  w[0] = w[3]';
const points = [
  [1, 2, 3, 4],
  [0.4, 0.1, 0.1, 0.4],
  [0.2, 0.5, 0.1, 0.2],
];

describe('the feasible plane', () => {
  const plane = place(four, 'feasible-coordinates', points);

  it('lies in the affine set, in every direction', () => {
    expectOrthonormal(plane);
    for (const [y, z] of [
      [0, 0],
      [3, -2],
    ] as const) {
      const x = plane.origin.map(
        (value, i) => value + y * at(at(plane.directions, 0), i) + z * at(at(plane.directions, 1), i),
      );
      expect(x.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
      expect(at(x, 0)).toBeCloseTo(at(x, 3), 10);
    }
    expect(plane.isWhole).toBe(true);
  });

  it('keeps distances between feasible points', () => {
    const [a, b] = [at(points, 1), at(points, 2)];
    const [p, q] = [ontoPlane(a, plane), ontoPlane(b, plane)];
    expect(Math.hypot(...p.map((value, k) => value - at(q, k)))).toBeCloseTo(
      Math.hypot(...a.map((value, i) => value - at(b, i))),
      10,
    );
  });

  it('is the one in which the runs move most where there are more directions', () => {
    const line = Array.from({ length: 9 }, (_, i) => [i, -i, 0.1 * (i % 2), -0.1 * (i % 2), 0]);
    const wide = place('param w[5]\nminimize sum(w**2)\nsubject to\n  sum(w) = 0', 'feasible-coordinates', line);
    expectOrthonormal(wide);
    for (const direction of wide.directions)
      expect(direction.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
    expect(Math.abs(dot(at(wide.directions, 0), [Math.SQRT1_2, -Math.SQRT1_2, 0, 0, 0]))).toBeCloseTo(1, 2);
  });

  it('goes through the start and the optimum where there are more directions, so that both are seen in the set', () => {
    const text = `param w[5] = 0.2
minimize (w[0] - 3)**2 + (w[1] + 1)**2 + 2*(w[2] - 1.6)**2 + (w[3] + 2)**2 + (w[4] + 0.5)**2
subject to
  w in simplex`;
    const of = studied(text);
    const best = of.optimum?.x ?? [];
    expect(best.filter((entry) => entry < 1e-6)).toHaveLength(3); // three limits meet in it
    const start = [0.2, 0.2, 0.2, 0.2, 0.2];
    const offSet = [0.9, 0.1, 0.4, -0.3, -0.1]; // where a penalty ends, which is not to move the plane off the optimum
    const wide = place(text, 'feasible-coordinates', [start, [0.4, 0.1, 0.3, 0.1, 0.1], [...best], start, offSet]);
    expectOrthonormal(wide);
    for (const x of [start, best]) {
      const z = ontoPlane(x, wide);
      wide.origin.forEach((value, i) => {
        const seen = value + wide.directions.reduce((sum, row, k) => sum + at(row, i) * at(z, k), 0);
        expect(seen).toBeCloseTo(at(x, i), 10);
      });
    }
  });
});

it('explains all of a movement in a plane by its two principal directions', () => {
  const text = 'param w[5]\nminimize sum(w**2)';
  const flat = Array.from({ length: 12 }, (_, i) => [Math.cos(i), Math.sin(i), 2 * Math.cos(i), 0, 1]);
  const plane = place(text, 'components', flat);
  expectOrthonormal(plane);
  expect((plane.shares ?? []).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expectOrthonormal(place(text, 'components', [[0, 0, 0, 0, 0]])); // a run that stands still
});

describe('the triangle of three weights', () => {
  const text = 'param w[3] = [0.2, 0.3, 0.5]\nminimize sum(w**2)\nsubject to\n  w in simplex';
  const plane = place(text, 'ternary', [[0.2, 0.3, 0.5]]);
  const scene: Scene = {
    parameterNames: ['a', 'b', 'c'],
    size: 3,
    axes: [0, 1],
    runs: [],
    sets: [{ kind: 'affine', A: { rows: 1, columns: 3, data: Float64Array.of(1, 1, 1) }, b: [1] }],
    start: [0.2, 0.3, 0.5],
    theme: 'light',
  };

  it('has equal sides, and the start where its weights say', () => {
    expectOrthonormal(plane);
    const { ternary, start } = recordsInPlane(scene, plane);
    invariant(ternary, 'the triangle is drawn');
    const [a, b, c] = ternary.corners as [number[], number[], number[]];
    const side = (p: number[], q: number[]) => Math.hypot(at(p, 0) - at(q, 0), at(p, 1) - at(q, 1));
    expect(side(a, b)).toBeCloseTo(side(b, c), 12);
    expect(side(a, b)).toBeCloseTo(Math.SQRT2, 12);
    start.forEach((value, k) => {
      expect(value).toBeCloseTo(0.2 * at(a, k) + 0.3 * at(b, k) + 0.5 * at(c, k), 12);
    });
    expect(scene.sets.flatMap((set) => setInPlane(set, plane))).toEqual([]); // the sum holds everywhere on the plane
  });

  it('moves a start along itself', () => {
    const moved = movedInPlane([0.2, 0.3, 0.5], ontoPlane([0.6, 0.3, 0.1], plane), plane);
    moved.forEach((value, i) => {
      expect(value).toBeCloseTo(at([0.6, 0.3, 0.1], i), 12);
    });
  });
});

it('marks tied entries by a number and masked ones by a cross', () => {
  const { structure, problem } = studied(
    'param V[2,2]\nminimize sum(V**2)\nsubject to\n  V[0,0] = V[1,1]\n  V[0,1] = 0\n  V[1,0] = 2',
  );
  expect(marksOf(structure, problem.size)).toEqual(['1', '×', '', '1']);
});

describe('a slice', () => {
  const text = 'param w[3]\nminimize (w[0] - 1)**2 + 2*w[1]**2 + 3*w[2]**2\nsubject to w[0] + w[1] + w[2] = 1';
  const through = (
    x: readonly number[],
    end: readonly number[],
    options: Pick<Through, 'along' | 'seed' | 'entries'> = { along: 'end', seed: 0, entries: [0, 1] },
  ) =>
    placePlane(studied(text), {
      kind: 'slice',
      points: Float64Array.from([...x, ...end]),
      through: { x: Float64Array.from(x), t: 0, steps: 1, end: Float64Array.from(end), ...options },
    });

  it('goes through the iterate, along −∇f, and holds the end of the run', () => {
    const plane = through([0, 1, 1], [1, 0, 0]);
    invariant(plane, 'there is such a plane');
    expectOrthonormal(plane);
    expect(ontoPlane([0, 1, 1], plane)).toEqual([0, 0]);
    const slope = [-2, 4, 6]; // ∇f there
    expect(dot(at(plane.directions, 0), slope)).toBeCloseTo(-Math.hypot(...slope), 12);
    const [a = 0, b = 0] = ontoPlane([1, 0, 0], plane);
    [1, 0, 0].forEach((entry, i) => {
      const seen = at(plane.origin, i) + a * at(at(plane.directions, 0), i) + b * at(at(plane.directions, 1), i);
      expect(seen).toBeCloseTo(entry, 12);
    });
  });

  it('does not say that the paths move along a direction in which none does', () => {
    expect(through([0, 1, 1], [0, 1, 1])?.names).toEqual(['along −∇f', 'at right angles to it']);
    const components = { along: 'components', seed: 0, entries: [] } as const;
    expect(through([0, 1, 1], [0, 1, 1], components)?.names).toEqual(['any direction', 'at right angles to it']);
    expect(through([0, 1, 1], [1, 0, 0], components)?.names).toEqual([
      'principal component 1',
      'at right angles to it',
    ]);
  });

  it('goes along what is allowed of −∇f and what is held back, where that is asked', () => {
    const plane = through([0, 1, 0], [1, 0, 0], { along: 'parts', seed: 0, entries: [] });
    invariant(plane, 'there is such a plane');
    expectOrthonormal(plane);
    const [allowed = [], held = []] = plane.directions;
    expect(dot(allowed, [1, 1, 1])).toBeCloseTo(0, 12); // the tie's normal
    held.forEach((entry) => {
      expect(Math.abs(entry)).toBeCloseTo(1 / Math.sqrt(3), 12);
    });
  });

  it.each(['parts', 'components', 'random', 'entries'] as const)('along %s has orthonormal directions', (along) => {
    const plane = through([0, 1, 1], [1, 0, 0], { along, seed: 3, entries: [2, 0] });
    invariant(plane, 'there is such a plane');
    expectOrthonormal(plane);
    if (along === 'entries')
      expect(plane.directions).toEqual([
        [0, 0, 1],
        [1, 0, 0],
      ]);
    const again = through([0, 1, 1], [1, 0, 0], { along, seed: 4, entries: [2, 0] });
    if (along === 'random') expect(again?.directions).not.toEqual(plane.directions);
    else expect(again?.directions).toEqual(plane.directions);
  });

  it('takes the directions of the paths where the iterate is the end, or the gradient is 0', () => {
    const last = through([1, 0, 0.5], [1, 0, 0.5]);
    invariant(last, 'there is such a plane');
    expectOrthonormal(last);
    const still = through([1, 0, 0], [1, 0, 0]);
    invariant(still, 'there is such a plane');
    expectOrthonormal(still);
  });
});
