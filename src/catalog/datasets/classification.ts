import { count, defineDataset, value } from '../../core/contracts.ts';
import { draws } from '../../core/problem/draws.ts';

export default defineDataset({
  id: 'classification',
  title: 'Two clouds',
  source: 'Generated: two normal clouds, as in Fisher’s linear discriminant (1936)',
  summary: 'Two round clouds of points, one a class. How far apart they stand decides how many cannot be told apart.',
  licence: 'Computed here: nobody’s data',
  settings: {
    seed: count('Seed', 1, [0, 2 ** 32 - 1]),
    separation: value('d', 'Distance of the centres', 3, [0, 100]),
  },
  arrays: [
    { name: 'X', meaning: 'coordinates, one row a point' },
    { name: 'y', meaning: 'class, 0 or 1, in turn' },
  ],
  example: 'data X[100,2], y[100] = classification(separation=3)',
  /** Normal, around ±(d/2)(1, …, 1)/√n. */
  generate({ seed, separation }, { rows, columns }) {
    const [N, n] = [rows ?? 100, columns ?? 2];
    const random = draws(seed);
    const y = Float64Array.from({ length: N }, (_, i) => i % 2);
    const X = Float64Array.from({ length: N * n }, (_, k) => {
      const side = Math.floor(k / n) % 2 === 0 ? -1 : 1;
      return random.normal() + (side * separation) / (2 * Math.sqrt(n));
    });
    return [
      { shape: [N, n], values: X },
      { shape: [N], values: y },
    ];
  },
});
