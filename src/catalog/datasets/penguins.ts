import { defineDataset, toggle } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { tableOf } from '../../core/problem/table.ts';

const MEASURES = 4;

/** The 333 birds of 344 of which everything was measured. */
export default defineDataset({
  id: 'penguins',
  title: 'Palmer penguins',
  source: 'Gorman, Williams & Fraser 2014, PLoS ONE 9(3) e90081; as in vega-datasets',
  summary: 'Beak length and depth, flipper length and body mass of 333 penguins, with species and sex.',
  licence: 'CC0 1.0 (Allison Horst, palmerpenguins)',
  settings: { scaled: toggle('Each column with mean 0 and variance 1', true) },
  arrays: [
    { name: 'X', meaning: 'beak length and depth and flipper length (mm), body mass (g)' },
    { name: 'y', meaning: 'species: 0 Adelie, 1 Chinstrap, 2 Gentoo' },
    { name: 'sex', meaning: '0 female, 1 male' },
  ],
  example: 'data X, y, sex = penguins()',
  load: async () => tableOf((await import('./tables/penguins.csv?raw')).default),
  select({ rows: birds }, { scaled }, { rows }) {
    const taken = birds.slice(0, rows ?? birds.length);
    const column = (j: number) => taken.map((bird) => at(bird, j));
    const measures = Array.from({ length: MEASURES }, (_, j) => (scaled ? standardized(column(j)) : column(j)));
    const X = taken.flatMap((_, i) => measures.map((measure) => at(measure, i)));
    return [
      { shape: [taken.length, MEASURES], values: Float64Array.from(X) },
      { shape: [taken.length], values: Float64Array.from(column(MEASURES)) },
      { shape: [taken.length], values: Float64Array.from(column(MEASURES + 1)) },
    ];
  },
});

/** (x − mean)/√variance, with 1/N; numbers that are all equal become 0. */
function standardized(entries: readonly number[]): number[] {
  const mean = entries.reduce((sum, entry) => sum + entry, 0) / entries.length;
  const variance = entries.reduce((sum, entry) => sum + (entry - mean) ** 2, 0) / entries.length;
  return entries.map((entry) => (variance > 0 ? (entry - mean) / Math.sqrt(variance) : 0));
}
