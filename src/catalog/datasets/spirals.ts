import { count, defineDataset, value } from '../../core/contracts.ts';
import { draws } from '../../core/problem/draws.ts';

export default defineDataset({
  id: 'spirals',
  title: 'Two spirals',
  source: 'Lang & Witbrock 1988, Learning to tell two spirals apart; arms that begin at the middle',
  summary: 'Two arms wound around each other: the classic that a small network cannot part.',
  licence: 'Computed here: nobody’s data',
  settings: {
    seed: count('Seed', 1, [0, 2 ** 32 - 1]),
    noise: value('s', 'Size of the noise', 0.02, [0, 10]),
    turns: value('turns', 'Turns of each arm', 1.5, [0.1, 10]),
  },
  arrays: [
    { name: 'X', meaning: 'two coordinates, one row a point' },
    { name: 'y', meaning: 'class, 0 or 1, in turn' },
  ],
  example: 'data X[200,2], y[200] = spirals(turns=1.5)',
  /** Radius r = √(k/K) on arm y at the angle 2π·turns·r + π·y, each coordinate with noise. */
  generate({ seed, noise, turns }, { rows }) {
    const N = rows ?? 200;
    const random = draws(seed);
    const X = new Float64Array(2 * N);
    const y = Float64Array.from({ length: N }, (_, i) => i % 2);
    for (let i = 0; i < N; i++) {
      const radius = Math.sqrt((Math.floor(i / 2) + 1) / Math.ceil(N / 2));
      const angle = 2 * Math.PI * turns * radius + Math.PI * (i % 2);
      X[2 * i] = radius * Math.cos(angle) + noise * random.normal();
      X[2 * i + 1] = radius * Math.sin(angle) + noise * random.normal();
    }
    return [
      { shape: [N, 2], values: X },
      { shape: [N], values: y },
    ];
  },
});
