import { array, count, defineDataset, value } from '../../core/contracts.ts';
import { draws } from '../../core/problem/draws.ts';

const SEED = count('Seed', 1, [0, 2 ** 32 - 1]);

/** X row by row, then the noise e, from one generator; y = X w + noise·e, and without weights y = noise·e. */
export default defineDataset({
  id: 'regression',
  title: 'Linear regression, made up',
  source: 'Generated: normal inputs, a planted weight vector if one is given, normal noise',
  summary: 'Random inputs X and targets y. With weights, y follows them up to noise; without, y is noise alone.',
  licence: 'Computed here: nobody’s data',
  settings: {
    seed: SEED,
    weights: array('Planted weights, one a column of X', 1),
    noise: value('s', 'Size of the noise', 1, [0, 1e6]),
  },
  arrays: [
    { name: 'X', meaning: 'inputs, one row a sample' },
    { name: 'y', meaning: 'targets' },
  ],
  example: 'data X[100,4], y[100] = regression(seed=1)',
  fault({ weights }, { columns }) {
    const planted = Array.isArray(weights) ? weights.length : columns;
    return columns === null || planted === columns
      ? null
      : `There is one planted weight for each column of X: ${columns} here, not ${planted}.`;
  },
  generate({ seed, weights, noise }, { rows, columns }) {
    const planted = Array.isArray(weights) ? weights.flat() : [];
    const [N, n] = [rows ?? 100, columns ?? Math.max(planted.length, 1)];
    const random = draws(seed);
    const X = Float64Array.from({ length: N * n }, () => random.normal());
    const y = Float64Array.from({ length: N }, (_, i) => {
      const row = X.subarray(i * n, (i + 1) * n);
      const explained = row.reduce((sum, entry, j) => sum + entry * (planted[j] ?? 0), 0);
      return explained + noise * random.normal();
    });
    return [
      { shape: [N, n], values: X },
      { shape: [N], values: y },
    ];
  },
});
