import fc from 'fast-check';
/** Plotly is drawn in steps through parts of its own, which it does not promise to keep: an update that drops them is seen here. */
import plotApi from 'plotly.js/src/plot_api/plot_api.js?raw';
import subroutines from 'plotly.js/src/plot_api/subroutines.js?raw';
import { describe, expect, it } from 'vitest';
import { fakePlotly, figureOf, type Screen } from './plotly.fixture.ts';
import { readAxis } from './projector.ts';

describe('a graph that is drawn in steps', () => {
  it.each(['layoutStyles', 'drawData'])(
    'is drawn by %s, which Plotly looks up among its subroutines each time',
    (name) => {
      expect(subroutines).toMatch(new RegExp(`^exports\\.${name} = function`, 'm'));
      expect(plotApi).toMatch(new RegExp(`seq\\.push\\([^;]*subroutines\\.${name}\\b`));
    },
  );

  it('loses its hatching by initPatterns, which Plotly looks up each time, before anything is drawn', () => {
    expect(plotApi.match(/\bDrawing\.initPatterns\(gd\)/g)).toHaveLength(1);
    expect(plotApi.indexOf('Drawing.initPatterns(gd)')).toBeLessThan(plotApi.indexOf('var drawFrameworkCalls'));
  });
});

const name = fc.constantFrom('a', 'bb');
const shown = fc.record<Screen>({ scale: name, axes: name, hatching: name, curves: name });
const WHOLE: Screen = { scale: 'a', axes: 'a', hatching: 'a', curves: 'a' };

/** What is seen in each rest of each drawing, and the end of the horizontal axis that is read there. */
async function restsOf(figures: readonly Screen[]) {
  const { graph, screen, react, drawing } = fakePlotly();
  const rests: { readonly seen: Screen; readonly axis: number | undefined }[][] = [];
  for (const figure of figures) {
    const own: { seen: Screen; axis: number | undefined }[] = [];
    rests.push(own);
    const pause = async () => void own.push({ seen: { ...screen }, axis: readAxis(graph, 'xaxis')?.range[0] });
    await drawing.drawInSteps(graph, pause, () => react(figureOf(figure)));
    expect(screen, 'drawn to its end').toEqual(figure);
    expect(readAxis(graph, 'xaxis')?.range[0]).toBe(figure.axes.length);
  }
  return rests;
}

describe('the rests of a drawing', () => {
  it('show a whole figure, with its axes, whatever follows it', async () => {
    await fc.assert(
      fc.asyncProperty(shown, shown, async (before, after) => {
        const [, rests = []] = await restsOf([before, after]);
        for (const { seen, axis } of rests) {
          expect(seen).toEqual(before);
          expect(axis).toBe(before.axes.length);
        }
      }),
    );
  });

  it('are two where only curves and hatching change, one where the axes do, and none where a scale of colours does', async () => {
    const changed: Partial<Screen>[] = [{ curves: 'bb', hatching: 'bb' }, { axes: 'bb' }, { scale: 'bb' }];
    for (const [i, change] of changed.entries()) {
      const [, rests] = await restsOf([WHOLE, { ...WHOLE, ...change }]);
      expect(rests, JSON.stringify(change)).toHaveLength(2 - i);
    }
  });

  it('are two in a first drawing, of which nothing is seen until it is whole', async () => {
    const [rests] = await restsOf([WHOLE]);
    expect(rests).toHaveLength(2);
  });
});
