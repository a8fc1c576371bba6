/** A graph that is drawn as Plotly draws one: part after part, and the hatching of before is taken away first. */
import type { Figure } from '../../figures/figure.ts';
import { drawingInSteps, type Parts } from './drawing-steps.ts';
import type { Drawing } from './plot-host.ts';

/** What is seen. */
export interface Screen {
  scale: string;
  axes: string;
  hatching: string;
  curves: string;
}

/** A figure by what it shows, each part by a name: parts of one name look the same. */
export function figureOf({ scale, axes, hatching, curves }: Screen): Figure {
  const range = [axes.length, axes.length + 1] as const;
  return {
    data: [
      { type: 'heatmap', showscale: true, colorscale: scale },
      { type: 'scatter', name: curves, fillpattern: hatching },
    ] as unknown as Figure['data'],
    layout: { title: { text: axes }, xaxis: { range: [...range] } } as Figure['layout'],
  };
}

const emptyScreen = (): Screen => ({ scale: '', axes: '', hatching: '', curves: '' });

interface FakeGraph extends HTMLElement {
  emit(event: string, update: object): void;
}

/** `screen` is what is seen of the one graph; `failing` throws while its curves are drawn. */
export function fakePlotly() {
  const screen = emptyScreen();
  const heard: string[] = [];
  const listeners = new Map<string, (update: object) => void>();
  const graph = Object.assign(new EventTarget(), {
    clientWidth: 100,
    clientHeight: 100,
    on: (event: string, listener: (update: object) => void) => void listeners.set(event, listener),
    emit: (event: string, update: object) => listeners.get(event)?.(update),
  }) as unknown as FakeGraph & Record<string, unknown>;
  let failing: string | null = null;
  let drawn = emptyScreen();
  const parts: Parts = {
    initPatterns: () => {
      screen.hatching = '';
    },
    layoutStyles: () => undefined,
    drawData: () => {
      if (drawn.curves === failing) throw new Error('no such curve');
      screen.hatching = drawn.hatching;
      screen.curves = drawn.curves;
      return undefined;
    },
  };
  const drawInSteps = drawingInSteps(parts, parts);
  const react = async (_: HTMLElement, data: Figure['data'], layout: Figure['layout']) => {
    const [map, line] = data as unknown as [{ colorscale: string }, { name: string; fillpattern: string }];
    const axes = (layout as { title: { text: string } }).title.text;
    drawn = { scale: map.colorscale, axes, hatching: line.fillpattern, curves: line.name };
    Object.assign(graph, {
      layout,
      _fullData: data,
      _fullLayout: { xaxis: { _offset: 0, _length: 100, ...layout.xaxis }, width: 100, height: 100 },
    });
    parts.initPatterns(graph);
    screen.scale = drawn.scale;
    await parts.layoutStyles(graph);
    if (!('_fullLayout' in graph)) throw new TypeError('drawn without a layout');
    screen.axes = axes;
    await parts.drawData(graph);
    heard.push(`drawn ${drawn.curves}`);
    graph.emit('plotly_afterplot', {});
    return graph;
  };
  const relayout = async () => {
    heard.push('reset');
    return graph;
  };
  const purge = () => {
    delete graph._fullLayout;
    Object.assign(screen, emptyScreen());
  };
  const plotly: unknown = { react, relayout, purge };
  return {
    graph: graph as HTMLElement,
    screen,
    heard,
    drawing: { default: plotly as Drawing['default'], drawInSteps } satisfies Drawing,
    react: (figure: Figure) => react(graph, figure.data, figure.layout),
    /** By hand: Plotly says so. */
    moveTo: (range: readonly [number, number]) => {
      for (const layout of [graph.layout, graph._fullLayout] as { xaxis: { range: readonly [number, number] } }[])
        layout.xaxis.range = range; // also in what it was given
      graph.emit('plotly_relayout', { 'xaxis.range[0]': range[0], 'xaxis.range[1]': range[1] });
    },
    failAt: (curves: string) => {
      failing = curves;
    },
  };
}
