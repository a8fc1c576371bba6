import { expect, it } from 'vitest';
import { traceNewtonSchulz } from '../../core/tensor/newton-schulz-trace.ts';
import { drawn } from './drawn.fixture.ts';
import { residualFigure, singularValueFigure } from './newton-schulz-figures.ts';

const traces = traceNewtonSchulz({ rows: 2, columns: 3, data: Float64Array.of(1, 1, 0, 0, 1, 1) });

it('draws both precisions apart, and marks where each stops', () => {
  const { data } = residualFigure(traces, 'light');
  const [high, low] = drawn<{ line: { dash: string }; marker: { symbol: string[] }; y: number[] }>(data);
  expect(data.at(-1)?.name).toBe('where the iteration stops'); // for a picture that stands alone
  expect(high?.line.dash).not.toBe(low?.line.dash);
  expect(high?.marker.symbol.indexOf('diamond')).toBe(traces.float64.stopsAt);
  expect(low?.marker.symbol.indexOf('diamond')).toBe(traces.float32.stopsAt);
  expect([...(high?.y ?? []), ...(low?.y ?? [])].every((value) => value > 0)).toBe(true); // a logarithmic axis
});

it('has a place for 0 on its axis where a direction has no inverse', () => {
  const dependent = traceNewtonSchulz({ rows: 2, columns: 2, data: Float64Array.of(1, 2, 2, 4) });
  const zeros = (of: typeof traces) =>
    [...(singularValueFigure(of, 'light').layout.yaxis?.ticktext ?? [])].filter((label) =>
      /^(≈ )?0$/.test(String(label)),
    );
  expect(zeros(dependent)).toHaveLength(1);
  expect(zeros(traces)).toEqual([]);
});

it('draws each singular value, in both precisions, and reads out the number itself', () => {
  const { data } = singularValueFigure(traces, 'dark');
  expect(data).toHaveLength(4);
  const ends = drawn<{ customdata: number[] }>(data).map(({ customdata }) => customdata.at(-1));
  for (const end of ends) expect(end).toBeCloseTo(1, 5);
});
