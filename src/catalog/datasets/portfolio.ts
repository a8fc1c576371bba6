import { choice, defineDataset } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { tableOf } from '../../core/problem/table.ts';

/** Monthly prices of MSFT, AMZN, IBM, GOOG, AAPL from August 2004, the first month of all five, to March 2010. */
export default defineDataset({
  id: 'portfolio',
  title: 'Monthly returns of five stocks',
  source:
    'vega-datasets, stocks.csv: prices at the first of the month, 2000 to 2010; from August 2004 all five have one',
  summary: 'What five stocks gained or lost in each of 67 months: MSFT, AMZN, IBM, GOOG and AAPL, one a column.',
  licence:
    'None stated: vega-datasets 3.2.1 lists this table without source or licence, and its BSD-3-Clause is for its code',
  settings: { returns: choice('Return of a month', ['simple', 'log'], 'simple') },
  arrays: [{ name: 'R', meaning: 'returns, one row a month, one column a stock' }],
  example: 'data R[67,5] = portfolio()',
  load: async () => tableOf((await import('./tables/stocks.csv?raw')).default),
  select({ rows: prices }, { returns }, { rows }) {
    const months = Math.min(rows ?? prices.length - 1, prices.length - 1);
    const values = Array.from({ length: months }, (_, i) => {
      const [before, after] = [at(prices, i), at(prices, i + 1)];
      return after.map((price, j) => (returns === 'log' ? Math.log(price / at(before, j)) : price / at(before, j) - 1));
    });
    return [{ shape: [months, at(values, 0).length], values: Float64Array.from(values.flat()) }];
  },
});
