/** One link of every version and encoding that was ever given away. Entries are added, never changed: they must open for ever. */
import type { Experiment } from '../experiment.ts';

interface GoldenLink {
  readonly name: string;
  readonly link: string;
  /** What it holds, in the form of the newest version. */
  readonly experiment: Experiment;
}

export const goldenLinks: readonly GoldenLink[] = [
  {
    name: 'version 1, gzip',
    link: '#e=1g.H4sIAAAAAAAAA3WR3WobMRBGX2X4epO0clgpDaECv0TpXeyA7J3YavSzSLPxJmYvmkftkxS5tE3BudOMPs4ZjY544lJ9TrBaQbwEhsW3fWGmg3uuJJkemQeafr7-oCWZdniFwlDyJnCExQfKiWlwxUUWLuQrycFvmVzKsueySqc7mjQt6fpvZWhJ3ZW5WaXok4_-heli0rQgfXlv6BNdTIYWZC7vzSrVcfOdt0KSV4nolDIffxOgUMZUYe-OiCz73MO24Vqe-8WuuN5zEijkQU6aAnvEo08t6HoXoRDYleTT7qsThu2u9KwQ3IbDP1Zb0azeOji5IM9QqCzi06427p-u1d18Xll3_RljZ2aFKjxU2Ouu-8-UxhAWdXBbfucV55FaIebIScbYyi-zwjaHXNqX6Yfb281nzGuFJ8-HNyzTUG7itlFMGgqTwVph73turTgG8UPwXCrW8_wLKsMcXkACAAA',
    experiment: {
      version: 1,
      title: 'Three ways to keep x₁ = 2 x₂',
      problem:
        '# one parameter is twice another\nparam x1 = 3\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to\n  x1 - 2*x2 = 0',
      runs: [
        { method: 'projected-gradient', optimizer: { kind: 'adam', learningRate: 0.1 }, label: 'projection' },
        { method: 'penalty', settings: { penalty: 10 }, optimizer: { kind: 'sgd', learningRate: 0.02 }, steps: 300 },
        { method: 'null-space', optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, color: '#1f77b4' },
      ],
      view: { kind: '2d', axes: ['x1', 'x2'], hide: ['multipliers'] },
    },
  },
];
