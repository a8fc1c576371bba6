import { count, defineDataset, value } from '../../core/contracts.ts';
import { draws } from '../../core/problem/draws.ts';

export default defineDataset({
  id: 'moons',
  title: 'Two moons',
  source: 'Pedregosa et al. 2011, scikit-learn, make_moons; points in turn, noise of our generator',
  summary: 'Two half circles that reach into one another: no straight line parts them.',
  licence: 'Computed here: nobody’s data',
  settings: {
    seed: count('Seed', 1, [0, 2 ** 32 - 1]),
    noise: value('s', 'Size of the noise', 0.1, [0, 10]),
  },
  arrays: [
    { name: 'X', meaning: 'two coordinates, one row a point' },
    { name: 'y', meaning: 'class, 0 or 1, in turn' },
  ],
  example: 'data X[200,2], y[200] = moons(noise=0.1)',
  /** (cos a, sin a), and (1 − cos a, ½ − sin a), with a even in [0, π], each coordinate with noise. */
  generate({ seed, noise }, { rows }) {
    const N = rows ?? 200;
    const random = draws(seed);
    const X = new Float64Array(2 * N);
    const y = Float64Array.from({ length: N }, (_, i) => i % 2);
    for (let i = 0; i < N; i++) {
      const a = (Math.PI * Math.floor(i / 2)) / Math.max(1, Math.ceil(N / 2) - 1);
      const [u, v] = i % 2 === 0 ? [Math.cos(a), Math.sin(a)] : [1 - Math.cos(a), 0.5 - Math.sin(a)];
      X[2 * i] = u + noise * random.normal();
      X[2 * i + 1] = v + noise * random.normal();
    }
    return [
      { shape: [N, 2], values: X },
      { shape: [N], values: y },
    ];
  },
});
