import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPlotHost } from './plot-host.ts';
import { fakePlotly, figureOf, type Screen } from './plotly.fixture.ts';
import { readAxis } from './projector.ts';

const figure = (curves: string): Screen => ({ scale: 'a', axes: 'a', hatching: 'a', curves });

beforeEach(() => {
  vi.useFakeTimers();
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 5; // whatever is done takes a while, and the rest after it as long
    return time;
  });
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A host whose first figure, `first`, is drawn. Each of its later drawings rests until `advance`, or until it is hurried. */
async function hostOf() {
  const plotly = fakePlotly();
  const { graph, screen, drawing } = plotly;
  const failures: unknown[] = [];
  let rests = 0;
  const drawInSteps: typeof drawing.drawInSteps = (element, pause, draw) => {
    const pauseWhileDrawing = () => {
      rests++;
      return pause();
    };
    return drawing.drawInSteps(element, pauseWhileDrawing, draw);
  };
  const host = createPlotHost(graph, {
    interaction: 'plane',
    load: async () => ({ ...drawing, drawInSteps }),
    onReady: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  const show = (curves: string) => host.show(figureOf(figure(curves)));
  /** Until the drawing of what was shown last rests. */
  const untilRest = async (count: number) => {
    rests = 0;
    while (rests < count) await vi.advanceTimersToNextTimerAsync();
  };
  const settle = () => vi.advanceTimersByTimeAsync(1000);
  show('first');
  await settle();
  expect(screen).toEqual(figure('first'));
  return { ...plotly, host, failures, show, untilRest, settle };
}

const rangeOf = (graph: HTMLElement) => readAxis(graph, 'xaxis')?.range;

const press = (graph: HTMLElement, type: string) => graph.dispatchEvent(new Event(type));
const lift = () => window.dispatchEvent(new Event('pointerup'));

describe('a graph that rests while it is drawn', () => {
  it.each([1, 2])('shows the figure of before in rest %i, and then the new one', async (rest) => {
    const { screen, show, untilRest, settle } = await hostOf();
    show('second');
    await untilRest(rest);
    expect(screen).toEqual(figure('first'));
    await settle();
    expect(screen).toEqual(figure('second'));
  });

  it.each([
    ['pointerdown', 1],
    ['pointerdown', 2],
    ['wheel', 1],
    ['wheel', 2],
  ] as const)(
    'is whole before Plotly hears of a %s in rest %i, and is not drawn again until it is over',
    async (type, rest) => {
      const { graph, screen, show, untilRest, settle } = await hostOf();
      show('second');
      await untilRest(rest);
      press(graph, type);
      await Promise.resolve(); // no time passes: before its next listener, a browser does what is promised
      for (let k = 0; k < 20; k++) await Promise.resolve();
      expect(screen).toEqual(figure('second'));
      show('third');
      await vi.advanceTimersByTimeAsync(100);
      expect(screen, 'in the hand').toEqual(figure('second'));
      lift();
      await settle();
      expect(screen).toEqual(figure('third'));
    },
  );

  it('goes back to the view of its figure once it is whole, where that is asked for in a rest', async () => {
    const { heard, host, show, untilRest, settle } = await hostOf();
    show('second');
    await untilRest(1);
    host.resetView();
    await settle();
    expect(heard).toEqual(['drawn first', 'drawn second', 'reset']);
  });

  it('is drawn with the newest of the figures that came meanwhile, and with no other', async () => {
    const { heard, show, untilRest, settle } = await hostOf();
    show('second');
    await untilRest(1);
    for (const curves of ['third', 'fourth']) show(curves);
    await settle();
    expect(heard).toEqual(['drawn first', 'drawn second', 'drawn fourth']);
  });

  it.each([1, 2])('leaves nothing where it is removed in rest %i, and says nothing', async (rest) => {
    const { screen, heard, failures, host, show, untilRest, settle } = await hostOf();
    show('second');
    await untilRest(rest);
    host.dispose();
    await settle();
    expect(screen).toEqual({ scale: '', axes: '', hatching: '', curves: '' });
    expect(heard).toEqual(['drawn first']);
    expect(failures).toEqual([]);
  });

  it('says that it failed, once, and draws the next figure', async () => {
    const { screen, failures, failAt, show, settle } = await hostOf();
    failAt('second');
    show('second');
    await settle();
    expect(failures.map(String)).toEqual(['Error: no such curve']);
    show('third');
    await settle();
    expect(screen).toEqual(figure('third'));
    expect(failures).toHaveLength(1);
  });

  it('leaves the turn to another graph where it is removed in a rest', async () => {
    const gone = await hostOf();
    const other = await hostOf();
    gone.show('second');
    await gone.untilRest(1);
    gone.host.dispose();
    other.show('second');
    await other.settle();
    expect(other.screen).toEqual(figure('second'));
  });
});

describe('a view that the reader chose', () => {
  it('stays under new figures of the same view, until one asks for another, or it is reset', async () => {
    const { graph, host, moveTo, show, settle } = await hostOf();
    const [asked, chosen] = [rangeOf(graph), [-3, 5]] as const;
    moveTo(chosen);
    for (const curves of ['second', 'third']) {
      show(curves);
      await settle();
      expect(rangeOf(graph)).toEqual(chosen);
    }
    host.resetView();
    show('fourth');
    await settle();
    expect(rangeOf(graph)).toEqual(asked);
    moveTo(chosen);
    host.show(figureOf({ ...figure('fifth'), axes: 'another' }));
    await settle();
    expect(rangeOf(graph)).toEqual([7, 8]);
  });
});
